package impact

import (
	"cmp"
	"strings"

	"planewise/model"
)

// sight is the source of what was seen on the site: the system, and when it was
// looked at, where that is known.
func (e *Engine) sight() string {
	text := "system " + e.system.Name
	if e.system.TakenAt != "" {
		text += ", taken at " + e.system.TakenAt
	}
	return text
}

// seenText says what was seen of a workload, and what the mapping says where that is
// something else, so that a reader finds out which of the two is out of date. The
// instances are as the mapping has them.
func (e *Engine) seenText(in *instances, o *model.ObservedWorkload) string {
	text := plural(o.Replicas, "instance", "instances") + " seen on the site"
	var other []string
	if in.wanted != o.Replicas && !in.guessed && o.Replicas >= 0 {
		other = append(other, plural(in.wanted, "instance", "instances"))
	}
	if method := cmp.Or(in.Method, defaultMethod(in.Kind)); o.Method != "" && o.Method != method {
		text += ", updated by " + string(o.Method)
		other = append(other, "updated by "+string(method))
	}
	if o.MaxUnavailable != "" || o.MaxSurge != "" {
		seen, mapped := strategy(o.MaxUnavailable, o.MaxSurge), strategy(in.MaxUnavailable, in.MaxSurge)
		if seen != mapped && (in.MaxUnavailable != "" || in.MaxSurge != "") {
			text += ", " + seen
			other = append(other, mapped)
		}
	}
	if o.ExclusiveVolume && !in.ExclusiveVolume {
		text += ", with a volume for one node at a time"
		other = append(other, "no such volume")
	}
	if other != nil {
		text += "; the mapping says " + strings.Join(other, ", ")
	}
	return text
}

func strategy(unavailable, surge string) string {
	return cmp.Or(unavailable, "25%") + " unavailable and " + cmp.Or(surge, "25%") + " more at a time"
}
