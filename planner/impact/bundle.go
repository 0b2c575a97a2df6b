package impact

import (
	"cmp"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/impact/duration"
)

// BundleImpact is what a bundle does to the planes over its time.
type BundleImpact struct {
	Actions []model.ActionID
	// WorkS is the sum of the expected durations.
	WorkS int64
	// Duration is that of the distribution of the sum, the actions one after the
	// other; parallel lanes only shorten elapsed time and are reckoned elsewhere.
	Duration        model.Span
	DurationUnknown bool
	Footprint       map[model.PlaneID]model.Footprint
	// Impact of every plane that has a capability, sorted by plane.
	Impact   []model.PlaneImpact
	Timeline []model.Interval
	// acts keep what Planes adds up.
	acts []placed
}

// placed is an action in its place, with all effects that are felt during it:
// its own and those that earlier actions left behind.
type placed struct {
	id         model.ActionID
	length     model.Span
	start, end model.Span // in the bundle
	effects    []felt
	mixed      bool // some of them come from other actions
}

// felt is an effect with the action it comes from. The effect is not written to.
type felt struct {
	*model.Effect
	by model.ActionID
}

// Left is an effect that goes on when a bundle begins, and the action of an earlier
// sitting that left it behind. Its Until says which action ends it.
type Left struct {
	Effect model.Effect
	By     model.ActionID
}

// Bundle puts actions one after the other, in run order.
func (e *Engine) Bundle(actions []model.Action) BundleImpact { return e.BundleAfter(nil, actions) }

// BundleAfter is Bundle on a system on which effects of earlier sittings go on: they
// are felt up to and including the action that ends them, or all along where the
// bundle has no such action. They are not the bundle's own doing, so that its
// footprint does not hold them.
func (e *Engine) BundleAfter(left []Left, actions []model.Action) BundleImpact {
	b := BundleImpact{Actions: make([]model.ActionID, 0, len(actions)), Footprint: e.footprint(nil), acts: make([]placed, 0, len(actions))}
	sum := duration.NewSum(e.policy.CorrelationPermille)
	end := model.Span{}
	for i := range actions {
		a := &actions[i]
		p := placed{id: a.ID, length: limited(a.Duration), start: end}
		sum.Add(a.Duration)
		end = sum.Span()
		p.end = end
		p.effects = make([]felt, 0, len(a.Effects))
		for k := range a.Effects {
			if a.Effects[k].Until == "" {
				p.effects = append(p.effects, felt{&a.Effects[k], a.ID})
			}
		}
		b.acts = append(b.acts, p)
		b.Actions = append(b.Actions, a.ID)
		b.WorkS += a.ExpectedS
		b.DurationUnknown = b.DurationUnknown || a.DurationUnknown
		for plane, f := range a.Footprint {
			b.Footprint[plane] = max(b.Footprint[plane], f)
		}
	}
	b.Duration = end
	carryOver(actions, b.acts)
	carryIn(left, b.acts)
	for i := range b.acts {
		e.flatten(&b.acts[i])
	}
	b.Timeline = timeline(b.acts)
	b.Impact = e.planeImpacts(b.acts)
	return b
}

// limited keeps a length that comes from outside within what can be reckoned with.
func limited(s model.Span) model.Span {
	p50 := min(max(s.P50s, 0), duration.Longest)
	return model.Span{P50s: p50, P90s: min(max(s.P90s, p50), duration.Longest)}
}

// carryOver lets effects that outlast their action be felt during the following
// ones, up to and including the one that ends them, or all where that one is not
// among them.
func carryOver(actions []model.Action, acts []placed) {
	carried := map[model.CapabilityID]model.Effect{}
	for i := range actions {
		for k := range actions[i].Effects {
			x := &actions[i].Effects[k]
			if x.Until == "" {
				continue
			}
			if old, ok := carried[x.Capability]; ok && old.Until == x.Until && old.Range() == x.Range() {
				continue // an earlier action has left the same behind
			}
			carried[x.Capability] = *x
			for k := i + 1; k <= lastOf(x.Until, i, acts); k++ {
				acts[k].stays(*x, actions[i].ID)
			}
		}
	}
}

// carryIn lets what earlier sittings left behind be felt from the first action on.
func carryIn(left []Left, acts []placed) {
	for _, l := range left {
		for k := 0; k <= lastOf(l.Effect.Until, -1, acts); k++ {
			acts[k].stays(l.Effect, l.By)
		}
	}
}

