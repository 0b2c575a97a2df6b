package model

import (
	"cmp"
	"slices"
	"strings"
)

// Severity of a diagnostic, worst first.
type Severity string

const (
	// Blocking: the plan must not be carried out as it stands (exit code 3).
	Blocking Severity = "blocking"
	// Warning: it may be carried out, but the reader must know this first.
	Warning Severity = "warning"
	// Info: worth knowing.
	Info Severity = "info"
)

// Diagnostic is one thing that is wrong or remarkable about an input or a plan.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`
	// Subject is the id or the file the diagnostic is about.
	Subject string `json:"subject"`
	// Also are further subjects of which the same is said, sorted; the summary names
	// the first.
	Also    []string `json:"also,omitempty"`
	Summary string   `json:"summary"`
	// Hint says what to do about it.
	Hint string `json:"hint,omitempty"`
	// Path is the chain through a graph or the places in files behind it.
	Path []string `json:"path,omitempty"`
}

// SortDiagnostics sorts by severity (worst first), code, subject, summary and
// path, and drops exact repeats.
func SortDiagnostics(ds []Diagnostic) []Diagnostic {
	rank := map[Severity]int{Blocking: 0, Warning: 1, Info: 2}
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(rank[a.Severity], rank[b.Severity]),
			cmp.Compare(a.Code, b.Code),
			strings.Compare(a.Subject, b.Subject),
			strings.Compare(a.Summary, b.Summary),
			slices.Compare(a.Path, b.Path),
		)
	})
	return slices.CompactFunc(ds, func(a, b Diagnostic) bool {
		return a.Severity == b.Severity && a.Code == b.Code && a.Subject == b.Subject &&
			a.Summary == b.Summary && a.Hint == b.Hint && slices.Equal(a.Also, b.Also) && slices.Equal(a.Path, b.Path)
	})
}

// HasBlocking reports whether any diagnostic is blocking.
func HasBlocking(ds []Diagnostic) bool {
	return slices.ContainsFunc(ds, func(d Diagnostic) bool { return d.Severity == Blocking })
}
