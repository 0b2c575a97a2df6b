package planner_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"planewise/model"
)

// sketch makes a plan with the facts "SUBJECT BASIS" and the unknown effects "ACTION
// LEAST MOST" on one capability.
func sketch(facts, effects string) model.Plan {
	var p model.Plan
	for i, f := range strings.Split(facts, ", ") {
		var b model.Basis
		subject, word, _ := strings.Cut(f, " ")
		if err := b.UnmarshalText([]byte(word)); err != nil {
			continue
		}
		p.Facts = append(p.Facts, model.NewFact(subject, "serves", "all", "", model.Evidence{Basis: b, Text: fmt.Sprint(i)}))
	}
	for _, e := range strings.Split(effects, ", ") {
		var r model.Range
		words := strings.Fields(e)
		if len(words) != 3 || r.Least.UnmarshalText([]byte(words[1])) != nil || r.Most.UnmarshalText([]byte(words[2])) != nil {
			continue
		}
		effect := model.Effect{Capability: "jobs"}
		effect.SetRange(r)
		p.Actions = append(p.Actions, model.Action{ID: model.ActionID(words[0]), Effects: []model.Effect{effect}})
	}
	return p
}

func TestLosses(t *testing.T) {
	cases := []struct {
		name                                 string
		oldFacts, oldEffects, facts, effects string
		want                                 []string
	}{
		{name: "nothing", oldFacts: "a chart", oldEffects: "x none outage", facts: "a chart", effects: "x none outage"},
		{name: "an unknown becomes a claim", oldEffects: "x none outage", effects: "x at-risk at-risk", want: []string{"lost-unknown effect x jobs is no longer unknown"}},
		{name: "another takes its place", oldEffects: "x none outage", effects: "y none outage", want: []string{"lost-unknown effect x jobs is no longer unknown"}},
		{name: "one of two", oldEffects: "x none outage, x none blip", effects: "x none outage", want: []string{"lost-unknown effect x jobs is unknown 1 times, was 2 times"}},
		{name: "at most less", oldEffects: "x none outage", effects: "x none degraded", want: []string{"lost-unknown effect x jobs is none..degraded, was none..outage"}},
		{name: "at least more", oldEffects: "x none outage", effects: "x blip outage", want: []string{"lost-unknown effect x jobs is blip..outage, was none..outage"}},
		{name: "wider", oldEffects: "x blip degraded", effects: "x none outage"},
		{name: "a claim becomes unknown", oldEffects: "x blip blip", effects: "x none outage"},
		{name: "a basis rises", oldFacts: "a inferred", facts: "a documented", want: []string{"raised-basis a serves all is documented, was inferred"}},
		{name: "counts balance", oldFacts: "a inferred, b documented", facts: "a documented, b inferred", want: []string{"raised-basis a serves all is documented, was inferred"}},
		{name: "a basis falls", oldFacts: "a documented", facts: "a default"},
		{name: "a fact goes", oldFacts: "a documented, b chart", facts: "b chart"},
		{name: "a fact comes", oldFacts: "b chart", facts: "a documented, b chart"},
		{name: "a weaker one beside it", oldFacts: "a chart", facts: "a chart, a default"},
		{name: "a better one beside it", oldFacts: "a chart", facts: "a chart, a documented", want: []string{"raised-basis a serves all is documented and chart, was chart"}},
		{name: "the weaker of two rises", oldFacts: "a documented, a inferred", facts: "a documented, a documented", want: []string{"raised-basis a serves all is documented and documented, was documented and inferred"}},
		{name: "a fact of unknown basis goes", oldFacts: "a unknown, b chart", facts: "b chart", want: []string{"lost-unknown fact a serves all is no longer unknown"}},
		{name: "a fact of unknown basis is claimed", oldFacts: "a unknown", facts: "a default", want: []string{"lost-unknown fact a serves all is no longer unknown", "raised-basis a serves all is default, was unknown"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			old, err := readLedger(record(sketch(c.oldFacts, c.oldEffects)).text())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, l := range losses(old, record(sketch(c.facts, c.effects))) {
				got = append(got, l.kind+" "+l.what+" "+l.how)
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A ledger of a whole plan says the same when it is read from its file.
func TestLedgerFile(t *testing.T) {
	w := embedded(t)
	for _, b := range bookedPlans()[:3] {
		l := record(b.build(t, w))
		read, err := readLedger(l.text())
		if err != nil {
			t.Fatal(err)
		}
		read.effects = l.effects
		if !bytes.Equal(read.text(), l.text()) {
			t.Errorf("%s: another ledger after reading", b.name)
		}
		if lost := losses(read, l); len(lost) > 0 {
			t.Errorf("%s: loses %v against itself", b.name, lost)
		}
	}
}

// A reason is good for its own plan, kind, thing and step, and has to be needed.
func TestReasons(t *testing.T) {
	lost := []loss{{kind: lostUnknown, what: "effect x jobs"}, {kind: raisedBasis, what: "a serves all"}}
	cases := []struct {
		name, lines string
		open, idle  int
	}{
		{"none", "# nothing", 2, 0},
		{"both", "p | lost-unknown | effect x jobs | 1 -> 2 | was counted\np | raised-basis | a serves all | 1 -> 2 | page found", 0, 0},
		{"a pattern", "p | lost-unknown | effect x* | 1 -> 2 | was counted\np | raised-basis | a serves all | 1 -> 2 | page found", 0, 0},
		{"another plan", "q | lost-unknown | effect x jobs | 1 -> 2 | was counted", 2, 0},
		{"the other kind", "p | raised-basis | effect x jobs | 1 -> 2 | was counted", 2, 1},
		{"a part of the name", "p | lost-unknown | effect x | 1 -> 2 | was counted", 2, 1},
		{"a later step", "p | lost-unknown | effect x* | 0 -> 1 | was counted", 2, 0},
		{"another end", "p | lost-unknown | effect x* | 1 -> 3 | was counted", 2, 0},
		{"of nothing", "p | lost-unknown | effect z* | 1 -> 2 | was counted", 2, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			reasons, err := readReasons([]byte(c.lines))
			if err != nil {
				t.Fatal(err)
			}
			open, idle := uncovered("p", "1 -> 2", lost, reasons)
			if len(open) != c.open || len(idle) != c.idle {
				t.Errorf("%d are open and %d reasons idle, want %d and %d", len(open), len(idle), c.open, c.idle)
			}
		})
	}
	for _, bad := range []string{"p | lost-unknown | x | 1 -> 2 | WHY", "p | lost-unknown | * | 1 -> 2 | was counted", "p | lost | x | 1 -> 2 | was counted", "p lost-unknown x"} {
		if _, err := readReasons([]byte(bad)); err == nil {
			t.Errorf("%q is taken for a reason", bad)
		}
	}
}