// lastOf is the place of the last action during which an effect is felt that goes on
// after action i: the one that ends it, or the very last.
func lastOf(until string, i int, acts []placed) int {
	if id, ok := strings.CutPrefix(until, "action:"); ok {
		if k := slices.IndexFunc(acts, func(p placed) bool { return string(p.id) == id }); k > i {
			return k
		}
	}
	return len(acts) - 1
}

// stays adds an effect that is there all the time the action takes.
func (p *placed) stays(x model.Effect, by model.ActionID) {
	x.Start, x.Lasts, x.Times, x.Until = model.Span{}, p.length, 0, ""
	p.effects = append(p.effects, felt{&x, by})
	p.mixed = true
}

// flatten sorts an action's effects by plane, capability and start, and resolves
// those of one capability that overlap: the worse counts.
func (e *Engine) flatten(p *placed) {
	if !slices.IsSortedFunc(p.effects, byPlace) {
		slices.SortStableFunc(p.effects, byPlace)
	}
	if !p.mixed {
		return
	}
	var out []felt
	for i := 0; i < len(p.effects); {
		j := i + 1
		for j < len(p.effects) && p.effects[j].Capability == p.effects[i].Capability {
			j++
		}
		out = append(out, e.together(p, p.effects[i:j])...)
		i = j
	}
	p.effects = out
}

// together are the effects on one capability without overlaps. Where the action itself
// does not speak of the capability, what it may do to any is among them.
func (e *Engine) together(p *placed, effects []felt) []felt {
	if effects[0].Capability == model.Any {
		return effects
	}
	own := slices.ContainsFunc(effects, func(f felt) bool { return f.by == p.id })
	if any, n := p.any(effects[0].Plane), e.capability[effects[0].Capability]; any != nil && !own {
		x := any.On(e.asReached(n))
		return resolve(append([]felt{{&x, p.id}}, effects...))
	}
	if slices.ContainsFunc(effects, func(f felt) bool { return f.by != effects[0].by }) {
		return resolve(effects)
	}
	return effects
}

// asReached is a capability as what is said of any stands for it.
func (e *Engine) asReached(n int32) model.Reached {
	c := e.nodes[n].capability
	return model.Reached{Plane: c.Plane, Capability: c.ID, ToleranceS: c.ToleranceS}
}

// any is the action's effect on any capability of a plane, nil for none.
func (p *placed) any(plane model.PlaneID) *model.Effect {
	for _, f := range p.effects {
		if f.Capability == model.Any && (f.Plane == plane || f.Plane == model.Any) {
			return f.Effect
		}
	}
	return nil
}

func byPlace(a, b felt) int {
	if a.Plane != b.Plane {
		return cmp.Compare(a.Plane, b.Plane)
	}
	if a.Capability != b.Capability {
		return cmp.Compare(a.Capability, b.Capability)
	}
	return byP90(a.Start, b.Start)
}

// resolve cuts overlapping effects of one capability at all their boundaries.
func resolve(effects []felt) []felt {
	var bounds []model.Span
	for _, f := range effects {
		bounds = append(bounds, f.Start, plus(f.Start, f.Lasts))
	}
	slices.SortFunc(bounds, byP90)
	bounds = slices.Compact(bounds)
	var out []felt
	for k := 0; k+1 < len(bounds); k++ {
		var level model.Range
		var worst *felt
		for i := range effects {
			f := &effects[i]
			if byP90(f.Start, bounds[k]) > 0 || byP90(plus(f.Start, f.Lasts), bounds[k+1]) < 0 {
				continue
			}
			if r := f.Range(); worst == nil || r.Most > worst.Range().Most || r.Most == worst.Range().Most && r.Least > worst.Range().Least {
				worst = f
			}
			level = level.Worse(f.Range())
		}
		if worst == nil {
			continue
		}
		f := felt{new(model.Effect), worst.by}
		*f.Effect = *worst.Effect
		f.Start = bounds[k]
		f.Lasts = model.Span{P50s: max(0, bounds[k+1].P50s-bounds[k].P50s), P90s: max(0, bounds[k+1].P90s-bounds[k].P90s)}
		f.Lasts.P90s = max(f.Lasts.P90s, f.Lasts.P50s)
		f.SetRange(level)
		if n := len(out); n > 0 && out[n-1].Range() == level && out[n-1].by == f.by {
			out[n-1].Lasts = plus(out[n-1].Lasts, f.Lasts)
			continue
		}
		out = append(out, f)
	}
	return out
}

// place maps a time of an action to the bundle, where the action may take a
// little more or less than alone: sums have their own percentiles.
func (p *placed) place(at model.Span) model.Span {
	one := func(at, length, start, end int64) int64 {
		if length == 0 {
			return start
		}
		return start + min(at, length)*(end-start)/length
	}
	out := model.Span{
		P50s: one(at.P50s, p.length.P50s, p.start.P50s, p.end.P50s),
		P90s: one(at.P90s, p.length.P90s, p.start.P90s, p.end.P90s),
	}
	out.P90s = max(out.P90s, out.P50s)
	return out
}

