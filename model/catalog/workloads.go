package catalog

import (
	"fmt"
	"strconv"
	"strings"

	"planewise/model"
)

func (c *checker) workload(w model.Workload) {
	what := "workload " + workloadName(w)
	c.service(w.Service, what)
	if w.Replicas == 0 && w.CountFrom == "" {
		c.bad("bad-number", what+" has no replicas and no count_from", "say how many there are, or from what of the system they are counted")
	}
	c.needed(what, w)
	c.share(what, "max_unavailable", w.MaxUnavailable)
	c.share(what, "max_surge", w.MaxSurge)
	c.estimate("restart of "+what, w.Restart)
	c.estimate("failover of "+what, w.Failover)
	c.source(w.Evidence)
}

// needed: a number that the replicas can reach, "quorum", "all", or "" for 1.
func (c *checker) needed(what string, w model.Workload) {
	switch w.Needed {
	case "", "quorum", "all":
		return
	}
	switch n, err := strconv.Atoi(w.Needed); {
	case err != nil || n < 1:
		c.bad("bad-number", fmt.Sprintf("%s needs %q", what, w.Needed), `use a number from 1 on, "quorum" or "all"`)
	case w.CountFrom == "" && n > w.Replicas:
		c.bad("bad-number", fmt.Sprintf("%s needs %d of %d replicas", what, n, w.Replicas), "it can need at most as many as there are")
	}
}

// share is a number or a percentage up to 100%, as in Kubernetes.
func (c *checker) share(what, field, text string) {
	number, percent := strings.CutSuffix(text, "%")
	if n, err := strconv.Atoi(number); percent && (err != nil || n > 100) {
		c.bad("bad-number", fmt.Sprintf("%s has %s %q", what, field, text), "a percentage is at most 100%")
	}
}
