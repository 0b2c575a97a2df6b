package edit

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"planewise/model"
)

// plan reads a plan from lines such as "c: a b!" (c after a, and b which it does
// not require) with bundles separated by "--".
func plan(text string) model.Plan {
	var p model.Plan
	b := model.Bundle{}
	flush := func() {
		if len(b.Actions) > 0 {
			b.Key = b.Actions[0]
			p.Bundles = append(p.Bundles, b)
		}
		b = model.Bundle{}
	}
	for _, line := range strings.Fields(strings.ReplaceAll(text, ": ", ":")) {
		if line == "--" {
			flush()
			continue
		}
		id, after, _ := strings.Cut(line, ":")
		a := model.Action{ID: model.ActionID(id), Changes: []model.ChangeID{model.ChangeID("x:" + id)}}
		for _, e := range strings.Split(after, ",") {
			if e == "" {
				continue
			}
			edge := model.Edge{Kind: model.RequiredEdge, Relation: model.Before}
			if name, ok := strings.CutSuffix(e, "!"); ok {
				e, edge.Kind = name, model.VendorOrder
			}
			if name, ok := strings.CutSuffix(e, "="); ok {
				e, edge.Relation = name, model.With
			}
			if name, ok := strings.CutSuffix(e, "#"); ok {
				e, edge.Relation = name, model.Apart
			}
			edge.Action = model.ActionID(e)
			a.After = append(a.After, edge)
		}
		p.Actions = append(p.Actions, a)
		b.Actions = append(b.Actions, a.ID)
	}
	flush()
	return p
}

func TestLeave(t *testing.T) {
	cases := []struct {
		name, plan string
		ids        []string
		too        string
	}{
		{"alone", "a b c", []string{"b"}, ""},
		{"one that requires it", "a b:a c", []string{"a"}, "b"},
		{"a chain", "a b:a -- c:b d", []string{"a"}, "b c"},
		{"the vendor's order does not require", "a b:a!", []string{"a"}, ""},
		{"apart does not require", "a b:a#", []string{"a"}, ""},
		{"with requires", "a b:a=", []string{"a"}, "b"},
		{"an action without its only change", "a b:a", []string{"x:a"}, "b"},
		{"a circle", "a:c b:a c:b", []string{"b"}, "a c"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, id := range Leave(plan(c.plan), c.ids).Too {
				got = append(got, string(id))
			}
			set := map[string]bool{}
			for _, id := range got {
				set[id] = true
			}
			want := map[string]bool{}
			for _, id := range strings.Fields(c.too) {
				want[id] = true
			}
			if diff := cmp.Diff(want, set); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestForbids(t *testing.T) {
	const p = "a b -- c:a d:b! -- e:c= f:d#"
	cases := []struct {
		action string
		bundle int
		want   string
	}{
		{"a", 0, ""}, {"a", 1, ""}, {"a", 2, "must come before c"}, {"c", 0, "must be with e"}, {"c", 2, ""},
		{"d", 0, ""}, {"d", 2, "must be apart from f"}, {"b", 2, "must come before d"}, {"f", 1, "must be apart from d"}, {"x", 0, "does not have it"}, {"a", 9, "does not have it"},
	}
	for _, c := range cases {
		if got := Forbids(plan(p), model.ActionID(c.action), c.bundle); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s to B%d: got %q, want %q", c.action, c.bundle+1, got, c.want)
		}
	}
	ranked := plan("a -- b")
	ranked.Actions[1].Rank = 2
	if got := Forbids(ranked, "a", 1); got != "" {
		t.Errorf("in the bundle of a later rank: %q", got)
	}
	ranked = plan("a -- b -- c")
	ranked.Actions[1].Rank, ranked.Actions[2].Rank = 2, 3
	ranked.Order = []model.Boundary{{Rank: 2}}
	if got := Forbids(ranked, "a", 2); !strings.Contains(got, "vendor's order") {
		t.Errorf("across a boundary: %q", got)
	}
	ranked.Order = nil
	if got := Forbids(ranked, "a", 2); got != "" {
		t.Errorf("without a boundary: %q", got)
	}
}

// Undo and redo are a walk over the states that were made.
func TestHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := Start(State{})
		want := []int64{0}
		at := 0
		for i, op := range rapid.SliceOfN(rapid.IntRange(0, 2), 0, 60).Draw(t, "ops") {
			switch op {
			case 0:
				s := h.Now().Clone()
				s.Policy.Sitting = int64(i + 1)
				h.Do("x", s)
				want = append(want[:at+1], int64(i+1))
				at++
			case 1:
				if _, ok := h.Undo(); ok != (at > 0) {
					t.Fatal("undo")
				}
				at = max(0, at-1)
			case 2:
				if _, ok := h.Redo(); ok != (at+1 < len(want)) {
					t.Fatal("redo")
				}
				at = min(len(want)-1, at+1)
			}
			if h.Now().Policy.Sitting != want[at] || h.CanUndo() != (at > 0) || h.CanRedo() != (at+1 < len(want)) {
				t.Fatalf("at %d: %d, want %d", at, h.Now().Policy.Sitting, want[at])
			}
		}
	})
}

// A clone shares nothing that edits change.
func TestClone(t *testing.T) {
	s := State{Edits: model.Edits{Excluded: []string{"b"}}, Policy: model.Policy{Costs: []model.PlaneCost{{Plane: "p", Rate: 1}}, Disturbed: map[model.Importance]model.Level{model.Major: model.Outage}}}
	c := s.Clone()
	c.Policy.Costs[0].Rate = 9
	c.Policy.Disturbed[model.Major] = model.Blip
	c = Exclude(c, []string{"a"})
	if s.Policy.Costs[0].Rate != 1 || s.Policy.Disturbed[model.Major] != model.Outage || len(s.Edits.Excluded) != 1 {
		t.Errorf("the original changed: %+v", s)
	}
	if diff := cmp.Diff([]string{"a"}, Include(c, []string{"b"}).Edits.Excluded); diff != "" {
		t.Error(diff)
	}
}

// The history forgets its oldest steps, never the newest or the first.
func TestHistoryIsBounded(t *testing.T) {
	h := Start(State{})
	for i := range limit + 50 {
		h.Do("x", State{Policy: model.Policy{Sitting: int64(i)}})
	}
	if h.Now().Policy.Sitting != limit+49 {
		t.Errorf("the newest step is %d", h.Now().Policy.Sitting)
	}
	for h.CanUndo() {
		h.Undo()
	}
	if h.Now().Policy.Sitting != 0 {
		t.Errorf("the first step is %d", h.Now().Policy.Sitting)
	}
}

func TestNeeds(t *testing.T) {
	cases := []struct{ name, plan, id, excluded, want string }{
		{"nothing", "a b", "b", "b", ""},
		{"what it requires", "a b:a", "b", "a b", "a"},
		{"a chain", "a b:a -- c:b", "c", "a b c", "a b"},
		{"what is not left out is there", "a b:a c:b", "c", "c", ""},
		{"the vendor's order is not needed", "a b:a!", "b", "a b", ""},
		{"a change and its action", "a b:a", "x:b", "b x:b a", "a b"},
		{"an action that lost its changes", "a b:a", "b", "b x:a", "x:a"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := Needs(plan(c.plan), c.id, strings.Fields(c.excluded))
			slices.Sort(got)
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
