package actions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// settle gives a task to what no stage of a procedure describes: charts of lists
// the procedure does not know, other changes, and hooks.
func (b *builder) settle(runs []*run) {
	for _, p := range runs {
		b.hooks(p)
		b.unlisted(p)
		b.unplaced(p)
	}
}

// free are a product's changes that have neither an action nor a reason, nor a
// roll-out that will carry them.
func (b *builder) free(p *run) []int {
	claimed := map[int]bool{}
	for _, s := range p.stages {
		for _, i := range s.carried() {
			claimed[i] = true
		}
	}
	var idx []int
	for _, i := range p.changes {
		if !claimed[i] && b.changes[i].Action == nil && !b.explained[i] {
			idx = append(idx, i)
		}
	}
	return idx
}

// unlisted ships charts of lists that the release deploys but no stage names, in
// the place the release gives the list among its others.
func (b *builder) unlisted(p *run) {
	lists := map[string][]int{}
	var names []string
	for _, i := range b.free(p) {
		ch := &b.changes[i]
		if ch.Kind != model.KindChart || ch.After == nil {
			continue
		}
		if lists[ch.After.Manifest] == nil {
			names = append(names, ch.After.Manifest)
		}
		lists[ch.After.Manifest] = append(lists[ch.After.Manifest], i)
	}
	place := map[string]int{}
	for i, m := range p.target.Manifests {
		place[m.Name] = i + 1
	}
	slices.SortFunc(names, func(x, y string) int {
		return cmp.Or(cmp.Compare(place[x], place[y]), strings.Compare(x, y))
	})
	for _, name := range names {
		idx := lists[name]
		b.byPosition(idx)
		s := &stage{run: p, Stage: model.Stage{
			ID: "list-" + cmp.Or(name, "none"), Title: "Ship the charts of the list " + name, Does: model.WorkShip, Run: model.RunWhenCarried,
			Evidence: model.Evidence{Basis: model.BasisInferred, Text: fmt.Sprintf("%s does not name the list %q; the release gives its place.", p.proc.Name, name)},
		}}
		p.stages = append(p.stages, s)
		s.lists = []list{{id: name, changes: idx}}
		b.ship(s)
		b.moveAfter(p, name, place)
		if p.basis != model.BasisUnknown {
			b.note(model.Warning, "unlisted-manifest", name,
				fmt.Sprintf("no stage of %s ships the list %q (%d changes); its place is the release's own", p.proc.Name, name, len(idx)),
				"check when the vendor ships it")
		}
	}
}

// moveAfter puts the newest group behind the last group of a list that the
// release names before it; without one it stays last.
func (b *builder) moveAfter(p *run, name string, place map[string]int) {
	last := len(b.groups) - 1
	g, at := b.groups[last], -1
	for i, e := range b.groups[:last] {
		if e.product == p.product && e.list != "" && place[e.list] > 0 && place[e.list] < place[name] {
			at = i
		}
	}
	if at < 0 || place[name] == 0 {
		return
	}
	b.groups = slices.Insert(b.groups[:last], at+1, g)
}

// unplaced makes one step with unknown effect of changes that no stage carries.
func (b *builder) unplaced(p *run) {
	idx := b.free(p)
	if len(idx) == 0 {
		return
	}
	s := &stage{run: p, units: 1, Stage: model.Stage{
		ID: "unplaced-" + p.product, Title: "Changes of " + p.product + " that no stage of the procedure carries", Does: model.WorkStep, Run: model.RunWhenCarried,
		Evidence: model.Evidence{Basis: model.BasisUnknown, Text: fmt.Sprintf("%s does not say when or how these changes are made.", p.proc.Name)},
	}}
	p.stages = append(p.stages, s)
	s.lists = []list{{changes: idx}}
	t := b.newTask(s, model.ActionID("step:"+s.ID), s.Title)
	t.Method = model.MethodUnknown
	var ids []string
	for _, i := range idx {
		b.carry(t, i)
		ids = append(ids, string(b.changes[i].ID))
		if r := b.rule(i); r.known {
			t.Facts = append(t.Facts, r.facts...)
			b.downgrade(t, i, r)
		}
	}
	b.unknownStep(t, "No stage of the procedure carries these changes.")
	b.oneGroup(s, t.ID)
	b.first(s)
	b.note(model.Warning, "no-stage", p.product,
		fmt.Sprintf("no stage of %s carries %d changes; when they are made and what that disturbs is unknown", p.proc.Name, len(idx)),
		"ask the vendor, or add a stage to a procedure of your own", ids...)
}

