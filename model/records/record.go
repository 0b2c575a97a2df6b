package records

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"planewise/model"
)

// Format is the format word of a record.
const Format = "planewise.record/1"

// Outcome of a maintenance.
type Outcome string

const (
	OK         Outcome = "ok"
	Partial    Outcome = "partial"
	RolledBack Outcome = "rolled-back"
	Failed     Outcome = "failed"
)

// Record is one past bundle, or one run of a deployment engine.
type Record struct {
	Format string `json:"format"`
	// Plan is the plan's id and Bundle the bundle's key; "" for imported runs.
	Plan   string         `json:"plan,omitempty"`
	Bundle model.ActionID `json:"bundle,omitempty"`
	System string         `json:"system,omitempty"`
	// Start and End are RFC 3339, UTC; "" not known.
	Start   string     `json:"start,omitempty"`
	End     string     `json:"end,omitempty"`
	TookS   int64      `json:"took_s"`
	Planned model.Span `json:"planned"`
	Outcome Outcome    `json:"outcome"`
	// Observed is what people noticed.
	Observed []Observed `json:"observed"`
	Runs     []Run      `json:"runs"`
	// Source is the file or workflow that an imported record comes from, without the
	// folder it lay in.
	Source string `json:"source,omitempty"`
}

// Observed is a stretch in which a capability was at a level.
type Observed struct {
	Capability model.CapabilityID `json:"capability"`
	Level      model.Level        `json:"level"`
	S          int64              `json:"s"`
	// Planned is what the plan had said of the capability in this bundle; nil where it
	// had said that nothing happens to it, or where the record has no plan.
	Planned *Expected `json:"planned,omitempty"`
}

// Expected is the effect that a plan had for a capability in a bundle: the worst
// level, and for how long.
type Expected struct {
	Level   model.Level `json:"level"`
	Unknown bool        `json:"unknown,omitempty"`
	P50s    int64       `json:"p50s"`
	P90s    int64       `json:"p90s"`
}

// Worse reports whether what was noticed is worse than planned: a worse level, or the
// planned one for longer than in nine of ten cases. What the plan did not know cannot
// be worse than it.
func (o Observed) Worse() bool {
	switch {
	case o.Planned == nil:
		return o.Level > model.None
	case o.Planned.Unknown || o.Level < o.Planned.Level:
		return false
	}
	return o.Level > o.Planned.Level || o.S > o.Planned.P90s
}

// Run is one action or stage of a record.
type Run struct {
	// Action is "" where it is not known which action of a plan the stage is.
	Action model.ActionID `json:"action,omitempty"`
	Stage  string         `json:"stage,omitempty"`
	// Units of a roll; 0 or 1 for anything else.
	Units int `json:"units,omitempty"`
	// Batch units at a time; 0 is one.
	Batch int `json:"batch,omitempty"`
	// TookS in whole seconds; -1: not known.
	TookS   int64       `json:"took_s"`
	Planned *model.Span `json:"planned,omitempty"`
	Outcome Outcome     `json:"outcome"`
}

// Longest is the longest time that a record may have, in seconds: a year.
const Longest = 366 * 86400

// ParseOutcome reads an outcome's word; "" is ok.
func ParseOutcome(s string) (Outcome, error) {
	switch o := Outcome(cmp.Or(s, string(OK))); o {
	case OK, Partial, RolledBack, Failed:
		return o, nil
	}
	return "", fmt.Errorf("there is no outcome %q: use ok, partial, rolled-back or failed", s)
}

// ParseObserved reads "compute.boot=outage:90s"; the time is a number of seconds or
// a duration such as 1h30m.
func ParseObserved(s string) (Observed, error) {
	bad := fmt.Errorf("%q is no observation: write capability=level:time, such as compute.boot=outage:90s", s)
	id, rest, ok := strings.Cut(s, "=")
	level, long, also := strings.Cut(rest, ":")
	if !ok || !also || id == "" {
		return Observed{}, bad
	}
	o := Observed{Capability: model.CapabilityID(id)}
	if err := o.Level.UnmarshalText([]byte(level)); err != nil {
		return o, fmt.Errorf("observation %q: %w", s, err)
	}
	n, err := strconv.ParseInt(long, 10, 64)
	if err != nil {
		d, err := time.ParseDuration(long)
		if err != nil {
			return o, bad
		}
		n = int64((d + time.Second - 1) / time.Second)
	}
	if n < 0 || n > Longest {
		return o, fmt.Errorf("observation %q: the time must lie between 0 and a year", s)
	}
	o.S = n
	return o, nil
}

