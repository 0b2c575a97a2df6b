package text

import (
	"fmt"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/explain"
	"planewise/planner/words"
)

// Explain is a report of package explain as text.
func Explain(r explain.Report, o Options) string {
	w := writer{Options: o}
	head := r.Kind + " " + r.Subject
	if r.Title != "" {
		head += ": " + r.Title
	}
	w.para("", head)
	if c := r.Change; c != nil {
		w.para("  ", fmt.Sprintf("%s: %s -> %s", c.Direction, or(c.From, "-"), or(c.To, "-")))
		if c.Action != nil {
			w.para("  ", "carried by "+string(*c.Action))
		}
		if c.Reason != "" {
			w.para("  ", c.Reason)
		}
	}
	if len(r.Bundles) > 0 {
		w.para("  ", "in "+words.List(r.Bundles))
	}
	for _, cut := range r.Cut {
		w.para("  ", cut)
	}
	w.nodes(r.Nodes)
	w.chains(r)
	if len(r.Reasons) > 0 {
		w.line("  Facts:")
		for _, f := range r.Reasons {
			w.para("    ", Fact(f))
		}
	}
	for _, u := range r.Unknowns {
		w.para("  ", fmt.Sprintf("Not known: %s: %s; settled by %s", u.Subject, u.What, or(u.SettleBy, "nothing that planewise knows of")))
	}
	return w.b.String()
}

func (w *writer) chains(r explain.Report) {
	if len(r.Chains) == 0 {
		switch r.Kind {
		case "capability", "plane":
			w.line("  Nothing in this plan disturbs it.")
		case "component":
			w.line("  It disturbs nothing.")
		}
		return
	}
	for _, c := range r.Chains {
		when := ""
		if c.Start.P90s > 0 {
			when = ", from " + words.Span(c.Start) + " after the start"
		}
		lasts := ""
		if c.Lasts.P90s > 0 {
			lasts = " for " + words.Span(c.Lasts)
		}
		w.para("  ", fmt.Sprintf("%s: %s %s%s%s, by %s", c.Bundle, c.Capability, words.Level(c.Level, c.Unknown), lasts, when, or(c.Title, string(c.Action))))
		for _, f := range c.Facts {
			w.para("      ", Fact(f))
		}
	}
}

// Fact is a fact in one line: what it says, its basis and source.
func Fact(f model.Fact) string {
	s := strings.TrimSpace(f.Subject + " " + f.Relation + " " + f.Object)
	if f.Level != "" {
		s += " (" + f.Level + ")"
	}
	if f.Text != "" {
		s += ": " + f.Text
	}
	s += " [" + f.Basis.String()
	if f.Source != "" {
		s += ", " + f.Source
	}
	return clean.Text(s + "]")
}
