package clean_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"planewise/model/clean"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "cray-bos 2.10.3", "cray-bos 2.10.3"},
		{"empty", "", ""},
		{"accents and wide characters stay", "Zürich 東京 ✓ 🚀", "Zürich 東京 ✓ 🚀"},
		{"backslash stays", `a\x1bb`, `a\x1bb`},
		{"escape sequence", "a\x1b[31mb", `a\x1b[31mb`},
		{"title sequence", "\x1b]0;x\x07", `\x1b]0;x\x07`},
		{"C1 control as text", "a\u009b2Jb", `a\x9b2Jb`},
		{"C1 control as a byte", "a\x9b2Jb", `a\x9b2Jb`},
		{"delete and backspace", "a\x7f\bb", `a\x7f\x08b`},
		{"line break", "a\nb\r\nc\td", `a\nb\r\nc\td`},
		{"right-to-left override", "gpj.\u202eexe", `gpj.\u202eexe`},
		{"isolate", "a\u2066b", `a\u2066b`},
		{"zero width", "a\u200bb\ufeffc", `a\u200bb\ufeffc`},
		{"line separator", "a\u2028b", `a\u2028b`},
		{"tag characters", "a\U000e0041b", `a\U000e0041b`},
		{"truncated rune", "a\xe2\x82", `a\xe2\x82`},
		{"replacement character itself stays", "a\ufffdb", "a\ufffdb"},
		{"NUL", "a\x00b", `a\x00b`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := clean.Text(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestBlockKeepsLineFeedsOnly(t *testing.T) {
	if got, want := clean.Block("a\nb\r\n\x1bc\n"), "a\nb\\r\n\\x1bc\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Every control and format character that this Go release knows is escaped; the
// list may hold more, never less.
func TestUnsafeCoversUnicode(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		must := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs, unicode.Variation_Selector)
		if must && !clean.Unsafe(r) {
			t.Errorf("%U is not escaped", r)
		}
		if clean.Unsafe(r) && unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) &&
			!unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) {
			t.Errorf("%U is visible and is escaped", r)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "cray-bos", "\x1b[2J", "a\u202eb", "\xff\xfe", "a\nb", "\ufffd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := clean.Text(s)
		if !utf8.ValidString(got) {
			t.Fatalf("%q: not UTF-8: %q", s, got)
		}
		if i := strings.IndexFunc(got, clean.Unsafe); i >= 0 {
			t.Fatalf("%q: unsafe character left at %d: %q", s, i, got)
		}
		if again := clean.Text(got); again != got {
			t.Fatalf("%q: not idempotent: %q, then %q", s, got, again)
		}
		if utf8.ValidString(s) && strings.IndexFunc(s, clean.Unsafe) < 0 && got != s {
			t.Fatalf("%q: safe text was changed to %q", s, got)
		}
		if block := clean.Block(s); strings.ReplaceAll(block, "\n", `\n`) != got {
			t.Fatalf("%q: Block gives %q, Text %q", s, block, got)
		}
	})
}

// What encoding/json leaves raw is escaped, and the text means what it meant.
func TestJSON(t *testing.T) {
	for _, s := range []string{"plain ä", "\x1b[2J\x7f\u009b31m", "a\u202eb\u2066\ufeff", "\U000e0001tag\U0001d173", "\u2028\n\"\\", "\U0001f600"} {
		raw, err := json.Marshal(map[string]string{s: s})
		if err != nil {
			t.Fatal(err)
		}
		got := clean.JSON(raw)
		if clean.Text(string(got)) != string(got) {
			t.Errorf("%q holds a raw control character", got)
		}
		var back map[string]string
		if err := json.Unmarshal(got, &back); err != nil || back[s] != s {
			t.Errorf("%q reads as %q, %v", s, back, err)
		}
	}
	if got := string(clean.JSON([]byte("{\n  \"a\": 1\n}\n"))); got != "{\n  \"a\": 1\n}\n" {
		t.Errorf("harmless JSON became %q", got)
	}
}
