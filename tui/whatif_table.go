package tui

import (
	"slices"
	"strconv"

	"planewise/model"
	"planewise/planner/words"
)

// tableRow is a line of the comparison: one cell for each plan.
type tableRow struct {
	label       string
	cells       []tableCell
	head, title bool
}

type tableCell struct {
	text    string
	differs bool // from the first plan
	best    bool
}

// table lines the plans up; every line says the same thing of each.
func (s *whatIfScreen) table(w *world) []tableRow {
	b := tableMaker{plans: s.plans}
	b.add("", func(i int, v *view) string {
		if s.plans[i].own {
			return "this plan"
		}
		return "plan " + strconv.Itoa(i+1)
	})
	b.rows[0].title = true
	b.add("from", func(_ int, v *view) string { return refs(v.From) })
	b.add("to", func(_ int, v *view) string { return refs(v.To) + mixed(v) })
	b.add("system", func(_ int, v *view) string { return v.System })
	b.add("policy", func(_ int, v *view) string { return v.Policy })
	b.add("bundles", func(_ int, v *view) string { return itoa(len(v.Bundles)) })
	b.add("proof", func(_ int, v *view) string { return v.Optimality.Status })
	b.best("work, nine of ten", func(v *view) (int64, string) {
		var sum int64
		for i := range v.Bundles {
			sum += v.Bundles[i].Duration.P90s
		}
		return sum, words.Duration(sum)
	})
	for _, p := range w.view.Planes {
		id := p.ID
		b.head(string(id))
		b.add("  worst", func(_ int, v *view) string {
			if q := planeOf(v, id); q != nil {
				return words.Level(q.Worst, q.Unknown)
			}
			return "-"
		})
		b.best("  announcements", func(v *view) (int64, string) {
			if q := planeOf(v, id); q != nil {
				return int64(q.Announcements), itoa(q.Announcements)
			}
			return -1, "-"
		})
		b.best("  announced", func(v *view) (int64, string) {
			if q := planeOf(v, id); q != nil {
				return q.ExposureS, words.Duration(q.ExposureS)
			}
			return -1, "-"
		})
		b.best("  outage", levelOf(id, model.Outage))
		b.best("  degraded", levelOf(id, model.Degraded))
	}
	b.head("")
	b.add("ends for good", func(_ int, v *view) string { return itoa(len(v.Retired)) })
	b.best("not known", func(v *view) (int64, string) { return int64(v.unknowns()), itoa(v.unknowns()) })
	b.best("blocking notes", func(v *view) (int64, string) { n := blocking(v); return int64(n), itoa(n) })
	return b.rows
}

func planeOf(v *view, id model.PlaneID) *model.PlaneSummary {
	for i := range v.Planes {
		if v.Planes[i].ID == id {
			return &v.Planes[i]
		}
	}
	return nil
}

func levelOf(id model.PlaneID, l model.Level) func(*view) (int64, string) {
	return func(v *view) (int64, string) {
		if q := planeOf(v, id); q != nil {
			s := q.Levels[l.String()]
			return s.P90s, words.Duration(s.P90s)
		}
		return -1, "-"
	}
}

type tableMaker struct {
	plans []variant
	rows  []tableRow
}

func (b *tableMaker) head(label string) {
	b.rows = append(b.rows, tableRow{label: label, head: true, cells: make([]tableCell, len(b.plans))})
}

func (b *tableMaker) add(label string, of func(int, *view) string) {
	r := tableRow{label: label}
	for i, p := range b.plans {
		c := tableCell{text: "planning"}
		switch {
		case p.err != nil:
			c.text = "not possible"
		case p.view != nil:
			c.text = of(i, p.view)
		}
		c.differs = i > 0 && len(r.cells) > 0 && c.text != r.cells[0].text
		r.cells = append(r.cells, c)
	}
	b.rows = append(b.rows, r)
}

// best marks the smallest figures, unless all are equal.
func (b *tableMaker) best(label string, of func(*view) (int64, string)) {
	least, most, n := int64(0), int64(0), 0
	for _, p := range b.plans {
		if p.view == nil {
			continue
		}
		v, _ := of(p.view)
		if v < 0 {
			continue
		}
		if n == 0 {
			least, most = v, v
		}
		least, most, n = min(least, v), max(most, v), n+1
	}
	b.add(label, func(_ int, v *view) string { _, s := of(v); return s })
	cells := b.rows[len(b.rows)-1].cells
	same := !slices.ContainsFunc(cells, func(c tableCell) bool { return c.text != cells[0].text })
	if least == most || same {
		return // what reads alike is not told apart by a mark
	}
	for i, p := range b.plans {
		if p.view != nil {
			v, _ := of(p.view)
			cells[i].best = v == least
		}
	}
}
