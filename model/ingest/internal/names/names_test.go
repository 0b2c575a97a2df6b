package names

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, ok := range []string{"", "cray-bos", "1.0.0~alpha_1+g:2", "naïve 名前", "a b", strings.Repeat("a", 1000)} {
		if wrong := Check(ok); wrong != "" {
			t.Errorf("%q: %s", ok, wrong)
		}
	}
	for _, bad := range []string{"a\x1b[31m", "a\nb", "a\tb", "\x00", "\x7f", "\u0085", "\u200b", "\u202e", "\u2066", "\ufeff", "\u00a0", "\u2028", "a\xff", strings.Repeat("a", 1001)} {
		if Check(bad) == "" {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestProductAndVersion(t *testing.T) {
	for s, want := range map[string][2]bool{
		"csm": {true, true}, "1.5.2": {true, true}, "csm-diags": {true, true}, "1.0.0+g12": {false, true},
		"": {false, false}, "a b": {false, false}, "a/b": {false, false}, `a\b`: {false, false}, "-a": {false, true}, "a\x1b": {false, false},
	} {
		if got := [2]bool{IsProduct(s), IsVersion(s)}; got != want {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
	}
}
