package actions

import (
	"fmt"
	"slices"

	"planewise/model"
)

// rollouts make the tasks of compute and access nodes, after everything else and
// once per role, whichever products carry images for it.
func (b *builder) rollouts(runs []*run) {
	made := map[string]*stage{}
	for _, p := range runs {
		for _, s := range p.stages {
			if s.Does != model.WorkRollout || s.skip != "" {
				continue
			}
			if e := made[s.Role]; e != nil {
				s.tasks = e.tasks
				for _, i := range s.carried() {
					b.carry(b.tasks[e.tasks[0]], i)
				}
				slices.Sort(b.tasks[e.tasks[0]].Changes)
				b.skipped = append(b.skipped, model.Skipped{Stage: p.product + "/" + s.ID,
					Reason: "its nodes are rolled out once, with " + e.run.product + "/" + e.ID})
				continue
			}
			made[s.Role] = s
			b.nodes(s, model.ActionID("rollout:"+s.Role))
		}
	}
	b.missingImages()
}

// rolledOut decides what happens to the nodes: what the policy wants, but nodes
// that cannot be staged reboot.
func (b *builder) rolledOut(s *stage, t *model.Task) {
	want := b.rollout(s.Stage)
	t.Method = model.MethodReboot
	switch {
	case want == "stage" && s.Method == model.MethodStage:
		t.Method = model.MethodStage
	case want == "stage":
		b.note(model.Warning, "rollout-not-staged", "rollout:"+s.Role,
			fmt.Sprintf("the policy wants %s nodes staged, but they cannot be; they reboot at once", s.Role),
			"set the role's roll-out to reboot, or to none")
	}
	t.Facts = append(t.Facts, model.NewFact(string(t.ID), "rolled-out-by", want, "", model.Evidence{
		Basis: model.BasisInferred, Source: "policy " + b.in.Policy.Name,
		Text: fmt.Sprintf("%d %s nodes; what happens to them is the policy's roll-out, here %s.", t.Units, s.Role, want)}))
}

// missingImages blocks where the target brings a new image for a role but none
// for some of the role's nodes. A role for which neither side has an image is
// somebody else's and no business of this plan.
func (b *builder) missingImages() {
	have, had, changed := map[[2]string]bool{}, map[[2]string]bool{}, map[string]bool{}
	collect := func(rs []model.Release, into map[[2]string]bool) {
		for _, r := range rs {
			for _, c := range r.Components {
				if c.Kind == model.KindNodeImage {
					into[[2]string{c.Role, archOf(c.Arch)}] = true
				}
			}
		}
	}
	collect(b.in.To, have)
	collect(b.in.From, had)
	for _, ch := range b.changes {
		if ch.Kind == model.KindNodeImage {
			changed[component(&ch).Role] = true
		}
	}
	type nodes struct{ role, arch string }
	count := map[nodes]int{}
	for _, g := range b.in.System.Nodes {
		key := [2]string{g.Role, archOf(g.Arch)}
		replaced := changed[g.Role] && slices.ContainsFunc(keys(have), func(k [2]string) bool { return k[0] == g.Role })
		if !have[key] && (replaced || had[key]) {
			count[nodes{g.Role, key[1]}] += g.Count
		}
	}
	for n, c := range count {
		if c > 0 {
			b.note(model.Blocking, "no-image-for-nodes", n.role+"."+n.arch,
				fmt.Sprintf("the target has no image for %d %s nodes of %s", c, n.role, n.arch),
				"add the release that carries it, or leave these nodes out")
		}
	}
}

func keys(m map[[2]string]bool) [][2]string {
	out := make([][2]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}
