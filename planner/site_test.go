package planner_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/document"
	"planewise/planner"
)

// settings are what the demo system sets in charts: each a chart, a path and a value.
func settings(settings ...[3]string) *model.Customizations {
	c := model.Customizations{Format: model.FormatCustomizations, Name: "demo", Charts: []model.ChartOverrides{}}
	for _, s := range settings {
		kind := model.OverrideReplicas
		if strings.HasSuffix(s[1], "tag") {
			kind = model.OverrideImage
		}
		c.Charts = append(c.Charts, model.ChartOverrides{Name: s[0], Overrides: []model.Override{{Kind: kind, Path: strings.Split(s[1], "."), Value: s[2]}}})
	}
	return &c
}

func has(p model.Plan, code model.Code) bool {
	return slices.ContainsFunc(p.Diagnostics, func(d model.Diagnostic) bool { return d.Code == code })
}

// Customizations that set nothing change nothing but what is said about them.
func TestEmptyCustomizationsChangeNothing(t *testing.T) {
	w := embedded(t)
	in := w.input(w.set("csm-1.5.0"), w.set("csm-1.5.2"))
	without := planner.Build(in)
	in.Customizations = settings()
	with := planner.Build(in)
	if !has(without, "site-values-not-considered") || has(with, "site-values-not-considered") {
		t.Errorf("considered or not is not said: %v", with.Diagnostics)
	}
	without.Diagnostics = slices.DeleteFunc(without.Diagnostics, func(d model.Diagnostic) bool { return d.Code == "site-values-not-considered" })
	a, err := document.EncodePlan(without)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := document.EncodePlan(with); err != nil || !bytes.Equal(a, b) {
		t.Errorf("the plan is another one (%v)", err)
	}
}

// Replicas of the site count, and the fact behind an effect says where they stand;
// but what was seen counts more.
func TestReplicasOfTheSite(t *testing.T) {
	w := embedded(t)
	in := w.input(w.set("csm-1.5.2"), w.set("csm-1.6.0-rc.3"))
	in.Customizations = settings([3]string{"cray-hms-smd", "cray-service.replicaCount", "1"})
	source := "customizations demo: cray-hms-smd: cray-service.replicaCount"
	find := func(p model.Plan) (out []model.Fact) {
		for _, f := range p.Facts {
			if f.Subject == "ship:services/cray-hms-smd" && f.Object == "service:smd" && f.Relation == "restarts" {
				out = append(out, f)
			}
		}
		return out
	}
	p := planner.Build(in)
	checkPlan(t, p)
	checkFile(t, p)
	got := find(p)
	if len(got) != 1 || got[0].Source != source || got[0].Basis != model.BasisChart || !strings.Contains(got[0].Text, "1 instance set by the site, not seen") {
		t.Errorf("%+v", got)
	}
	if !slices.ContainsFunc(p.Facts, func(f model.Fact) bool {
		return f.Subject == "chart:services/cray-hms-smd" && f.Relation == "set-by-the-site" && f.Object == "cray-service.replicaCount 1"
	}) {
		t.Error("the chart's own facts do not say it")
	}

	in.System.Workloads = append(slices.Clone(in.System.Workloads), model.ObservedWorkload{Kind: "Deployment", Namespace: "services", Name: "cray-smd", Replicas: 3})
	p = planner.Build(in)
	if got = find(p); len(got) != 1 || got[0].Basis != model.BasisObserved || !has(p, "site-replicas-differ") {
		t.Errorf("%+v %v", got, p.Diagnostics)
	}
}

// A change of settings that the site overrides on both sides is none; the releases
// that were given stay as they are. An image that the site holds is warned of.
func TestOverriddenSettingsDoNotChange(t *testing.T) {
	w := embedded(t)
	in := w.input(w.set("csm-1.5.2"), w.set("csm-1.5.2"))
	valued := func(values string) []model.Release {
		set := slices.Clone(in.To)
		set[0].Components = slices.Clone(set[0].Components)
		for i := range set[0].Components {
			if c := &set[0].Components[i]; c.ID() == "chart:services/cray-bos" {
				c.Values = values
			}
		}
		return set
	}
	in.From = valued(`{"cray-service":{"replicaCount":"2"},"image":{"tag":"1"}}`)
	in.To = valued(`{"cray-service":{"replicaCount":"3"},"image":{"tag":"2"}}`)
	changed := func(c *model.Customizations) (string, model.Plan) {
		in.Customizations = c
		p := planner.Build(in)
		for _, ch := range p.Changes {
			if ch.ID == "chart:services/cray-bos" {
				return ch.Reason, p
			}
		}
		return "", p
	}
	replicas, image := [3]string{"cray-bos", "cray-service.replicaCount", "5"}, [3]string{"cray-bos", "image.tag", "1"}
	both := settings(replicas)
	both.Charts[0].Overrides = append(both.Charts[0].Overrides, settings(image).Charts[0].Overrides...)
	for _, c := range []struct {
		site *model.Customizations
		want string
		kept bool
	}{
		{nil, "cray-service.replicaCount 2 -> 3, image.tag 1 -> 2", false},
		{settings(replicas), "settings: image.tag 1 -> 2", false},
		{settings(image), "settings: cray-service.replicaCount 2 -> 3", true},
		{both, "", true},
	} {
		before := document.Digest(in.To)
		reason, p := changed(c.site)
		if !strings.HasSuffix(reason, c.want) || (reason == "") != (c.want == "") {
			t.Errorf("%+v: %q, want %q", c.site, reason, c.want)
		}
		if has(p, "site-image-kept") != c.kept {
			t.Errorf("%+v: an image that is kept: %v", c.site, p.Diagnostics)
		}
		if document.Digest(in.To) != before {
			t.Error("the release given was changed")
		}
	}
}
