package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner/diff"
)

// release builds a release from lines such as
//
//	chart platform operators/cray-etcd-backup 1.0.0 {"a":"b"}
//	rpm kernel-default.x86_64 1-1,2-1 sle-15sp4,sle-15sp5
//	image coredns 1.7.0,v1.8.0 docker.io
//	node-image worker.x86_64 1.0.0 kubernetes
//	undeploy services/x platform
//	hook deploy/pre hooks/x.sh
//
// A list whose name begins with ! is not shipped.
func release(ref string, lines ...string) model.Release {
	product, v, _ := strings.Cut(ref, "-")
	r := model.Release{Product: product, Version: v}
	for _, line := range lines {
		f := append(strings.Fields(line), "", "", "", "", "")
		switch f[0] {
		case "list":
			r.Manifests = append(r.Manifests, model.Manifest{Name: f[1], Deployed: true})
		case "undeploy":
			namespace, name, ok := strings.Cut(f[1], "/")
			if !ok {
				namespace, name = "", f[1]
			}
			r.Undeploys = append(r.Undeploys, model.Undeploy{Namespace: namespace, Name: name, Before: f[2]})
		case "hook":
			stage, when, _ := strings.Cut(f[1], "/")
			r.Hooks = append(r.Hooks, model.Hook{Stage: stage, When: when, Script: f[2]})
		default:
			r.Components = append(r.Components, component(f, len(r.Components)))
		}
	}
	return r
}

func component(f []string, position int) model.Component {
	c := model.Component{Kind: model.Kind(f[0])}
	switch c.Kind {
	case model.KindChart:
		list, hidden := strings.CutPrefix(f[1], "!")
		c.Manifest, c.NotDeployed, c.Position = list, hidden, position
		c.Namespace, c.Name, _ = strings.Cut(f[2], "/")
		c.Version, c.Values = f[3], f[4]
	case model.KindRPM:
		c.Name, c.Arch, _ = strings.Cut(f[1], ".")
		c.Version, c.Versions = set(f[2])
		_, c.Folders = set(f[3] + ",")
	case model.KindImage:
		c.Name = f[1]
		c.Version, c.Versions = set(f[2])
		if f[3] != "" {
			c.Registries = []string{f[3]}
		}
	case model.KindNodeImage, model.KindKernel:
		c.Role, c.Arch, _ = strings.Cut(f[1], ".")
		c.Version, c.Image = f[2], f[3]
	default:
		c.Name, c.Version = f[1], f[2]
	}
	return c
}

func set(s string) (string, []string) {
	if !strings.Contains(s, ",") {
		return s, nil
	}
	return s, strings.Split(strings.TrimSuffix(s, ","), ",")
}

