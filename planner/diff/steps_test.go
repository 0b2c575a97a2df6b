package diff_test

import (
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner/diff"
)

// What skipped releases undeploy, and products that come, go and stand twice.
func TestSteps(t *testing.T) {
	crd := []string{"chart a s/crd 1", "chart a s/stays 1"}
	kept := "chart a s/stays 1"
	for _, c := range []struct {
		name            string
		from, to, known []model.Release
		want            lines
	}{
		{
			"a skipped release undeploys",
			[]model.Release{release("p-1.3.5", crd...)}, []model.Release{release("p-1.5.0", kept)},
			[]model.Release{release("p-1.4.4", "undeploy s/crd a"), release("p-1.4.0", "undeploy s/crd a"), release("p-1.6.0", "undeploy s/stays a")},
			lines{
				"remove chart:s/crd 1 ->  (is undeployed by p-1.4.0, which this step skips)",
				"warning: undeploy-skipped chart:s/crd",
			},
		},
		{
			"the target's own undeploy comes first",
			[]model.Release{release("p-1.3.5", crd...)}, []model.Release{release("p-1.5.0", "undeploy s/crd x", kept)},
			[]model.Release{release("p-1.4.0", "undeploy s/crd a")},
			lines{"remove chart:s/crd 1 ->  (is undeployed by p-1.5.0 before it ships x)"},
		},
		{
			"a skipped minor version is not known",
			[]model.Release{release("p-1.3.5", crd...)}, []model.Release{release("p-1.5.0", kept)},
			[]model.Release{release("p-1.3.5", crd...), release("p-1.5.0", kept), release("other-1.4.0", "undeploy s/crd a")},
			lines{
				"orphan chart:s/crd 1 ->  (is not undeployed by p-1.5.0 and stays as it is; the releases in between are not known)",
				"warning: orphaned-chart chart:s/crd",
				"warning: undeploy-not-verified p [chart:s/crd]",
			},
		},
		{
			"not known, and nothing depends on it",
			[]model.Release{release("p-1.3.5", kept)}, []model.Release{release("p-1.9.0", kept)},
			[]model.Release{release("p-1.6.0")},
			lines{"info: undeploy-not-verified p"},
		},
		{
			"a patch in between removes",
			[]model.Release{release("p-1.5.0", crd...)}, []model.Release{release("p-1.5.2", kept)},
			[]model.Release{release("p-1.5.1", "undeploy s/crd a")},
			lines{
				"remove chart:s/crd 1 ->  (is undeployed by p-1.5.1, which this step skips)",
				"warning: undeploy-skipped chart:s/crd",
			},
		},
		{
			"the next minor version skips nothing",
			[]model.Release{release("p-1.5.2", crd...)}, []model.Release{release("p-1.6.0-rc.3", kept)}, nil,
			lines{
				"orphan chart:s/crd 1 ->  (is not undeployed by p-1.6.0-rc.3 and stays as it is)",
				"warning: orphaned-chart chart:s/crd",
			},
		},
		{
			"backwards nothing of what lies between is run",
			[]model.Release{release("p-1.5.0", crd...)}, []model.Release{release("p-1.3.5", kept)},
			[]model.Release{release("p-1.4.0", "undeploy s/crd a")},
			lines{
				"orphan chart:s/crd 1 ->  (is not undeployed by p-1.3.5 and stays as it is)",
				"warning: orphaned-chart chart:s/crd",
			},
		},
		{
			"over a major version",
			[]model.Release{release("p-1.5.0", kept)}, []model.Release{release("p-2.0.0", kept)}, nil,
			lines{"info: undeploy-not-verified p"},
		},
		{
			"versions without an order",
			[]model.Release{release("p-main", kept)}, []model.Release{release("p-2.0.0", kept)}, nil,
			lines{"info: undeploy-not-verified p"},
		},
		{
			"a moved chart whose old copy only a skipped release removes",
			[]model.Release{release("p-1.3.5", "chart a old/x 1")}, []model.Release{release("p-1.5.0", "chart a new/x 1")},
			[]model.Release{release("p-1.4.0", "undeploy old/x a")},
			lines{
				"move chart:new/x old/1 -> new/1 (from namespace old to new; the old copy is undeployed by p-1.4.0, which this step skips)",
				"warning: undeploy-skipped chart:old/x",
			},
		},
		{
			"a product comes",
			[]model.Release{release("p-1.5.0", kept)}, []model.Release{release("uan-2.7.0", "node-image uan.x86_64 2.7.0"), release("p-1.5.0", kept)}, nil,
			lines{"add node-image:uan.x86_64  -> 2.7.0 reboot", "info: product-added uan-2.7.0"},
		},
		{
			"a product goes",
			[]model.Release{release("uan-2.7.0", "node-image uan.x86_64 2.7.0", "chart u s/uas 1", "chart u s/crd 1", "hook a/pre x"), release("p-1.5.0", kept)},
			[]model.Release{release("p-1.5.0", kept, "undeploy s/crd a")}, nil,
			lines{
				"orphan chart:s/uas 1 ->  (is not undeployed by the target and stays as it is)",
				"remove chart:s/crd 1 ->  (is undeployed by p-1.5.0 before it ships a)",
				"remove node-image:uan.x86_64 2.7.0 ->  (the target has no release of uan)",
				"remove hook:uan/a/pre x ->  (the target has no release of uan)",
				"warning: product-removed uan-2.7.0 [chart:s/uas]",
			},
		},
		{
			"uploads of two products add up",
			[]model.Release{release("p-1.5.0", "image x 1", "rpm r.noarch 1-1 a"), release("uan-2.7.0", "image x 2", "rpm r.noarch 2-1 a")},
			[]model.Release{release("p-1.5.0", "image x 1", "rpm r.noarch 1-1 a"), release("uan-2.7.1", "image x 3", "rpm r.noarch 2-1 a")}, nil,
			lines{"upgrade image:x 1,2 -> 1,3 delivery"},
		},
		{
			"two products with a hook at one moment",
			[]model.Release{release("p-1.5.0", "hook a/pre x"), release("uan-2.7.0", "hook a/pre x")},
			[]model.Release{release("p-1.5.0", "hook a/pre x"), release("uan-2.7.0", "hook a/pre y")}, nil,
			lines{"changed hook:uan/a/pre x -> y"},
		},
		{
			"two releases of one product on a side",
			[]model.Release{release("p-1.10.0", "chart a s/x 2", "undeploy s/none a"), release("p-1.9.0", "chart a s/x 1")},
			[]model.Release{release("p-1.10.1", "chart a s/x 2")}, nil,
			lines{"warning: conflicting-components chart:s/x", "warning: product-twice p [p-1.9.0 p-1.10.0]"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := show(diff.Between(c.from, c.to, c.known))
			if want := strings.Join(append(c.want, ""), "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// The words of the diagnostic about skipped releases name the gaps.
func TestGaps(t *testing.T) {
	for _, c := range []struct {
		from, to string
		known    []string
		want     string
	}{
		{"1.3.5", "1.5.0", nil, "skips 1.4, "},
		{"1.2.0", "1.6.0", nil, "skips 1.3 to 1.5, "},
		{"1.2.0", "1.6.0", []string{"1.4.0", "1.4.4"}, "skips 1.3, 1.5, "},
		{"1.2.0", "1.6.0", []string{"1.3.0", "1.4.0", "1.5.0-rc.1"}, ""},
		{"1.5.0", "1.6.0", nil, ""},
		{"1.0.0", "1.4000000000.0", nil, "skips 1.1 to 1.3999999999, "},
		{"1.5.0", "2.0.0", []string{"1.6.0"}, "not known which releases lie between two major versions"},
		{"main", "1.5.0", nil, "have no order"},
	} {
		var known []model.Release
		for _, v := range c.known {
			known = append(known, release("p-"+v))
		}
		_, ds := diff.Between([]model.Release{release("p-" + c.from)}, []model.Release{release("p-" + c.to)}, known)
		got := ""
		for _, d := range ds {
			if d.Code == diff.CodeUndeployNotVerified {
				got += d.Summary
			}
		}
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s -> %s with %v: %q, want %q", c.from, c.to, c.known, got, c.want)
		}
	}
}