// timeline are the stretches of all capabilities by start, plane and capability.
func timeline(acts []placed) []model.Interval {
	n, mixed := 0, false
	for i := range acts {
		n += len(acts[i].effects)
		mixed = mixed || acts[i].mixed
	}
	out := make([]model.Interval, 0, n)
	var order []int32
	for i := range acts {
		out, order = acts[i].intervals(out, order)
	}
	if mixed {
		out = joined(out)
	}
	return runs(out)
}

// longRun is the most intervals that stand one after the other where nothing is known
// of several actions in a row; more become one.
const longRun = 8

// runs makes one interval of those in which one action after the other may do anything.
func runs(in []model.Interval) []model.Interval {
	first := make([]int, len(in)) // of the run
	length := make([]int, len(in))
	last := map[model.PlaneID]int{}
	for i, iv := range in {
		first[i] = i
		if iv.Capability != model.Any {
			continue
		}
		if k, ok := last[iv.Plane]; ok && in[k].End == iv.Start && rangeOf(in[k]) == rangeOf(iv) {
			first[i] = first[k]
		}
		length[first[i]]++
		last[iv.Plane] = i
	}
	out := in[:0]
	at := map[int]int{} // where the run that began at a place is
	for i, iv := range in {
		n := length[first[i]]
		switch {
		case n <= longRun:
			out = append(out, iv)
		case first[i] == i:
			at[i] = len(out)
			iv.More = n - 1
			out = append(out, iv)
		default:
			run := &out[at[first[i]]]
			run.End, run.LongestS = iv.End, max(run.LongestS, iv.LongestS)
		}
	}
	return out
}

// intervals adds an action's effects in order of their start. Actions come one
// after the other, so that all of them are then in that order.
func (p *placed) intervals(out []model.Interval, order []int32) ([]model.Interval, []int32) {
	order = order[:0]
	for k := range p.effects {
		order = append(order, int32(k))
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		x, y := p.effects[a].Start, p.effects[b].Start
		if x.P50s != y.P50s {
			return cmp.Compare(x.P50s, y.P50s)
		}
		return cmp.Compare(x.P90s, y.P90s)
	})
	for _, k := range order {
		f := p.effects[k]
		end := plus(f.Start, f.Lasts)
		if k++; int(k) < len(p.effects) && p.effects[k].Capability == f.Capability && p.effects[k].Plane == f.Plane {
			end = shorter(end, longer(p.effects[k].Start, f.Start))
		}
		longest := int64(0)
		if f.Capability == model.Any {
			longest = f.Lasts.P90s
		}
		out = append(out, model.Interval{LongestS: longest, Capability: f.Capability, Plane: f.Plane, Level: f.Level, Unknown: f.Unknown, Most: f.Most,
			Start: p.place(f.Start), End: p.place(end), Times: f.Times, Action: f.by, Facts: f.Facts})
	}
	return out, order
}

// joined makes one interval of those that go on over several actions.
func joined(in []model.Interval) []model.Interval {
	out := in[:0]
	last := map[model.CapabilityID]int{}
	for _, iv := range in {
		if at, ok := last[iv.Capability]; ok && continues(out[at], iv) {
			out[at].End = iv.End
			continue
		}
		last[iv.Capability] = len(out)
		out = append(out, iv)
	}
	return out
}

// continues: b goes on where a ends, for the same reason.
func continues(a, b model.Interval) bool {
	return a.Action == b.Action && a.End == b.Start && a.Level == b.Level && rangeOf(a) == rangeOf(b)
}

func rangeOf(iv model.Interval) model.Range {
	return model.Effect{Level: iv.Level, Unknown: iv.Unknown, Most: iv.Most}.Range()
}

// planeImpacts sums up the capabilities per plane: the worst level, and for how
// long in all a capability is at its worst.
func (e *Engine) planeImpacts(acts []placed) []model.PlaneImpact {
	refs := e.byCapability(acts)
	var out []model.PlaneImpact
	for _, plane := range e.planes {
		if len(e.byPlane[plane]) == 0 {
			continue
		}
		p := model.PlaneImpact{Plane: plane, Capabilities: []model.CapabilityImpact{}}
		var worst model.Range
		for _, n := range e.byPlane[plane] { // sorted by capability
			if fs := refs[n-e.firstCap]; fs != nil {
				impact, r := capabilityImpact(acts, fs)
				c := e.nodes[n].capability
				impact.ID, impact.Importance, impact.Title, impact.ToleranceS = c.ID, c.Importance, c.Title, c.ToleranceS
				p.Capabilities = append(p.Capabilities, impact)
				worst = worst.Worse(r)
			}
		}
		p.Worst, p.Unknown = worst.Least, worst.IsUnknown()
		out = append(out, p)
	}
	return out
}

