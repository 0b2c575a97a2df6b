package compare_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
	"planewise/planner/compare"
)

func TestComplete(t *testing.T) {
	w := embedded(t)
	roads := compare.Roads{Product: "csm", Procedures: w.base.Procedures}
	for name := range w.releases {
		if v, ok := strings.CutPrefix(name, "csm-"); ok {
			roads.Versions = append(roads.Versions, v)
		}
	}
	cases := []struct {
		name, path, whole string
		breaks            int
		says              string
	}{
		{"allowed as it is", "1.5.0 1.5.2", "1.5.0 1.5.2", 0, ""},
		{"skips a minor line", "1.3.5 1.5.0", "1.3.5 1.4.3 1.5.0", 1, "csm-1.5/manual starts from >= 1.4.0, < 1.5.0. Completed by way of 1.4.3."},
		{"skips two", "1.3.5 1.6.0-rc.3", "1.3.5 1.4.3 1.5.2 1.6.0-rc.3", 1, "Completed by way of 1.4.3, then 1.5.2."},
		{"a path with one break", "1.3.5 1.4.0 1.6.0-rc.3", "1.3.5 1.4.0 1.5.2 1.6.0-rc.3", 1, "No procedure allows csm 1.4.0 to 1.6.0-rc.3"},
		{"a path with two", "1.2.0 1.4.0 1.6.0-rc.3", "1.2.0 1.3.5 1.4.0 1.5.2 1.6.0-rc.3", 2, "No procedure allows csm 1.2.0 to 1.4.0"},
		{"from a version outside the catalogue", "1.3.9 1.5.0", "1.3.9 1.4.3 1.5.0", 1, "Completed"},
		{"back", "1.5.2 1.4.3", "1.5.2 1.4.3", 1, "None of the releases to choose from would complete it."},
		{"nowhere", "1.5.2 1.5.2", "1.5.2", 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			whole, breaks := roads.Complete(strings.Fields(c.path))
			if got := strings.Join(whole, " "); got != c.whole || len(breaks) != c.breaks {
				t.Errorf("%s with %d breaks, want %s with %d", got, len(breaks), c.whole, c.breaks)
			}
			if c.breaks > 0 && !strings.Contains(breaks[0].Says(), c.says) {
				t.Errorf("it says %q", breaks[0].Says())
			}
		})
	}
}

// On random networks of procedures the completion has as few steps as the best of
// all paths, found by trying every one.
func TestCompleteHasFewestSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "versions")
		roads := compare.Roads{Product: "p"}
		for i := range n {
			roads.Versions = append(roads.Versions, fmt.Sprintf("1.%d.0", i))
		}
		for i := range n {
			for j := i + 1; j < n; j++ {
				if rapid.Bool().Draw(t, "road") {
					roads.Procedures = append(roads.Procedures, model.Procedure{Name: fmt.Sprint(i, "-", j), Product: "p", From: "= " + roads.Versions[i], To: "= " + roads.Versions[j]})
				}
			}
		}
		from, to := roads.Versions[0], roads.Versions[n-1]
		best := 0 // steps; 0 none
		var walk func(at string, steps int)
		walk = func(at string, steps int) {
			if at == to && (best == 0 || steps < best) {
				best = steps
			}
			for _, v := range roads.Versions {
				if roads.Allowed(at, v) {
					walk(v, steps+1)
				}
			}
		}
		walk(from, 0)
		whole, breaks := roads.Complete([]string{from, to})
		if best == 0 {
			if len(breaks) != 1 || len(breaks[0].Via) != 0 || len(whole) != 2 {
				t.Fatalf("there is no way, and it found %v", whole)
			}
			return
		}
		if len(whole)-1 != best {
			t.Fatalf("%v has %d steps, the best has %d", whole, len(whole)-1, best)
		}
		for i := 1; i < len(whole); i++ {
			if !roads.Allowed(whole[i-1], whole[i]) {
				t.Fatalf("%v has a step that is not allowed", whole)
			}
		}
		if (best == 1) != (len(breaks) == 0) {
			t.Fatalf("%d steps with %d breaks", best, len(breaks))
		}
	})
}

func TestDecouple(t *testing.T) {
	w := embedded(t)
	d, err := compare.Decouple(w.input("csm-1.4.3", "csm-1.5.2"), "storage")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Cluster.Roles, []string{"storage"}) || !slices.Contains(d.Cluster.Own, "roll:storage") || slices.Contains(d.Cluster.Rest, "roll:storage") {
		t.Errorf("%+v", d.Cluster)
	}
	total := func(i int) compare.Total { return d.Options[i].Total }
	together, apart, rest, alone := total(0), total(1), total(2), total(3)
	if together.Actions != rest.Actions+alone.Actions || together.Changes != rest.Changes+alone.Changes || together.WorkS != rest.WorkS+alone.WorkS || together.Retirements != rest.Retirements+alone.Retirements {
		t.Errorf("the parts do not add up: %+v = %+v + %+v", together, rest, alone)
	}
	if apart.Bundles != rest.Bundles+alone.Bundles || alone.Actions != len(d.Cluster.Own) {
		t.Errorf("%+v is not the sum of %+v and %+v", apart, rest, alone)
	}
	storage := d.Planes[slices.IndexFunc(d.Planes, func(r compare.Row) bool { return r.Plane == "storage" })]
	if storage.Cells[2].Degraded.P90s >= storage.Cells[0].Degraded.P90s {
		t.Error("without its own part, storage is degraded for as long")
	}
	if len(d.Notes) == 0 || !strings.Contains(d.Notes[0], "would save") {
		t.Errorf("notes %q", d.Notes)
	}
}

func TestDecoupleWhatCannotBe(t *testing.T) {
	w := embedded(t)
	for want, in := range map[string][3]string{
		`plane "network" has no nodes of its own`:      {"csm-1.4.3", "csm-1.5.2", "network"},
		"no work on the nodes of plane access":         {"csm-1.5.0", "csm-1.5.2", "access"},
		"use one of control, access, compute, storage": {"csm-1.5.0", "csm-1.5.2", ""},
	} {
		if _, err := compare.Decouple(w.input(in[0], in[1]), model.PlaneID(in[2])); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", in, err, want)
		}
	}
}
