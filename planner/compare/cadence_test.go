package compare_test

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner/compare"
)

func release(version, date string, components ...string) model.Release {
	r := model.Release{Product: "p", Version: version, Date: date}
	for _, c := range components {
		name, v, _ := strings.Cut(c, "@")
		r.Components = append(r.Components, model.Component{Kind: model.KindOther, Name: name, Version: v})
	}
	return r
}

// Five releases over 200 days; a is renewed in each, b once in a patch.
func line() []model.Release {
	return []model.Release{
		release("1.0.0", "2025-01-01", "a@1", "b@1"),
		release("1.0.1", "2025-01-31", "a@2", "b@2"), // day 30
		release("1.1.0", "2025-02-20", "a@3", "b@2"), // day 50
		release("1.1.1-rc.1", "2025-03-02", "a@4", "b@2"),
		release("1.1.1", "2025-07-20", "a@5", "b@2"), // day 200
	}
}

func everyStep() compare.Roads {
	r := compare.Roads{Product: "p", Procedures: []model.Procedure{{Name: "any", Product: "p"}}}
	for _, x := range line() {
		r.Versions = append(r.Versions, x.Version)
	}
	return r
}

// onePlane is a plan that announces once, for ten minutes, five of them an outage.
func onePlane(from, to model.Release) (model.Plan, error) {
	return model.Plan{
		From: []model.ReleaseRef{{Product: "p", Version: from.Version}}, To: []model.ReleaseRef{{Product: "p", Version: to.Version}},
		Planes: []model.PlaneSummary{summary("compute", 1, 10, map[string]int64{"outage": 5})},
	}, nil
}

func TestCadence(t *testing.T) {
	turned := line()
	slices.Reverse(turned) // the order in which they are given says nothing
	c, err := compare.Cadences(turned, everyStep(), onePlane)
	if err != nil {
		t.Fatal(err)
	}
	if c.Days != 200 || c.From != "2025-01-01" || c.To != "2025-07-20" {
		t.Errorf("%d days from %s to %s", c.Days, c.From, c.To)
	}
	want := []struct {
		name, path string
		// announcements a year in tenths: n*10*365/200, rounded up
		tenths        int64
		mean, longest int64
		aMean         int64
	}{
		{"every release", "1.0.0 1.0.1 1.1.0 1.1.1-rc.1 1.1.1", 73, 0, 0, 0},
		// a@4 waits from day 60 to 200: (0+0+140+0)/4 = 35; with b's one: 140/5 = 28
		{"every GA", "1.0.0 1.0.1 1.1.0 1.1.1", 55, 28, 140, 35},
		// also a@2 and b@2 wait from day 30 to 50: a (20+0+140+0)/4 = 40; all 180/5 = 36
		{"minors only", "1.0.0 1.1.0 1.1.1", 37, 36, 140, 40},
	}
	for i, w := range want {
		r := c.Rhythms[i]
		if r.Name != w.name || strings.Join(r.Path, " ") != w.path {
			t.Errorf("%s takes %v, want %s", r.Name, r.Path, w.path)
		}
		if y := r.Yearly[0]; y.AnnouncementsTenths != w.tenths || y.ExposureS != ceil(int64(len(r.Path)-1)*600*365, 200) || y.OutageS != ceil(int64(len(r.Path)-1)*300*365, 200) {
			t.Errorf("%s: %+v", r.Name, y)
		}
		if r.MeanDays != w.mean || r.LongestDays != w.longest {
			t.Errorf("%s: %d days on average, %d at most, want %d and %d", r.Name, r.MeanDays, r.LongestDays, w.mean, w.longest)
		}
		a := r.Lags[slices.IndexFunc(r.Lags, func(l compare.Lag) bool { return l.Component == "other:a" })]
		if a.News != 4 || a.MeanDays != w.aMean {
			t.Errorf("%s: a %+v, want a mean of %d", r.Name, a, w.aMean)
		}
	}
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }

// A patch of an old line that comes after the new line: nobody can have it before
// it is there, and who goes by it has the new line later.
func TestCadenceOfLinesThatOverlap(t *testing.T) {
	rs := []model.Release{
		release("1.0.0", "2025-01-01", "a@1"), release("1.1.0", "2025-01-11", "a@3"), release("1.0.1", "2025-01-31", "a@2"), release("1.1.1", "2025-03-02", "a@4"),
	}
	roads := everyStep()
	roads.Versions = []string{"1.0.0", "1.0.1", "1.1.0", "1.1.1"}
	c, err := compare.Cadences(rs, roads, onePlane)
	if err != nil {
		t.Fatal(err)
	}
	every, minors := c.Rhythms[0], c.Rhythms[2]
	if every.LongestDays != 20 { // 1.1.0 waits for 1.0.1
		t.Errorf("every release: at most %d days", every.LongestDays)
	}
	if minors.LongestDays != 0 { // 1.1.0 is there before 1.0.1 came
		t.Errorf("minors only: at most %d days", minors.LongestDays)
	}
}

// A rhythm that skips what a procedure asks for is completed, and says so.
func TestCadenceCompletesItsPath(t *testing.T) {
	roads := everyStep()
	roads.Procedures = []model.Procedure{
		{Name: "patch", Product: "p", From: "< 1.0.1", To: "= 1.0.1"}, {Name: "minor", Product: "p", From: "= 1.0.1", To: "= 1.1.0"},
		{Name: "last", Product: "p", From: ">= 1.1.0", To: "> 1.1.0"},
	}
	c, err := compare.Cadences(line(), roads, onePlane)
	if err != nil {
		t.Fatal(err)
	}
	r := c.Rhythms[2]
	if got := strings.Join(r.Path, " "); got != "1.0.0 1.0.1 1.1.0 1.1.1" || len(r.Breaks) != 1 {
		t.Errorf("%s with breaks %v", got, r.Breaks)
	}
	if n := c.Options[2].Notes; len(n) != 1 || !strings.Contains(n[0], "No procedure allows p 1.0.0 to 1.1.0: minor starts from = 1.0.1. Completed by way of 1.0.1.") {
		t.Errorf("notes %q", n)
	}
}

// A release without a date is left out, by name, and completes no path either.
func TestCadenceLeavesOutWhatHasNoDate(t *testing.T) {
	rs := line()
	rs[1].Date, rs[4].Date = "", ""
	roads := everyStep()
	roads.Procedures = []model.Procedure{
		{Name: "patch", Product: "p", From: "< 1.0.1", To: "= 1.0.1"}, {Name: "minor", Product: "p", From: "= 1.0.1", To: "= 1.1.0"},
		{Name: "last", Product: "p", From: ">= 1.1.0", To: ">= 1.1.1-rc.1"},
	}
	c, err := compare.Cadences(rs, roads, onePlane)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.Rhythms[0].Path, " "); got != "1.0.0 1.1.0 1.1.1-rc.1" || len(c.Rhythms[0].Breaks) != 1 {
		t.Errorf("%s with breaks %v", got, c.Rhythms[0].Breaks)
	}
	if strings.Join(c.Undated, " ") != "p-1.0.1 p-1.1.1" || c.To != "2025-03-02" {
		t.Errorf("left out %v, up to %s", c.Undated, c.To)
	}
	if n := c.Notes; len(n) == 0 || !strings.Contains(n[len(n)-1], "p-1.0.1, p-1.1.1. The comparison goes from p-1.0.0 to p-1.1.1-rc.1;") || !strings.Contains(n[len(n)-1], "--date NAME=2026-01-31") {
		t.Errorf("notes %q", n)
	}
}

func TestCadenceNeedsThreeReleasesWithDates(t *testing.T) {
	undated := line()
	undated[1].Date, undated[2].Date, undated[3].Date = "", "", ""
	odd := line()
	odd[2].Date = "31.1.2025"
	turned := line()
	turned[4].Date = "2024-01-01"
	for want, rs := range map[string][]model.Release{
		"there are 2 between the two points (p-1.0.0, p-1.0.1)":                                          line()[:2],
		"with a date: p-1.0.0, p-1.1.1; without: p-1.0.1, p-1.1.0, p-1.1.1-rc.1. Give dates with --date": undated,
		`the date "31.1.2025" of p-1.1.0 is no day`:                                                      odd,
		"the last release has to be later than the first":                                                turned,
	} {
		if _, err := compare.Cadences(rs, everyStep(), onePlane); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