// FromPlan makes the record of a bundle, named by its label or key.
func FromPlan(plan model.Plan, bundle string, start, end time.Time, outcome Outcome, observed []Observed) (Record, error) {
	at := slices.IndexFunc(plan.Bundles, func(b model.Bundle) bool {
		return strings.EqualFold(b.Label, bundle) || string(b.Key) == bundle
	})
	if at < 0 {
		var labels []string
		for _, b := range plan.Bundles {
			labels = append(labels, b.Label)
		}
		return Record{}, fmt.Errorf("the plan has no bundle %q; it has %s", bundle, strings.Join(labels, ", "))
	}
	took := int64(end.Sub(start) / time.Second)
	switch {
	case !end.After(start):
		return Record{}, errors.New("the end must come after the start")
	case took > Longest:
		return Record{}, errors.New("the maintenance lasted more than a year; correct the start or the end")
	}
	b := plan.Bundles[at]
	r := Record{
		Format: Format, Plan: plan.ID, Bundle: b.Key, System: plan.System, Start: stamp(start), End: stamp(end), TookS: took,
		Planned: b.Duration, Outcome: outcome, Observed: against(b, observed), Runs: []Run{},
	}
	for _, id := range b.Actions {
		i := slices.IndexFunc(plan.Actions, func(a model.Action) bool { return a.ID == id })
		if i < 0 {
			continue
		}
		a := plan.Actions[i]
		run := Run{Action: id, Stage: a.Stage, Units: a.Units, Batch: a.Batch, TookS: -1, Planned: &model.Span{P50s: a.Duration.P50s, P90s: a.Duration.P90s}, Outcome: outcome}
		if len(b.Actions) == 1 {
			run.TookS = took
		}
		r.Runs = append(r.Runs, run)
	}
	return r, nil
}

// against completes what was noticed with what the plan had said of it.
func against(b model.Bundle, observed []Observed) []Observed {
	out := append([]Observed{}, observed...)
	for i := range out {
		for _, plane := range b.Impact {
			for _, c := range plane.Capabilities {
				if c.ID == out[i].Capability {
					out[i].Planned = &Expected{Level: c.Level, Unknown: c.Unknown, P50s: c.P50s, P90s: c.P90s}
				}
			}
		}
	}
	return out
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Overlaps reports whether two records with known times were under way at once.
func (r Record) Overlaps(o Record) bool {
	return r.Start != "" && o.Start != "" && r.Start < o.End && o.Start < r.End // stamps sort as times do
}

// Check says what makes a record unusable.
func (r Record) Check() error {
	if r.Format != Format {
		return fmt.Errorf("this is no record: its format is %q, not %q", r.Format, Format)
	}
	if _, err := ParseOutcome(string(r.Outcome)); err != nil || r.Outcome == "" {
		return fmt.Errorf("there is no outcome %q: use ok, partial, rolled-back or failed", r.Outcome)
	}
	if r.TookS < 0 || r.TookS > Longest {
		return fmt.Errorf("a maintenance of %d seconds: the time must lie between 0 and a year", r.TookS)
	}
	for _, run := range r.Runs {
		if run.TookS < -1 || run.TookS > Longest || run.Units < 0 || run.Units > maxUnits || run.Batch < 0 || run.Batch > maxUnits {
			return fmt.Errorf("run %s%s: %d units in %d seconds cannot be", run.Action, run.Stage, run.Units, run.TookS)
		}
	}
	return nil
}

// maxUnits bounds the nodes of one run.
const maxUnits = 1_000_000

// Resolve names the actions of imported stages by a plan: a stage that makes exactly
// one action is that action. Stages may carry the prefix in procedures.
func (r Record) Resolve(plan model.Plan, prefix string) Record {
	out := r
	out.Runs = slices.Clone(r.Runs)
	byStage := map[string][]model.Action{}
	for _, a := range plan.Actions {
		byStage[a.Stage] = append(byStage[a.Stage], a)
	}
	for i := range out.Runs {
		run := &out.Runs[i]
		if run.Action != "" && run.Planned == nil {
			run.Planned = plannedTurns(plan, *run)
		}
		if run.Action != "" || run.Stage == "" {
			continue
		}
		for _, stage := range [...]string{run.Stage, prefix + run.Stage} {
			if as := byStage[stage]; len(as) == 1 {
				run.Action, run.Units, run.Batch = as[0].ID, max(run.Units, as[0].Units), max(run.Batch, as[0].Batch)
				run.Planned = &model.Span{P50s: as[0].Duration.P50s, P90s: as[0].Duration.P90s}
			}
		}
	}
	return out
}

// plannedTurns is what a plan had said of as many turns of its roll of the role as a
// run took; nil where the plan does not have the action.
func plannedTurns(plan model.Plan, run Run) *model.Span {
	for _, a := range plan.Actions {
		if a.ID != run.Action {
			continue
		}
		share := func(s int64) int64 { return ceilDiv(s*turns(run.Units, run.Batch), turns(a.Units, a.Batch)) }
		return &model.Span{P50s: share(a.Duration.P50s), P90s: share(a.Duration.P90s)}
	}
	return nil
}

// turns in which so many units are done, so many at a time; at least one.
func turns(units, batch int) int64 { return ceilDiv(int64(max(1, units)), int64(max(1, batch))) }
