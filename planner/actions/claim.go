package actions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/catalog"
)

// stage is a stage of a procedure with the changes it ships.
type stage struct {
	model.Stage
	run *run
	// lists are its changes in the order in which it ships them; each list is one
	// entry of Carries, one manifest, or one undeploy list.
	lists []list
	// units are the nodes of node work.
	units int
	// skip says why it makes no task; "" where it does.
	skip  string
	tasks []model.ActionID
}

// list is a part of a stage that is done in its own turn.
type list struct {
	id      string
	changes []int
	// moved are charts whose old copy in another namespace is removed here.
	moved []int
}

func (s *stage) carried() []int {
	var all []int
	for _, l := range s.lists {
		all = append(all, l.changes...)
	}
	return all
}

// delivers reports whether the stage only uploads.
func (s *stage) delivers() bool {
	return s.Does == model.WorkStep && s.Method == model.MethodDelivery
}

// claim lets the stages of a product take their changes: stages that ship first,
// in their order, then those that only deliver.
func (b *builder) claim(p *run) {
	c := newClaims(b, p)
	for i := range p.proc.Stages {
		s := &stage{Stage: p.proc.Stages[i], run: p}
		p.stages = append(p.stages, s)
		b.check(s)
	}
	for _, s := range p.stages {
		if s.skip == "" && !s.delivers() {
			c.take(s)
		}
	}
	for _, s := range p.stages {
		if s.skip == "" && s.delivers() {
			c.take(s)
		}
	}
	for _, i := range p.changes {
		if ch := &b.changes[i]; ch.Direction == model.Orphaned && c.taken[i] == "" && !b.explained[i] {
			b.explain(i, cmp.Or(ch.Reason, "it is gone from the release and nothing undeploys it; it stays on the system as it is"))
		}
	}
	for _, s := range p.stages {
		if s.skip != "" {
			b.skipped = append(b.skipped, model.Skipped{Stage: p.product + "/" + s.ID, Reason: s.skip})
		}
	}
}

// check sets the reasons that do not depend on changes, and counts the nodes.
func (b *builder) check(s *stage) {
	if !b.in.System.Has(s.When) {
		s.skip = fmt.Sprintf("the system does not meet the condition %q", s.When)
		return
	}
	if s.Does != model.WorkRoll && s.Does != model.WorkRollout && s.Does != model.WorkCeph && s.Role == "" {
		s.units = 1
		return
	}
	s.units = b.count(s.Stage)
	switch {
	case s.units == 0 && s.Select == "rest" && b.in.System.Count(s.Role) > 0:
		s.skip = fmt.Sprintf("the system has no %s node but the first", s.Role)
	case s.units == 0 && b.in.System.TakenAt != "":
		s.skip = fmt.Sprintf("the snapshot of the system shows no %s nodes", cmp.Or(s.Role, "such"))
		b.unseenNodes(s)
	case s.units == 0:
		s.skip = fmt.Sprintf("the system has no %s nodes", cmp.Or(s.Role, "such"))
	case s.Run == model.RunSite && b.rollout(s.Stage) == "none":
		s.skip = fmt.Sprintf("the policy's roll-out for %s nodes is none", s.Role)
	}
}

// unseenNodes: a person who describes a system knows what it has, but what a snapshot
// does not show may be there all the same. Where the mapping says that something of the
// system lives on such nodes, the plan would be less than the update.
func (b *builder) unseenNodes(s *stage) {
	lives := slices.ContainsFunc(b.in.Catalog.Residents(), func(w model.Workload) bool {
		roles, counted := strings.CutPrefix(w.CountFrom, "nodes:")
		there := w.RunsOn == s.Role || counted && slices.Contains(strings.Split(roles, "+"), s.Role)
		return there && b.in.System.Has(w.When) && !b.in.System.Undecides(w.When)
	})
	if s.Role == "" || !lives {
		return
	}
	b.note(model.Blocking, "no-such-nodes", "nodes:"+s.Role,
		fmt.Sprintf("the snapshot of the system shows no %s nodes, so that the work on them is not planned", s.Role),
		"export what lists them (kubectl get nodes -o json, or the hardware inventory) and import again")
}

