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
			if name, ok := strings.CutSuffix(e, "~"); ok {
				e, edge.Relation = name, model.NotDuring
			}
			if name, ok := strings.CutSuffix(e, "+"); ok {
				e, edge.Relation = name, model.Soak
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
		{"a circle", "a:c b:a c:b", []string{"b"}, "a c"},
		{"not during does not require", "a b:a~", []string{"a"}, ""},
		{"soak requires", "a b:a+", []string{"a"}, "b"},
		{"a later one before an earlier", "b:a a", []string{"a"}, "b"},
		{"two at once", "a b c:a d:b", []string{"a", "b"}, "c d"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			gone := map[model.ActionID]bool{}
			for _, id := range c.ids {
				gone[model.ActionID(id)] = true
			}
			got := requiring(plan(c.plan), gone)
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

// Every relation forbids what it says, from both of its ends, and names the other
// action and its bundle.
func TestForbidsByRelation(t *testing.T) {
	free := [5]string{}
	cases := []struct {
		relation model.Relation
		kind     model.EdgeKind
		// what forbids c, which relates to m in the middle bundle, in each of the bundles,
		// and what forbids m if c is in the middle.
		second, first [5]string
	}{
		{model.Before, model.RequiredEdge,
			[5]string{"must follow m (B3), required", "must follow m (B3), required"},
			[5]string{3: "must come before c (B3), required", 4: "must come before c (B3), required"}},
		{model.Before, model.VendorOrder,
			[5]string{"must follow m (B3), vendor-order", "must follow m (B3), vendor-order"},
			[5]string{3: "must come before c (B3), vendor-order", 4: "must come before c (B3), vendor-order"}},
		{model.Soak, model.RequiredEdge,
			[5]string{"must come some time after m (B3), required", "must come some time after m (B3), required", "must come some time after m (B3), required"},
			[5]string{2: "must come some time before c (B3), required", 3: "must come some time before c (B3), required", 4: "must come some time before c (B3), required"}},
		{model.With, model.RequiredEdge,
			[5]string{"must be with m (B3), required", "must be with m (B3), required", "", "must be with m (B3), required", "must be with m (B3), required"},
			[5]string{"must be with c (B3), required", "must be with c (B3), required", "", "must be with c (B3), required", "must be with c (B3), required"}},
		{model.Apart, model.RequiredEdge, [5]string{2: "must be apart from m, required"}, [5]string{2: "must be apart from c, required"}},
		{model.NotDuring, model.RequiredEdge, free, free},
	}
	for _, c := range cases {
		for at := range 5 {
			for _, moved := range []model.ActionID{"c", "m"} {
				p := plan("a -- b -- x -- d -- e")
				still, want := model.ActionID("m"), c.second[at]
				if moved == "m" {
					still, want = "c", c.first[at]
				}
				p.Actions = append(p.Actions, model.Action{ID: "m"}, model.Action{ID: "c", After: []model.Edge{{Action: "m", Kind: c.kind, Relation: c.relation}}})
				p.Bundles[2].Actions = append(p.Bundles[2].Actions, still)
				p.Bundles[(at+1)%5].Actions = append(p.Bundles[(at+1)%5].Actions, moved)
				if got := Forbids(p, moved, at); got != want {
					t.Errorf("%s %s, %s to B%d: got %q, want %q", c.relation, c.kind, moved, at+1, got, want)
				}
			}
		}
	}
	gone := plan("c:m -- d")
	if got := Forbids(gone, "c", 1); got != "" {
		t.Errorf("an action that is in no bundle forbids: %q", got)
	}
	for _, at := range []int{-1, 2} {
		if got := Forbids(gone, "c", at); got != "the plan does not have it" {
			t.Errorf("bundle %d: %q", at, got)
		}
	}
}

// The vendor's order holds from both sides of a boundary, and names it.
func TestForbidsByRank(t *testing.T) {
	p := plan("a -- b -- c -- d")
	for i := range p.Actions {
		p.Actions[i].Rank = i
	}
	cases := []struct {
		boundaries []int
		action     model.ActionID
		bundle     int
		want       string
	}{
		{[]int{2}, "a", 1, ""},
		{[]int{2}, "a", 2, ""}, // beside c, not behind it
		{[]int{2}, "a", 3, "the vendor's order puts it before c (B3); relax order:x"},
		{[]int{2}, "d", 1, ""},
		{[]int{2}, "d", 0, "the vendor's order puts it after b (B2); relax order:x"},
		{[]int{1}, "a", 2, "the vendor's order puts it before b (B2); relax order:x"},
		{[]int{0}, "a", 3, ""}, // all are at or above it
		{[]int{4}, "a", 3, ""},
		{[]int{3}, "d", 1, "the vendor's order puts it after c (B3); relax order:x"},
		{nil, "d", 0, ""},
	}
	for _, c := range cases {
		p.Order = nil
		for _, rank := range c.boundaries {
			p.Order = append(p.Order, model.Boundary{ID: "order:x", Rank: rank})
		}
		if got := Forbids(p, c.action, c.bundle); got != c.want {
			t.Errorf("boundaries %v, %s to B%d: got %q, want %q", c.boundaries, c.action, c.bundle+1, got, c.want)
		}
	}
	p.Order = []model.Boundary{{ID: "order:x", Rank: 1}}
	p.Bundles[3].Actions = nil
	if got := Forbids(p, "c", 3); got != "" {
		t.Errorf("an action that is in no bundle forbids: %q", got)
	}
}

func TestForbids(t *testing.T) {
	const p = "a b -- c:a d:b! -- e:c= f:d#"
	cases := []struct {
		action string
		bundle int
		want   string
	}{
		{"a", 0, "it is there"}, {"a", 1, ""}, {"a", 2, "must come before c"}, {"c", 0, "must be with e"}, {"c", 2, ""},
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
	ranked.Order = []model.Boundary{{ID: "order:x", Rank: 2}}
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
	full := func() State {
		return State{
			Edits: model.Edits{Excluded: []string{"b"}, Pins: []model.Pin{{Action: "b"}}, Moved: []model.Move{{Action: "b"}}, Relaxed: []string{"b"}, Done: []model.Done{{Action: "b"}}},
			Policy: model.Policy{Costs: []model.PlaneCost{{Plane: "p", Rate: 1}}, Disturbed: map[model.Importance]model.Level{model.Major: model.Outage},
				Watched: map[model.Importance]model.Level{model.Major: model.Outage}, Relax: []string{"b"}, Pins: []model.Pin{{Action: "b"}}},
			Rules: []model.Rule{{ID: "b"}},
		}
	}
	s := full()
	c := s.Clone()
	if diff := cmp.Diff(s, c); diff != "" {
		t.Error("a clone is another state", diff)
	}
	c.Edits.Excluded[0], c.Edits.Pins[0].Action, c.Edits.Moved[0].Action, c.Edits.Relaxed[0], c.Edits.Done[0].Action = "a", "a", "a", "a", "a"
	c.Policy.Costs[0].Rate, c.Policy.Relax[0], c.Policy.Pins[0].Action, c.Rules[0].ID = 9, "a", "a", "a"
	c.Policy.Disturbed[model.Major], c.Policy.Watched[model.Major] = model.Blip, model.Blip
	if diff := cmp.Diff(full(), s); diff != "" {
		t.Error("the original changed", diff)
	}
	if got := (State{}).Clone(); got.Policy.Disturbed != nil || got.Policy.Watched != nil {
		t.Error("a map that was not there is there")
	}
}

// A step has a number of its own, which goes with it and never comes again, and the
// line that says what is undone or done again.
func TestSteps(t *testing.T) {
	var none History
	if none.At() != 0 || none.CanUndo() || none.CanRedo() {
		t.Errorf("nothing was done: at %d", none.At())
	}
	none.Do("first", State{})
	if none.At() == 0 {
		t.Error("a step has no number")
	}
	h := Start(State{})
	h.Do("one", State{})
	one := h.At()
	h.Do("two", State{})
	two := h.At()
	if what, ok := h.Undo(); what != "two" || !ok || h.At() != one {
		t.Errorf("undid %q, at %d, want two, at %d", what, h.At(), one)
	}
	if what, ok := h.Redo(); what != "two" || !ok || h.At() != two {
		t.Errorf("did %q again, at %d, want two, at %d", what, h.At(), two)
	}
	h.Undo()
	h.Do("three", State{})
	if three := h.At(); three == one || three == two || h.CanRedo() {
		t.Errorf("three is step %d beside %d and %d", three, one, two)
	}
	h.Undo()
	h.Undo()
	if what, ok := h.Undo(); what != "" || ok {
		t.Errorf("undid %q before the start", what)
	}
	h.Redo()
	h.Redo()
	if what, ok := h.Redo(); what != "" || ok {
		t.Errorf("did %q behind the end", what)
	}
}

// The history keeps its own copy of what it is given.
func TestHistoryKeepsCopies(t *testing.T) {
	s := State{Edits: model.Edits{Excluded: []string{"a"}}}
	h := Start(s)
	s.Edits.Excluded[0] = "changed"
	h.Do("x", s)
	s.Edits.Excluded[0] = "again"
	if got := h.Now().Edits.Excluded[0]; got != "changed" {
		t.Errorf("a step became %q", got)
	}
	h.Undo()
	if got := h.Now().Edits.Excluded[0]; got != "a" {
		t.Errorf("the start became %q", got)
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
		{"what it is kept apart from is not needed", "a b:a#", "b", "a b", ""},
		{"what it must not run beside is not needed", "a b:a~", "b", "a b", ""},
		{"what goes with it", "a b:a=", "b", "a b", "a"},
		{"what has to rest first", "a b:a+", "b", "a b", "a"},
		{"a circle", "a:c b:a c:b", "b", "a b c", "a c"},
		{"behind one that is there", "a b:a c:b d:c", "d", "a d", "a"},
		{"two ways to one", "a b:a c:a d:b,c", "d", "a b c d", "a b c"},
		{"a change alone, its action stays out with others", "a b", "x:b", "x:b x:a", ""},
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
