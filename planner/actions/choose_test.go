package actions

import (
	"strings"
	"testing"

	"planewise/model"
)

func named(name, from, to, path string, preferred bool) model.Procedure {
	return model.Procedure{Name: name, Product: "p", From: from, To: to, Path: path, Preferred: preferred,
		Stages: []model.Stage{{ID: "s", Does: model.WorkStep, Run: model.RunAlways, Method: model.MethodLive}}, Evidence: documented}
}

// ladderOf is a vendor's set of procedures: minor by minor, patches within one.
func ladderOf() []model.Procedure {
	return []model.Procedure{
		named("1.1", ">= 1.0.0, < 1.1.0", ">= 1.1.0, < 1.2.0", "manual", true),
		named("1.1-patch", ">= 1.1.0, < 1.2.0", ">= 1.1.1, < 1.2.0", "manual", true),
		named("1.2", ">= 1.1.0, < 1.2.0", ">= 1.2.0, < 1.3.0", "manual", true),
		named("1.3-manual", ">= 1.2.0, < 1.3.0", ">= 1.3.0, < 1.4.0", "manual", true),
		named("1.3-iuf", ">= 1.2.0, < 1.3.0", ">= 1.3.0, < 1.4.0", "iuf", false),
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		from, to, path string
		name           string
		basis          model.Basis
		hint           string // of the blocking diagnostic, "" for none
	}{
		{"1.0.3", "1.1.0", "", "1.1", model.BasisDocumented, ""},
		{"1.1.0", "1.1.2", "", "1.1-patch", model.BasisDocumented, ""},
		{"1.2.0", "1.3.0", "", "1.3-manual", model.BasisDocumented, ""},
		{"1.2.0", "1.3.0-rc.3", "", "1.3-manual", model.BasisDocumented, ""},
		{"1.2.0", "1.3.0", "iuf", "1.3-iuf", model.BasisDocumented, ""},
		{"1.1.0", "1.2.0", "iuf", "1.2", model.BasisDocumented, ""}, // the only path there is
		{"1.0.0", "1.2.1", "", "1.2", model.BasisInferred, "the documented way has 2 steps: 1.1.x, then 1.2.1"},
		{"1.0.0", "1.3.0", "", "1.3-manual", model.BasisInferred, "the documented way has 3 steps: 1.1.x, then 1.2.x, then 1.3.0"},
		{"1.0.0", "1.3.0", "iuf", "1.3-iuf", model.BasisInferred, "3 steps"},
		{"1.2.0", "1.1.0", "", "1.1", model.BasisInferred, "going back is not documented"},
		{"1.1.2", "1.1.0", "", "1.1-patch", model.BasisInferred, "going back is not documented"},
		{"1.2.0", "1.2.4", "", "1.1-patch", model.BasisInferred, "1.1-patch"},
		{"1.3.0", "1.4.0", "", "1.3-manual", model.BasisInferred, "1.3-manual"},
		{"0.9.0", "1.1.0", "", "1.1", model.BasisInferred, "1.1"},
	} {
		t.Run(c.from+" to "+c.to+" "+c.path, func(t *testing.T) {
			w := build(t, c.from, c.to, "chart ns/a platform 1 -> 2")
			in := w.input(known(), system(), ladderOf()...)
			in.Path = c.path
			r := From(in)
			if len(r.Procedures) != 1 || r.Procedures[0].Name != c.name || r.Procedures[0].Basis != c.basis {
				t.Fatalf("procedure %+v, want %s %s", r.Procedures, c.name, c.basis)
			}
			if got := blocking(r, "no-supported-path"); (c.hint == "") != (got == "") || !strings.Contains(got, c.hint) {
				t.Errorf("hint %q, want %q", got, c.hint)
			}
			for _, k := range r.Tasks {
				for _, f := range k.Facts {
					if f.Basis > c.basis && f.Relation == "part-of" {
						t.Errorf("%s is %s although the procedure is only %s", f.Subject, f.Basis, c.basis)
					}
				}
			}
		})
	}
}

// blocking is the hint of a blocking diagnostic with that code, "" where there is none.
func blocking(r Result, code model.Code) string {
	for _, d := range r.Diagnostics {
		if d.Code == code && d.Severity == model.Blocking {
			return d.Hint + "."
		}
	}
	return ""
}

