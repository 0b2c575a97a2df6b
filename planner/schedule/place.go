package schedule

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"planewise/model"
	"planewise/planner/schedule/window"
)

// placer holds what one call of Place works on.
type placer struct {
	in        Input
	byID      map[model.ActionID]model.Action
	bundleOf  map[model.ActionID]int
	calendar  *calendar
	jobs      []*job
	keepOrder bool
	splits    map[splitKey][]*piece
	sittings  []sitting
	steps     int
	said      []model.Diagnostic
}

// Place gives every bundle the earliest time at which it may run. See the
// package's text for what that means and what is proven about it.
func Place(in Input) Result {
	p := &placer{
		in: in, byID: make(map[model.ActionID]model.Action), keepOrder: in.KeepOrder,
		splits: make(map[splitKey][]*piece),
	}
	for _, a := range in.Actions {
		p.byID[a.ID] = a
	}
	if in.Policy.Percentile > 90 {
		p.say(model.Warning, "percentile-unknown", "policy:"+in.Policy.Name,
			fmt.Sprintf("durations are known up to their 90th percentile; percentile %d is treated as the 90th", in.Policy.Percentile),
			"ask for 90 and a larger reserve_permille")
	}
	if !p.readCalendar() {
		return p.undated()
	}
	p.prepare()
	best, exact := p.search()
	if !exact && !p.keepOrder && len(p.jobs) > 1 {
		p.say(model.Info, "order-not-searched", "policy:"+in.Policy.Name,
			fmt.Sprintf("not every order of the %d bundles was tried; they are placed in the order of the split", len(p.jobs)), "")
	}
	return p.result(best, exact)
}

// readCalendar expands windows and freezes. It returns false where nothing can
// be dated.
func (p *placer) readCalendar() bool {
	policy := p.in.Policy
	switch {
	case len(policy.Windows) == 0 && len(policy.Freezes) == 0:
		return false
	case len(policy.Windows) == 0:
		p.say(model.Info, "freezes-unused", "policy:"+policy.Name, "freezes have no effect without windows: nothing is dated", "add windows to the policy")
		return false
	case p.in.At.IsZero():
		p.say(model.Info, "windows-unused", "policy:"+policy.Name, "windows have no effect without a time to plan from: nothing is dated", "give the time with --at")
		return false
	}
	from := p.in.At.Truncate(time.Second)
	if from.Before(p.in.At) {
		from = from.Add(time.Second)
	}
	to := from.Add(p.horizon())
	openings, said := window.Open(policy.Windows, from, to, p.in.Zones)
	frozen, more := window.Freeze(policy.Freezes, from, to, p.in.Zones)
	p.said = append(append(p.said, said...), more...)
	p.calendar = newCalendar(stretch{Start: from.Unix(), End: to.Unix()}, openings, frozen)
	return true
}

const defaultHorizon = 366 * 24 * time.Hour

func (p *placer) horizon() time.Duration {
	seconds := p.in.Policy.HorizonS
	switch {
	case seconds == 0:
		return defaultHorizon
	case seconds > int64(window.MaxHorizon/time.Second):
		p.say(model.Info, "bad-horizon", "policy:"+p.in.Policy.Name,
			fmt.Sprintf("horizon_s %d is cut to %d days", seconds, window.MaxHorizon/(24*time.Hour)), "")
		return window.MaxHorizon
	}
	return time.Duration(seconds) * time.Second
}

// actions of the bundles with the bundle's place, in run order.
func (p *placer) actions() iter.Seq2[int, model.Action] {
	return func(yield func(int, model.Action) bool) {
		for i, b := range p.in.Bundles {
			for _, id := range b.Actions {
				if a, ok := p.byID[id]; ok && !yield(i, a) {
					return
				}
			}
		}
	}
}

func (p *placer) say(severity model.Severity, code model.Code, subject, summary, hint string, path ...string) {
	p.said = append(p.said, model.Diagnostic{Severity: severity, Code: code, Subject: subject, Summary: summary, Hint: hint, Path: path})
}

