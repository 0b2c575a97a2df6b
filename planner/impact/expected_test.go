package impact

import (
	"testing"

	"planewise/model"
	"planewise/planner/impact/duration"
)

// Expectations add up under any correlation: what an action is expected to take is
// the sum of its parts, while its percentiles are those of the distribution.
func TestExpectedIsTheSumOfTheParts(t *testing.T) {
	per, wait := model.Span{P50s: 2700, P90s: 5400}, model.Span{P50s: 60, P90s: 600}
	part := duration.Expected(plus(per, wait))
	pod := duration.Expected(model.Span{P50s: 30, P90s: 120})
	rolling := roll("worker", 6, 1)
	rolling.PerUnit, rolling.Wait, rolling.Duration = est(2700, 5400), est(60, 600), nil
	inPairs := rolling
	inPairs.Batch = 2
	chart := ship(model.Workload{Service: "s", Kind: "StatefulSet", Replicas: 5, Method: model.MethodStateful, Restart: est(30, 120)})
	chart.Duration = nil
	short := chart
	short.Duration = est(1, 1)
	ceph := model.Task{ID: "ceph:daemons", Does: model.WorkCeph, Method: model.MethodCephDaemon, Units: 1}
	cephHosts := ceph
	cephHosts.PerUnit, cephHosts.Wait = est(2700, 5400), est(60, 600)
	for name, c := range map[string]struct {
		mapping model.Mapping
		system  model.System
		task    model.Task
		want    int64
	}{
		"nodes one by one":              {oneService(), nodes("worker", 6), rolling, 6 * part},
		"nodes in pairs":                {oneService(), nodes("worker", 6), inPairs, 3 * part},
		"restarts one by one":           {oneService(), nodes("worker", 6), chart, 5*pod + duration.Expected(overhead.Span())},
		"restarts over what is stated":  {oneService(), nodes("worker", 6), short, 5 * pod},
		"daemons of Ceph, 13 restarts":  {cephMapping(), cephSystem(nil), ceph, 13 * 100},
		"daemons of Ceph, by its hosts": {cephMapping(), cephSystem(nil), cephHosts, 3 * part},
	} {
		for _, permille := range []int{0, 300, 1000} {
			p := defaultPolicy()
			p.CorrelationPermille = permille
			e, _ := New(c.mapping, c.system, p)
			if a, _ := do(t, e, c.task); a.ExpectedS != c.want {
				t.Errorf("%s: expected %d s with a correlation of %d, want %d", name, a.ExpectedS, permille, c.want)
			}
		}
	}
}
