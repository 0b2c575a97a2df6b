package version_test

import (
	"errors"
	"strings"
	"testing"

	"planewise/model/version"
)

func TestSatisfies(t *testing.T) {
	for _, c := range []struct {
		constraint, version string
		want                bool
	}{
		{"", "1.5.2", true},
		{"", "latest", true},
		{"  ", "latest", true},
		{">= 1.5.0, < 1.6.0", "1.5.2", true},
		{">= 1.5.0, < 1.6.0", "1.6.0", false},
		{">= 1.5.0, < 1.6.0", "1.4.4", false},
		{">=1.5.0,<1.6.0", "v1.5.0", true},
		{"~> 1.5.0", "1.5.9", true},
		{"~> 1.5.0", "1.6.0", false},
		{"~> 1.5", "1.6.0", true},
		{"!= 1.5.1", "1.5.1", false},
		{"!= 1.5.1", "1.5.2", true},
		{"1.5.1", "1.5.1", true},
		{"= 1.2", "v1.2.0", true},
		// A pre-release belongs to its release's line.
		{">= 1.6.0", "1.6.0-rc.3", true},
		{"< 1.6.0", "1.6.0-rc.3", false},
		{">= 1.5.0, < 1.6.0", "1.6.0-rc.3", false},
		{"~> 1.6.0", "1.6.0-rc.3", true},
		{"= 1.6.0", "1.6.0-RC3", true},
		// A constraint that names a pre-release compares pre-releases.
		{">= 1.6.0-rc.3", "1.6.0-rc.2", false},
		{">= 1.6.0-rc.3", "1.6.0-rc.10", true},
		{">= 1.6.0-RC3", "1.6.0-rc.10", true},
		{">= 1.6.0-rc.3", "1.6.0-beta70", false},
		{">= 1.6.0-rc.3", "1.6.0", true},
		{">= 1.6.0-rc.3", "1.7.0-alpha.1", true},
		{"< 1.6.0-rc.3", "1.5.2", true},
		{"< 1.6.0-rc.3", "1.6.0-rc.2", true},
		// What follows the number does not count.
		{">= 3.6.2", "3.6.2-1", true},
		{"<= 3.6.2", "3.6.2-1", true},
		{">= 5.14.0", "5.14.21-150500.55.39.1.27360.1.PTF.1215587-default", true},
		{"< 1.6.0", "1.5.0_alpha-1", true},
		{">= 2.0.0", "2.0.0-beta.1+38203ae", true},
		{">= 1.8.0", "1.8.8-20221013160829", true},
		{"> 1.0.0", "1.0.0.16140", true},
	} {
		t.Run(c.constraint+" of "+c.version, func(t *testing.T) {
			got, err := version.Satisfies(c.constraint, c.version)
			if err != nil || got != c.want {
				t.Errorf("Satisfies(%q, %q) = %v, %v, want %v", c.constraint, c.version, got, err, c.want)
			}
		})
	}
}

func TestSatisfiesCannotTell(t *testing.T) {
	for _, v := range []string{"latest", "9e45f1c", "6a06182-1729191915803", "0.4.1p", "", "99999999999999999999.1"} {
		if _, err := version.Satisfies(">= 1.0.0", v); !errors.Is(err, version.ErrNoOrder) {
			t.Errorf("Satisfies(%q): error %v, want ErrNoOrder", v, err)
		}
	}
}

func TestParseConstraintErrors(t *testing.T) {
	for _, c := range []string{
		"newest", ">=", "=> 1.0", ">= 1.0, ", ">= 1.0 < 2.0", "> 9e45f1c",
		"> 3.6.2-1",      // a revision would not compare as one
		"> 1.0.0+abc",    // nor would metadata
		">= 1.0.0-cray2", // nor a variant
		"~~> 1.0",
	} {
		_, err := version.ParseConstraint(c)
		if err == nil {
			t.Errorf("ParseConstraint(%q) succeeds", c)
		} else if !strings.Contains(err.Error(), "constraint") {
			t.Errorf("ParseConstraint(%q): error %q does not say what is wrong", c, err)
		}
	}
}

func TestCore(t *testing.T) {
	for _, c := range []struct {
		version string
		want    [3]int
		ok      bool
	}{
		{"1.5.2", [3]int{1, 5, 2}, true},
		{"v1.6.0-rc.3", [3]int{1, 6, 0}, true},
		{"1.5", [3]int{1, 5, 0}, true},
		{"7", [3]int{7, 0, 0}, true},
		{"1.0.0.16140", [3]int{1, 0, 0}, true},
		{"3.6.2-1", [3]int{3, 6, 2}, true},
		{"1.5.0_alpha-1", [3]int{1, 5, 0}, true},
		{"latest", [3]int{}, false},
		{"6a06182-1729191915803", [3]int{}, false},
		{"1.", [3]int{}, false},
		{"", [3]int{}, false},
		{"1.99999999999999999999.0", [3]int{}, false},
	} {
		major, minor, patch, ok := version.Core(c.version)
		if got := [3]int{major, minor, patch}; got != c.want || ok != c.ok {
			t.Errorf("Core(%q) = %v, %v, want %v, %v", c.version, got, ok, c.want, c.ok)
		}
	}
}

func FuzzSatisfies(f *testing.F) {
	f.Add(">= 1.5.0, < 1.6.0", "1.6.0-rc.3")
	f.Add("~> 1.6.0-rc.1", "v1.6.0-RC2+abc")
	f.Add("", "latest")
	f.Fuzz(func(t *testing.T, constraint, v string) {
		ok, err := version.Satisfies(constraint, v)
		if ok && err != nil {
			t.Errorf("Satisfies(%q, %q) is true with error %v", constraint, v, err)
		}
	})
}