// hooks makes a task of unknown effect of every hook that no stage describes.
func (b *builder) hooks(p *run) {
	described := map[string]bool{}
	for _, s := range p.proc.Stages {
		described[hookKey(s.Hook)] = true
	}
	if len(p.target.Hooks) > 0 && p.byHand() {
		b.hooksNotRun(p)
		return
	}
	hooks := slices.Clone(p.target.Hooks)
	slices.SortFunc(hooks, func(x, y model.Hook) int {
		return cmp.Or(strings.Compare(x.Stage, y.Stage), strings.Compare(x.When, y.When), strings.Compare(x.Script, y.Script))
	})
	for _, h := range slices.Compact(hooks) {
		key := h.Stage + "/" + h.When
		change := slices.IndexFunc(p.changes, func(i int) bool { return b.changes[i].ID == hookID(p.product, h) })
		if described[hookKey(key)] {
			if change >= 0 {
				b.explain(p.changes[change], fmt.Sprintf("the stages of %s say what it does", p.proc.Name))
			}
			continue
		}
		s := &stage{run: p, units: 1, Stage: model.Stage{
			ID: "hook-" + key, Title: fmt.Sprintf("Hook %s (%s %s)", h.Script, h.When, h.Stage), Does: model.WorkStep, Run: model.RunAlways, Script: h.Script, Hook: key,
			Evidence: model.Evidence{Basis: model.BasisUnknown, Text: "The release runs this script; no procedure says what it does."},
		}}
		p.stages = append(p.stages, s)
		t := b.newTask(s, model.ActionID("step:"+s.ID), s.Title)
		t.Method = model.MethodUnknown
		b.unknownStep(t, "The release runs this script; no procedure says what it does.")
		if change >= 0 && b.changes[p.changes[change]].Action == nil {
			b.carry(t, p.changes[change])
		}
		b.oneGroup(s, t.ID)
		b.note(model.Warning, "unknown-hook", h.Script,
			fmt.Sprintf("%s runs %s at %s (%s); what it does is unknown", p.proc.Name, h.Script, h.Stage, h.When),
			"read the script, then describe it as a stage of a procedure")
	}
}

// byHand reports whether the procedure is borrowed from a step that no engine runs,
// so that the scripts of the target's hooks are no part of it.
func (p *run) byHand() bool {
	return p.borrowed && p.proc.Path == "manual" && !slices.ContainsFunc(p.proc.Stages, func(s model.Stage) bool { return s.Hook != "" })
}

// hooksNotRun says of the target's scripts that nothing in the procedure runs them,
// and that this is to be checked: for this step nothing is documented.
func (b *builder) hooksNotRun(p *run) {
	for _, i := range p.changes {
		if b.changes[i].Kind == model.KindHook && !b.explained[i] {
			b.explain(i, fmt.Sprintf("%s is done by hand and runs no hooks", p.proc.Name))
		}
	}
	scripts := make([]string, 0, len(p.target.Hooks))
	for _, h := range p.target.Hooks {
		scripts = append(scripts, h.Script)
	}
	slices.Sort(scripts)
	b.note(model.Warning, "hooks-not-run", p.product,
		fmt.Sprintf("%s brings %d hooks, and %s, whose order is borrowed, runs none; where a deployment engine does the update, what they do is unknown", p.target.Ref(), len(scripts), p.proc.Name),
		"ask the vendor whether the engine is used for this step; if so, read the scripts", slices.Compact(scripts)...)
}

// hookKey takes the two spellings of hooks, with "-" and with "_", for one.
func hookKey(s string) string { return strings.ReplaceAll(s, "-", "_") }
