// Package age says how old the picture of a site is that a plan is made from: a site
// goes on living after it was looked at.
package age

import (
	"fmt"
	"time"

	"planewise/model"
	"planewise/planner/words"
)

// Check says at a time what of the picture's age a reader must know. A description
// that a person wrote has no age. Times without a date (the zero time) are not judged;
// that a snapshot is only part of a site holds at any time.
func Check(s model.System, p model.Policy, at time.Time) []model.Diagnostic {
	var out []model.Diagnostic
	const again = "export what its commands print and import it again: planewise system import"
	if s.Partial {
		out = append(out, warning(s, "snapshot-partial", "something in the snapshot that the system was made from could not be read, so that part of the site is as it was described before, or not known", "see the warnings of the import, and "+again))
	}
	if at.IsZero() || !s.Observed() {
		return out
	}
	taken, err := time.Parse(time.RFC3339, s.TakenAt)
	switch most := p.SnapshotMaxAge(); {
	case err != nil:
		out = append(out, warning(s, "snapshot-age-unknown", "when the system was looked at is not known, so that it may have changed since", again+" --taken TIME"))
	case taken.After(at):
		out = append(out, warning(s, "snapshot-age-unknown", fmt.Sprintf("the system was looked at on %s, after the time that is planned from, %s: one of the two is wrong", s.TakenAt, at.UTC().Format(time.RFC3339)), "correct --at, or the time of the import (--taken)"))
	case at.Sub(taken) > time.Duration(most)*time.Second:
		out = append(out, warning(s, "snapshot-stale", fmt.Sprintf("the system was looked at on %s, %s before; the policy allows %s (snapshot_max_age_s)", s.TakenAt, words.Duration(int64(at.Sub(taken)/time.Second)), words.Duration(most)), again))
	}
	return out
}

func warning(s model.System, code model.Code, summary, hint string) model.Diagnostic {
	return model.Diagnostic{Severity: model.Warning, Code: code, Subject: "system:" + s.Name, Summary: summary, Hint: hint}
}
