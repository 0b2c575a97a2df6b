package actions

import "testing"

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "anything", true},
		{"*", "", true},
		{"roll:worker*", "roll:worker/first", true},
		{"roll:worker*", "roll:master", false},
		{"ship:*/cray-?os", "ship:services/cray-bos", true},
		{"ship:*/cray-?os", "ship:services/cray-boos", false},
		{"*a*b*c", "xxaxxbxxc", true},
		{"*a*b*c", "xxaxxbxxcx", false},
		{"a*", "", false},
		{"a", "a", true},
		{"a", "ab", false},
	} {
		if got := glob(c.pattern, c.text); got != c.want {
			t.Errorf("glob(%q, %q) = %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}
