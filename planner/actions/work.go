package actions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// work makes the tasks of a product's stages, roll-outs of compute and access
// nodes excepted: those come last, after all products.
func (b *builder) work(p *run) {
	for _, s := range p.stages {
		if s.skip != "" {
			continue
		}
		switch s.Does {
		case model.WorkShip:
			b.ship(s)
		case model.WorkRemove:
			b.remove(s)
		case model.WorkRoll:
			b.roll(s)
		case model.WorkCeph:
			b.ceph(s)
		case model.WorkStep:
			b.step(s)
		case model.WorkRollout:
		default:
			b.step(s) // a word of a newer format: one action, its method unknown
		}
	}
}

// newTask starts a task of a stage. Its id gets the stage's name where another
// stage has made one of the same id.
func (b *builder) newTask(s *stage, id model.ActionID, title string) *model.Task {
	if _, has := b.tasks[id]; has {
		id = model.ActionID(string(id) + "@" + s.run.product + "/" + s.ID)
	}
	t := &model.Task{
		ID: id, Title: title, Stage: s.ID, Product: s.run.product, Does: s.Does, Method: s.Method,
		Script: s.Script, Role: s.Role, Units: 1, NoReturn: s.NoReturn,
		Rollback: model.Rollback{Possible: model.UnknownWhich, Evidence: model.Evidence{Text: "Nothing states a way back."}},
	}
	if s.Rollback != nil {
		t.Rollback = *s.Rollback
		s.run.limit(&t.Rollback.Evidence)
	}
	why := s.run.evidence(s.Evidence)
	if why.Text == "" {
		why.Text = fmt.Sprintf("%s does this in the stage %q: %s.", s.run.proc.Name, s.ID, s.Title)
	}
	t.Facts = append(t.Facts, model.NewFact(string(id), "part-of", "stage:"+s.run.product+"/"+s.ID, "", why))
	b.tasks[id] = t
	s.tasks = append(s.tasks, id)
	return t
}

// carry gives a change to the task.
func (b *builder) carry(t *model.Task, i int) {
	ch := &b.changes[i]
	id := t.ID
	ch.Action = &id
	if ch.Direction == model.Orphaned {
		ch.Reason = "the release's own script leaves it; the stage " + t.Stage + " of the procedure removes it"
	}
	t.Changes = append(t.Changes, ch.ID)
}

// first puts what the stage says as a whole on its first task, and whether the
// system may stay there on its last.
func (b *builder) first(s *stage) {
	if len(s.tasks) == 0 {
		return
	}
	t := b.tasks[s.tasks[0]]
	t.Effects = append(b.stated(s), t.Effects...)
	t.Workloads = append(t.Workloads, b.restarts(s.Restarts)...)
	t.Gates = append(t.Gates, s.Gates...)
	t.Quiesce = append(t.Quiesce, s.Quiesce...)
	if s.Stay != nil {
		stay := *s.Stay
		s.run.limit(&stay.Evidence)
		b.tasks[s.tasks[len(s.tasks)-1]].Stay = &stay
	}
	for _, id := range s.tasks {
		slices.Sort(b.tasks[id].Changes)
	}
}

// stated are the effects the stage itself states.
func (b *builder) stated(s *stage) []model.EffectRule {
	es := b.effects(s.Effects)
	for i := range es {
		s.run.limit(&es[i].Evidence)
	}
	return es
}

// group adds tasks that follow all earlier groups. Its id is what a policy
// relaxes: the stage's, with the list where the stage has several.
func (b *builder) group(s *stage, list string, ids []model.ActionID) {
	if len(ids) == 0 {
		return
	}
	id := "order:" + s.run.product + "/" + s.ID
	if list != "" && len(s.lists) > 1 {
		id += "/" + list
	}
	why := s.run.evidence(s.Evidence)
	why.Text = fmt.Sprintf("%s does it in this order.", s.run.proc.Name)
	b.groups = append(b.groups, &group{id: id, tasks: ids, why: why, product: s.run.product, list: list})
}

