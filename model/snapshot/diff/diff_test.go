package diff

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"

	"planewise/model"
	"planewise/model/snapshot"
	"planewise/model/snapshot/csm"
	"planewise/model/snapshot/read"
)

func site(t *testing.T, without ...string) snapshot.Snapshot {
	t.Helper()
	r := read.New(csm.Answers())
	entries, err := os.ReadDir("../read/testdata/site")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if slices.Contains(without, e.Name()) {
			continue
		}
		if err := r.Tree(os.DirFS("../read/testdata/site"), e.Name()); err != nil {
			t.Fatal(err)
		}
	}
	s, _ := r.Snapshot()
	return s
}

// clone makes a copy that shares nothing.
func clone(t *testing.T, s snapshot.Snapshot) snapshot.Snapshot {
	t.Helper()
	var out snapshot.Snapshot
	data, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func planes() Planes {
	return Planes{
		Profile:   csm.Profile(),
		Component: func(model.ComponentID, string) []model.PlaneID { return []model.PlaneID{"control"} },
		Role: func(role string) []model.PlaneID {
			if role == "compute" {
				return []model.PlaneID{"compute"}
			}
			return nil
		},
		Ceph: []model.PlaneID{"storage"},
	}
}

func TestNothingChanged(t *testing.T) {
	s := site(t)
	if r := Between(s, clone(t, s), planes()); len(r.Changes)+len(r.NotCompared) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestChanges(t *testing.T) {
	before := site(t)
	after := clone(t, before)
	after.Nodes[1].Kubelet = "v1.24.17"
	after.Charts[0].Version = "2.11.0"
	after.Workloads[0].Replicas++
	after.Machines[0].State = "Off"
	after.Ceph.Layout.Mons = 5
	after.CronJobs = nil
	after.Products = append(after.Products, snapshot.Product{Name: "csm", Version: "1.6.0"})
	r := Between(before, after, planes())
	for _, want := range []Change{
		{"component", "chart:services/cray-bos", "version", "2.10.28", "2.11.0", []model.PlaneID{"control"}},
		{"node", "ncn-w001", "kubelet", "v1.22.13", "v1.24.17", []model.PlaneID{}},
		{"machine", before.Machines[0].ID, "state", "Ready", "Off", []model.PlaneID{"compute"}},
		{"cron-job", "operators/etcd-defrag", "", "there", "", []model.PlaneID{}},
		{"product", "csm-1.6.0", "", "", "there", []model.PlaneID{}},
	} {
		if !slices.ContainsFunc(r.Changes, func(c Change) bool { return reflect.DeepEqual(c, want) }) {
			t.Errorf("%+v is missing in %+v", want, r.Changes)
		}
	}
	back := Between(after, before, planes())
	if len(back.Changes) != len(r.Changes) {
		t.Fatalf("%d changes there, %d back", len(r.Changes), len(back.Changes))
	}
	for i, c := range r.Changes {
		if b := back.Changes[i]; b.Before != c.After || b.After != c.Before {
			t.Errorf("%+v is not the opposite of %+v", b, c)
		}
	}
}

// What was not exported has not gone.
func TestMissingExportsAreNotRemovals(t *testing.T) {
	r := Between(site(t), site(t, "helm.json", "hsm.json", "sls.json", "satstatus.json", "ceph-versions.json", "kubernetes.json"), planes())
	for _, c := range r.Changes {
		t.Errorf("shown as changed, but only not exported: %+v", c)
	}
	for _, kind := range []string{snapshot.KindHelm, snapshot.KindInventory, snapshot.KindCephVersion, snapshot.KindNodes, snapshot.KindWorkloads} {
		if !slices.Contains(r.NotCompared, kind) {
			t.Errorf("%s is not said to be missing: %v", kind, r.NotCompared)
		}
	}
}

// What a damaged file does not show may still be there.
func TestDamagedExportsAreNotRemovals(t *testing.T) {
	whole := site(t)
	damaged := clone(t, whole)
	damaged.Charts = nil
	for i, src := range damaged.Sources {
		damaged.Sources[i].Partial = slices.Contains(src.Kinds, snapshot.KindHelm)
	}
	r := Between(whole, damaged, planes())
	if len(r.Changes) > 0 || !slices.Contains(r.NotCompared, snapshot.KindHelm) {
		t.Errorf("%+v", r)
	}
}

func TestCheckAgainstAPlan(t *testing.T) {
	before := site(t)
	after := clone(t, before)
	for i := range after.Charts {
		switch after.Charts[i].Name {
		case "cray-bos":
			after.Charts[i].Version = "2.11.0"
		case "site-tool":
			after.Charts[i].Version = "0.2.0"
		}
	}
	action, other := model.ActionID("ship:all"), model.ActionID("ship:later")
	plan := model.Plan{
		Changes: []model.Change{
			{ID: "chart:services/cray-bos", Kind: model.KindChart, From: "2.10.28", To: "2.11.0", Action: &action},
			{ID: "chart:services/cray-hms-bss", Kind: model.KindChart, From: "3.1.4", To: "3.2.0", Action: &action},
			{ID: "chart:services/gone", Kind: model.KindChart, From: "1.0.0", Direction: model.Removed, Action: &action},
			{ID: "rpm:acpid.x86_64", Kind: model.KindRPM, From: "1", To: "2", Action: &action},
			{ID: "chart:services/cray-uan", Kind: model.KindChart, From: "1.2.0", To: "1.3.0", Action: &other},
		},
		Bundles: []model.Bundle{{Key: action, Actions: []model.ActionID{action}}, {Key: other, Actions: []model.ActionID{other}}},
	}
	got := Check(plan, []model.ActionID{action}, after, Between(before, after, planes()), planes())
	want := Checked{
		Happened:  []model.ChangeID{"chart:services/cray-bos", "chart:services/gone"},
		Missing:   []Change{{Kind: "component", Subject: "chart:services/cray-hms-bss", What: "version", Before: "3.1.4", After: "3.2.0", Planes: []model.PlaneID{"control"}}},
		Unplanned: []Change{{"component", "chart:site/site-tool", "version", "0.1.0", "0.2.0", []model.PlaneID{"control"}}},
		NotShown:  []model.ChangeID{"rpm:acpid.x86_64"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Nothing else may have happened: nodes left cordoned, flags left set, machines that
// did not come back. What every update does to pods and machines is no surprise.
func TestWhatNoPlanNames(t *testing.T) {
	before := site(t)
	before.Nodes[2].Cordoned = false
	after := clone(t, before)
	after.Nodes[0].Ready = false
	after.Nodes[1].Kubelet, after.Nodes[1].Kernel = "v1.24.17", "6.4.0"
	after.Nodes[2].Cordoned = true
	after.Machines[0].State, after.Machines[0].Image = "Off", "another"
	after.Workloads[0].Replicas++
	after.Workloads[0].Ready = after.Workloads[0].Replicas
	after.CronJobs[0].Schedule = "@daily"
	after.Products = append(after.Products, snapshot.Product{Name: "csm", Version: "1.6.0"}, snapshot.Product{Name: "own", Version: "1.0.0"})
	roll := model.ActionID("roll:worker")
	plan := model.Plan{To: []model.ReleaseRef{{Product: "csm", Version: "1.6.0"}}, Bundles: []model.Bundle{{Key: roll, Actions: []model.ActionID{roll}}}}
	got := Check(plan, nil, after, Between(before, after, planes()), planes())
	var texts []string
	for _, c := range got.Unplanned {
		texts = append(texts, c.Kind+" "+c.Subject+" "+c.What)
	}
	want := []string{"machine " + before.Machines[0].ID + " image", "machine " + before.Machines[0].ID + " state", "node ncn-m001 ready", "node ncn-w002 cordoned", "product own-1.0.0 "}
	if !slices.Equal(texts, want) {
		t.Errorf("not planned: %q, want %q", texts, want)
	}
	image := model.ChangeID("node-image:" + before.Machines[0].Role + ".x86_64")
	plan.Changes = []model.Change{{ID: image, Kind: model.KindNodeImage, From: "1", To: "2", Action: &roll}}
	for _, c := range Check(plan, nil, after, Between(before, after, planes()), planes()).Unplanned {
		if c.What == "image" {
			t.Errorf("the plan changes the image of the role: %+v", c)
		}
	}
	if got.AsPlanned() {
		t.Error("as planned")
	}
}

// That no version of a thing was seen is no proof that the planned one does not run:
// storage nodes are in no list of Kubernetes, customised images in no catalogue.
func TestNotSeenIsNotMissing(t *testing.T) {
	before := site(t)
	after := clone(t, before)
	for i := range after.Machines {
		after.Machines[i].Image = "customised"
	}
	roll := model.ActionID("roll:storage")
	plan := model.Plan{Changes: []model.Change{
		{ID: "kernel:storage.x86_64", Kind: model.KindKernel, From: "5", To: "6", Action: &roll},
		{ID: "node-image:master.x86_64", Kind: model.KindNodeImage, From: "5.2.54", To: "6.2.28", Action: &roll},
		{ID: "kubernetes:kubernetes", Kind: model.KindKubernetes, From: "v1.21.12", To: "v1.24.17", Action: &roll},
	}, Bundles: []model.Bundle{{Key: roll, Actions: []model.ActionID{roll}}}}
	got := Check(plan, nil, after, Between(before, after, planes()), planes())
	if !slices.Equal(got.NotShown, []model.ChangeID{"kernel:storage.x86_64", "node-image:master.x86_64"}) || len(got.Missing) != 1 || got.Missing[0].Subject != "kubernetes:kubernetes" {
		t.Errorf("%+v", got)
	}
}

func TestCephIsNotLeftBroken(t *testing.T) {
	before := site(t)
	before.Sources = append(before.Sources, snapshot.Source{Name: "ceph", Kinds: []string{snapshot.KindCephStatus, snapshot.KindCephPools}})
	before.Ceph.Health, before.Ceph.Flags = "HEALTH_OK", nil
	broken := clone(t, before)
	broken.Ceph.Health, broken.Ceph.Flags, broken.Ceph.Up = "HEALTH_WARN", []string{"noout"}, before.Ceph.Up+1
	for _, c := range []struct {
		name     string
		from, to snapshot.Snapshot
		want     []string
	}{{"broken", before, broken, []string{"flags", "health", "osds up"}}, {"repaired", broken, before, []string{"osds up"}}} {
		var got []string
		for _, u := range Check(model.Plan{}, nil, c.to, Between(c.from, c.to, planes()), planes()).Unplanned {
			got = append(got, u.What)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
