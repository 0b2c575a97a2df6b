// Package csv writes the changes and the effects of a plan as tables for
// spreadsheets and scripts (RFC 4180, UTF-8, one heading line).
package csv

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/brief"
)

// Changes are the plan's changes, one a line, with the bundle that carries each.
func Changes(p model.Plan) ([]byte, error) {
	in := bundles(p)
	out := newTable("id", "kind", "name", "from", "to", "direction", "values_changed", "delivery", "reboot", "bundle", "action", "reason")
	for _, c := range p.Changes {
		var action, bundle string
		if c.Action != nil {
			action, bundle = string(*c.Action), in[*c.Action]
		}
		out.row(
			string(c.ID), string(c.Kind), c.Name, c.From, c.To, string(c.Direction),
			yes(c.ValuesChanged), yes(c.Delivery), yes(c.Reboot), bundle, action, c.Reason,
		)
	}
	return out.bytes()
}

// Effects are the effects of the plan's actions and their tails, one a line. An
// unknown effect has "yes" in the column unknown: its level is then only the
// least it can be. A tail has no length where nothing bounds it.
func Effects(p model.Plan) ([]byte, error) {
	b, in := brief.New(p), bundles(p)
	out := newTable("bundle", "action", "title", "plane", "capability", "level", "unknown", "most", "start_p50_s", "start_p90_s", "lasts_p50_s", "lasts_p90_s", "times", "until", "basis", "facts")
	reach := p.Reach()
	for _, a := range p.Actions {
		for _, e := range reach.Effects(a.Effects) {
			most := ""
			if e.Unknown {
				most = e.Range().Most.String()
			}
			out.row(append([]string{
				in[a.ID], string(a.ID), a.Title, string(e.Plane), string(e.Capability), e.Level.String(), yes(e.Unknown), most,
				number(e.Start.P50s), number(e.Start.P90s), number(e.Lasts.P50s), number(e.Lasts.P90s),
				strconv.Itoa(max(e.Times, 1)), e.Until,
			}, reasons(b, &a, e.Facts)...)...)
		}
		if t := a.Tail; t != nil {
			var p50, p90 string
			if t.Lasts != nil {
				p50, p90 = number(t.Lasts.P50s), number(t.Lasts.P90s)
			}
			out.row(append([]string{
				in[a.ID], string(a.ID), a.Title, string(t.Plane), string(t.Capability), t.Level.String(), yes(false), "",
				"", "", p50, p90, "", "tail: " + t.Text,
			}, reasons(b, &a, t.Facts)...)...)
		}
	}
	return out.bytes()
}

// reasons are the weakest basis of the facts, and their texts.
func reasons(b *brief.Brief, a *model.Action, ids []model.FactID) []string {
	facts := b.FactsOf(ids)
	if len(facts) == 0 {
		return []string{model.BasisUnknown.String(), ""}
	}
	weakest := facts[0].Basis
	parts := make([]string, len(facts))
	for i, f := range facts {
		f = f.About(a)
		weakest = min(weakest, f.Basis)
		parts[i] = strings.TrimSpace(f.Subject + " " + f.Relation + " " + f.Object)
	}
	return []string{weakest.String(), strings.Join(parts, "; ")}
}

// bundles are the labels of the bundles by action.
func bundles(p model.Plan) map[model.ActionID]string {
	out := make(map[model.ActionID]string, len(p.Actions))
	for _, b := range p.Bundles {
		for _, id := range b.Actions {
			out[id] = b.Label
		}
	}
	return out
}

// table is written row by row: a plan may have very many effects.
type table struct {
	out bytes.Buffer
	w   *csv.Writer
	err error
}

func newTable(head ...string) *table {
	t := &table{}
	t.w = csv.NewWriter(&t.out)
	t.row(head...)
	return t
}

func (t *table) row(cells ...string) {
	for i := range cells {
		cells[i] = Cell(cells[i])
	}
	t.err = cmp.Or(t.err, t.w.Write(cells))
}

func (t *table) bytes() ([]byte, error) {
	t.w.Flush()
	return t.out.Bytes(), cmp.Or(t.err, t.w.Error())
}

// Cell is a text that no spreadsheet takes for a formula: one that starts like a
// formula, also behind blanks or in full-width characters, gets an apostrophe in
// front, which spreadsheets hide. Control characters, tabs and line breaks among
// them, are made visible, so that a record is always one line.
func Cell(s string) string {
	s = clean.Text(s)
	switch start := strings.TrimLeft(s, " \u00a0\u3000\"'"); {
	case start == "":
	case strings.ContainsRune("=+-@|%＝＋－＠", []rune(start[:min(len(start), 4)])[0]):
		return "'" + s
	}
	return s
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
