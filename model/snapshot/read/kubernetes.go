package read

import (
	"encoding/json"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/snapshot"
)

// object holds what is of use of any Kubernetes object. One type for all kinds,
// because kubectl prints the kind after much of the object, and lists of the API
// after all of them. It stays independent of the client library: exports outlive
// versions of it.
type object struct {
	Kind       string `json:"kind"`
	APIVersion string `json:"apiVersion"`
	Metadata   struct {
		Name      string            `json:"name"`
		Namespace string            `json:"namespace"`
		Labels    map[string]string `json:"labels"`
		Owners    []struct {
			Kind       string `json:"kind"`
			Name       string `json:"name"`
			Controller bool   `json:"controller"`
		} `json:"ownerReferences"`
		// Managed says who wrote the object last, and when. kubectl shows it only with
		// --show-managed-fields.
		Managed []Managed `json:"managedFields"`
	} `json:"metadata"`
	Spec   spec   `json:"spec"`
	Status status `json:"status"`
	// Data of a ConfigMap, as text until the kind is known: that of a Secret is
	// forgotten unread.
	Data json.RawMessage `json:"data"`
}

type spec struct {
	Replicas       number   `json:"replicas"`
	Strategy       strategy `json:"strategy"`
	UpdateStrategy strategy `json:"updateStrategy"`
	Selector       selector `json:"selector"`
	Template       struct {
		Metadata struct {
			Labels map[string]string `json:"labels"`
		} `json:"metadata"`
		Spec struct {
			Volumes []struct {
				Claim struct {
					Name string `json:"claimName"`
				} `json:"persistentVolumeClaim"`
			} `json:"volumes"`
		} `json:"spec"`
	} `json:"template"`
	NodeName       string   `json:"nodeName"`
	MinAvailable   amount   `json:"minAvailable"`
	MaxUnavailable amount   `json:"maxUnavailable"`
	AccessModes    []string `json:"accessModes"`
	Unschedulable  bool     `json:"unschedulable"`
	Instances      number   `json:"numberOfInstances"`
	Schedule       string   `json:"schedule"`
	Suspend        bool     `json:"suspend"`
}

type strategy struct {
	Type    string `json:"type"`
	Rolling struct {
		MaxUnavailable amount `json:"maxUnavailable"`
		MaxSurge       amount `json:"maxSurge"`
	} `json:"rollingUpdate"`
}

// UnmarshalJSON takes the strategy of other kinds, where it is a word, as nothing.
func (s *strategy) UnmarshalJSON(data []byte) error {
	type plain strategy
	*s = strategy{}
	if len(data) > 0 && data[0] == '{' {
		_ = json.Unmarshal(data, (*plain)(s)) // wrong types within are left out
	}
	return nil
}

type selector struct {
	Labels      map[string]string `json:"matchLabels"`
	Expressions []struct {
		Key      string   `json:"key"`
		Operator string   `json:"operator"`
		Values   []string `json:"values"`
	} `json:"matchExpressions"`
	given bool
}

// UnmarshalJSON takes the selector of other kinds (a map of labels) as empty.
func (s *selector) UnmarshalJSON(data []byte) error {
	type plain selector
	*s = selector{}
	if len(data) > 0 && data[0] == '{' {
		_ = json.Unmarshal(data, (*plain)(s))
		s.given = true
	}
	return nil
}

type status struct {
	Phase     string `json:"phase"`
	Replicas  number `json:"replicas"`
	Seen      number `json:"observedGeneration"`
	Ready     number `json:"readyReplicas"`
	Desired   number `json:"desiredNumberScheduled"`
	NumReady  number `json:"numberReady"`
	Allowed   number `json:"disruptionsAllowed"`
	Condition []struct {
		Type   string `json:"type"`
		Status string `json:"status"`
	} `json:"conditions"`
	NodeInfo struct {
		Kubelet string `json:"kubeletVersion"`
		Kernel  string `json:"kernelVersion"`
		OS      string `json:"osImage"`
		Arch    string `json:"architecture"`
	} `json:"nodeInfo"`
	Cluster string `json:"PostgresClusterStatus"`
}

// ready says whether the condition Ready holds, and whether the object has it at all.
func (s status) ready() (ready, known bool) {
	for _, c := range s.Condition {
		if c.Type == "Ready" {
			return c.Status == "True", true
		}
	}
	return false, false
}

// readyReplicas is how many instances are ready, -1 where nothing of the status was
// exported. Kubernetes leaves the number out where it is 0.
func (s status) readyReplicas() int {
	if !s.Ready.known && !s.Replicas.known && !s.Seen.known {
		return -1
	}
	n, _ := s.Ready.count(0)
	return n
}

// kindsOf are the kinds of answers that objects of a kind belong to.
func kindsOf(kind string) []string {
	switch kind {
	case "Node":
		return []string{snapshot.KindNodes}
	case "Deployment", "StatefulSet", "DaemonSet":
		return []string{snapshot.KindWorkloads}
	case "Pod":
		return []string{snapshot.KindPods}
	case "PodDisruptionBudget":
		return []string{snapshot.KindBudgets}
	case "PersistentVolumeClaim":
		return []string{snapshot.KindClaims}
	case "CronJob":
		return []string{snapshot.KindCronJobs}
	case "postgresql":
		return []string{snapshot.KindDatabases}
	}
	return nil
}

