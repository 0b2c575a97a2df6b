package actions

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// roll makes the task of a stage that takes nodes of a role through their
// rebuild or reboot; two tasks where the policy wants one node to go first.
func (b *builder) roll(s *stage) {
	name := "roll:" + s.Role
	switch s.Select {
	case "first", "rest":
		name += "/" + s.Select
	}
	b.nodes(s, model.ActionID(name))
}

// nodes makes the task of node work, or, where the policy wants it, that of one
// node and that of the others.
func (b *builder) nodes(s *stage, id model.ActionID) {
	if s.Select == "first" || s.units < 2 || !slices.Contains(b.in.Policy.CanaryRoles, s.Role) {
		t := b.rollOne(s, id, s.Title, s.units)
		b.rollCarries(s, t)
		b.oneGroup(s, t.ID)
		b.first(s)
		return
	}
	whole := strings.TrimSuffix(string(id), "/rest")
	one := whole + "/first"
	if s.Select == "rest" {
		one = whole + "/canary" // "first" is the node that goes last
	}
	first := b.rollOne(s, model.ActionID(one), s.Title+": one node first", 1)
	rest := b.rollOne(s, model.ActionID(whole+"/rest"), s.Title+": the others", s.units-1)
	b.rollCarries(s, first)
	rest.UnknownOn, rest.Effects = slices.Clone(first.UnknownOn), slices.Clone(first.Effects)
	b.oneGroup(s, first.ID, rest.ID)
	b.first(s)
	rest.Effects = append(b.stated(s), rest.Effects...)
	rest.Workloads = append(rest.Workloads, b.restarts(s.Restarts)...)
	rest.Gates = append(rest.Gates, s.Gates...)
	rest.Quiesce = append(rest.Quiesce, s.Quiesce...)
	b.canaryLink(first, rest)
}

// canaryLink holds the others back until the one node has proven itself.
func (b *builder) canaryLink(first, rest *model.Task) {
	l := model.Link{First: first.ID, Then: rest.ID, Kind: model.RequiredEdge, Relation: model.Before}
	text := "The policy wants one node of the role to go first."
	if b.in.Policy.SoakS > 0 {
		l.Relation, l.SoakS = model.Soak, b.in.Policy.SoakS
		text += fmt.Sprintf(" The others wait %d s.", b.in.Policy.SoakS)
	}
	l.ID = linkID("canary", first.ID, rest.ID)
	l.Fact = model.NewFact(string(first.ID), string(l.Relation), string(rest.ID), "", model.Evidence{Basis: model.BasisInferred, Source: "policy " + b.in.Policy.Name, Text: text})
	b.addLink(l)
}

func (b *builder) rollOne(s *stage, id model.ActionID, title string, units int) *model.Task {
	t := b.newTask(s, id, title)
	t.Units = units
	t.Batch = b.batch(s, t)
	t.Duration, t.PerUnit, t.Wait = s.Duration, s.PerUnit, s.Wait
	if s.Does == model.WorkRollout {
		b.rolledOut(s, t)
	}
	if t.Method == "" {
		t.Method = model.MethodRebuild
	}
	b.roleRule(s, t)
	return t
}

// roleRule adds what the mapping says of the role's nodes, whether or not their
// image changes: the nodes go down either way.
func (b *builder) roleRule(s *stage, t *model.Task) {
	r, facts, known := b.in.Catalog.Rule(nil, &model.Component{Kind: model.KindNodeImage, Role: s.Role, Arch: b.arch(s.Role)})
	if !known {
		b.unknownStep(t, fmt.Sprintf("No rule of the mapping says what %s nodes carry.", s.Role))
		b.note(model.Warning, "unmapped-component", "node-image:"+s.Role,
			fmt.Sprintf("nothing is known about %s nodes; the effect of taking them down is unknown on %s", s.Role, join(b.planes)),
			"add a rule for their node image to a mapping file")
		return
	}
	t.Facts = append(t.Facts, facts...)
	t.Effects = append(t.Effects, b.effects(r.Effects)...)
	t.Workloads = append(t.Workloads, b.workloads(r.Workloads)...)
	if t.PerUnit == nil && t.Duration == nil {
		t.Duration = r.Duration
	}
	if r.Rollback != nil && t.Rollback.Basis == model.BasisUnknown {
		t.Rollback = *r.Rollback
	}
}

// arch is the smallest architecture word among a role's nodes.
func (b *builder) arch(role string) string {
	var words []string
	for _, g := range b.in.System.Nodes {
		if g.Role == role {
			words = append(words, archOf(g.Arch))
		}
	}
	if len(words) == 0 {
		return archOf("")
	}
	return slices.Min(words)
}

// archOf is the word for an architecture; a node group that names none is x86_64.
func archOf(arch string) string {
	if arch == "" {
		return "x86_64"
	}
	return arch
}