func TestNothingToDo(t *testing.T) {
	w := build(t, "1.1.0", "1.1.0", "chart ns/a platform 1 -> 1")
	r := From(w.input(known(), system("worker", 3), ladderOf()...))
	if len(r.Tasks)+len(r.Diagnostics)+len(r.Procedures)+len(r.Skipped) != 0 {
		t.Errorf("one release on both sides: %+v", r)
	}
}

func TestSameVersionOtherContent(t *testing.T) {
	w := build(t, "1.1.0", "1.1.0", "chart ns/a platform 1 -> 2")
	r := From(w.input(known(), system(), ladderOf()...))
	if blocking(r, "no-supported-path") == "" {
		t.Errorf("another content under one version: %v", codes(r))
	}
	accounted(t, r)
}

func TestUnknownProduct(t *testing.T) {
	w := build(t, "1.0.0", "2.0.0", `
		chart ns/a platform 1 -> 2
		chart ns/b platform 1 -> 2
		image i 1 -> 2
		rpm r 1 -> 2`)
	r := From(w.input(known(), system("worker", 3)))
	equal(t, "tasks", taskList(r), []string{
		"0 step:deliver [image:i]",
		"1 ship:ns/a [chart:ns/a]", "1 ship:ns/b [chart:ns/b]",
		"2 step:unplaced-p [rpm:r.noarch]",
	})
	equal(t, "codes", codes(r), []string{"blocking no-supported-path p", "warning no-stage p"})
	if u := task(t, r, "step:unplaced-p").UnknownOn; len(u) != 4 {
		t.Errorf("unknown on %v, want all planes", u)
	}
	if r.Procedures[0].Basis != model.BasisUnknown {
		t.Errorf("basis %s", r.Procedures[0].Basis)
	}
}

func TestProductsInOrder(t *testing.T) {
	a := build(t, "1.0.0", "1.1.0", "chart ns/a platform 1 -> 2")
	z := build(t, "5.0.0", "6.0.0", "image i 1 -> 2\nnode-image uan 1 -> 2\nnode-image compute 1 -> 2")
	z.from.Product, z.to.Product = "a-second", "a-second"
	first := named("1.1", ">= 1.0.0, < 1.1.0", ">= 1.1.0, < 1.2.0", "manual", true)
	first.Stages = append([]model.Stage{shipping("platform")},
		model.Stage{ID: "compute", Does: model.WorkRollout, Run: model.RunSite, Role: "compute", Method: model.MethodStage, Carries: []model.Match{{Kind: model.KindNodeImage, Role: "compute"}}})
	second := model.Procedure{Name: "any", Product: "a-second", Path: "manual", Evidence: documented, Stages: []model.Stage{
		deliver(),
		{ID: "compute", Does: model.WorkRollout, Run: model.RunSite, Role: "compute", Method: model.MethodStage, Carries: []model.Match{{Kind: model.KindNodeImage, Role: "compute"}}},
		{ID: "uan", Does: model.WorkRollout, Run: model.RunSite, Role: "uan", Method: model.MethodReboot, Carries: []model.Match{{Kind: model.KindNodeImage, Role: "uan"}}},
	}}
	for i := range second.Stages {
		if second.Stages[i].Run == "" {
			second.Stages[i].Run = model.RunWhenCarried
		}
	}
	in := Input{
		From: []model.Release{a.from, z.from}, To: []model.Release{z.to, a.to},
		Changes: append(a.changes, z.changes...), Catalog: known(), Procedures: []model.Procedure{second, first},
		System: system("compute", 10, "uan", 2),
	}
	r := From(in)
	equal(t, "tasks", taskList(r), []string{
		"0 step:deliver [image:i]", "1 ship:ns/a [chart:ns/a]",
		"2 rollout:compute [node-image:compute.x86_64]", "3 rollout:uan [node-image:uan.x86_64]",
	})
	equal(t, "skipped", skips(r), []string{"p/compute: no release of the target changes the image of compute nodes"})
	if m := task(t, r, "rollout:compute").Method; m != model.MethodStage {
		t.Errorf("compute nodes: %s, want stage", m)
	}
	if m := task(t, r, "rollout:uan").Method; m != model.MethodReboot {
		t.Errorf("access nodes: %s, want reboot", m)
	}
	accounted(t, r)
}