// oneGroup adds all tasks of a stage that has no lists of its own.
func (b *builder) oneGroup(s *stage, ids ...model.ActionID) { b.group(s, "", ids) }

// ship makes one task per chart.
func (b *builder) ship(s *stage) {
	for _, l := range s.lists {
		var ids []model.ActionID
		for _, i := range l.changes {
			ids = append(ids, b.shipOne(s, i))
		}
		b.group(s, l.id, ids)
		if b.in.Policy.Order == "list" {
			b.chain(s, l.id, ids)
		}
	}
	if s.Duration != nil && len(s.tasks) > 0 {
		t := b.tasks[s.tasks[0]]
		if t.Duration != nil {
			sum := *t.Duration
			sum.P50s, sum.P90s = sum.P50s+s.Duration.P50s, sum.P90s+s.Duration.P90s
			t.Duration = &sum
		}
	}
	b.first(s)
}

func (b *builder) shipOne(s *stage, i int) model.ActionID {
	ch := &b.changes[i]
	t := b.newTask(s, model.ActionID("ship:"+chartName(component(ch))), "Ship "+ch.Name+versions(ch))
	t.Role = ""
	b.carry(t, i)
	if ch.Reinstalled {
		b.reinstalls(t, i)
	}
	b.apply(t, i)
	t.Duration = b.chartDuration(s, i)
	return t.ID
}

// reinstalls makes a task of one that removes a chart and installs it anew: what
// it serves is gone until the chart is ready, and where the script removes it after
// shipping it, nobody knows whether it comes back.
func (b *builder) reinstalls(t *model.Task, i int) {
	ch := &b.changes[i]
	t.Method = model.MethodReinstall
	why := model.Evidence{Basis: model.BasisInferred, Text: ch.Reason}
	t.Facts = append(t.Facts, model.NewFact(string(t.ID), "reinstalls", string(ch.ID), "", why))
	if r := b.rule(i); ch.GoneAfter && r.known {
		planes := union(nil, r.Planes)
		why.Basis = model.BasisUnknown
		t.UnknownOn = union(t.UnknownOn, planes)
		t.Facts = append(t.Facts, model.NewFact(string(t.ID), "unknown-effect", "planes:"+join(planes), "", why))
	}
}

// chartName is namespace and release name.
func chartName(c *model.Component) string {
	return strings.TrimPrefix(string(c.ID()), string(model.KindChart)+":")
}

func versions(ch *model.Change) string {
	switch {
	case ch.Direction == model.ValuesOnly:
		return " " + ch.To + " with other settings"
	case ch.From == "":
		return " " + ch.To
	case ch.To == "":
		return " " + ch.From
	default:
		return " " + ch.From + " -> " + ch.To
	}
}

// remove makes one task per undeployed chart, old copies of moved charts included.
func (b *builder) remove(s *stage) {
	var ids []model.ActionID
	for _, l := range s.lists {
		for _, i := range l.changes {
			ch := &b.changes[i]
			t := b.newTask(s, model.ActionID("remove:"+chartName(component(ch))), "Remove "+ch.Name+versions(ch))
			t.Method = model.MethodRemove
			b.carry(t, i)
			b.apply(t, i)
			t.Duration = s.PerUnit
			ids = append(ids, t.ID)
		}
		for _, i := range l.moved {
			ids = append(ids, b.removeMoved(s, i))
		}
	}
	b.oneGroup(s, ids...)
	b.first(s)
}

