package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"planewise/model"
)

// aSite is what a small made-up site with some faults exports: a master that is not
// ready, a monitor out of the quorum, a service with one instance less, singletons.
func aSite() map[string]string {
	list := func(items []string) string {
		return `{"apiVersion":"v1","kind":"List","items":[` + strings.Join(items, ",") + `]}`
	}
	var nodes, workloads, pods, budgets, machines []string
	for i := 1; i <= 3; i++ {
		nodes = append(nodes,
			fmt.Sprintf(`{"kind":"Node","apiVersion":"v1","metadata":{"name":"ncn-m00%d","labels":{"node-role.kubernetes.io/control-plane":""}},"status":{"conditions":[{"type":"Ready","status":"%v"}],"nodeInfo":{"kubeletVersion":"v1.22.13"}}}`, i, map[bool]string{true: "True", false: "False"}[i < 3]),
			fmt.Sprintf(`{"kind":"Node","apiVersion":"v1","metadata":{"name":"ncn-w00%d","labels":{"cps-pm-node":"True"}},"status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1.22.13"}}}`, i))
		machines = append(machines, fmt.Sprintf(`{"ID":"x3000c0s%db0n0","Type":"Node","State":"Ready","Role":"Management","SubRole":"Master"}`, 10+i),
			fmt.Sprintf(`{"ID":"x3000c0s%db0n0","Type":"Node","State":"Ready","Role":"Management","SubRole":"Worker"}`, 30+i), fmt.Sprintf(`{"ID":"x3000c0s%db0n0","Type":"Node","State":"Ready","Role":"Management","SubRole":"Storage"}`, i),
			fmt.Sprintf(`{"ID":"x1000c0s%db0n0","Type":"Node","State":"Ready","Role":"Compute"}`, i), fmt.Sprintf(`{"ID":"x3000c0s%db0n0","Type":"Node","State":"Ready","Role":"Application","SubRole":"UAN"}`, 20+i))
	}
	for _, w := range []struct {
		kind, namespace, name string
		replicas, ready       int
	}{
		{"Deployment", "user", "slurmctld", 1, 1}, {"Deployment", "nexus", "nexus", 1, 1}, {"Deployment", "services", "cray-uas-mgr", 1, 1}, {"Deployment", "services", "cray-smd", 3, 2},
		{"StatefulSet", "vault", "cray-vault", 3, 3}, {"Deployment", "site", "portal", 2, 2},
	} {
		workloads = append(workloads, fmt.Sprintf(`{"kind":"%s","apiVersion":"apps/v1","metadata":{"name":"%s","namespace":"%s"},"spec":{"replicas":%d,"template":{"metadata":{"labels":{"app":"%s"}}}},"status":{"readyReplicas":%d,"observedGeneration":1}}`, w.kind, w.name, w.namespace, w.replicas, w.name, w.ready))
		for i := range w.replicas {
			owner := fmt.Sprintf(`{"kind":"StatefulSet","name":"%s","controller":true}`, w.name)
			if w.kind == "Deployment" {
				owner = fmt.Sprintf(`{"kind":"ReplicaSet","name":"%s-abc","controller":true}`, w.name)
			}
			pods = append(pods, fmt.Sprintf(`{"kind":"Pod","apiVersion":"v1","metadata":{"name":"%s-%d","namespace":"%s","labels":{"pod-template-hash":"abc"},"ownerReferences":[%s]},"spec":{"nodeName":"ncn-w00%d"},"status":{"phase":"Running"}}`, w.name, i, w.namespace, owner, i%3+1))
		}
	}
	budgets = append(budgets, `{"kind":"PodDisruptionBudget","apiVersion":"policy/v1","metadata":{"name":"portal","namespace":"site"},"spec":{"minAvailable":2,"selector":{"matchLabels":{"app":"portal"}}},"status":{"disruptionsAllowed":0}}`)
	return map[string]string{
		"nodes": list(nodes), "workloads": list(workloads), "pods": list(pods), "budgets": list(budgets), "hsm": `{"Components":[` + strings.Join(machines, ",") + `]}`,
		"catalogue":     `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cray-product-catalog"},"data":{"csm":"1.5.2: {}\n"}}`,
		"helm":          `[{"name":"cray-nexus","namespace":"nexus","status":"deployed","chart":"cray-nexus-0.11.1"},{"name":"cray-hms-bss","namespace":"services","status":"deployed","chart":"cray-hms-bss-3.1.4"}]`,
		"loftsman":      `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"loftsman-nexus","namespace":"loftsman"},"data":{"status":"failed","manifest.yaml":"spec:\n  charts:\n  - {name: cray-nexus, version: 0.11.1, namespace: nexus}\n"}}`,
		"bss":           `[{"hosts":["x1000c0s1b0n0"],"params":"root=craycps-s3:s3://boot-images/a/rootfs","kernel":"s3://boot-images/a/kernel"}]`,
		"sls":           `{"Hardware":{"x1000c0s1b0n0":{"Xname":"x1000c0s1b0n0","Type":"comptype_node","TypeString":"Node","ExtraProperties":{"Role":"Compute"}}},"Networks":{"CAN":{"Name":"CAN"}}}`,
		"ceph-status":   `{"health":{"status":"HEALTH_WARN","checks":{"MON_DOWN":{"severity":"HEALTH_WARN","summary":{"message":"1/3 mons down","count":1}}}},"quorum_names":["a","b"],"monmap":{"num_mons":3},"osdmap":{"num_osds":3,"num_up_osds":3,"num_in_osds":3},"mgrmap":{"available":true,"num_standbys":1},"fsmap":{"in":1,"up":1,"up:standby":1},"servicemap":{"services":{}}}`,
		"ceph-tree":     `{"nodes":[{"id":-1,"type":"root","name":"default","children":[-2,-3,-4]},{"id":-2,"type":"host","name":"ncn-s001","children":[0]},{"id":-3,"type":"host","name":"ncn-s002","children":[1]},{"id":-4,"type":"host","name":"ncn-s003","children":[2]},{"id":0,"type":"osd","name":"osd.0","status":"up"},{"id":1,"type":"osd","name":"osd.1","status":"up"},{"id":2,"type":"osd","name":"osd.2","status":"up"}],"stray":[]}`,
		"ceph-pools":    `[{"pool_name":"kube","size":3,"min_size":2,"crush_rule":0,"application_metadata":{"rbd":{}}}]`,
		"ceph-versions": `{"mon":{"ceph version 17.2.6 (x) quincy (stable)":3},"overall":{}}`,
	}
}