// ref is an effect and the place of its action.
type ref struct {
	*model.Effect
	act int
}

// byCapability sorts effects by their capability, in order of the actions.
func (e *Engine) byCapability(acts []placed) [][]ref {
	out := make([][]ref, int32(len(e.nodes))-e.firstCap)
	own := make([]int, len(out)) // the last action, from 1, that speaks of the capability itself
	for i := range acts {
		for k := range acts[i].effects {
			x := acts[i].effects[k].Effect
			if n, known := e.capability[x.Capability]; known {
				out[n-e.firstCap] = append(out[n-e.firstCap], ref{x, i})
				own[n-e.firstCap] = i + 1
			}
		}
		for n := range out {
			if own[n] <= i {
				c := e.asReached(e.firstCap + int32(n))
				if x := acts[i].any(c.Plane); x != nil {
					if c.Worst(x.Lasts.P90s) < model.Outage {
						one := x.On(c)
						x = &one
					}
					out[n] = append(out[n], ref{x, i})
				}
			}
		}
	}
	return out
}

// capabilityImpact is the worst of a capability's effects, with the seconds of
// those that are certainly as bad, and apart from them of those that are possibly
// as bad, since their level is not known. Where nothing is certain the time is
// that of what is possible.
func capabilityImpact(acts []placed, fs []ref) (model.CapabilityImpact, model.Range) {
	var worst model.Range
	for _, f := range fs {
		worst = worst.Worse(f.Range())
	}
	c := model.CapabilityImpact{Facts: []model.FactID{}}
	x := model.Effect{}
	x.SetRange(worst)
	c.Level, c.Unknown, c.Most = x.Level, x.Unknown, x.Most
	var total, perhaps seconds
	var chain []model.FactID
	seen := map[model.FactID]bool{}
	for i := 0; i < len(fs); {
		var span, possible model.Span
		j := i
		for ; j < len(fs) && fs[j].act == fs[i].act; j++ {
			r := fs[j].Range()
			if r.Most < worst.Most && (worst.Least == model.None || r.Least < worst.Least) {
				continue // neither end is the worst
			}
			if r.Least < worst.Least {
				possible = plus(possible, fs[j].Lasts)
			} else {
				span = plus(span, fs[j].Lasts)
			}
			if len(chain) == 0 || len(fs[j].Facts) == 0 || &chain[0] != &fs[j].Facts[0] {
				chain = fs[j].Facts
				nameFacts(&c, chain, seen)
			}
		}
		total.add(&acts[fs[i].act], span)
		perhaps.add(&acts[fs[i].act], possible)
		i = j
	}
	span := total.span()
	c.P50s, c.P90s = span.P50s, span.P90s
	c.PossibleS = perhaps.span().P90s
	return c, worst
}

// seconds adds up times of one level over the actions of a bundle. Each action
// gives the share that it takes of the bundle's percentiles, so that a level that
// lasts through all of them lasts exactly as long as the bundle; but the whole is
// never shorter than any of its parts.
type seconds struct {
	shares, longest model.Span
}

func (t *seconds) add(p *placed, s model.Span) {
	one := func(s, length, start, end int64) int64 {
		if length == 0 {
			return 0
		}
		return min(s, length) * (end - start) / length
	}
	t.shares = plus(t.shares, model.Span{
		P50s: one(s.P50s, p.length.P50s, p.start.P50s, p.end.P50s),
		P90s: one(s.P90s, p.length.P90s, p.start.P90s, p.end.P90s)})
	t.longest = longer(t.longest, shorter(s, p.length))
}

func (t *seconds) span() model.Span {
	s := longer(t.shares, t.longest)
	s.P90s = max(s.P90s, s.P50s)
	return s
}

// mostFacts is how many facts a claim about a whole bundle names; the chain that goes
// beyond is named to its end.
const mostFacts = 32

// nameFacts adds a chain to the facts of a claim, or counts what it would add.
func nameFacts(c *model.CapabilityImpact, chain []model.FactID, seen map[model.FactID]bool) {
	full := len(c.Facts) >= mostFacts
	for _, f := range chain {
		switch {
		case seen[f]:
			continue
		case full:
			c.More++
		default:
			c.Facts = append(c.Facts, f)
		}
		seen[f] = true
	}
}
