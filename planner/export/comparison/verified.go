package comparison

import (
	"cmp"
	"fmt"
	"strings"

	"planewise/model"
	"planewise/planner/verify"
	"planewise/planner/words"
)

// Verified writes what a check of a plan found. Absent are documents for which
// the plan's own copies stood in.
func Verified(r verify.Result, absent []string, o Options) string {
	p := newPage(o)
	p.title(fmt.Sprintf("Plan %s is %s", cmp.Or(r.Plan, "without an id"), r.Status))
	for _, s := range r.Reasons {
		p.item(s)
	}
	if r.Status == verify.Fresh {
		p.item("Everything it rests on is as it was, and it would be planned today as it is.")
	}
	if len(absent) > 0 {
		p.item(fmt.Sprintf("Not here, so the plan's own copies were used: %s.", strings.Join(absent, ", ")))
	}
	for _, d := range r.Picture {
		if d.Code != verify.CodeStale { // one of the reasons
			p.item(diagnostic(d))
		}
	}
	p.end()
	for _, d := range r.Faults {
		p.item(diagnostic(d))
	}
	p.end()
	p.differences(r.Differences)
	p.inputs(r.Inputs)
	p.checked(r.Bundles)
	for _, s := range r.Appeared {
		p.item("A plan made today says in addition: " + s)
	}
	for _, s := range r.Settled {
		p.item("A plan made today no longer says: " + s)
	}
	p.end()
	if r.Status != verify.Invalid {
		p.madeFrom(r.MadeFrom)
	}
	return p.String()
}

func (p *page) differences(all []verify.Difference) {
	const shown = 20
	if len(all) == 0 {
		return
	}
	p.heading("Made again from what it carries")
	some := all
	if !p.Verbose && len(all) > shown+1 {
		some = all[:shown]
	}
	for _, d := range some {
		p.item(sentence(d.String()))
	}
	if rest := len(all) - len(some); rest > 0 {
		p.item(fmt.Sprintf("%d more (-v lists them).", rest))
	}
	p.end()
}

// madeFrom says what a check cannot: whether the inputs are the right ones.
func (p *page) madeFrom(all []verify.Document) {
	if len(all) == 0 {
		return
	}
	p.heading("Made from")
	p.para("The id is no signature. Whoever changes a plan can give it an id that fits, and one made from forged inputs looks as fresh as any: compare these digests with those that you trust, and read what it leaves out, moves or pins.")
	p.end()
	rows := [][]string{{"document", "sha256"}}
	for _, d := range all {
		switch sum := strings.TrimPrefix(d.Digest, "sha256:"); {
		case p.Verbose:
			rows = append(rows, []string{d.Kind + " " + d.Name, sum})
		case d.Used:
			rows = append(rows, []string{d.Kind + " " + d.Name, digest(sum)})
		}
	}
	p.table(rows)
	if !p.Verbose {
		p.para("-v shows them whole, and those of the documents on which it does not rest.")
	}
	p.end()
}

func diagnostic(d model.Diagnostic) string {
	s := fmt.Sprintf("%s [%s] %s: %s", d.Severity, d.Code, d.Subject, d.Summary)
	if d.Hint != "" {
		s += ". " + d.Hint
	}
	return s
}

func (p *page) inputs(moves []verify.Move) {
	if len(moves) == 0 {
		return
	}
	p.heading("Inputs that moved")
	rows := [][]string{{"input", "what", "planned", "now", "changes"}}
	for _, m := range moves {
		effect := "nothing"
		switch {
		case len(m.Bundles) > 0:
			effect = strings.Join(m.Bundles, ", ")
		case m.Effect:
			effect = "what is said, no bundle"
		}
		if !m.Used {
			effect += " (the plan does not rest on it)"
		}
		rows = append(rows, []string{m.Kind + " " + m.Name, m.What, digest(m.Planned), digest(m.Now), effect})
	}
	p.table(rows)
	p.end()
}

func digest(s string) string {
	s = strings.TrimPrefix(s, "sha256:")
	return cmp.Or(s[:min(len(s), 12)], "-")
}

func (p *page) checked(bundles []verify.Bundle) {
	if len(bundles) == 0 {
		return
	}
	p.heading("Bundles")
	rows := [][]string{{"bundle", "status", "planned today", "moved by", "leaving it out", "stopping after it"}}
	for _, b := range bundles {
		var today []string
		for _, c := range b.Changes {
			today = append(today, string(c))
		}
		rows = append(rows, []string{b.Label, string(b.Status), strings.Join(today, ", "), cmp.Or(strings.Join(b.Inputs, ", "), "-"), leaveOut(b.Less), stop(b.Less.StopAfter)})
	}
	p.table(rows)
	p.end()
	for _, b := range bundles {
		p.bundle(b)
	}
}

func leaveOut(l verify.Less) string {
	switch {
	case len(l.NeededBy) > 0:
		s := "not possible: " + words.List(l.NeededBy)
		if len(l.NeededBy) == 1 {
			s += " needs it"
		} else {
			s += " need it"
		}
		if len(l.Since) > 0 {
			s += fmt.Sprintf(" (%s since the inputs moved)", words.List(l.Since))
		}
		return s
	case len(l.OrderOnly) > 0:
		return "untested: only the vendor's order puts " + words.List(l.OrderOnly) + " behind it"
	}
	return "fine"
}

func stop(s model.StayStatus) string {
	switch s {
	case model.StaySupported:
		return "fine"
	case model.StayNotSupported:
		return "not supported"
	}
	return "not known"
}

func (p *page) bundle(b verify.Bundle) {
	if len(b.Details)+len(b.Broken) == 0 && b.Window == "" {
		return
	}
	p.heading(fmt.Sprintf("%s (%s), planned today", b.Label, b.Key))
	for _, d := range b.Broken {
		p.item("Its place in the plan breaks a constraint of today: " + d.Summary + ".")
	}
	if b.Window != "" {
		p.item(sentence(b.Window))
	}
	p.details(b.Details)
	p.end()
}
