package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/words"
)

// Table lays out rows in columns; control characters are made visible.
func Table(rows [][]string) string {
	var t table
	for _, row := range rows {
		t.row(row...)
	}
	var b strings.Builder
	t.write(&b)
	return b.String()
}

// Diagnostics are diagnostics as text, or a line that there are none.
func Diagnostics(ds []model.Diagnostic, width int) string {
	if len(ds) == 0 {
		return "ok: nothing to report\n"
	}
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(Diagnostic(d, Options{Width: width}.width()))
	}
	return b.String()
}

// Changes are changes as a table.
func Changes(changes []model.Change) string {
	if len(changes) == 0 {
		return "no difference\n"
	}
	rows := [][]string{{"DIRECTION", "COMPONENT", "FROM", "TO", "REMARK"}}
	for _, c := range changes {
		remark := c.Reason
		if c.Reboot {
			remark = strings.TrimPrefix(remark+"; takes effect at a reboot", "; ")
		}
		rows = append(rows, []string{string(c.Direction), string(c.ID), cmp.Or(c.From, "-"), cmp.Or(c.To, "-"), remark})
	}
	return Table(rows) + words.Count(len(changes), "change") + "\n"
}

// Releases are the components of releases as tables.
func Releases(set []model.Release) string {
	var b strings.Builder
	for i, r := range set {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s %s: %s\n", clean.Text(r.Product), clean.Text(r.Version), words.Count(len(r.Components), "component"))
		rows := [][]string{{"COMPONENT", "VERSION", "SHIPPED BY"}}
		for _, c := range r.Components {
			by := c.Manifest
			if c.NotDeployed {
				by += " (not deployed)"
			}
			version := c.Version
			if len(c.Versions) > 1 {
				version = strings.Join(c.Versions, ", ")
			}
			rows = append(rows, []string{string(c.ID()), version, by})
		}
		b.WriteString(Table(rows))
		for _, u := range r.Undeploys {
			fmt.Fprintf(&b, "undeploys %s before %s\n", clean.Text(u.Namespace+"/"+u.Name), cmp.Or(clean.Text(u.Before), "the end"))
		}
	}
	return b.String()
}

// Mapping is the mapping as a table of rules.
func Mapping(m model.Mapping) string {
	rows := [][]string{{"MATCHES", "PLANES", "SERVES", "METHOD", "BASIS"}}
	for _, r := range m.Rules {
		rows = append(rows, []string{matchText(r), planeText(r.Planes), serves(r), methods(r), r.Basis.String()})
	}
	capabilities := [][]string{{"CAPABILITY", "IMPORTANCE", "TITLE"}}
	for _, c := range m.Capabilities {
		capabilities = append(capabilities, []string{string(c.ID), string(c.Importance), c.Title})
	}
	return Table(capabilities) + "\n" + Table(rows)
}

func matchText(r model.Rule) string {
	m := r.Match
	s := string(m.Kind) + ":"
	if m.Namespace != "" {
		s += m.Namespace + "/"
	}
	s += m.Name
	if m.Role != "" {
		s += m.Role
	}
	if m.Arch != "" {
		s += "." + m.Arch
	}
	if r.Version != "" {
		s += " (" + r.Version + ")"
	}
	return s
}

func planeText(planes []model.PlaneID) string {
	var out []string
	for _, p := range planes {
		out = append(out, string(p))
	}
	return strings.Join(out, ",")
}

func serves(r model.Rule) string {
	var out []string
	for _, w := range r.Workloads {
		out = append(out, string(w.Service))
	}
	slices.Sort(out)
	return cmp.Or(strings.Join(slices.Compact(out), ","), "-")
}

func methods(r model.Rule) string {
	var out []string
	for _, w := range r.Workloads {
		if w.Method != "" {
			out = append(out, string(w.Method))
		}
	}
	slices.Sort(out)
	return cmp.Or(strings.Join(slices.Compact(out), ","), cmp.Or(string(r.Method), "-"))
}

// Rule is one rule with all its facts.
func Rule(component string, r model.Rule) string {
	w := writer{Options: Options{}}
	w.para("", component+": "+cmp.Or(r.Title, "no title"))
	w.para("  ", "matched by "+matchText(r))
	w.para("  ", "planes "+planeText(r.Planes)+evidence(r.Evidence))
	for _, l := range r.Workloads {
		s := fmt.Sprintf("%s: %s %s, replicas %s, needed %s%s", l.Service, cmp.Or(l.Kind, "workload"), l.Method, replicas(l), cmp.Or(l.Needed, "1"), evidence(l.Evidence))
		w.para("  ", s)
		if l.Restart != nil {
			w.para("    ", "restart "+words.Span(l.Restart.Span())+evidence(l.Restart.Evidence))
		}
		if l.Failover != nil {
			w.para("    ", "fail-over "+words.Span(l.Failover.Span())+evidence(l.Failover.Evidence))
		}
	}
	for _, e := range r.Effects {
		target := cmp.Or(string(e.Capability), string(e.Service))
		w.para("  ", fmt.Sprintf("effect: %s %s%s", cmp.Or(target, planeText(e.Planes)), words.Level(e.Level, e.Unknown), evidence(e.Evidence)))
	}
	if r.Duration != nil {
		w.para("  ", "takes "+words.Span(r.Duration.Span())+evidence(r.Duration.Evidence))
	} else {
		w.para("  ", "how long it takes is not known")
	}
	for _, x := range r.Retires {
		w.para("  ", fmt.Sprintf("ends %s: affects %s%s", x.Capability, x.Affected, evidence(x.Evidence)))
	}
	return w.b.String()
}

func replicas(l model.Workload) string {
	if l.CountFrom != "" {
		return l.CountFrom
	}
	return fmt.Sprint(l.Replicas)
}

func evidence(e model.Evidence) string {
	s := " [" + e.Basis.String()
	if e.Source != "" {
		s += ", " + e.Source
	}
	s += "]"
	if e.Text != "" {
		s += " " + e.Text
	}
	return s
}
