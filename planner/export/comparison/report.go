package comparison

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/planner/compare"
	"planewise/planner/words"
)

// Report writes a comparison of options.
func Report(r compare.Report, o Options) string {
	p := newPage(o)
	p.report(r)
	return p.String()
}

// Decoupled writes what a release of its own for one plane's cluster would save.
func Decoupled(d compare.Decoupled, o Options) string {
	p := newPage(o)
	p.report(d.Report)
	return p.String()
}

func (p *page) report(r compare.Report) {
	var names []string
	for _, c := range r.Options {
		names = append(names, c.Name)
	}
	p.title(fmt.Sprintf("Comparison of %s: %s", r.What, strings.Join(names, ", ")))
	for _, c := range r.Options {
		p.option(c)
	}
	p.end()
	if len(r.Notes) > 0 {
		for _, n := range r.Notes {
			p.item(n)
		}
		p.end()
	}
	p.heading("In all")
	p.table(totals(r.Options))
	p.end()
	for _, row := range r.Planes {
		p.heading("Plane " + string(row.Plane))
		p.para(sentence(row.Verdict))
		if rows := measures(row, names); len(rows) > 1 {
			p.table(rows)
		}
		p.end()
	}
	p.only(r.Options)
	if r.Bundles != nil {
		p.diff(*r.Bundles)
	}
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func (p *page) option(c compare.Column) {
	var steps []string
	for _, s := range c.Steps {
		by := "no procedure"
		if s.Procedure.Name != "" {
			by = fmt.Sprintf("%s, %s", s.Procedure.Name, s.Procedure.Basis)
		}
		steps = append(steps, fmt.Sprintf("%s -> %s (%s)", compare.Refs(s.From), compare.Refs(s.To), by))
	}
	first := c.Steps[0]
	p.item(fmt.Sprintf("%s: %s; system %s, policy %s.", c.Name, strings.Join(steps, ", then "), first.System, first.Policy))
	for _, n := range c.Notes {
		p.item(fmt.Sprintf("%s: %s", c.Name, n))
	}
	for _, d := range c.Blocking {
		s := fmt.Sprintf("%s: blocking [%s] %s: %s", c.Name, d.Code, d.Subject, d.Summary)
		if d.Hint != "" {
			s += ". " + d.Hint
		}
		p.item(s)
	}
}

func heads(columns []compare.Column) []string {
	out := []string{""}
	for _, c := range columns {
		out = append(out, c.Name)
	}
	return out
}

func totals(columns []compare.Column) [][]string {
	rows := [][]string{heads(columns)}
	add := func(name string, of func(compare.Total) string) {
		row := []string{name}
		for _, c := range columns {
			row = append(row, of(c.Total))
		}
		rows = append(rows, row)
	}
	count := func(of func(compare.Total) int) func(compare.Total) string {
		return func(t compare.Total) string { return strconv.Itoa(of(t)) }
	}
	add("plans", count(func(t compare.Total) int { return t.Plans }))
	add("changes", count(func(t compare.Total) int { return t.Changes }))
	add("actions", count(func(t compare.Total) int { return t.Actions }))
	add("bundles", count(func(t compare.Total) int { return t.Bundles }))
	add("work", func(t compare.Total) string { return words.Duration(t.WorkS) })
	add("windows", count(func(t compare.Total) int { return t.Windows }))
	add("reboots", count(func(t compare.Total) int { return t.Reboots }))
	add("retirements", count(func(t compare.Total) int { return t.Retirements }))
	add("unknowns", count(func(t compare.Total) int { return t.Unknowns }))
	add("split", func(t compare.Total) string {
		if t.Proven {
			return "optimal"
		}
		return "bounded"
	})
	return rows
}

// measures are the rows of a plane; those that are empty in all options are
// left out, since their absence says the same.
func measures(row compare.Row, names []string) [][]string {
	rows := [][]string{append([]string{""}, names...)}
	add := func(name string, of func(compare.Cell) string) {
		line, any := []string{name}, false
		for _, c := range row.Cells {
			s := of(c)
			if c.Missing {
				s = "?"
			}
			any = any || s != "."
			line = append(line, s)
		}
		if any {
			rows = append(rows, line)
		}
	}
	count := func(of func(compare.Cell) int) func(compare.Cell) string {
		return func(c compare.Cell) string {
			if of(c) == 0 {
				return "."
			}
			return strconv.Itoa(of(c))
		}
	}
	span := func(of func(compare.Cell) model.Span) func(compare.Cell) string {
		return func(c compare.Cell) string {
			if of(c).P90s == 0 {
				return "."
			}
			return words.ShortSpan(of(c))
		}
	}
	add("announcements", count(func(c compare.Cell) int { return c.Announcements }))
	add("exposure", func(c compare.Cell) string { return short(c.ExposureS) })
	add("avoidable", avoidable)
	add("outage", span(func(c compare.Cell) model.Span { return c.Outage }))
	add("unknown", span(func(c compare.Cell) model.Span { return c.Unknown }))
	add("degraded", span(func(c compare.Cell) model.Span { return c.Degraded }))
	add("blip", span(func(c compare.Cell) model.Span { return c.Blip }))
	add("at-risk", span(func(c compare.Cell) model.Span { return c.AtRisk }))
	add("windows", count(func(c compare.Cell) int { return c.Windows }))
	add("actions", count(func(c compare.Cell) int { return c.Actions }))
	add("reboots", count(func(c compare.Cell) int { return c.Reboots }))
	add("retirements", count(func(c compare.Cell) int { return c.Retirements }))
	add("unknowns", count(func(c compare.Cell) int { return c.Unknowns }))
	return rows
}

func short(s int64) string {
	if s == 0 {
		return "."
	}
	return words.Short(s)
}

func avoidable(c compare.Cell) string {
	switch a := c.Avoidable; {
	case a.S == 0 && a.Announcements == 0:
		return "."
	case a.Announcements == 0:
		return words.Short(a.S)
	default:
		return fmt.Sprintf("%s, %d ann.", words.Short(a.S), a.Announcements)
	}
}

// only lists what each option has that the others have not.
func (p *page) only(columns []compare.Column) {
	p.heading("What only one of them has")
	said := false
	for _, c := range columns {
		o := c.Only
		if o.IsEmpty() {
			continue
		}
		said = true
		var parts []string
		for _, l := range []struct {
			one  string
			list []string
		}{
			{"blocking diagnostic", o.Blocking}, {"capability in an outage", o.Outages}, {"capability that ends", o.Retired},
			{"unknown", o.Unknowns}, {"action", o.Actions}, {"change", o.Changes}, {"change that others make to another version", o.Versions},
		} {
			if len(l.list) > 0 {
				parts = append(parts, fmt.Sprintf("%s (%s)", countOf(len(l.list), l.one), p.some(l.list)))
			}
		}
		p.item(fmt.Sprintf("%s: %s.", c.Name, strings.Join(parts, "; ")))
	}
	if !said {
		p.para("Nothing.")
	}
	p.end()
}

// countOf puts the plural where English has it.
func countOf(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	for _, noun := range []string{"capability that ends", "capability", "change"} {
		if rest, ok := strings.CutPrefix(one, noun); ok {
			return strconv.Itoa(n) + " " + map[string]string{"capability that ends": "capabilities that end", "capability": "capabilities", "change": "changes"}[noun] + rest
		}
	}
	return strconv.Itoa(n) + " " + one + "s"
}

func (p *page) some(list []string) string {
	const shown = 4
	if p.Verbose || len(list) <= shown+1 {
		return strings.Join(list, ", ")
	}
	return strings.Join(list[:shown], ", ") + fmt.Sprintf(", %d more", len(list)-shown)
}

func (p *page) diff(d compare.Diff) {
	p.heading(fmt.Sprintf("Bundles of %s since %s", cmp.Or(d.New, "the second plan"), cmp.Or(d.Old, "the first")))
	if d.Same {
		p.para("Nothing differs in what is done, when, and what is felt of it.")
	}
	if len(d.Bundles) > 0 {
		rows := [][]string{{"first", "second", "status", "bundle"}}
		for _, b := range d.Bundles {
			var all []string
			for _, c := range b.Changes {
				all = append(all, string(c))
			}
			rows = append(rows, []string{cmp.Or(b.Old, "-"), cmp.Or(b.New, "-"), strings.Join(all, ", "), string(b.Key)})
		}
		p.table(rows)
		p.end()
	}
	for _, b := range d.Bundles {
		if len(b.Details) == 0 {
			continue
		}
		p.heading(fmt.Sprintf("%s: %s", cmp.Or(b.New, b.Old+" of the first plan"), b.Status))
		p.details(b.Details)
		p.end()
	}
	for _, s := range d.Appeared {
		p.item("New: " + s)
	}
	for _, s := range d.Settled {
		p.item("Gone: " + s)
	}
	for _, in := range d.Inputs {
		p.item(moved(in))
	}
	p.end()
}

// details are the most serious of many, or all of them.
func (p *page) details(list []string) {
	const shown = 10
	rest := len(list) - shown
	if p.Verbose || rest <= 1 {
		rest = 0
	}
	for _, s := range list[:len(list)-rest] {
		p.item(s)
	}
	if rest > 0 {
		p.item(fmt.Sprintf("%d more (-v lists them).", rest))
	}
}

func moved(in compare.InputDiff) string {
	switch {
	case in.Old == "":
		return fmt.Sprintf("Input: the %s %s is new.", in.Kind, in.Name)
	case in.New == "":
		return fmt.Sprintf("Input: the %s %s is gone.", in.Kind, in.Name)
	}
	return fmt.Sprintf("Input: the %s %s is another one.", in.Kind, in.Name)
}
