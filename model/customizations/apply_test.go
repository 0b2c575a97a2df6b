package customizations_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
	"planewise/model/customizations"
	"planewise/model/customizations/csm"
)

// sides are two releases, each a set of its own.
func sides() (from, to []model.Release) {
	chart := func(name, version, values string) model.Component {
		return model.Component{Kind: model.KindChart, Name: name, Namespace: "services", Version: version, Values: values}
	}
	smd := chart("smd", "7.0.0", `{"z":"1"}`)
	smd.Chart = "cray-hms-smd"
	from = []model.Release{{Product: "csm", Version: "1.5.2", Components: []model.Component{
		chart("cray-bos", "2.10.20", `{"a":"b","cray-service":{"other":"x","replicaCount":"2"}}`),
		smd, chart("plain", "1.0.0", ""), chart("gitea", "2.6.3", `{"keycloakImage":{"tag":"3.6.1"}}`), chart("gone", "1.0.0", ""),
	}}}
	next := smd
	next.Version = "7.1.0"
	to = []model.Release{{Product: "csm", Version: "1.6.0", Components: []model.Component{
		chart("cray-bos", "2.30.5", `{"cray-service":{"replicaCount":"3"}}`), next, chart("plain", "1.0.0", ""), chart("gitea", "2.6.3", `{"keycloakImage":{"tag":"3.7.0"}}`),
	}}}
	return from, to
}

// mapping describes what the charts of sides run.
func mapping() customizations.Known {
	workload := func(kind, name string) model.Workload {
		return model.Workload{Service: model.ServiceID(name), Kind: kind, Namespace: "services", Name: name}
	}
	own := map[string][]model.Workload{
		"cray-bos": {workload("Deployment", "cray-bos"), workload("Deployment", "cray-bos-db")},
		"smd":      {workload("Deployment", "cray-smd")},
		"gitea":    {workload("StatefulSet", "gitea-vcs"), workload("StatefulSet", "gitea-db")},
		"plain":    {workload("DaemonSet", "plain")},
	}
	all := []model.Workload{workload("StatefulSet", "cray-smd-postgres"), workload("StatefulSet", "cray-bos-postgres")}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		all = append(all, own[name]...)
	}
	return customizations.Known{Base: csm.BaseChart(), All: all, Of: func(c *model.Component) []model.Workload { return own[c.Name] }}
}

func one(chart string, kind model.OverrideKind, value string, path ...string) model.Customizations {
	return model.Customizations{Format: model.FormatCustomizations, Name: "demo", Charts: []model.ChartOverrides{{
		Name: chart, Overrides: []model.Override{{Kind: kind, Path: path, Value: value}},
	}}}
}

// Values as the generator would merge them: deep, the site's over the release's, a
// mapping in place of a text that stands in the way.
func TestApply(t *testing.T) {
	for _, c := range []struct {
		name  string
		site  model.Customizations
		chart int
		want  string
	}{
		{"over the release's", one("cray-bos", model.OverrideReplicas, "5", "cray-service", "replicaCount"), 0, `{"a":"b","cray-service":{"other":"x","replicaCount":"5"}}`},
		{"beside them", one("cray-bos", model.OverrideImage, "9", "cray-service", "image", "tag"), 0, `{"a":"b","cray-service":{"image":{"tag":"9"},"other":"x","replicaCount":"2"}}`},
		{"by the chart's name", one("cray-hms-smd", model.OverrideReplicas, "1", "replicas"), 1, `{"replicas":"1","z":"1"}`},
		{"not by the release's name", one("smd", model.OverrideReplicas, "1", "replicas"), 1, `{"z":"1"}`},
		{"where there were none", one("plain", model.OverrideReplicas, "1", "replicas"), 2, `{"replicas":"1"}`},
		{"through a text", one("cray-bos", model.OverrideReplicas, "1", "a", "replicas"), 0, `{"a":{"replicas":"1"},"cray-service":{"other":"x","replicaCount":"2"}}`},
	} {
		from, _ := sides()
		got, notes := customizations.Apply(c.site, from)
		if values := got[0].Components[c.chart].Values; values != c.want || len(notes) > 0 {
			t.Errorf("%s: %s, want %s (%v)", c.name, values, c.want, notes)
		}
		if before, _ := sides(); !reflect.DeepEqual(from, before) {
			t.Errorf("%s: the release given was changed", c.name)
		}
	}
	broken, _ := sides()
	broken[0].Components[0].Values = "{"
	if _, notes := customizations.Apply(one("cray-bos", model.OverrideReplicas, "5", "replicas"), broken); codes(notes)["bad-values"] != 1 {
		t.Errorf("%v", notes)
	}
}

