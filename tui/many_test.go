package tui

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

// manySession has 3,000 charts that no rule knows in the target of its first plan.
func manySession(tb testing.TB) *fakeSession {
	s := newSession(tb)
	s.all.releases = maps.Clone(s.all.releases)
	r := s.all.releases["csm-1.6.0-rc.3"]
	r.Components = slices.Clone(r.Components)
	for i := range 3000 {
		r.Components = append(r.Components, model.Component{Kind: model.KindChart, Namespace: "apps", Name: fmt.Sprintf("chart-%04d", i), Version: "1", Manifest: r.Components[0].Manifest, Position: 900 + i})
	}
	s.all.releases["csm-1.6.0-rc.3"] = r
	return s
}

// With thousands of components without a rule the screens say so, fit, and end.
func TestManyUnmappedComponents(t *testing.T) {
	p := start(manySession(t), 100, 30)
	seen := ""
	for _, walk := range [][]string{{"e", "enter", "right", "end"}, {"esc", "esc", "end", "up", "enter", "end"}, {"esc", "2", "end"}, {"3", "e"}, {"4", "end"}} {
		for _, k := range walk {
			p.press(k)
			fits(t, p.View(), 100, 30, fmt.Sprint(walk, " up to ", k))
			seen += p.View()
		}
	}
	if !strings.Contains(seen, "unknown") {
		t.Error("nothing on the screens is unknown")
	}
	if a := p.plan().Actions; len(a) < 3000 {
		t.Errorf("the plan has %d actions", len(a))
	}
}
