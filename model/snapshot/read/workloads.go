package read

import (
	"encoding/json"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/snapshot"
)

// live is a workload with what is needed to join other objects to it.
type live struct {
	snapshot.Workload
	labels map[string]string
	claims []string // of the pod template, "namespace/name"
	// uncounted: nothing said how many instances there should be.
	uncounted bool
}

func (f *file) workload(o *object) {
	w := live{labels: o.Spec.Template.Metadata.Labels}
	w.Kind, w.Namespace, w.Name = o.Kind, o.Metadata.Namespace, o.Metadata.Name
	ok := true
	switch o.Kind {
	case "Deployment":
		w.Replicas, ok = f.whole(o.Spec.Replicas, 1, o, "spec.replicas") // 1 is the API's own default
		w.Ready = o.Status.readyReplicas()
		w.Method = model.MethodRolling
		if o.Spec.Strategy.Type == "Recreate" {
			w.Method = model.MethodRecreate
		}
		w.MaxUnavailable, w.MaxSurge = string(o.Spec.Strategy.Rolling.MaxUnavailable), string(o.Spec.Strategy.Rolling.MaxSurge)
	case "StatefulSet":
		w.Replicas, ok = f.whole(o.Spec.Replicas, 1, o, "spec.replicas")
		w.Ready = o.Status.readyReplicas()
		w.Method = model.MethodStateful
		w.MaxUnavailable = string(o.Spec.UpdateStrategy.Rolling.MaxUnavailable)
	case "DaemonSet":
		w.Replicas, ok = f.whole(o.Status.Desired, -1, o, "status.desiredNumberScheduled")
		w.uncounted = w.Replicas < 0
		w.Ready, _ = o.Status.NumReady.count(-1)
		w.Method = model.MethodDaemonSet
		w.MaxUnavailable, w.MaxSurge = string(o.Spec.UpdateStrategy.Rolling.MaxUnavailable), string(o.Spec.UpdateStrategy.Rolling.MaxSurge)
	}
	if !ok {
		return
	}
	for _, v := range o.Spec.Template.Spec.Volumes {
		if v.Claim.Name != "" {
			w.claims = append(w.claims, w.Namespace+"/"+v.Claim.Name)
		}
	}
	f.state.workload(f, &w)
}

// database is a Zalando postgresql cluster: its StatefulSet has one leader.
func (f *file) database(o *object) {
	n, ok := f.whole(o.Spec.Instances, -1, o, "spec.numberOfInstances")
	if !ok || n < 0 {
		return
	}
	key := o.Metadata.Namespace + "/" + o.Metadata.Name
	if f.state.newer(f, "database", key) {
		f.state.databases[key] = n
	}
	if s := o.Status.Cluster; s != "" && s != "Running" {
		f.note(model.Warning, "database-not-running", "repair it before the update", "postgresql %s is %s", key, s)
	}
}

// pod counts an instance where it runs. Pods that have ended are none.
func (f *file) pod(o *object) {
	if o.Status.Phase == "Succeeded" || o.Status.Phase == "Failed" || o.Spec.NodeName == "" {
		return
	}
	for _, owner := range o.Metadata.Owners {
		kind, name := owner.Kind, owner.Name
		if kind == "ReplicaSet" {
			hash := o.Metadata.Labels["pod-template-hash"]
			base, ok := strings.CutSuffix(name, "-"+hash)
			if hash == "" || !ok {
				base = name[:max(0, strings.LastIndexByte(name, '-'))]
			}
			kind, name = "Deployment", base
		}
		switch kind {
		case "Deployment", "StatefulSet", "DaemonSet":
			f.state.place(f, o.Metadata.Namespace+"/"+o.Metadata.Name, kind+"/"+o.Metadata.Namespace+"/"+name, o.Spec.NodeName)
			return
		}
		if kind != "" {
			return // jobs start their pods again; static pods belong to their node
		}
	}
	f.state.stray(f, o.Metadata.Namespace+"/"+o.Metadata.Name, o.Spec.NodeName)
}