// show writes changes and diagnostics one to a line, as the tables state them.
func show(cs []model.Change, ds []model.Diagnostic) string {
	var b strings.Builder
	for _, c := range cs {
		fmt.Fprintf(&b, "%s %s %s -> %s", c.Direction, c.ID, c.From, c.To)
		if c.Delivery {
			b.WriteString(" delivery")
		}
		if c.Reinstalled {
			b.WriteString(" reinstalled")
		}
		if c.Reboot {
			b.WriteString(" reboot")
		}
		if c.ValuesChanged {
			b.WriteString(" +values")
		}
		if c.Inert {
			b.WriteString(" inert")
		}
		if c.Reason != "" {
			b.WriteString(" (" + c.Reason + ")")
		}
		b.WriteByte('\n')
	}
	for _, d := range ds {
		fmt.Fprintf(&b, "%s: %s %s", d.Severity, d.Code, d.Subject)
		if len(d.Path) > 0 {
			fmt.Fprintf(&b, " %v", d.Path)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

type lines []string

func TestBetween(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to lines
		want     lines
	}{
		{
			"a chart goes up, down, sideways",
			lines{"chart a s/up 1.9.0", "chart a s/down 2.0.27", "chart a s/hash 1.0.0+a", "chart a s/revision 3.6.2", "chart a s/same 1.0"},
			lines{"chart a s/up 1.10.0", "chart a s/down 2.0.9", "chart a s/hash 1.0.0+b", "chart a s/revision 3.6.2-1", "chart a s/same 1.0"},
			lines{
				"upgrade chart:s/up 1.9.0 -> 1.10.0", "downgrade chart:s/down 2.0.27 -> 2.0.9",
				"changed chart:s/hash 1.0.0+a -> 1.0.0+b", "upgrade chart:s/revision 3.6.2 -> 3.6.2-1",
			},
		},
		{
			"charts in the order of the target's lists, removals last",
			lines{"list p", "list q", "chart q s/old 1", "chart p s/older 1", "chart p s/a 1", "chart q s/b 1", "kubernetes k8s 1.2", "rpm x.noarch 1-1"},
			lines{"list q", "list p", "chart p s/a 2", "chart q s/z 1", "chart q s/b 2", "chart none s/unlisted 1", "rpm x.noarch 2-1", "kubernetes k8s 1.3"},
			lines{
				"add chart:s/z  -> 1", "upgrade chart:s/b 1 -> 2", "upgrade chart:s/a 1 -> 2", "add chart:s/unlisted  -> 1",
				"upgrade kubernetes:k8s 1.2 -> 1.3", "upgrade rpm:x.noarch 1-1 -> 2-1",
				"orphan chart:s/older 1 ->  (is not undeployed by p-1.1.0 and stays as it is)",
				"orphan chart:s/old 1 ->  (is not undeployed by p-1.1.0 and stays as it is)",
				"warning: orphaned-chart chart:s/old", "warning: orphaned-chart chart:s/older",
			},
		},
		{
			"time limits, lists and places are no change",
			lines{"chart a s/x 1", "chart a s/y 1"}, lines{"chart b s/y 1", "chart b s/x 1"}, nil,
		},
		{
			"only settings",
			lines{`chart a s/x 1 {"global":{"appVersion":"1.58.2","kept":"1"},"list":["a"],"old":"1"}`},
			lines{`chart a s/x 1 {"global":{"appVersion":"1.58.5","kept":"1"},"list":["a","b"],"new":{"a":"b"}}`},
			lines{"values chart:s/x 1 -> 1 (settings: global.appVersion 1.58.2 -> 1.58.5, list [1 entries] -> [2 entries], new unset -> {..}, and 1 more)"},
		},
		{
			"long settings show where they differ",
			lines{`chart a s/x 1 {"image":"registry.example.org/a/long/path/to/unbound:0.7.24","text":"` + strings.Repeat("a", 60) + `"}`},
			lines{`chart a s/x 1 {"image":"registry.example.org/a/long/path/to/unbound:0.7.26","text":"` + strings.Repeat("b", 60) + `"}`},
			lines{"values chart:s/x 1 -> 1 (settings: image ../unbound:0.7.24 -> ../unbound:0.7.26, text " + strings.Repeat("a", 38) + ".. -> " + strings.Repeat("b", 38) + "..)"},
		},
		{
			"settings as well as the version",
			lines{`chart a s/x 1 {"a":"1"}`, `chart a s/y 1`}, lines{`chart a s/x 2 {"a":"2"}`, `chart a s/y 2 {"a":"1"}`},
			lines{"upgrade chart:s/x 1 -> 2 +values", "upgrade chart:s/y 1 -> 2 +values"},
		},
		{
			"the product's own version in settings",
			lines{`chart a s/config 1 {"job":{"n":[{"v":"1.0.0"}],"v":"v1.0.0"}}`, `chart a s/other 1 {"v":"1.0.0","w":"1"}`, `chart a s/up 1 {"v":"1.0.0"}`},
			lines{`chart a s/config 1 {"job":{"n":[{"v":"1.1.0"}],"v":"v1.1.0"}}`, `chart a s/other 1 {"v":"1.1.0","w":"2"}`, `chart a s/up 2 {"v":"1.1.0"}`},
			lines{
				"values chart:s/config 1 -> 1 inert (its settings differ only in the product's own version (1.0.0 -> 1.1.0); nothing to do)",
				"values chart:s/other 1 -> 1 (settings: v 1.0.0 -> 1.1.0, w 1 -> 2)",
				"upgrade chart:s/up 1 -> 2",
			},
		},
		{
			"the product's version is not a key, and not the wrong way round",
			lines{`chart a s/key 1 {"1.0.0":"x"}`, `chart a s/back 1 {"v":"1.1.0"}`}, lines{`chart a s/key 1 {"1.1.0":"x"}`, `chart a s/back 1 {"v":"1.0.0"}`},
			lines{
				"values chart:s/key 1 -> 1 (settings: 1.0.0 x -> unset, 1.1.0 unset -> x)",
				"values chart:s/back 1 -> 1 (settings: v 1.1.0 -> 1.0.0)",
			},
		},
		{
			"settings that say the same, and settings that are none",
			lines{`chart a s/same 1 {"a":1,"b":true}`, "chart a s/none 1 {}", `chart a s/broken 1 {"a"`}, lines{`chart a s/same 1 {"b":true,"a":"1"}`, "chart a s/none 1", `chart a s/broken 1 {"a":1}x`},
			lines{"values chart:s/broken 1 -> 1 (settings: they differ in a form that is not understood)"},
		},
		{
			"removed and orphaned",
			lines{"chart a s/undeployed 1", "chart a s/after 1", "chart a default/plain 1", "chart a s/orphan 1"},
			lines{"undeploy s/undeployed a", "undeploy s/after", "undeploy plain a", "undeploy other/orphan a"},
			lines{
				"remove chart:s/undeployed 1 ->  (is undeployed by p-1.1.0 before it ships a)",
				"remove chart:s/after 1 ->  (is undeployed by p-1.1.0 after its last list)",
				"remove chart:default/plain 1 ->  (is undeployed by p-1.1.0 before it ships a)",
				"orphan chart:s/orphan 1 ->  (is not undeployed by p-1.1.0 and stays as it is)",
				"warning: orphaned-chart chart:s/orphan",
			},
		},
		{
			"namespace moves",
			lines{"chart a old/clean 1", "chart a old/left 1 {}", "chart a a/twice 1", "chart a b/twice 1", "chart a k/kept 1"},
			lines{"undeploy old/clean b", `chart b new/left 1 {"a":"1"}`, "chart b new/clean 2", "chart b new/twice 1", "chart b k/kept 1", "chart b l/kept 1"},
			lines{
				"move chart:new/left old/1 -> new/1 +values (from namespace old to new; the old copy is not undeployed by p-1.1.0 and stays as it is)",
				"move chart:new/clean old/1 -> new/2 (from namespace old to new; the old copy is undeployed by p-1.1.0 before it ships b)",
				"add chart:new/twice  -> 1", "add chart:l/kept  -> 1",
				"orphan chart:a/twice 1 ->  (is not undeployed by p-1.1.0 and stays as it is)",
				"orphan chart:b/twice 1 ->  (is not undeployed by p-1.1.0 and stays as it is)",
				"warning: orphaned-chart chart:a/twice", "warning: orphaned-chart chart:b/twice", "warning: orphaned-chart chart:old/left",
			},
		},
		{
			"lists that nothing ships",
			lines{"chart !v s/both 1", "chart !v s/same 1", "chart a s/leaves 1", "chart !v s/comes 1", "chart a s/beside 1", "chart !v s/beside 7", "chart !v s/only 1"},
			lines{"chart !v s/both 2", "chart !v s/same 1", "chart !v s/leaves 1", "chart a s/comes 1", "chart a s/beside 1", "chart !v s/beside 8"},
			lines{
				"add chart:s/comes  -> 1 (the source has it in a list that nothing ships)",
				"orphan chart:s/leaves 1 ->  (is not undeployed by p-1.1.0 and stays as it is; the target has it in a list that nothing ships)",
				"warning: orphaned-chart chart:s/leaves",
				"info: not-deployed-change chart:s/beside", "info: not-deployed-change chart:s/both",
			},
		},
		{
			"undeployed and shipped",
			lines{"chart a s/x 1", "chart a default/y 1"}, lines{"undeploy s/x a", "undeploy y a", "chart a s/x 1", "chart a default/y 2"},
			lines{
				"changed chart:s/x 1 -> 1 reinstalled (undeployed by p-1.1.0 and installed anew)",
				"upgrade chart:default/y 1 -> 2 reinstalled (undeployed by p-1.1.0 and installed anew)",
				"warning: reinstalled-chart chart:default/y", "warning: reinstalled-chart chart:s/x",
			},
		},
		{
			"undeployed after it is shipped",
			lines{"chart b s/z 1"}, lines{"chart b s/z 1", "undeploy s/z"},
			lines{
				"changed chart:s/z 1 -> 1 reinstalled (undeployed by p-1.1.0 after it is shipped; whether it is there in the end is not known)",
				"warning: reinstalled-chart chart:s/z",
			},
		},
		{
			"images are deliveries of sets",
			lines{"image up 1.7.0", "image more 16.2.9,16.2.13", "image fewer 1,2", "image order 1,2", "image gone 1", "image latest latest", "image some latest,1.0", "image variants 1.7.8-cray1,1.7.8-cray1-distroless", "image moving v1.4.1,latest", "image down 2,3", "image place 1 a.io"},
			lines{"image up v1.8.0", "image more 16.2.13,17.2.6", "image fewer 2", "image order 2,1", "image new 1", "image latest 1.2.1", "image some 1.1", "image variants 1.7.8-cray2,1.7.8-cray2-distroless", "image moving v1", "image down 2", "image place 1 b.io"},
			lines{
				"downgrade image:down 2,3 -> 2 delivery",
				"changed image:fewer 1,2 -> 2 delivery (2 stays the one that counts)",
				"changed image:latest latest -> 1.2.1 delivery",
				"upgrade image:more 16.2.9,16.2.13 -> 16.2.13,17.2.6 delivery",
				"changed image:moving v1.4.1,latest -> v1 delivery",
				"add image:new  -> 1 delivery",
				"move image:place 1 -> 1 delivery (registries: a.io -> b.io)",
				"upgrade image:some latest,1.0 -> 1.1 delivery",
				"upgrade image:up 1.7.0 -> v1.8.0 delivery",
				"upgrade image:variants 1.7.8-cray1,1.7.8-cray1-distroless -> 1.7.8-cray2,1.7.8-cray2-distroless delivery",
				"remove image:gone 1 ->  delivery (no longer uploaded; this removes nothing)",
			},
		},
		{
			"packages",
			lines{"rpm up.noarch 1.2-1", "rpm dated.noarch 1.5.2-20210601150251_fe23f65", "rpm arch.x86_64 1-1", "rpm folder.noarch 1-1 sp4", "rpm several.noarch 1.6.41-1,1.6.45-1 sp3,sp4", "rpm gone.noarch 1-1"},
			lines{"rpm up.noarch 1.10-1", "rpm dated.noarch 1.5.2-1", "rpm arch.aarch64 1-1", "rpm folder.noarch 1-1 sp4,sp5", "rpm several.noarch 1.6.45-1 sp4"},
			lines{
				"add rpm:arch.aarch64  -> 1-1",
				"changed rpm:dated.noarch 1.5.2-20210601150251_fe23f65 -> 1.5.2-1",
				"move rpm:folder.noarch 1-1 -> 1-1 (folders: sp4 -> sp4, sp5)",
				"changed rpm:several.noarch 1.6.41-1,1.6.45-1 -> 1.6.45-1 (1.6.45-1 stays the one that counts)",
				"upgrade rpm:up.noarch 1.2-1 -> 1.10-1",
				"remove rpm:arch.x86_64 1-1 ->  (p-1.1.0 does not list it any more)",
				"remove rpm:gone.noarch 1-1 ->  (p-1.1.0 does not list it any more)",
			},
		},
		{
			"what takes effect at a reboot",
			lines{"rpm kernel-default.x86_64 1-1", "rpm kernel-default-debuginfo.x86_64 1-1", "rpm x-kmp-default.x86_64 1-1", "rpm kernel-moved.x86_64 1-1 a", "rpm mykernel-x.x86_64 1-1", "node-image worker.x86_64 1.0", "kernel worker.x86_64 5.3.18-24.75-default"},
			lines{"rpm kernel-default.x86_64 2-1", "rpm kernel-default-debuginfo.x86_64 2-1", "rpm x-kmp-default.x86_64 2-1", "rpm kernel-moved.x86_64 1-1 b", "rpm mykernel-x.x86_64 2-1", "node-image worker.x86_64 1.1", "kernel worker.x86_64 5.3.18-24.107-default", "rpm kernel-firmware.noarch 1-1"},
			lines{
				"upgrade node-image:worker.x86_64 1.0 -> 1.1 reboot",
				"upgrade kernel:worker.x86_64 5.3.18-24.75-default -> 5.3.18-24.107-default reboot",
				"upgrade rpm:kernel-default-debuginfo.x86_64 1-1 -> 2-1",
				"upgrade rpm:kernel-default.x86_64 1-1 -> 2-1 reboot",
				"add rpm:kernel-firmware.noarch  -> 1-1 reboot",
				"move rpm:kernel-moved.x86_64 1-1 -> 1-1 (folders: a -> b)",
				"upgrade rpm:mykernel-x.x86_64 1-1 -> 2-1",
				"upgrade rpm:x-kmp-default.x86_64 1-1 -> 2-1 reboot",
			},
		},
		{
			"node images by role and arch, and the rest",
			lines{"node-image worker.x86_64 0.1.111 kubernetes", "node-image master.x86_64 1.0 kubernetes", "node-image compute.aarch64 1.0", "ceph ceph 16.2.9", "firmware bmc 1.0", "other x bea2aeb-1722991875491"},
			lines{"node-image worker.x86_64 0.1.109 kubernetes", "node-image master.x86_64 1.0 master", "node-image compute.x86_64 1.0", "ceph ceph 17.2.6", "firmware bmc 1.0.0.1", "other x 1.0"},
			lines{
				"upgrade ceph:ceph 16.2.9 -> 17.2.6",
				"add node-image:compute.x86_64  -> 1.0 reboot",
				"changed node-image:master.x86_64 1.0 -> 1.0 reboot (another image: kubernetes -> master)",
				"downgrade node-image:worker.x86_64 0.1.111 -> 0.1.109 reboot",
				"upgrade firmware:bmc 1.0 -> 1.0.0.1",
				"changed other:x bea2aeb-1722991875491 -> 1.0",
				"remove node-image:compute.aarch64 1.0 ->  (p-1.1.0 does not list it any more)",
			},
		},
		{
			"hooks",
			lines{"hook a/pre x.sh", "hook b/post y.sh", "hook c/pre z.sh"}, lines{"hook a/pre x.sh", "hook b/post other.sh", "hook d/pre z.sh"},
			lines{
				"changed hook:p/b/post y.sh -> other.sh", "add hook:p/d/pre  -> z.sh",
				"remove hook:p/c/pre z.sh ->  (p-1.1.0 does not list it any more)",
			},
		},
		{
			"the same thing twice in a release",
			lines{"image x 1", "image x 2", "rpm r.noarch 1-1 a", "rpm r.noarch 1-1 b", "chart a s/x 1", "chart b s/x 2"}, lines{"image x 1,2", "rpm r.noarch 1-1 a,b", "chart b s/x 2"},
			lines{"warning: conflicting-components chart:s/x"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, to := release("p-1.0.0", c.from...), release("p-1.1.0", c.to...)
			got := show(diff.Between([]model.Release{from}, []model.Release{to}, nil))
			if want := strings.Join(append(c.want, ""), "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func TestAnotherChartUnderTheName(t *testing.T) {
	from, to := release("p-1.0.0", "chart a s/x 2.0"), release("p-1.1.0", "chart a s/x 3.0")
	to.Components[0].Chart = "y"
	got := show(diff.Between([]model.Release{from}, []model.Release{to}, nil))
	if want := "changed chart:s/x 2.0 -> 3.0 (another chart under this release name: x -> y)\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Where a release says which of its versions is the target, that one counts.
func TestTargetOfASet(t *testing.T) {
	from, to := release("p-1.0.0", "image coredns v1.8.0,v1.8.4,1.10.0"), release("p-1.1.0", "image coredns v1.8.4,v1.8.6,1.10.0")
	from.Components[0].Version, to.Components[0].Version = "v1.8.4", "v1.8.6"
	got := show(diff.Between([]model.Release{from}, []model.Release{to}, nil))
	if want := "upgrade image:coredns v1.8.0,v1.8.4,1.10.0 -> v1.8.4,v1.8.6,1.10.0 delivery\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestChangesPointToTheirComponents(t *testing.T) {
	from := []model.Release{release("p-1.0.0", "chart a s/x 1", "chart a s/gone 1")}
	to := []model.Release{release("p-1.1.0", "chart a s/x 2", "chart a s/new 1")}
	changes, _ := diff.Between(from, to, nil)
	want := map[model.ChangeID][2]*model.Component{
		"chart:s/x":    {&from[0].Components[0], &to[0].Components[0]},
		"chart:s/gone": {&from[0].Components[1], nil},
		"chart:s/new":  {nil, &to[0].Components[1]},
	}
	if len(changes) != len(want) {
		t.Errorf("there are %d changes, want %d", len(changes), len(want))
	}
	for _, c := range changes {
		if got := [2]*model.Component{c.Before, c.After}; got != want[c.ID] {
			t.Errorf("%s points to %v, want %v", c.ID, got, want[c.ID])
		}
	}
}

func FuzzSettings(f *testing.F) {
	f.Add(`{"v":"1.0.0"}`, `{"v":"1.1.0"}`)
	f.Add(`{"a":[1,{"b":null}]}`, `{"a":[true,{"c":""}],"d":2}`)
	f.Add(`{"a"`, ``)
	f.Fuzz(func(t *testing.T, a, b string) {
		from, to := release("p-1.0.0", "chart a s/x 1"), release("p-1.1.0", "chart a s/x 1")
		from.Components[0].Values, to.Components[0].Values = a, b
		there, _ := diff.Between([]model.Release{from}, []model.Release{to}, nil)
		back, _ := diff.Between([]model.Release{to}, []model.Release{from}, nil)
		checkChanges(t, there, nil)
		if a == b && len(there) > 0 || len(there) != len(back) || len(there) > 0 && there[0].Inert != back[0].Inert {
			t.Errorf("settings %q and %q: %q there, %q back", a, b, show(there, nil), show(back, nil))
		}
	})
}