func TestProductGone(t *testing.T) {
	a := build(t, "1.0.0", "1.1.0", "chart ns/a platform 1 -> 2")
	z := build(t, "5.0.0", "6.0.0", "chart ns/z platform 1 -> - orphan")
	z.from.Product = "z"
	in := a.input(known(), system(), ladderOf()...)
	in.From, in.Changes = append(in.From, z.from), append(in.Changes, z.changes...)
	r := From(in)
	if c := change(t, r, "chart:ns/z"); c.Action != nil || !strings.Contains(c.Reason, "no release of z") {
		t.Errorf("%+v", c)
	}
	equal(t, "codes", codes(r), []string{"warning product-without-target z", "warning unlisted-manifest platform"})
}

func TestForbidden(t *testing.T) {
	p := named("2", ">= 1.0.0, < 2.0.0", ">= 2.0.0, < 3.0.0", "manual", true)
	p.Forbids = []model.Forbid{{ID: "n", Hardware: "nvidia", To: "< 2.0.1", Text: "not with these", Source: "readme"}}
	sys := model.System{Nodes: []model.NodeGroup{{Role: "compute", Count: 60, Hardware: "nvidia"}, {Role: "compute", Count: 500}, {Role: "uan", Count: 4, Hardware: "nvidia"}}}
	for to, want := range map[string]bool{"2.0.0": true, "2.0.0-rc.1": true, "2.0.1": false} {
		w := build(t, "1.0.0", to, "chart ns/a platform 1 -> 2")
		r := From(w.input(known(), sys, p))
		found := false
		for _, d := range r.Diagnostics {
			found = found || d.Code == "forbidden-hardware" && d.Severity == model.Blocking && strings.HasPrefix(d.Summary, "64 nodes")
		}
		if found != want {
			t.Errorf("to %s: forbidden %v, want %v: %v", to, found, want, r.Diagnostics)
		}
	}
}

func TestFirstVersion(t *testing.T) {
	for text, want := range map[string]string{
		">= 1.5.0, < 1.6.0": "1.5.0", "1.5.2": "1.5.2", "~> 2.3": "2.3", "": "", ">=1.0": "1.0", "v1.2": "v1.2",
	} {
		if got := firstVersion(text); got != want {
			t.Errorf("firstVersion(%q) = %q, want %q", text, got, want)
		}
	}
}

// Beyond the last target the variant counts that the vendor goes on with; within
// the procedures' own targets the preferred one.
func TestNearestBeyond(t *testing.T) {
	manual := named("p-2/manual", ">= 1.0.0, < 2.0.0", ">= 2.0.0, < 3.0.0", "manual", true)
	engine := named("p-2/iuf", ">= 1.0.0, < 2.0.0", ">= 2.0.0, < 3.0.0", "iuf", false)
	engine.Beyond = true
	ps := []model.Procedure{manual, engine}
	for _, c := range []struct{ from, to, path, want string }{
		{"2.0.0", "3.0.0", "", "p-2/iuf"},
		{"1.0.0", "2.1.0", "", "p-2/iuf"},
		{"2.0.0", "3.0.0", "manual", "p-2/manual"}, // what somebody asks for counts
		{"0.9.0", "2.0.0", "", "p-2/manual"},
	} {
		if got := nearest(ps, c.from, c.to, c.path).Name; got != c.want {
			t.Errorf("%s to %s by %q: %s, want %s", c.from, c.to, c.path, got, c.want)
		}
	}
}

// A patch that no document describes borrows the order of one that is done by hand:
// its hooks are said not to be run, rather than made into steps of it.
func TestHooksOfABorrowedProcedure(t *testing.T) {
	w := build(t, "2.0.0", "2.0.2", "chart ns/a platform 1 -> 2\nhook pre_install_check/pre hooks/check.sh")
	patch := named("p-1/patch", ">= 1.0.0, < 2.0.0", ">= 1.0.1, < 2.0.0", "manual", true)
	patch.Stages = procedure(shipping("platform")).Stages
	r := From(w.input(known(), system(), patch))
	equal(t, "tasks", taskList(r), []string{"0 ship:ns/a [chart:ns/a]"})
	equal(t, "codes", codes(r), []string{"blocking no-supported-path p", "warning hooks-not-run p"})
	patch.Path = "iuf"
	r = From(w.input(known(), system(), patch))
	equal(t, "with an engine", codes(r), []string{"blocking no-supported-path p", "warning unknown-hook hooks/check.sh"})
}