// count is the number of nodes or hosts a stage works on.
func (b *builder) count(s model.Stage) int {
	n := b.in.System.Count(s.Role)
	if s.Does == model.WorkCeph && b.in.System.Ceph != nil && b.in.System.Ceph.OSDHosts > 0 {
		return b.in.System.Ceph.OSDHosts
	}
	switch s.Select {
	case "first":
		return min(n, 1)
	case "rest":
		return max(n-1, 0)
	}
	return n
}

// rollout is what the policy wants for a role: its own word, else what the stage
// does by default.
func (b *builder) rollout(s model.Stage) string {
	if want := b.in.Policy.Rollout[s.Role]; want != "" {
		return want
	}
	if s.Method == model.MethodStage {
		return "stage"
	}
	return "reboot"
}

// claims keeps which changes of a product are still free.
type claims struct {
	b      *builder
	p      *run
	byKind map[model.Kind][]int
	byID   map[model.ChangeID]int
	// orphans are charts the release forgot; only a stage that names one removes it.
	orphans map[model.ChangeID]int
	taken   map[int]string // change -> stage
}

func newClaims(b *builder, p *run) *claims {
	c := &claims{b: b, p: p, byKind: map[model.Kind][]int{}, byID: map[model.ChangeID]int{}, orphans: map[model.ChangeID]int{}, taken: map[int]string{}}
	for _, i := range p.changes {
		ch := &b.changes[i]
		if reason := idle(ch); reason != "" {
			b.explain(i, reason)
			continue
		}
		if ch.Direction == model.Orphaned {
			c.orphans[ch.ID] = i
			continue
		}
		c.byKind[ch.Kind] = append(c.byKind[ch.Kind], i)
		c.byID[ch.ID] = i
	}
	return c
}

// idle says why a change needs no work, "" where it does.
func idle(ch *model.Change) string {
	gone := ch.Direction == model.Removed || ch.Direction == model.Orphaned
	nodes := ch.Kind == model.KindNodeImage || ch.Kind == model.KindKernel
	switch {
	case ch.Inert:
		return cmp.Or(ch.Reason, "nothing has to be done about it")
	case gone && nodes:
		return "the target has none for these nodes; they keep what they run"
	case ch.Direction == model.Removed && ch.Kind == model.KindHook:
		return "the target no longer runs it"
	case gone && ch.Delivery:
		return cmp.Or(ch.Reason, "it left an upload list; nothing that runs is removed by that")
	case ch.Direction == model.Orphaned && ch.Kind != model.KindChart:
		return cmp.Or(ch.Reason, "it is gone from the release; what is on the system stays")
	case ch.After != nil && ch.After.NotDeployed:
		return fmt.Sprintf("its list %q is not shipped by the release", ch.After.Manifest)
	case ch.After == nil && ch.Before != nil && ch.Before.NotDeployed:
		return fmt.Sprintf("its list %q was not shipped by the release", ch.Before.Manifest)
	default:
		return ""
	}
}

// take gives a stage its changes, or the reason why it has none.
func (c *claims) take(s *stage) {
	var elsewhere []string
	add := func(id string, idx []int) {
		l := list{id: id}
		for _, i := range idx {
			if by, has := c.taken[i]; has {
				elsewhere = append(elsewhere, by)
			} else if c.may(s, i) {
				l.changes = append(l.changes, i)
			}
		}
		if len(l.changes) > 0 {
			s.lists = append(s.lists, l)
			for _, i := range l.changes {
				c.taken[i] = s.ID
			}
		}
	}
	for _, m := range s.Carries {
		add(matchID(m), c.matching(m))
	}
	if s.Does == model.WorkRemove {
		c.undeploys(s, add)
	} else {
		for _, m := range s.Manifests {
			add(m, c.manifest(m))
		}
	}
	c.decide(s, elsewhere)
}