// removeMoved undeploys the old copy of a chart that is shipped into another
// namespace later on. It carries no change, and what the chart serves is gone
// until then.
func (b *builder) removeMoved(s *stage, i int) model.ActionID {
	ch := &b.changes[i]
	t := b.newTask(s, model.ActionID("remove:"+chartName(ch.Before)), "Remove "+ch.Name+" from "+ch.Before.Namespace)
	t.Method, t.Duration = model.MethodRemove, s.PerUnit
	why := s.run.evidence(s.Evidence)
	why.Text = fmt.Sprintf("It moves from %s to %s: removed here, shipped anew later.", ch.Before.Namespace, ch.After.Namespace)
	if ch.Reinstalled {
		t.Title = "Remove " + ch.Name + ", which is installed anew"
		why.Text = "The release's script undeploys it and ships it again: what it serves is gone until it is ready."
	}
	t.Facts = append(t.Facts, model.NewFact(string(t.ID), "makes-room-for", string(ch.ID), "", why))
	r := b.rule(i)
	if !r.known {
		t.UnknownOn = union(t.UnknownOn, b.planes)
		return t.ID
	}
	until := "action:ship:" + chartName(ch.After)
	for _, w := range b.workloads(r.Workloads) {
		t.Effects = append(t.Effects, model.EffectRule{Service: w.Service, Level: model.Outage, Until: until, Evidence: why})
	}
	return t.ID
}

// step makes one task for the whole stage.
func (b *builder) step(s *stage) {
	t := b.newTask(s, model.ActionID("step:"+s.ID), s.Title)
	t.Units, t.Batch = max(s.units, 1), s.Batch
	t.Duration, t.PerUnit, t.Wait = s.Duration, s.PerUnit, s.Wait
	inTurn(t)
	for _, i := range s.carried() {
		b.carry(t, i)
		if s.delivers() {
			continue // uploading it does nothing to what runs
		}
		if b.changes[i].Kind == model.KindImage && !b.rule(i).known {
			continue // the stage says what it does with its images
		}
		b.apply(t, i)
	}
	if t.Method == "" {
		t.Method = model.MethodUnknown
	}
	if t.Method == model.MethodUnknown {
		b.unknownStep(t, "No document says how this is done.")
	}
	if s.delivers() && t.Rollback.Basis == model.BasisUnknown {
		t.Rollback = model.Rollback{Possible: model.Yes, Evidence: model.Evidence{Basis: model.BasisInferred, Text: "An upload changes nothing that runs."}}
	}
	b.oneGroup(s, t.ID)
	b.first(s)
}

// inTurn gives a task that goes from unit to unit the length of all of them, where
// only that of one is stated. Nodes that are taken down are reckoned by the impact
// engine, batch by batch.
func inTurn(t *model.Task) {
	if t.Duration != nil || t.PerUnit == nil {
		return
	}
	turns := int64((t.Units + max(t.Batch, 1) - 1) / max(t.Batch, 1))
	whole := *t.PerUnit
	if t.Wait != nil {
		whole.P50s, whole.P90s = whole.P50s+t.Wait.P50s, whole.P90s+t.Wait.P90s
	}
	whole.P50s, whole.P90s = whole.P50s*turns, whole.P90s*turns
	whole.Text = strings.TrimSpace(fmt.Sprintf("%d turns. %s", turns, whole.Text))
	t.Duration = &whole
}

func (b *builder) unknownStep(t *model.Task, text string) {
	t.UnknownOn = b.planes
	t.Facts = append(t.Facts, model.NewFact(string(t.ID), "unknown-effect", "planes:"+join(b.planes), "", model.Evidence{Basis: model.BasisUnknown, Text: text}))
}

// ceph upgrades the daemons, host by host.
func (b *builder) ceph(s *stage) {
	t := b.newTask(s, "ceph:daemons", s.Title)
	t.Method = cmp.Or(t.Method, model.MethodCephDaemon)
	t.Role, t.Units, t.Batch = cmp.Or(s.Role, "storage"), s.units, 1
	t.Duration, t.PerUnit, t.Wait = s.Duration, s.PerUnit, s.Wait
	inTurn(t)
	for _, i := range s.carried() {
		b.carry(t, i)
		if b.changes[i].Kind != model.KindImage || b.rule(i).known {
			b.apply(t, i)
		}
	}
	if len(t.Workloads) == 0 {
		for _, w := range b.workloads(b.in.Catalog.Residents()) {
			if strings.HasPrefix(w.Kind, "ceph-") {
				t.Workloads = append(t.Workloads, w)
			}
		}
	}
	b.oneGroup(s, t.ID)
	b.first(s)
}
