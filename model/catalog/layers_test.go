package catalog

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"

	"planewise/model"

	"pgregory.net/rapid"
)

func codes(ds []model.Diagnostic) []string {
	var out []string
	for _, d := range ds {
		out = append(out, string(d.Code))
	}
	return out
}

func TestLaterLayersWin(t *testing.T) {
	bos := model.Match{Kind: model.KindChart, Name: "cray-bos"}
	site := model.Mapping{
		Name:         "site",
		Planes:       []model.Plane{{ID: "network", Title: "Network"}},
		Capabilities: []model.Capability{{ID: "control.api", Plane: "network", Importance: model.Critical, Needs: &model.Need{Service: "db"}}},
		Residents:    []model.Workload{{Service: "api", Replicas: 3}},
		Rules: []model.Rule{
			{Match: bos, Planes: []model.PlaneID{"compute"}, Title: "the site's"},
			{Match: model.Match{Kind: model.KindChart, Name: "cray-*"}, Planes: []model.PlaneID{"network"}},
		},
	}
	c, ds := New(base(rule("", bos, ""), rule("exact", model.Match{Kind: model.KindChart, Name: "cray-ims"}, "")), site)
	if got := codes(ds); !slices.Equal(got, []string{"shadowed-rule", "shadowed-rule"}) || model.HasBlocking(ds) {
		t.Fatalf("diagnostics: %+v", ds)
	}
	if m, _ := c.Lookup(chart("services", "cray-bos", "1")); m.Rule.Title != "the site's" || m.Layer != "site" {
		t.Errorf("the site's rule of the same components should win: %+v", m)
	}
	if m, _ := c.Lookup(chart("services", "cray-ims", "1")); m.Key != "exact" || m.Layer != "base" {
		t.Errorf("an exact name should win over a later glob: %+v", m)
	}
	if m, _ := c.Lookup(chart("services", "cray-new", "1")); m.Key != "chart cray-*" {
		t.Errorf("the glob should map what nothing else does: %+v", m)
	}
	if got := c.Capabilities(); len(got) != 1 || got[0].Importance != model.Critical || got[0].Needs.Service != "db" {
		t.Errorf("capabilities: %+v", got)
	}
	if got := c.Residents(); len(got) != 2 || got[0].Replicas != 3 {
		t.Errorf("residents: %+v", got)
	}
	if got := c.Planes(); len(got) != 3 || got[2].ID != "network" {
		t.Errorf("planes: %+v", got)
	}
}

// An id replaces the rule of that id even where it matches something else.
func TestRuleIDReplaces(t *testing.T) {
	site := model.Mapping{Name: "site", Rules: []model.Rule{rule("r", model.Match{Kind: model.KindChart, Name: "b"}, "")}}
	c := clean(t, base(rule("r", model.Match{Kind: model.KindChart, Name: "a"}, "")), site)
	if _, ok := c.Lookup(chart("", "a", "1")); ok {
		t.Error("the replaced rule still maps")
	}
	if _, ok := c.Lookup(chart("", "b", "1")); !ok {
		t.Error("the new rule does not map")
	}
}

// A site need not repeat the version ranges of the rules it replaces; where its
// own range does not hold, the earlier layer still does.
func TestSiteRuleWinsOverVersions(t *testing.T) {
	kea := model.Match{Kind: model.KindChart, Name: "kea"}
	defaults := base(rule("old", kea, "< 0.11.0"), rule("new", kea, ">= 0.11.0"))
	for _, tc := range []struct{ name, siteVersion, version, want string }{
		{"any version", "", "0.10.0", "site"},
		{"any version, the new one", "", "0.12.0", "site"},
		{"a range that holds", ">= 0.11.0", "0.12.0", "site"},
		{"a range that does not", ">= 0.11.5", "0.11.0", "new"},
	} {
		c, _ := New(defaults, model.Mapping{Name: "site", Rules: []model.Rule{rule("site", kea, tc.siteVersion)}})
		if m, _ := c.Lookup(chart("services", "kea", tc.version)); m.Key != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, m.Key, tc.want)
		}
	}
}