func (f *file) budget(o *object) {
	b := budget{selector: o.Spec.Selector, Budget: snapshot.Budget{
		Namespace: o.Metadata.Namespace, Name: o.Metadata.Name, Allowed: -1, Workloads: []string{},
		MinAvailable: string(o.Spec.MinAvailable), MaxUnavailable: string(o.Spec.MaxUnavailable),
	}}
	if n, ok := o.Status.Allowed.count(-1); ok {
		b.Allowed = n
	}
	if key := b.Namespace + "/" + b.Name; f.state.newer(f, "budget", key) {
		f.state.budgets[key] = b
	}
}

type budget struct {
	snapshot.Budget
	selector selector
}

// covers says whether the budget's selector takes pods with these labels. A selector
// that is not given takes none, an empty one takes all.
func (b budget) covers(labels map[string]string) bool {
	if !b.selector.given {
		return false
	}
	for k, v := range b.selector.Labels {
		if got, ok := labels[k]; !ok || got != v {
			return false
		}
	}
	for _, e := range b.selector.Expressions {
		got, has := labels[e.Key]
		in := has && slices.Contains(e.Values, got)
		switch e.Operator {
		case "In":
			if !in {
				return false
			}
		case "NotIn":
			if in {
				return false
			}
		case "Exists":
			if !has {
				return false
			}
		case "DoesNotExist":
			if has {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// helmMax is the number of rows at which helm list stops by itself.
const helmMax = 256

// helm reads a row of helm list.
func (f *file) helm(raw json.RawMessage) {
	var row struct {
		Name      Text `json:"name"`
		Namespace Text `json:"namespace"`
		Chart     Text `json:"chart"`
		Status    Text `json:"status"`
	}
	f.unpack(raw, &row, "helm list")
	if row.Name == "" || row.Chart == "" {
		f.bad("nameless-object", "export it again with helm list -A -o json", "a row of helm list without name or chart")
		return
	}
	c := snapshot.Chart{Namespace: clean.Text(string(row.Namespace)), Name: clean.Text(string(row.Name)), Status: clean.Text(string(row.Status))}
	var ok bool
	if c.Chart, c.Version, ok = splitChart(clean.Text(string(row.Chart))); !ok {
		f.note(model.Warning, "chart-without-version", "see helm list", "release %s/%s: no version in the chart name %s", c.Namespace, c.Name, row.Chart)
	}
	f.helmRows++
	if c.Status == "uninstalled" { // its history is kept, and nothing runs
		return
	}
	f.state.chart(c)
	if c.Status != "" && c.Status != "deployed" {
		f.note(model.Warning, "helm-not-deployed", "repair or roll back the release before the update: helm history", "release %s/%s is %s", c.Namespace, c.Name, c.Status)
	}
}

// endOfHelm notes a list that helm may have cut.
func (f *file) endOfHelm() {
	if f.helmRows == helmMax {
		f.bad("half-a-list", "export it with helm list -A --max 0 -o json", "the list has just the %d rows at which helm stops by itself; more may be installed", helmMax)
	}
}

// splitChart cuts "metrics-server-3.1.5" into name and version: the version begins at
// the first hyphen that three numbers with dots follow.
func splitChart(s string) (name, version string, ok bool) {
	for i := 0; i < len(s); i++ {
		if s[i] != '-' || i == 0 {
			continue
		}
		if isVersion(strings.TrimPrefix(s[i+1:], "v")) {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// isVersion: three numbers with dots, then the end or "-", "+".
func isVersion(s string) bool {
	for part := range 3 {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		if n == 0 {
			return false
		}
		s = s[n:]
		if part < 2 {
			if s == "" || s[0] != '.' {
				return false
			}
			s = s[1:]
		}
	}
	return s == "" || s[0] == '-' || s[0] == '+'
}
