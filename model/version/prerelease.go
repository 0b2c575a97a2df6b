package version

import (
	"cmp"
	"strings"
)

// stageRank of the words whose order everybody shares; 0 for all others.
func stageRank(word string) int {
	switch {
	case strings.EqualFold(word, "alpha"):
		return 1
	case strings.EqualFold(word, "beta"):
		return 2
	case strings.EqualFold(word, "rc"):
		return 3
	}
	return 0
}

// isStage reports whether a word marks what comes before a release. The case
// does not count: a tag v1.3.0-RC.1 is a release candidate.
func isStage(word string) bool {
	if stageRank(word) > 0 {
		return true
	}
	for _, w := range [...]string{"dev", "pre", "preview", "prerelease", "snapshot", "milestone", "nightly", "canary"} {
		if strings.EqualFold(word, w) {
			return true
		}
	}
	return false
}

// comparePrereleases orders suffixes that begin with stage words: by the stage
// (alpha < beta < rc; others only with themselves), then by the counters, so
// that beta70 < beta.85 and alpha10.1 < alpha.15. A suffix that goes on with
// anything but counters has a stage, but no order within it.
func comparePrereleases(a, b string) (int, bool) {
	endA, endB := lettersAt(a, 0), lettersAt(b, 0)
	ra, rb := stageRank(a[:endA]), stageRank(b[:endB])
	switch {
	case ra > 0 && rb > 0 && ra != rb:
		return cmp.Compare(ra, rb), true
	case !strings.EqualFold(a[:endA], b[:endB]):
		return 0, false
	}
	restA, restB := a[endA:], b[endB:]
	if restA == restB {
		return 0, true
	}
	if !isStageCounter(restA) || !isStageCounter(restB) {
		return 0, false
	}
	return compareCounters(restA, restB), true
}

// isStageCounter: nothing, or counters.
func isStageCounter(s string) bool { return s == "" || isCounter(s) }