// decide skips a stage that has nothing to do, and frees what it had claimed.
func (c *claims) decide(s *stage, elsewhere []string) {
	all := s.carried()
	moved := slices.ContainsFunc(s.lists, func(l list) bool { return len(l.moved) > 0 })
	ships := s.Does == model.WorkShip || s.Does == model.WorkRemove
	needs := s.Run == model.RunWhenCarried || s.Does == model.WorkRollout || ships
	if !needs || moved {
		return
	}
	started := slices.ContainsFunc(all, func(i int) bool { return !c.b.changes[i].Delivery || s.delivers() })
	if started {
		return
	}
	switch {
	case len(elsewhere) > 0:
		slices.Sort(elsewhere)
		verb := "ship is shipped by "
		if s.Does == model.WorkRemove {
			verb = "remove is removed by "
		}
		s.skip = "what it would " + verb + strings.Join(slices.Compact(elsewhere), ", ")
	case len(all) > 0:
		s.skip = "it would carry uploads only, which start nothing"
	case s.Does == model.WorkRollout:
		s.skip = fmt.Sprintf("no release of the target changes the image of %s nodes", s.Role)
	default:
		s.skip = "it carries no change"
	}
	for _, i := range all {
		delete(c.taken, i)
	}
	s.lists = nil
}

// may reports whether a stage of this kind can ship the change at all.
func (c *claims) may(s *stage, i int) bool {
	ch := &c.b.changes[i]
	removal := ch.Kind == model.KindChart && (ch.Direction == model.Removed || ch.Direction == model.Orphaned)
	switch s.Does {
	case model.WorkShip:
		return ch.Kind == model.KindChart && !removal
	case model.WorkRemove:
		return removal
	case model.WorkRoll, model.WorkRollout:
		// A package that the mapping knows to be uploaded only (for another product's
		// image, for the installer) does not come with the nodes.
		return !removal && !(ch.Kind == model.KindRPM && (c.b.rule(i).Method == model.MethodDelivery || c.elsewhere(s, i)))
	default:
		return !removal || s.Method == model.MethodRemove
	}
}

// elsewhere reports whether a package does something on the nodes of another role,
// whose roll brings it: what it disturbs then belongs there.
func (c *claims) elsewhere(s *stage, i int) bool {
	role := c.b.rule(i).ActsOn
	if role == "" || role == s.Role {
		return false
	}
	comp := component(&c.b.changes[i])
	return slices.ContainsFunc(c.p.stages, func(e *stage) bool {
		return e.Does == model.WorkRoll && e.Role == role && e.skip == "" && e.brings(comp)
	})
}

// brings reports whether a stage's list has room for a package.
func (s *stage) brings(comp *model.Component) bool {
	return comp.Kind == model.KindRPM && slices.ContainsFunc(s.Carries, func(m model.Match) bool { return m.Kind == model.KindRPM && matches(&m, comp) })
}

// matching lists the changes a match selects, charts in their list's order.
func (c *claims) matching(m model.Match) []int {
	if m.Kind == model.KindChart && catalog.Exact(m.Name) && catalog.Exact(m.Namespace) {
		id := model.Component{Kind: m.Kind, Name: m.Name, Namespace: m.Namespace}.ID()
		if i, has := c.byID[id]; has {
			return []int{i}
		}
		if i, has := c.orphans[id]; has {
			return []int{i}
		}
		return nil
	}
	kinds := []model.Kind{m.Kind}
	if m.Kind == "" {
		kinds = model.Kinds()
	}
	var idx []int
	for _, k := range kinds {
		for _, i := range c.byKind[k] {
			if matches(&m, component(&c.b.changes[i])) {
				idx = append(idx, i)
			}
		}
	}
	c.b.byPosition(idx)
	return idx
}