// verdict is why a bundle gets no date.
func (p *placer) verdict(j *job, code model.Code, summary, hint string, path ...string) *model.Diagnostic {
	return &model.Diagnostic{Severity: model.Blocking, Code: code, Subject: string(j.bundle.Key), Summary: summary, Hint: hint, Path: path}
}

func (p *placer) undated() Result {
	r := Result{Exact: true, Diagnostics: model.SortDiagnostics(p.said)}
	for i := range p.in.Bundles {
		r.Placements = append(r.Placements, Placement{Bundle: i, NeedS: fit(p.laned(&p.in.Bundles[i]), p.in.Policy)})
	}
	return r
}

// result writes what the search found.
func (p *placer) result(best *label, exact bool) Result {
	r := Result{Exact: exact, Steps: p.steps}
	dated := make(map[int]*label)
	var order []int
	for l := best; l != nil && l.job >= 0; l = l.before {
		order = append(order, l.job)
		dated[l.job] = l
	}
	slices.Reverse(order)
	for _, i := range p.runOrder(order, dated) {
		pl := Placement{Bundle: i, NeedS: p.jobs[i].need}
		if l := dated[i]; l.placed() {
			p.fill(&pl, p.jobs[i], l)
			r.ExtraCost += l.extra
			r.Finish = time.Unix(l.end, 0).In(p.calendar.home)
		}
		r.Placements = append(r.Placements, pl)
	}
	p.explain(dated)
	r.Announce = p.announce()
	r.Diagnostics = model.SortDiagnostics(p.said)
	return r
}

// fill writes the slots of a placed job.
func (p *placer) fill(pl *Placement, j *job, l *label) {
	parts := l.parts.path()
	if len(parts) == 0 {
		pl.Slot = p.sit(j, j.name, j.bundle.Footprint, stretch{Start: l.end - j.need, End: l.end})
		return
	}
	for n, part := range parts {
		atoms := j.atoms[part.i:part.k]
		footprint := make(map[model.PlaneID]model.Footprint)
		addFelt(footprint, atoms)
		label := fmt.Sprintf("%d of %d", n+1, len(parts))
		pl.Parts = append(pl.Parts, model.Part{
			Label:     label,
			Steps:     steps(atoms),
			Footprint: footprint,
			WorkS:     workOf(atoms),
			Duration:  p.span(j, part.i, part.k),
			Window:    p.sit(j, fmt.Sprintf("%s part %s", j.name, label), footprint, part.at),
		})
	}
	pl.Slot = pl.Parts[0].Window
}

func (p *placer) sit(j *job, name string, footprint map[model.PlaneID]model.Footprint, at stretch) *model.Slot {
	slot, zone := p.calendar.room(footprint, j.pin).slot(at, p.calendar.home)
	p.sittings = append(p.sittings, sitting{j, name, footprint, at, zone})
	return slot
}

// runOrder is the order in which all bundles are shown: the split's own where
// the dates agree with it, else the dated ones by date and then the others.
func (p *placer) runOrder(order []int, dated map[int]*label) []int {
	var placed, rest []int
	for _, i := range order {
		if dated[i].placed() {
			placed = append(placed, i)
		}
	}
	if slices.IsSorted(placed) {
		all := make([]int, len(p.jobs))
		for i := range all {
			all[i] = i
		}
		return all
	}
	for i := range p.jobs {
		if !dated[i].placed() {
			rest = append(rest, i)
		}
	}
	return append(placed, rest...)
}

// sequence extends the empty label by the jobs in the given order.
func (p *placer) sequence() []*label {
	labels := []*label{p.root()}
	for i := range p.jobs {
		var next []*label
		for _, l := range labels {
			for _, n := range p.extend(l, i) {
				next = insertLabel(next, n)
			}
		}
		labels = next
	}
	return labels
}

func pick(labels []*label) *label {
	return slices.MinFunc(labels, func(a, b *label) int {
		return cmp.Or(cmp.Compare(a.skipped, b.skipped), cmp.Compare(a.cost, b.cost), cmp.Compare(a.end, b.end), compareOrder(a, b))
	})
}