func TestContradictingRulesMapNothing(t *testing.T) {
	m := model.Match{Kind: model.KindChart, Name: "a"}
	one, two := rule("", m, ""), rule("", m, "")
	two.Title = "another"
	for _, tc := range []struct {
		name   string
		rules  []model.Rule
		mapped bool
		codes  []string
	}{
		{"different", []model.Rule{one, two}, false, []string{"contradicting-rules"}},
		{"under different ids", []model.Rule{one, rule("x", m, "")}, false, []string{"contradicting-rules"}},
		{"equal", []model.Rule{one, one}, true, nil},
		{"other versions", []model.Rule{rule("", m, "< 1"), rule("", m, ">= 1")}, true, nil},
		{"one id, different components", []model.Rule{rule("x", m, ""), rule("x", model.Match{Name: "b"}, "")}, false, []string{"contradicting-rules"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, ds := New(base(tc.rules...))
			if got := codes(ds); !slices.Equal(got, tc.codes) {
				t.Errorf("diagnostics: %+v", ds)
			}
			if _, ok := c.Lookup(chart("", "a", "1")); ok != tc.mapped {
				t.Errorf("mapped: %v", ok)
			}
		})
	}
}

func TestEvidenceIsInherited(t *testing.T) {
	documented := model.Evidence{Basis: model.BasisDocumented, Source: "manual", Text: "all of it"}
	guess := model.Evidence{Basis: model.BasisDefault, Text: "a guess"}
	r := rule("", model.Match{Name: "a"}, "")
	r.Evidence = documented
	r.Duration = &model.Estimate{P90s: 1, Evidence: guess}
	r.Workloads = []model.Workload{{Service: "api", Replicas: 1, Restart: &model.Estimate{P90s: 1}, Evidence: model.Evidence{Text: "one pod"}}}
	r.Effects = []model.EffectRule{{Service: "api", Lasts: &model.Estimate{P90s: 1}}}
	r.Rollback = &model.Rollback{Possible: model.UnknownWhich, Evidence: model.Evidence{Text: "nobody knows"}}
	in := base(r)
	in.Capabilities[0].Evidence = documented
	in.Capabilities[0].Needs = &model.Need{All: []model.Need{{Service: "api", Evidence: model.Evidence{Text: "own words"}}, {Service: "db", Evidence: guess}}}
	before, _ := json.Marshal(in)
	c := clean(t, in)
	if after, _ := json.Marshal(in); string(after) != string(before) {
		t.Error("New changed its input")
	}
	got, _ := c.Lookup(chart("", "a", "1"))
	pod := model.Evidence{Basis: model.BasisDocumented, Source: "manual", Text: "one pod"}
	needs := c.Capabilities()[0].Needs.All
	for _, tc := range []struct {
		what      string
		got, want model.Evidence
	}{
		{"duration", got.Rule.Duration.Evidence, guess},
		{"workload", got.Rule.Workloads[0].Evidence, pod},
		{"restart", got.Rule.Workloads[0].Restart.Evidence, pod},
		{"effect", got.Rule.Effects[0].Evidence, documented},
		{"length", got.Rule.Effects[0].Lasts.Evidence, documented},
		{"an unknown way back stays unknown", got.Rule.Rollback.Evidence, model.Evidence{Text: "nobody knows"}},
		{"need", needs[0].Evidence, model.Evidence{Basis: model.BasisDocumented, Source: "manual", Text: "own words"}},
		{"need with a basis", needs[1].Evidence, guess},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: got %+v, want %+v", tc.what, tc.got, tc.want)
		}
	}
}