func TestRemarks(t *testing.T) {
	unknown := one("cray-bos", model.OverrideReplicas, "", "replicas")
	unknown.Charts[0].Overrides[0].LeftOut = model.LeftOutNumber
	for _, c := range []struct {
		name string
		site model.Customizations
		want string // code, severity and part of the summary
	}{
		{"a pinned image under a chart that moves on", one("cray-bos", model.OverrideImage, "2.0", "image", "tag"), "site-image-kept warning from 2.10.20 to 2.30.5"},
		{"a change of the image that the site hides", one("gitea", model.OverrideImage, "3.6.1", "keycloakImage", "tag"), "site-image-kept warning from 3.6.1 to 3.7.0, and stays 3.6.1"},
		{"the image that the release ships too", one("gitea", model.OverrideImage, "3.7.0", "keycloakImage", "tag"), "site-image info is 3.7.0"},
		{"an image of a chart that stays", one("plain", model.OverrideImage, "3", "image", "tag"), "site-image info is 3"},
		{"replicas", one("cray-bos", model.OverrideReplicas, "2", "replicas"), ""},
		{"a chart of neither side", one("nothing", model.OverrideReplicas, "2", "replicas"), "unused-customization info neither side"},
		{"a chart that the target drops", one("gone", model.OverrideReplicas, "2", "replicas"), "unused-customization info any more"},
		{"a value that is not known", unknown, "bad-number warning cray-bos: replicas"},
	} {
		from, to := sides()
		var got []string
		for _, d := range customizations.Remarks(c.site, from, to) {
			got = append(got, fmt.Sprintf("%s %s %s", d.Code, d.Severity, d.Summary))
		}
		text := strings.Join(got, "; ")
		code, part, _ := strings.Cut(c.want, " ")
		severity, part, _ := strings.Cut(part, " ")
		if c.want == "" && text != "" || !strings.HasPrefix(text, strings.TrimSpace(code+" "+severity)) || !strings.Contains(text, part) {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
}

func TestPlace(t *testing.T) {
	seen := model.ObservedWorkload{Kind: "Deployment", Namespace: "services", Name: "cray-bos", Replicas: 2}
	replicas := []string{"cray-service", "replicaCount"}
	database := []string{"cray-service", "sqlCluster", "instanceCount"}
	for _, c := range []struct {
		name, chart, value string
		path               []string
		seen               []model.ObservedWorkload
		want               string // kind, name and number of what was asked for, or a code
	}{
		{"by its own name", "cray-bos", "3", replicas, nil, "Deployment cray-bos 3"},
		{"by the mapping", "cray-hms-smd", "1", replicas, nil, "Deployment cray-smd 1"},
		{"a database", "cray-hms-smd", "1", database, nil, "StatefulSet cray-smd-postgres 1"},
		{"a database nobody knows", "gitea", "1", database, nil, "site-replicas-unplaced"},
		{"one of two", "gitea", "1", replicas, nil, "site-replicas-unplaced"},
		{"a daemon set", "plain", "1", replicas, nil, "site-replicas-unplaced"},
		{"another key", "cray-bos", "1", []string{"replicas"}, nil, "site-replicas-unplaced"},
		{"none at all", "cray-bos", "0", replicas, nil, "site-replicas-zero"},
		{"no number", "cray-bos", "lots", replicas, nil, "site-replicas-unplaced"},
		{"as seen", "cray-bos", "2", replicas, []model.ObservedWorkload{seen}, ""},
		{"more than seen", "cray-bos", "3", replicas, []model.ObservedWorkload{seen}, "site-replicas-differ info"},
		{"fewer than seen", "cray-bos", "1", replicas, []model.ObservedWorkload{seen}, "site-replicas-differ warning"},
		{"none of those seen", "cray-bos", "0", replicas, []model.ObservedWorkload{seen}, "site-replicas-differ blocking"},
	} {
		from, to := sides()
		sys, notes := customizations.Place(one(c.chart, model.OverrideReplicas, c.value, c.path...), model.System{Workloads: c.seen}, mapping(), from, to)
		var got []string
		for _, w := range sys.Workloads {
			if w.AskedBy != "" {
				got = append(got, fmt.Sprintf("%s %s %d", w.Kind, w.Name, w.Replicas))
			} else if !reflect.DeepEqual(w, seen) {
				t.Errorf("%s: what was seen became %+v", c.name, w)
			}
		}
		for code := range codes(notes) {
			if code == "site-replicas-differ" {
				code += " " + string(notes[0].Severity)
			}
			got = append(got, code)
		}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
}

// random makes customizations of the charts of sides and of one more.
func random(t *rapid.T) model.Customizations {
	c := model.Customizations{Format: model.FormatCustomizations, Name: "demo"}
	names := rapid.Permutation([]string{"cray-bos", "cray-hms-smd", "gitea", "plain", "gone", "other"}).Draw(t, "charts")
	keys := []string{"cray-service", "sqlCluster", "instanceCount", "replicaCount", "replicas", "image", "tag", "a", "z"}
	for _, name := range names[:rapid.IntRange(0, len(names)).Draw(t, "n")] {
		chart := model.ChartOverrides{Name: name}
		paths := map[string]bool{}
		for range rapid.IntRange(0, 4).Draw(t, "overrides") {
			o := model.Override{Kind: rapid.SampledFrom([]model.OverrideKind{model.OverrideReplicas, model.OverrideImage}).Draw(t, "kind"),
				Value: rapid.SampledFrom([]string{"0", "1", "3", "x"}).Draw(t, "value"), Template: rapid.IntRange(0, 4).Draw(t, "template") == 0,
				Path: rapid.SliceOfN(rapid.SampledFrom(keys), 1, 3).Draw(t, "path")}
			// In a file no setting stands inside another.
			text := strings.Join(o.Path, ".") + "."
			if slices.ContainsFunc(slices.Collect(maps.Keys(paths)), func(p string) bool { return strings.HasPrefix(p, text) || strings.HasPrefix(text, p) }) {
				continue
			}
			paths[text] = true
			chart.Overrides = append(chart.Overrides, o)
		}
		c.Charts = append(c.Charts, chart)
	}
	return c
}

// Applying twice is applying once, and the order of charts is nothing to it.
func TestTwiceIsOnceAndOrderIsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := random(t)
		sys := model.System{Workloads: []model.ObservedWorkload{{Kind: "StatefulSet", Namespace: "services", Name: "cray-bos-postgres", Replicas: 3}}}
		if rapid.Bool().Draw(t, "nothing seen") {
			sys.Workloads = nil
		}
		all := func(c model.Customizations, sys model.System, from, to []model.Release) (model.System, []model.Release, []model.Release, []model.Diagnostic) {
			a, _ := customizations.Apply(c, from)
			b, _ := customizations.Apply(c, to)
			s, notes := customizations.Place(c, sys, mapping(), a, b)
			return s, a, b, notes
		}
		from, to := sides()
		remarks := customizations.Remarks(c, from, to)
		s1, a1, b1, n1 := all(c, sys, from, to)
		s2, a2, b2, n2 := all(c, s1, a1, b1)
		if !reflect.DeepEqual([]any{s1, a1, b1, n1}, []any{s2, a2, b2, n2}) {
			t.Fatalf("twice is not once:\n%+v\n%+v", s1, s2)
		}
		shuffled := c
		shuffled.Charts = rapid.Permutation(c.Charts).Draw(t, "order")
		s3, a3, b3, n3 := all(shuffled, sys, from, to)
		if !reflect.DeepEqual([]any{s1, a1, b1, n1, remarks}, []any{s3, a3, b3, n3, customizations.Remarks(shuffled, from, to)}) {
			t.Fatalf("the order of charts matters:\n%+v\n%+v", s1, s3)
		}
	})
}
