package tui

import (
	"slices"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/model"
	"planewise/planner"
	"planewise/planner/edit"
	"planewise/planner/words"
)

// knob is one setting of the policy: how it reads, and its next value.
type knob struct {
	title string
	value func(s edit.State) string
	turn  func(s *edit.State, by int)
}

// knobs are the settings that can be turned while looking at the plan.
func knobs(planes []model.PlaneSummary) []knob {
	out := []knob{
		percentKnob(), lanesKnob(), orderKnob(),
		wordKnob("order inside the vendor's lists", []string{"documented", "list"}, func(p *model.Policy) *string { return &p.Order }),
		wordKnob("cuts inside a vendor's script", []string{"allow", "forbid"}, func(p *model.Policy) *string { return &p.UntestedCuts }),
	}
	for _, i := range []model.Importance{model.Critical, model.Major, model.Minor} {
		out = append(out, levelKnob("disturbed from, "+string(i)+" capabilities", i, func(p *model.Policy) map[model.Importance]model.Level { return p.Disturbed }))
	}
	for _, i := range []model.Importance{model.Critical, model.Major, model.Minor} {
		out = append(out, levelKnob("watched from, "+string(i)+" capabilities", i, func(p *model.Policy) map[model.Importance]model.Level { return p.Watched }))
	}
	for _, p := range planes {
		out = append(out, costKnob(p.ID))
	}
	return append(out, sittingKnob())
}

func percentKnob() knob {
	steps := []int{50, 80, 90, 95}
	return knob{"share of runs that must fit a window",
		func(s edit.State) string { return strconv.Itoa(s.Policy.Percentile) + " %" },
		func(s *edit.State, by int) { s.Policy.Percentile = step(steps, s.Policy.Percentile, by) },
	}
}

func lanesKnob() knob {
	return knob{"actions side by side",
		func(s edit.State) string { return strconv.Itoa(max(s.Policy.Lanes, 1)) },
		func(s *edit.State, by int) { s.Policy.Lanes = max(1, min(max(s.Policy.Lanes, 1)+by, 16)) },
	}
}

// orderKnob relaxes the vendor's order as a whole; single orders are relaxed in a
// policy file.
func orderKnob() knob {
	return knob{"vendor's order that no document requires",
		func(s edit.State) string {
			if slices.Contains(s.Edits.Relaxed, edit.EveryOrder) {
				return "relaxed"
			}
			return "kept"
		},
		func(s *edit.State, _ int) {
			c := edit.Command{Verb: edit.Relax, Subject: edit.EveryOrder}
			if slices.Contains(s.Edits.Relaxed, edit.EveryOrder) {
				c.Verb = edit.Keep
			}
			// The whole order can be relaxed and kept whatever the plan has of it.
			if change, err := edit.Apply(planner.Input{Edits: s.Edits}, model.Plan{}, c); err == nil {
				s.Edits = change.Edits
			}
		},
	}
}

func wordKnob(title string, choices []string, of func(*model.Policy) *string) knob {
	return knob{title,
		func(s edit.State) string {
			if v := *of(&s.Policy); v != "" {
				return v
			}
			return choices[0]
		},
		func(s *edit.State, by int) {
			v := of(&s.Policy)
			if *v == "" {
				*v = choices[0]
			}
			*v = step(choices, *v, by)
		},
	}
}

// levelKnob turns a threshold; beyond the worst level lies "never".
func levelKnob(title string, i model.Importance, of func(*model.Policy) map[model.Importance]model.Level) knob {
	return knob{title,
		func(s edit.State) string {
			if l, ok := of(&s.Policy)[i]; ok {
				return l.String()
			}
			return "never"
		},
		func(s *edit.State, by int) {
			m := of(&s.Policy)
			if m == nil {
				return
			}
			at := model.Outage + 1 // never
			if l, ok := m[i]; ok {
				at = l
			}
			next := int(at) + by
			if next > int(model.Outage) {
				delete(m, i)
				return
			}
			m[i] = model.Level(max(int(model.AtRisk), next))
		},
	}
}

// maxCost bounds a price, so that doubling it never leaves 64 bits in a sum.
const maxCost = 1 << 40

func scaled(v int64, by int) int64 {
	if by > 0 {
		return min(max(v, 1)*2, maxCost)
	}
	return v / 2
}

func costKnob(plane model.PlaneID) knob {
	at := func(p *model.Policy) *model.PlaneCost {
		for i := range p.Costs {
			if p.Costs[i].Plane == plane {
				return &p.Costs[i]
			}
		}
		return nil
	}
	return knob{"price of " + string(plane) + " (a second; an announcement)",
		func(s edit.State) string {
			c := at(&s.Policy)
			if c == nil {
				return "default"
			}
			return strconv.FormatInt(c.Rate, 10) + "; " + strconv.FormatInt(c.Fixed, 10)
		},
		func(s *edit.State, by int) {
			c := at(&s.Policy)
			if c == nil {
				s.Policy.Costs = append(s.Policy.Costs, model.PlaneCost{Plane: plane, Fixed: 9000, Rate: 10, Watch: 1})
				return
			}
			c.Rate, c.Fixed, c.Watch = scaled(c.Rate, by), scaled(c.Fixed, by), scaled(c.Watch, by)
		},
	}
}

func sittingKnob() knob {
	return knob{"price of one more bundle",
		func(s edit.State) string { return strconv.FormatInt(s.Policy.Sitting, 10) },
		func(s *edit.State, by int) { s.Policy.Sitting = scaled(s.Policy.Sitting, by) },
	}
}

// step is the neighbour of v among steps; at the ends it stays.
func step[T comparable](steps []T, v T, by int) T {
	i := slices.Index(steps, v)
	if i < 0 {
		return steps[0]
	}
	return steps[max(0, min(i+by, len(steps)-1))]
}

// newKnobs is the policy as a list of settings; each turn plans anew at once.
func newKnobs(w *world) dialog {
	all := knobs(w.view.Planes)
	p := &picker{title: "Policy " + w.view.Policy}
	set := func(s edit.State) {
		p.choices = p.choices[:0]
		for _, k := range all {
			p.choices = append(p.choices, choice{title: k.title, note: k.value(s)})
		}
	}
	set(w.hist.Now())
	turn := func(w *world, i, by int) tea.Cmd {
		s := w.state()
		before := all[i].value(s)
		all[i].turn(&s, by)
		after := all[i].value(s)
		if after == before {
			return w.warn("%s goes no further", all[i].title)
		}
		set(s)
		return w.do(all[i].title+": "+before+" -> "+after, s)
	}
	p.change = turn
	p.pick = func(w *world, i int) (bool, tea.Cmd) { return false, turn(w, i, 1) }
	p.footNow = func(w *world) string {
		return "left/right turns   esc closes   " + words.Count(len(w.view.Bundles), "bundle")
	}
	return p
}
