package cell

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

func TestFit(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"short", "ab", "ab    "},
		{"exact", "abcdef", "abcdef"},
		{"long", "abcdefg", "abcde…"},
		{"wide", "名前名前", "名前 …"},
		{"escape", "\x1b[31mx", `\x1b[…`},
		{"direction", "a\u202eb", `a\u20…`},
		{"combining", "e\u0301e\u0301", "e\u0301e\u0301    "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := Fit(c.in, 6, "…")
			if c.name == "wide" {
				// A wide character that would be cut leaves a blank.
				if Width(got) != 6 || !strings.HasPrefix(got, "名前") {
					t.Errorf("got %q", got)
				}
				return
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Whatever a name is, it takes exactly its cell.
func TestFitHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if rapid.Bool().Draw(t, "long") {
			s = strings.Repeat(s+"表", 3000)
		}
		w := rapid.IntRange(0, 60).Draw(t, "w")
		got := Fit(s, w, "…")
		if n := ansi.StringWidth(got); n != w {
			t.Fatalf("%q takes %d columns of %d", got, n, w)
		}
		if strings.ContainsAny(got, "\x1b\n\r\t\x00\x07\u009b") {
			t.Fatalf("a control character is left in %q", got)
		}
	})
}

func TestWrapHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-z 名表\x1b]{0,200}`).Draw(t, "s")
		w, most := rapid.IntRange(1, 40).Draw(t, "w"), rapid.IntRange(0, 5).Draw(t, "most")
		lines := Wrap(s, w, most, "…")
		if most > 0 && len(lines) > most {
			t.Fatalf("%d lines, at most %d asked for", len(lines), most)
		}
		for _, l := range lines {
			if n := ansi.StringWidth(l); n > w {
				t.Fatalf("%q takes %d columns of %d", l, n, w)
			}
		}
	})
}

func TestWrapKeepsAllWords(t *testing.T) {
	got := Wrap("the quick brown fox jumps over a-very-long-word-indeed here", 10, 0, "")
	if joined := strings.Join(got, ""); strings.ReplaceAll(joined, " ", "") != "thequickbrownfoxjumpsovera-very-long-word-indeedhere" {
		t.Errorf("got %q", got)
	}
}

func TestWrapMarksWhatIsCut(t *testing.T) {
	if got := Wrap("one two three four", 9, 2, "…"); len(got) != 2 || got[0] != "one two" || got[1] != "three fo…" {
		t.Errorf("got %q", got)
	}
}

func TestSplice(t *testing.T) {
	line := "\x1b[1mabcdefghij\x1b[0m"
	for x := range 9 {
		got := Splice(line, "XY", x, 10)
		want := "abcdefghij"[:x] + "XY" + "abcdefghij"[x+2:]
		if ansi.Strip(got) != want {
			t.Errorf("at %d: got %q, want %q", x, ansi.Strip(got), want)
		}
	}
	if got := Splice("名前名前", "|", 1, 8); ansi.StringWidth(got) != 8 {
		t.Errorf("over half a wide character: %q", got)
	}
}