// kubernetes reads one element of a Kubernetes list.
func (f *file) kubernetes(list *listState) error {
	var o object
	if err := f.decode(&o, "object"); err != nil {
		return err
	}
	if o.Kind == "" {
		o.Kind = list.kind
	}
	if o.Kind == "" {
		o.Data = nil // of an unknown kind, perhaps a Secret
		list.nameless = append(list.nameless, o)
		return nil
	}
	f.keep(&o)
	return nil
}

// keep takes what is of use of an object.
func (f *file) keep(o *object) {
	if o.Kind == "Secret" {
		f.secrets++
		return
	}
	kinds := kindsOf(o.Kind)
	if o.Kind == "ConfigMap" {
		f.configMap(o)
		return
	}
	if len(kinds) == 0 {
		f.kinds[snapshot.KindOther] = true
		return
	}
	for _, k := range kinds {
		f.kinds[k] = true
	}
	name := o.Metadata.Name
	if name == "" {
		f.bad("nameless-object", "export it again; do not edit it by hand", "an object of kind %s has no name; it was left out", o.Kind)
		return
	}
	if safe := clean.Text(name); safe != name {
		f.bad("strange-name", "no such name can exist in Kubernetes: find out where the file comes from", "a %s has control characters in its name: %s", o.Kind, safe)
		return
	}
	switch o.Kind {
	case "Node":
		f.node(o)
	case "Deployment", "StatefulSet", "DaemonSet":
		f.workload(o)
	case "Pod":
		f.pod(o)
	case "PodDisruptionBudget":
		f.budget(o)
	case "PersistentVolumeClaim":
		if key := o.Metadata.Namespace + "/" + name; f.state.newer(f, "claim", key) {
			f.state.claims[key] = slices.Contains(o.Spec.AccessModes, "ReadWriteOnce") || slices.Contains(o.Spec.AccessModes, "ReadWriteOncePod")
		}
	case "CronJob":
		f.state.cron = append(f.state.cron, snapshot.CronJob{Namespace: o.Metadata.Namespace, Name: name, Schedule: clean.Text(o.Spec.Schedule), Suspended: o.Spec.Suspend})
	case "postgresql":
		f.database(o)
	}
}

// whole is a count, noted where it is none or stands in quotes.
func (f *file) whole(v number, def int, o *object, field string) (int, bool) {
	if v.quoted && v.known {
		f.mistypedOnce("number-as-text", "%s.%s is a number in quotes; it was read as %d", o.Kind, field, v.n)
	}
	n, ok := v.count(def)
	if !ok {
		f.bad("bad-number", "export it again; do not edit it by hand", "%s %s/%s: %s is no count; the object was left out", o.Kind, o.Metadata.Namespace, o.Metadata.Name, field)
	}
	return n, ok
}

func (f *file) mistypedOnce(code model.Code, format, kind, field string, n int64) {
	if f.odd == nil {
		f.odd = map[string]int{}
	}
	key := string(code) + " " + kind + "." + field
	if f.odd[key]++; f.odd[key] == 1 {
		f.note(model.Warning, code, "kubectl writes numbers without quotes: find out what rewrote the file", format, kind, field, n)
	}
}

func (f *file) node(o *object) {
	ready, said := o.Status.ready()
	n := snapshot.Node{
		Name: o.Metadata.Name, Role: nodeRole(o.Metadata.Labels), Arch: archOf(firstOf(o.Status.NodeInfo.Arch, o.Metadata.Labels["kubernetes.io/arch"])),
		Kubelet: clean.Text(o.Status.NodeInfo.Kubelet), Kernel: clean.Text(o.Status.NodeInfo.Kernel), OS: clean.Text(o.Status.NodeInfo.OS),
		Ready: ready, ReadyUnknown: !said, Cordoned: o.Spec.Unschedulable, Zone: clean.Text(o.Metadata.Labels["topology.kubernetes.io/zone"]),
	}
	for _, label := range f.own.Labels {
		if v, ok := o.Metadata.Labels[label]; ok {
			n.Marks = append(n.Marks, clean.Text(label+"="+v))
		}
	}
	f.state.node(f, n)
}

// nodeRole is the role by the usual label; a node without one is a worker.
func nodeRole(labels map[string]string) string {
	const prefix = "node-role.kubernetes.io/"
	var roles []string
	for l := range labels {
		if role, ok := strings.CutPrefix(l, prefix); ok && role != "" {
			roles = append(roles, clean.Text(role))
		}
	}
	slices.Sort(roles)
	for _, r := range roles {
		if r == "control-plane" || r == "master" {
			return "master"
		}
	}
	if len(roles) > 0 {
		return roles[0]
	}
	return "worker"
}

// archOf is the architecture as releases write it; "" is x86_64.
func archOf(s string) string {
	switch strings.ToLower(s) {
	case "arm64", "aarch64", "arm":
		return "aarch64"
	}
	return ""
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