// rollCarries gives a node task its changes. A package that an earlier roll of
// another role carries comes with these nodes too: where nothing is known about
// it, nothing is known about this task either.
func (b *builder) rollCarries(s *stage, t *model.Task) {
	planes := b.rolePlanes(s.Role)
	for _, i := range s.carried() {
		b.carry(t, i)
		ch, r := &b.changes[i], b.rule(i)
		switch {
		case ch.Kind == model.KindNodeImage && !r.known: // roleRule has said so
		case !r.known:
			b.unmapped(t, i, planes)
		default:
			t.Facts = append(t.Facts, r.facts...)
			if ch.Kind != model.KindNodeImage {
				t.Effects = append(t.Effects, b.effects(r.Effects)...)
			}
			b.downgrade(t, i, r)
		}
	}
	for _, i := range b.alsoBrings(s) {
		ch := &b.changes[i]
		t.Facts = append(t.Facts, model.NewFact(string(t.ID), "also-brings", string(ch.ID), "", model.Evidence{
			Basis: model.BasisInferred, Text: "The package comes with the nodes of every role; an earlier action carries the change."}))
		if !b.rule(i).known {
			t.UnknownOn = union(t.UnknownOn, planes)
		}
	}
}

// alsoBrings are the packages this stage would carry had not a roll of other
// nodes claimed them.
func (b *builder) alsoBrings(s *stage) []int {
	var idx []int
	for _, e := range s.run.stages {
		if e == s {
			break
		}
		if e.Does != model.WorkRoll || e.skip != "" {
			continue
		}
		for _, i := range e.carried() {
			if s.brings(component(&b.changes[i])) {
				idx = append(idx, i)
			}
		}
	}
	return idx
}

// rolePlanes are the planes the mapping puts a role's nodes on; all where it does
// not say.
func (b *builder) rolePlanes(role string) []model.PlaneID {
	r, _, known := b.in.Catalog.Rule(nil, &model.Component{Kind: model.KindNodeImage, Role: role, Arch: b.arch(role)})
	if !known || len(r.Planes) == 0 {
		return b.planes
	}
	return union(nil, r.Planes)
}

// batch is how many nodes of a role go at once: what the policy or the site asks
// for, else the stage's number and the share that is usual; never more than the
// limits allow, and at least one.
func (b *builder) batch(s *stage, t *model.Task) int {
	want := max(s.Batch, 1)
	if s.Does == model.WorkRollout && s.Batch == 0 {
		want = t.Units // one session reboots them all
	}
	asked := cmp.Or(max(b.in.Policy.Batch[s.Role], 0), max(b.in.System.Batch[s.Role], 0))
	if asked > 0 {
		want = asked
	}
	cut := "" // the limit that decides
	if s.Batch > 0 && want > s.Batch {
		cut = "stage:" + s.ID
		b.limitFact(t, cut, s.Batch, s.run.evidence(s.Evidence))
		want = s.Batch
	}
	for _, l := range b.in.Catalog.Limits() {
		if l.Role != s.Role || l.Default && asked > 0 || !b.in.System.Has(l.When) {
			continue
		}
		if most, holds := b.allowed(l); holds && want > most {
			want, cut = most, l.ID
			b.limitFact(t, l.ID, max(most, 1), l.Evidence)
		}
	}
	if want < 1 {
		b.note(model.Blocking, "limit-broken", string(t.ID),
			fmt.Sprintf("no %s node may go down: a limit needs more of them than the system has", s.Role),
			"see the facts of the action; the limit is part of the mapping")
	}
	batch := min(max(want, 1), max(t.Units, 1))
	if cut != "" && min(asked, t.Units) > batch {
		b.note(model.Warning, "batch-cut", string(t.ID),
			fmt.Sprintf("%d %s nodes at once are asked for; the limit %s allows %d", asked, s.Role, cut, max(want, 1)),
			"ask for no more in the policy or the system, or change the limit in a mapping")
	}
	return batch
}

func (b *builder) limitFact(t *model.Task, limit string, most int, why model.Evidence) {
	t.Facts = append(t.Facts, model.NewFact(string(t.ID), "limited-by", limit, "", model.Evidence{
		Basis: why.Basis, Source: why.Source, Text: strings.TrimSpace("At most " + strconv.Itoa(most) + " at once. " + why.Text)}))
}

// allowed is how many nodes one limit lets go at once; holds is false where the
// limit says nothing on this system.
func (b *builder) allowed(l model.Limit) (most int, holds bool) {
	nodes := b.in.System.Count(l.Role)
	most = nodes
	if l.UpTo > 0 && nodes > l.UpTo {
		return most, false
	}
	if l.MaxDown > 0 {
		most, holds = min(most, l.MaxDown), true
	}
	if l.MaxDownPermille > 0 {
		most, holds = min(most, max(nodes*l.MaxDownPermille/1000, 1)), true
	}
	if l.MinUp > 0 {
		if n := b.instances(l); n > 0 {
			most, holds = min(most, n-l.MinUp), true
		}
	}
	return most, holds
}

// instances is how many instances of the limit's service run on its nodes; 0
// where the system has none of it.
func (b *builder) instances(l model.Limit) int {
	if l.Service == "" {
		return b.in.System.Count(l.Role)
	}
	n := 0
	for _, w := range b.workloads(b.serving[l.Service]) {
		switch role, perNode := strings.CutPrefix(w.CountFrom, "nodes:"); {
		case perNode:
			n += b.in.System.Count(role)
		default:
			n += w.Replicas
		}
	}
	return n
}
