package csv

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"planewise/model/clean"
	"planewise/planner/export/internal/sample"
)

func parse(t *testing.T, data []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestEveryChangeAndEffectHasItsLine(t *testing.T) {
	p := sample.Plan()
	changes, err := Changes(p)
	if err != nil {
		t.Fatal(err)
	}
	if rows := parse(t, changes); len(rows) != len(p.Changes)+1 {
		t.Errorf("%d lines for %d changes", len(rows), len(p.Changes))
	}
	effects, err := Effects(p)
	if err != nil {
		t.Fatal(err)
	}
	want := 1
	for _, a := range p.Actions {
		want += len(a.Effects)
		if a.Tail != nil {
			want++
		}
	}
	if rows := parse(t, effects); len(rows) != want {
		t.Errorf("%d lines, want %d", len(rows), want)
	}
}

func TestCell(t *testing.T) {
	for in, want := range map[string]string{
		"":                "",
		"csi":             "csi",
		"1.2 -> 1.3":      "1.2 -> 1.3",
		"=1+1":            "'=1+1",
		"+1":              "'+1",
		"-1":              "'-1",
		"@SUM(A1)":        "'@SUM(A1)",
		"  =1":            "'  =1",
		`"=1`:             `'"=1`,
		"＝1":              "'＝1",
		"\t=1":            `\t=1`,
		"a\nb":            `a\nb`,
		"a\u202eb":        `a\u202eb`,
		"\xff=1":          `\xff=1`,
		"ä":               "ä",
		"\U0001f600 name": "\U0001f600 name",
	} {
		if got := Cell(in); got != want {
			t.Errorf("Cell(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHostileNames(t *testing.T) {
	for name, attack := range sample.Attacks() {
		t.Run(name, func(t *testing.T) {
			p := sample.Hostile(attack)
			data, err := Changes(p)
			if err != nil {
				t.Fatal(err)
			}
			effects, err := Effects(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range [][]byte{data, effects} {
				rows := parse(t, one)
				if lines := bytes.Count(one, []byte("\n")); lines != len(rows) {
					t.Errorf("%d lines hold %d records", lines, len(rows))
				}
				for _, row := range rows[1:] {
					for _, cell := range row {
						if strings.ContainsAny(strings.TrimLeft(cell, " \"")[:min(1, len(strings.TrimLeft(cell, " \"")))], "=+-@\t\r") {
							t.Errorf("a spreadsheet would run %.40q", cell)
						}
						if clean.Text(cell) != cell {
							t.Errorf("%.60q holds control characters", cell)
						}
					}
				}
			}
			if got := parse(t, data)[1][0]; !strings.HasSuffix(got, clean.Text(attack)) {
				t.Errorf("the name was lost: %.60q", got)
			}
		})
	}
}

func BenchmarkEffects(b *testing.B) {
	p := sample.Plan()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Effects(p); err != nil {
			b.Fatal(err)
		}
	}
}

// No text, whatever it holds, becomes a formula or more than one line.
func FuzzCell(f *testing.F) {
	for _, attack := range sample.Attacks() {
		f.Add(attack)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Cell(s)
		if start := strings.TrimLeft(got, " \""); start != "" && strings.ContainsAny(start[:1], "=+-@|%") {
			t.Errorf("Cell(%q) = %q", s, got)
		}
		if strings.ContainsAny(got, "\t\r\n\x00") {
			t.Errorf("Cell(%q) = %q", s, got)
		}
	})
}
