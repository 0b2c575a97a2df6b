package catalog

import (
	"strconv"
	"strings"

	"planewise/model"
)

// weakerWorkload is the weaker of two in every respect: never more replicas,
// never a milder method, never a shorter restart than either. It may be weaker
// than both. Names and where it runs are those of after.
func weakerWorkload(before, after model.Workload) model.Workload {
	out := after
	if before.CountFrom == "" && after.CountFrom == "" && before.Replicas < after.Replicas {
		out.Replicas, out.Evidence = before.Replicas, before.Evidence
	}
	if before.CountFrom == "" && after.CountFrom != "" {
		// How many the system has is not known here; a fixed number is the surer one.
		out.CountFrom, out.Replicas, out.Evidence = "", before.Replicas, before.Evidence
	}
	out.Needed = harderNeed(before.Needed, after.Needed)
	if weakness(before.Method) > weakness(after.Method) {
		out.Method = before.Method
	}
	out.MaxUnavailable = pick(before.MaxUnavailable, after.MaxUnavailable, out.Replicas, true)
	out.MaxSurge = pick(before.MaxSurge, after.MaxSurge, out.Replicas, false)
	out.ExclusiveVolume = before.ExclusiveVolume || after.ExclusiveVolume
	out.Leader = before.Leader || after.Leader
	out.Restart = longer(before.Restart, after.Restart)
	if before.Leader && after.Leader {
		out.Failover = longer(before.Failover, after.Failover)
	} else if before.Leader {
		out.Failover = before.Failover
	}
	return out
}

// weakness ranks methods by how much is gone while they run.
func weakness(m model.Method) int {
	switch m {
	case model.MethodUnknown:
		return 9
	case model.MethodRemove:
		return 8
	case model.MethodReinstall:
		return 7
	case model.MethodRecreate, model.MethodRebuild, model.MethodReboot:
		return 6
	case model.MethodStateful, model.MethodCephDaemon:
		return 5
	case model.MethodDaemonSet:
		return 4
	case model.MethodRolling:
		return 3
	case model.MethodStage:
		return 2
	case model.MethodLive, model.MethodJob:
		return 1
	}
	return 0
}

// harderNeed: "all" before "quorum" before the larger number; "" is 1.
func harderNeed(a, b string) string {
	rank := func(s string) int {
		switch s {
		case "all":
			return 1 << 30
		case "quorum":
			return 1 << 29
		case "":
			return 1
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			return 1
		}
		return n
	}
	if rank(a) > rank(b) {
		return a
	}
	return b
}

// pick is the larger (or smaller) of two numbers or percentages of n; "" is
// Kubernetes' default of a quarter. Where n is not known they are compared for 100.
func pick(a, b string, n int, larger bool) string {
	if n == 0 {
		n = 100
	}
	x, y := share(a, n), share(b, n)
	if larger && x > y || !larger && x < y {
		return a
	}
	return b
}

// share is a number or a percentage of n, in hundredths.
func share(text string, n int) int {
	if text == "" {
		text = "25%"
	}
	number, percent := strings.CutSuffix(text, "%")
	v, err := strconv.Atoi(number)
	if err != nil {
		return 0
	}
	if percent {
		return v * n
	}
	return v * 100
}

// longer is the estimate that is longer at p90; an unknown one (nil) is longer
// than every known one.
func longer(a, b *model.Estimate) *model.Estimate {
	if a == nil || b == nil {
		return nil
	}
	if a.P90s > b.P90s || a.P90s == b.P90s && a.P50s > b.P50s {
		return a
	}
	return b
}

// harder is the way back that is less possible; of one that nobody states (nil)
// it is not known whether it is possible.
func harder(a, b *model.Rollback) *model.Rollback {
	rank := func(r *model.Rollback) int {
		switch {
		case r == nil:
			return 1
		case r.Possible == model.No:
			return 3
		case r.Possible == model.UnknownWhich:
			return 2
		}
		return 0
	}
	if rank(a) > rank(b) || a != nil && b != nil && rank(a) == rank(b) && a.P90s > b.P90s {
		return a
	}
	return b
}
