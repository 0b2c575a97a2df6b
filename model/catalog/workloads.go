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
	c.method(w.Method)
	if w.Replicas < 0 {
		c.bad("bad-number", fmt.Sprintf("%s has %d replicas", what, w.Replicas), "give a number, 0 or more")
	}
	if w.Replicas == 0 && w.CountFrom == "" {
		c.bad("bad-number", what+" has no replicas and no count_from", "say how many there are, or from what of the system they are counted")
	}
	c.countFrom(what, w.CountFrom)
	c.needed(what, w)
	c.share(what, "max_unavailable", w.MaxUnavailable)
	c.share(what, "max_surge", w.MaxSurge)
	c.estimate("restart of "+what, w.Restart)
	c.estimate("failover of "+what, w.Failover)
	c.source(w.Evidence)
}

// countFrom is "nodes:ROLE" (any role: a site may have its own) or a number of a
// Ceph cluster.
func (c *checker) countFrom(what, from string) {
	switch from {
	case "", "ceph:mons", "ceph:mgrs", "ceph:mds", "ceph:rgw", "ceph:osd-hosts":
		return
	}
	if !strings.HasPrefix(from, "nodes:") {
		c.bad("bad-word", fmt.Sprintf("%s counts from %q", what, from), `use "nodes:ROLE", "ceph:mons", "ceph:mgrs", "ceph:mds", "ceph:rgw" or "ceph:osd-hosts"`)
	}
}

// needed: a number that the replicas can reach, "quorum", "all", or "" for 1.
func (c *checker) needed(what string, w model.Workload) {
	switch w.Needed {
	case "", "quorum", "all":
		return
	}
	n, err := strconv.Atoi(w.Needed)
	switch {
	case err != nil || n < 1:
		c.bad("bad-number", fmt.Sprintf("%s needs %q", what, w.Needed), `use a number from 1 on, "quorum" or "all"`)
	case w.CountFrom == "" && n > w.Replicas:
		c.bad("bad-number", fmt.Sprintf("%s needs %d of %d replicas", what, n, w.Replicas), "it can need at most as many as there are")
	}
}

// share is a number or a percentage up to 100%, as in Kubernetes.
func (c *checker) share(what, field, text string) {
	if text == "" {
		return
	}
	number, percent := strings.CutSuffix(text, "%")
	n, err := strconv.Atoi(number)
	switch {
	case err != nil || n < 0:
		c.bad("bad-number", fmt.Sprintf("%s has %s %q", what, field, text), `use a number or a percentage, "1" or "25%"`)
	case percent && n > 100:
		c.bad("bad-number", fmt.Sprintf("%s has %s %q", what, field, text), "a percentage is at most 100%")
	}
}
