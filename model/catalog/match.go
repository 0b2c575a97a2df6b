package catalog

import (
	"cmp"
	"strings"

	"planewise/model"
	"planewise/model/version"
)

// entry is a rule in its place.
type entry struct {
	rule    model.Rule
	key     string
	layer   int
	version version.Constraint
}

// key is what identifies a rule across layers: its id, else match and version.
func key(r model.Rule) string {
	if r.ID != "" {
		return r.ID
	}
	var b strings.Builder
	b.WriteString(matchText(r.Match))
	if r.Version != "" {
		b.WriteString(" version ")
		b.WriteString(r.Version)
	}
	return b.String()
}

// matchText is a match as a person would write it: "chart api",
// "node-image role=worker".
func matchText(m model.Match) string {
	var parts []string
	if m.Kind != "" {
		parts = append(parts, string(m.Kind))
	}
	if m.Name != "" {
		parts = append(parts, m.Name)
	}
	for _, p := range [...]struct{ name, value string }{
		{"namespace", m.Namespace}, {"role", m.Role}, {"arch", m.Arch}, {"manifest", m.Manifest},
	} {
		if p.value != "" {
			parts = append(parts, p.name+"="+p.value)
		}
	}
	return strings.Join(parts, " ")
}

// leastLiteral is how many characters in a row a pattern for names has to spell
// out. With fewer ("c*") it takes in components that nobody has looked at, and then
// nothing is reported as unmapped any more.
const leastLiteral = 4

// bare reports whether a match says too little about what it is for: it has to name
// one thing, or a family of names of one kind, or, for what nodes boot, their role
// or architecture. A namespace or a list alone is where something is, not what.
func bare(m model.Match) bool {
	nodes := m.Kind == model.KindNodeImage || m.Kind == model.KindKernel
	switch {
	case Exact(m.Name), nodes && (m.Role != "" || m.Arch != ""):
		return false
	}
	return m.Kind == "" || literal(m.Name) < leastLiteral
}

// literal is the longest run of characters of a pattern that stand for themselves.
func literal(pattern string) int {
	most := 0
	for _, run := range strings.FieldsFunc(pattern, func(r rune) bool { return r == '*' || r == '?' }) {
		most = max(most, len(run))
	}
	return most
}

// compareEntries orders entries most specific first, as the package comment says.
func compareEntries(a, b *entry) int {
	x, y := a.rule.Match, b.rule.Match
	return cmp.Or(
		pattern(y.Name)-pattern(x.Name),
		given(string(y.Kind))-given(string(x.Kind)),
		pattern(y.Namespace)-pattern(x.Namespace),
		pattern(y.Manifest)-pattern(x.Manifest),
		given(y.Role)-given(x.Role),
		given(y.Arch)-given(x.Arch),
		b.layer-a.layer,
		given(b.rule.Version)-given(a.rule.Version),
		strings.Compare(a.key, b.key),
	)
}

// pattern ranks a pattern: exact above every glob, globs by their plain
// characters, none last.
func pattern(p string) int {
	switch {
	case Exact(p):
		return 1 << 30
	case p == "":
		return -1
	}
	return Literal(p)
}

func given(s string) int {
	if s == "" {
		return 0
	}
	return 1
}

// matches reports whether the entry's rule is for the component, its version
// included. A version without a place in the order satisfies no constraint.
func (e *entry) matches(c *model.Component) bool {
	if !e.matchesBut(c) {
		return false
	}
	if e.rule.Version == "" {
		return true
	}
	holds, err := e.version.Holds(c.Version)
	return err == nil && holds
}

// matchesBut is matches but for the version.
func (e *entry) matchesBut(c *model.Component) bool {
	m := &e.rule.Match
	if !Fits(m.Name, c.Name) || !Fits(m.Namespace, c.Namespace) || !Fits(m.Manifest, c.Manifest) {
		return false
	}
	return (m.Kind == "" || m.Kind == c.Kind) && (m.Role == "" || m.Role == c.Role) && (m.Arch == "" || m.Arch == c.Arch)
}

// Fits is Glob for a pattern that may be left out: "" fits everything.
func Fits(pattern, text string) bool { return pattern == "" || pattern == text || Glob(pattern, text) }