// component is what a change is about, as it is in the end.
func component(ch *model.Change) *model.Component {
	switch {
	case ch.After != nil:
		return ch.After
	case ch.Before != nil:
		return ch.Before
	}
	return &model.Component{Kind: ch.Kind, Name: ch.Name}
}

func matches(m *model.Match, comp *model.Component) bool {
	return catalog.Fits(m.Name, comp.Name) && catalog.Fits(m.Namespace, comp.Namespace) && catalog.Fits(m.Manifest, comp.Manifest) &&
		(m.Role == "" || m.Role == comp.Role) && (m.Arch == "" || m.Arch == comp.Arch)
}

// matchID names an entry of Carries.
func matchID(m model.Match) string {
	parts := []string{string(m.Kind)}
	for _, s := range []string{m.Namespace, m.Name, m.Role, m.Arch, m.Manifest} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ".")
}

// manifest lists the charts of one of the target's lists, in its order.
func (c *claims) manifest(name string) []int {
	var idx []int
	for _, i := range c.byKind[model.KindChart] {
		if after := c.b.changes[i].After; after != nil && after.Manifest == name {
			idx = append(idx, i)
		}
	}
	c.b.byPosition(idx)
	return idx
}

// byPosition sorts changes by their place in their list, then by id.
func (b *builder) byPosition(idx []int) {
	slices.SortStableFunc(idx, func(x, y int) int {
		cx, cy := component(&b.changes[x]), component(&b.changes[y])
		return cmp.Or(cmp.Compare(cx.Position, cy.Position), strings.Compare(string(b.changes[x].ID), string(b.changes[y].ID)))
	})
}

// undeploys gives a removing stage what its part of the release's script removes:
// the lines before one of its manifests, or, where it names neither manifests nor
// charts, every removal that is left. Old copies of moved charts go with them.
func (c *claims) undeploys(s *stage, add func(string, []int)) {
	all := len(s.Carries) == 0 && len(s.Manifests) == 0
	var idx, moved []int
	listed := map[int]bool{}
	for _, u := range c.p.target.Undeploys {
		if !all && !slices.Contains(s.Manifests, u.Before) {
			continue
		}
		id := model.Component{Kind: model.KindChart, Namespace: u.Namespace, Name: u.Name}.ID()
		if i, has := c.byID[id]; has && c.b.changes[i].Direction == model.Removed {
			idx, listed[i] = append(idx, i), true
		}
	}
	if all {
		for _, i := range c.byKind[model.KindChart] {
			if c.b.changes[i].Direction == model.Removed && !listed[i] {
				idx = append(idx, i)
			}
		}
	}
	moved = c.moved(s, all)
	add("undeploy", idx)
	if len(moved) > 0 {
		s.lists = append(s.lists, list{id: "moved", moved: moved})
	}
}

// moved lists the charts whose old copy this stage removes: because they live in
// another namespace from now on, or are installed anew.
func (c *claims) moved(s *stage, all bool) []int {
	var idx []int
	for _, i := range c.byKind[model.KindChart] {
		ch := &c.b.changes[i]
		if ch.Direction != model.Moved && (!ch.Reinstalled || ch.GoneAfter) || ch.Before == nil || c.taken[-1-i] != "" {
			continue
		}
		for _, u := range c.p.target.Undeploys {
			if cmp.Or(u.Namespace, "default") == cmp.Or(ch.Before.Namespace, "default") && u.Name == ch.Before.Name && (all || slices.Contains(s.Manifests, u.Before)) {
				idx, c.taken[-1-i] = append(idx, i), s.ID // a key of its own: the change itself stays free
				break
			}
		}
	}
	return idx
}

// explain states why no action carries a change.
func (b *builder) explain(i int, reason string) {
	b.changes[i].Action, b.changes[i].Reason, b.explained[i] = nil, reason, true
}