// The order of a file says nothing: any shuffle of a layer's lists gives the
// same catalog, byte for byte, contradictions included.
func TestOrderWithinALayerDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rules []model.Rule
		for range rapid.IntRange(0, 12).Draw(t, "rules") {
			r := rule(rapid.SampledFrom([]string{"", "", "", "x", "y"}).Draw(t, "id"), model.Match{
				Kind:      rapid.SampledFrom([]model.Kind{"", model.KindChart, model.KindRPM}).Draw(t, "kind"),
				Name:      rapid.SampledFrom([]string{"a", "ab", "a*", "*b", "ab?", "*"}).Draw(t, "name"),
				Namespace: rapid.SampledFrom([]string{"", "n", "n*"}).Draw(t, "namespace"),
			}, rapid.SampledFrom([]string{"", "< 2", ">= 2", "nonsense"}).Draw(t, "version"))
			r.Title = strconv.Itoa(rapid.IntRange(0, 2).Draw(t, "title"))
			rules = append(rules, r)
		}
		layer := base(rules...)
		for i := range rapid.IntRange(0, 3).Draw(t, "services") {
			layer.Services = append(layer.Services, model.Service{ID: "api", Title: strconv.Itoa(i)})
		}
		other := layer
		other.Rules = rapid.Permutation(layer.Rules).Draw(t, "shuffled rules")
		other.Services = rapid.Permutation(layer.Services).Draw(t, "shuffled services")
		a, da := New(layer)
		b, db := New(other)
		if content(a.Mapping()) != content(b.Mapping()) || content(da) != content(db) {
			t.Fatalf("shuffled:\n%s\n%s\n%s\n%s", content(a.Mapping()), content(b.Mapping()), content(da), content(db))
		}
		for _, name := range []string{"a", "ab", "abc", "b"} {
			for _, version := range []string{"1", "2.1", "latest"} {
				x, _ := a.Lookup(chart("n", name, version))
				y, _ := b.Lookup(chart("n", name, version))
				if content(x) != content(y) {
					t.Fatalf("%s %s: %+v or %+v", name, version, x, y)
				}
			}
		}
	})
}

// Lookup through the index agrees with trying every rule in order.
func TestIndexAgreesWithTryingEveryRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seen := map[string]bool{}
		var rules []model.Rule
		for range rapid.IntRange(1, 15).Draw(t, "rules") {
			r := rule("", model.Match{
				Kind:      rapid.SampledFrom([]model.Kind{"", model.KindChart}).Draw(t, "kind"),
				Name:      rapid.SampledFrom([]string{"", "a", "ab", "a*", "*b", "ab*", "?b"}).Draw(t, "name"),
				Namespace: rapid.SampledFrom([]string{"", "n", "m", "n*"}).Draw(t, "namespace"),
				Arch:      rapid.SampledFrom([]string{"", "x86_64"}).Draw(t, "arch"),
			}, rapid.SampledFrom([]string{"", "< 2", ">= 2"}).Draw(t, "version"))
			if !seen[key(r)] && !bare(r.Match) {
				seen[key(r)] = true
				rules = append(rules, r)
			}
		}
		c, _ := New(base(rules...))
		var all []*entry
		for _, r := range c.Mapping().Rules {
			all = append(all, (&merger{layers: []model.Mapping{{}}, names: []string{""}, planes: map[model.PlaneID]bool{"control": true}}).entry(0, r))
		}
		slices.SortFunc(all, compareEntries)
		comp := chart(rapid.SampledFrom([]string{"n", "m", "nn"}).Draw(t, "of namespace"), rapid.SampledFrom([]string{"a", "ab", "abb", "b"}).Draw(t, "of name"), rapid.SampledFrom([]string{"1", "2"}).Draw(t, "of version"))
		comp.Arch = rapid.SampledFrom([]string{"", "x86_64"}).Draw(t, "of arch")
		want := ""
		for _, e := range all {
			if e.matches(&comp) {
				want = e.key
				break
			}
		}
		if got, _ := c.Lookup(comp); got.Key != want {
			t.Fatalf("got %q, want %q", got.Key, want)
		}
	})
}
