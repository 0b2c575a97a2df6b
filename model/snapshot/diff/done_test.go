package diff

import (
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/snapshot"
	"planewise/model/snapshot/csm"
)

// half is a snapshot after half an update: one of two charts is new, of three workers
// one, and all kubelets.
func half() snapshot.Snapshot {
	node := func(name, kernel string) snapshot.Node {
		return snapshot.Node{Name: name, Role: "worker", Kubelet: "v1.24.17", Kernel: kernel, Ready: true}
	}
	return snapshot.Snapshot{
		Format:  snapshot.Format,
		Sources: []snapshot.Source{{Name: "helm.json", Kinds: []string{snapshot.KindHelm}}, {Name: "nodes.json", Kinds: []string{snapshot.KindNodes}}},
		Nodes:   []snapshot.Node{node("w1", "6.4.0"), node("w2", "5.14.21"), node("w3", "5.14.21")},
		Charts: []snapshot.Chart{
			{Namespace: "services", Name: "cray-bos", Chart: "cray-bos", Version: "2.30.5"},
			{Namespace: "services", Name: "cray-bss", Chart: "cray-bss", Version: "3.1.5"},
		},
	}
}

func halfPlan() model.Plan {
	change := func(id, kind, from, to, action string) model.Change {
		a := model.ActionID(action)
		return model.Change{ID: model.ChangeID(id), Kind: model.Kind(kind), From: from, To: to, Action: &a}
	}
	return model.Plan{
		Actions: []model.Action{{ID: "ship:services/cray-bos", Units: 1}, {ID: "ship:services/cray-bss", Units: 1}, {ID: "remove:services/cray-reds", Units: 1}, {ID: "roll:worker", Units: 3}, {ID: "step:kubeadm", Units: 1}},
		Changes: []model.Change{
			change("chart:services/cray-bos", "chart", "2.10.20", "2.30.5", "ship:services/cray-bos"),
			change("chart:services/cray-bss", "chart", "3.1.5", "3.2.4", "ship:services/cray-bss"),
			change("chart:services/cray-reds", "chart", "3.0.1", "", "remove:services/cray-reds"),
			change("kernel:worker.x86_64", "kernel", "5.14.21", "6.4.0", "roll:worker"),
			change("kubernetes:kubernetes", "kubernetes", "v1.22.13", "v1.24.17", "step:kubeadm"),
			change("rpm:a.noarch", "rpm", "1", "2", "roll:worker"),
		},
	}
}

func TestDone(t *testing.T) {
	done := func(ids ...model.ActionID) (out []model.Done) {
		for _, id := range ids {
			out = append(out, model.Done{Action: id})
		}
		return out
	}
	cases := []struct {
		name string
		done []model.Done
		want string // code and subject of each
	}{
		{"as it is", append(done("ship:services/cray-bos", "remove:services/cray-reds"), model.Done{Action: "roll:worker", Units: 1, Of: 3}), ""},
		{"nothing said", nil, "seen-not-said remove:services/cray-reds, seen-not-said roll:worker, seen-not-said ship:services/cray-bos"},
		{"too much said", done("ship:services/cray-bos", "ship:services/cray-bss", "remove:services/cray-reds", "roll:worker"), "done-not-seen roll:worker, done-not-seen ship:services/cray-bss"},
		{"too many nodes", append(done("ship:services/cray-bos", "remove:services/cray-reds"), model.Done{Action: "roll:worker", Units: 2, Of: 3}), "done-not-seen roll:worker"},
		{"what is not shown contradicts nothing", append(done("ship:services/cray-bos", "remove:services/cray-reds", "step:kubeadm"), model.Done{Action: "roll:worker", Units: 1, Of: 3}), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, d := range Done(halfPlan(), c.done, half(), csm.Profile()) {
				got = append(got, string(d.Code)+" "+d.Subject)
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %s, want %s", strings.Join(got, ", "), c.want)
			}
		})
	}
	// A node that is not shown may be one of those that are done.
	said := append(done("ship:services/cray-bos", "remove:services/cray-reds"), model.Done{Action: "roll:worker", Units: 2, Of: 3})
	partial := half()
	partial.Nodes = partial.Nodes[:1]
	if got := Done(halfPlan(), said, partial, csm.Profile()); len(got) > 0 {
		t.Errorf("nodes that are not shown contradict: %+v", got)
	}
	partial.Nodes = half().Nodes[1:]
	if got := Done(halfPlan(), said, partial, csm.Profile()); len(got) != 1 || got[0].Code != "done-not-seen" {
		t.Errorf("two of three are as before, and two are done: %+v", got)
	}
	// Without the exports nothing is known, and nothing is contradicted.
	blind := half()
	blind.Sources, blind.Nodes, blind.Charts = nil, nil, nil
	if got := Done(halfPlan(), done("ship:services/cray-bss", "roll:worker"), blind, csm.Profile()); len(got) > 0 {
		t.Errorf("an empty snapshot contradicts: %+v", got)
	}
}
