package main

import (
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

const sample = `package p

func f(a, b int, r Range) (Range, bool) {
	if a < b && ok() {
		a++
		log(a)
	}
	for range b {
		continue
	}
	switch a {
	case 1:
		return Range{Least: None, Most: Outage}, true
	}
	r.Least = max(a, 7)
	return Range{r.Most, r.Most}, "x"+s == t
}

func (r Range) String() string { return r.Least + "1" }
`

// What can be changed is found, once each, and every change is a program.
func TestFindSites(t *testing.T) {
	sites, err := findSites("p.go", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range sites {
		got = append(got, strings.TrimPrefix(s.String(), "p.go f: "))
		if _, err := parser.ParseFile(token.NewFileSet(), "p.go", s.apply([]byte(sample)), 0); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	for _, want := range []string{
		"a < b becomes <=", "a < b && ok() becomes ||", "a++ becomes nothing", "log(a) becomes nothing", "continue becomes break",
		"case 1: return Range{Least: None, Most: Outage}, true becomes nothing", "1 becomes 2", "Range{None, Outage} becomes None", "true becomes false",
		"r.Least = max(a, 7) becomes nothing", "max becomes min", "7 becomes 8", "r.Least becomes Most", "r.Most becomes Least", "r.Most becomes Least (2)", `"x"+s == t becomes !=`,
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	slices.Sort(got)
	if len(slices.Compact(slices.Clone(got))) != len(sites) {
		t.Errorf("two changes are listed as one: %q", got)
	}
	if strings.Contains(strings.Join(got, " "), "String") {
		t.Error("words for people are changed")
	}
}

// The same seed draws the same, another one others, and lines above change nothing.
func TestDraw(t *testing.T) {
	names := func(source string, seed int) []string {
		sites, err := findSites("p.go", []byte(source))
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range draw(sites, seed) {
			out = append(out, s.String())
		}
		return out
	}
	moved := strings.Replace(sample, "package p\n", "package p\n\n// More.\nfunc g() {}\n", 1)
	if !slices.Equal(names(sample, 1), names(moved, 1)) {
		t.Error("code that moved is drawn otherwise")
	}
	if slices.Equal(names(sample, 1), names(sample, 2)) {
		t.Error("two seeds draw the same")
	}
}

func TestSurvivorsFile(t *testing.T) {
	got := readSurvivors("# a comment | no\na.go f: x || y becomes && | it is the same\n\nbroken\n")
	if len(got) != 1 || got["a.go f: x || y becomes &&"] != "it is the same" {
		t.Errorf("%q", got)
	}
	for change, why := range readSurvivors(survivors) {
		if len(strings.Fields(why)) < 3 {
			t.Errorf("%s survives for no reason: %q", change, why)
		}
	}
}
