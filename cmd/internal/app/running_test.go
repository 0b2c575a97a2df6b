package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"planewise/model"
)

// exported writes what the commands of a system that runs a release as it was made print:
// every chart, kubelet, node image and daemon of it.
func exported(t *testing.T, r model.Release) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, v any) {
		data, err := json.Marshal(v)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	type object map[string]any
	var helm, nodes, machines, boot []object
	images := r.Version + ":\n  images:\n    none-1.0.0: {}\n"
	versions := map[model.Kind]string{}
	for _, c := range r.Components {
		switch {
		case c.NotDeployed:
		case c.Kind == model.KindChart:
			chart := c.Chart
			if chart == "" {
				chart = c.Name
			}
			helm = append(helm, object{"name": c.Name, "namespace": c.Namespace, "status": "deployed", "chart": chart + "-" + c.Version})
		case c.Kind == model.KindNodeImage && (c.Role == "master" || c.Role == "worker" || c.Role == "storage"):
			id := fmt.Sprintf("image-of-%s-%s", c.Role, c.Arch)
			images += fmt.Sprintf("    %s-%s-%s: {id: %s}\n", c.Name, c.Version, c.Arch, id)
			machines = append(machines, object{"ID": "x-" + id, "Type": "Node", "State": "Ready", "Role": "Management", "SubRole": c.Role})
			boot = append(boot, object{"hosts": []string{"x-" + id}, "params": "root=live:LABEL=A", "kernel": "s3://boot-images/" + id + "/kernel"})
		default:
			versions[c.Kind] = c.Version
		}
	}
	nodes = append(nodes, object{"kind": "Node", "apiVersion": "v1", "metadata": object{"name": "ncn-w001"}, "status": object{"nodeInfo": object{"kubeletVersion": versions[model.KindKubernetes]}}})
	write("helm", helm)
	write("nodes", object{"apiVersion": "v1", "kind": "List", "items": nodes})
	write("hsm", object{"Components": machines})
	write("bss", boot)
	write("catalogue", object{"apiVersion": "v1", "kind": "ConfigMap", "metadata": object{"name": "cray-product-catalog"}, "data": object{r.Product: images}})
	ceph := object{"ceph version " + versions[model.KindCeph][1:] + " (x) quincy (stable)": 3}
	write("ceph", object{"mon": ceph, "osd": ceph, "overall": ceph})
	return dir
}

// A system that runs a release as it was made has no drift, and the plan from it has
// the changes of the plan from that release.
func TestSystemThatRunsItsRelease(t *testing.T) {
	a := testApp(t)
	for _, name := range []string{"csm-1.5.1", "csm-1.5.2"} {
		set, _, err := a.Resolve(context.Background(), name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := a.ImportSnapshot(context.Background(), SnapshotRequest{Name: "site", Paths: []string{exported(t, set[0])}})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Releases) != 1 || got.Releases[0].Name != "system:site" || !got.Releases[0].Known || len(got.Releases[0].Drift) != 0 {
			t.Errorf("%s: %+v", name, got.Releases)
		}
		ask := Request{From: name, To: "csm-1.6.0-rc.3", System: "site", Policy: "jobs-first"}
		made, err := a.Plan(context.Background(), ask)
		if err != nil {
			t.Fatal(err)
		}
		ask.From = "system:site"
		again, err := a.Plan(context.Background(), ask)
		if err != nil {
			t.Fatal(err)
		}
		want, plan := made.Plan(), again.Plan()
		if !reflect.DeepEqual(plan.Changes, want.Changes) || !reflect.DeepEqual(plan.Bundles, want.Bundles) {
			t.Errorf("%s: %d changes in %d bundles from what runs, %d in %d from the release", name, len(plan.Changes), len(plan.Bundles), len(want.Changes), len(want.Bundles))
		}
	}
}
