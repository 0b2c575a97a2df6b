package catalog

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"cray-bos", "cray-bos", true},
		{"cray-bos", "cray-bos-db", false},
		{"", "", true},
		{"", "x", false},
		{"*", "", true},
		{"cray-hms-rts*", "cray-hms-rts", true},
		{"cray-hms-rts*", "cray-hms-rts-snmp", true},
		{"cray-hms-rts*", "cray-hms-smd", false},
		{"*-kmp-default", "mft-mlnx-kmp-default", true},
		{"*-kmp-default", "kmp-default", false},
		{"ship:ceph-*/cray-ceph-csi-*", "ship:ceph-rbd/cray-ceph-csi-rbd", true},
		{"roll:*", "roll:worker/first", true},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"*a*b", "aab", true},
		{"*a*b", "aba", false},
		{"[a-z]", "a", false},
	} {
		if got := Glob(c.pattern, c.text); got != c.want {
			t.Errorf("Glob(%q, %q) = %v", c.pattern, c.text, got)
		}
	}
}

// The same question put to a regular expression.
func TestGlobAgreesWithRegexp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab*?]{0,8}`).Draw(t, "pattern")
		text := rapid.StringMatching(`[ab/]{0,10}`).Draw(t, "text")
		expr := strings.NewReplacer("*", ".*", "?", ".").Replace(pattern)
		want := regexp.MustCompile("^(?:" + expr + ")$").MatchString(text)
		if got := Glob(pattern, text); got != want {
			t.Fatalf("Glob(%q, %q) = %v, the regular expression says %v", pattern, text, got, want)
		}
	})
}
