package text

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
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
		w.para("  ", fmt.Sprintf("%s: %s -> %s", c.Direction, cmp.Or(c.From, "-"), cmp.Or(c.To, "-")))
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
		shown := len(r.Reasons)
		if !w.Verbose {
			shown = min(shown, mostReasons)
		}
		for _, f := range r.Reasons[:shown] {
			w.para("    ", Fact(f))
		}
		if rest := len(r.Reasons) - shown; rest > 0 {
			w.line("    and %d more (planewise explain -v)", rest)
		}
	}
	for _, u := range r.Unknowns {
		w.para("  ", fmt.Sprintf("Not known: %s%s: %s; settled by %s", u.Subject, words.More(u.More), u.What, cmp.Or(u.SettleBy, "nothing that planewise knows of")))
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
	lines := 0
	for _, c := range r.Chains {
		lines += 1 + len(c.Facts)
	}
	if lines > mostChainLines && !w.Verbose {
		w.grouped(explain.Grouped(r.Chains))
		return
	}
	for _, c := range r.Chains {
		w.para("  ", chain(explain.Group{Chain: c, Times: 1}))
		for _, f := range c.Facts {
			w.para("      ", Fact(f))
		}
	}
}

const (
	// mostChainLines is how many effects and facts are told one by one.
	mostChainLines = 200
	// mostGroups and mostReasons bound what is told beyond that.
	mostGroups  = 100
	mostReasons = 60
)

// chain is an effect in a sentence.
func chain(c explain.Group) string {
	when, lasts := "", ""
	if c.Start.P90s > 0 {
		when = ", from " + words.Span(c.Start) + " after the start"
	}
	if c.Lasts.P90s > 0 {
		lasts = " for " + words.Span(c.Lasts)
	}
	if c.Times > 1 {
		lasts += fmt.Sprintf(" at most, %d times", c.Times)
	}
	return fmt.Sprintf("%s: %s %s%s%s, by %s%s", c.Bundle, words.Capability(c.Capability), words.Level(c.Level, c.Unknown), lasts, when, cmp.Or(c.Title, string(c.Action)), words.More(c.More))
}

// grouped tells very many effects: those that differ only in when they come together,
// of these the worst, and each fact once, by its number.
func (w *writer) grouped(groups []explain.Group) {
	shown := groups
	if len(groups) > mostGroups {
		shown = slices.Clone(groups)
		slices.SortStableFunc(shown, func(a, b explain.Group) int {
			x, y := a.Range(), b.Range()
			return cmp.Or(cmp.Compare(y.Most, x.Most), cmp.Compare(y.Least, x.Least))
		})
		shown = shown[:mostGroups]
	}
	var facts []model.Fact
	number := map[model.Fact]int{}
	for _, g := range shown {
		var why []string
		for _, f := range g.Facts {
			if number[f] == 0 {
				facts = append(facts, f)
				number[f] = len(facts)
			}
			why = append(why, strconv.Itoa(number[f]))
		}
		w.para("  ", chain(g)+" ["+strings.Join(why, ", ")+"]")
	}
	if rest := len(groups) - len(shown); rest > 0 {
		w.line("  and %s no worse (planewise explain -v)", words.Count(rest, "more effect"))
	}
	w.line("  Because:")
	for i, f := range facts {
		w.para("    ", fmt.Sprintf("%d. %s", i+1, Fact(f)))
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