// planWithout imports a site without some of its exports, and plans from what runs.
func planWithout(t *testing.T, site map[string]string, missing ...string) model.Plan {
	t.Helper()
	a, dir := testApp(t), t.TempDir()
	for name, text := range site {
		if slices.Contains(missing, name) {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name+".json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := time.Date(2026, 1, 10, 20, 0, 0, 0, time.UTC)
	if _, err := a.ImportSnapshot(context.Background(), SnapshotRequest{Name: "site", Paths: []string{dir}, Taken: at}); err != nil {
		t.Fatalf("without %v: %v", missing, err)
	}
	p, err := a.Plan(context.Background(), Request{From: "system:site", To: "csm-1.6.0-rc.3", System: "site", Policy: "jobs-first", At: at})
	if err != nil {
		t.Fatalf("without %v: %v", missing, err)
	}
	return p.Plan()
}

type felt struct {
	action     model.ActionID
	capability model.CapabilityID
}

// worstOf is the worst that each action may do to each capability, and whether a fact
// that was observed stands behind it.
func worstOf(p model.Plan) (most map[felt]model.Level, seen map[felt]bool) {
	observed := map[model.FactID]bool{}
	for _, f := range p.Facts {
		observed[f.ID] = f.Basis == model.BasisObserved
	}
	most, seen = map[felt]model.Level{}, map[felt]bool{}
	for _, a := range p.Actions {
		for _, e := range a.Effects {
			key := felt{a.ID, e.Capability}
			most[key] = max(most[key], e.Range().Most)
			seen[key] = seen[key] || slices.ContainsFunc(e.Facts, func(id model.FactID) bool { return observed[id] })
		}
	}
	return most, seen
}

// TestMissingExportsMakeNothingBetter drops each export, and some two: no capability may
// then fare better than with all of them, unless what was observed there is why it fares
// worse with them, or the plan is blocked. What is not known may only grow.
func TestMissingExportsMakeNothingBetter(t *testing.T) {
	site := aSite()
	whole := planWithout(t, site)
	most, seen := worstOf(whole)
	var names []string
	for name := range site {
		names = append(names, name)
	}
	slices.Sort(names)
	check := func(missing ...string) {
		p := planWithout(t, site, missing...)
		if slices.ContainsFunc(p.Diagnostics, func(d model.Diagnostic) bool {
			return d.Severity == model.Blocking && (d.Code == "no-such-nodes" || d.Code == "not-seen")
		}) {
			return // it must not be used, and says so
		}
		less, _ := worstOf(p)
		for key, level := range most {
			if less[key] < level && !seen[key] {
				t.Errorf("without %v %s is %s by %s, and %s with all exports; no fact that was observed says why", missing, key.capability, less[key], key.action, level)
			}
		}
	}
	for _, name := range names {
		check(name)
	}
	check("catalogue", "helm")
	check("ceph-tree", "ceph-status")
	check("pods", "workloads")
	check("sls", "bss")
}
