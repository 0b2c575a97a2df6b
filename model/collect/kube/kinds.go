package kube

import (
	"slices"

	// why: the names by which the dynamic client asks for a kind.
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// kind is one kind of objects that is listed. The table of kinds, and the ConfigMaps of
// the Config, are all that this package ever asks a cluster for; the role that is
// shipped grants the same.
type kind struct {
	// answer is its name in the snapshot's sources, behind "kube/".
	answer string
	group  string
	// versions of the API that have it, the one to try first in front. A cluster that
	// does not know one is asked for the next.
	versions []string
	resource string
	object   string // the word that its objects have as kind
	// namespace it is listed in; "" for all of them.
	namespace string
	// wanted says which objects are of use, by name; nil for all.
	wanted func(name string) bool
	// optional: a cluster without it has none of it.
	optional bool
	// limit is the number of objects in a page.
	limit int64
	// cut are members that go no further, as paths of keys.
	cut []string
	// dated: the managed fields go on too, since they say when the object was written.
	dated bool
}

// page is the number of objects in a page of a list. ConfigMaps may have a megabyte
// each, so their pages are smaller.
const (
	page      = 500
	largePage = 50
)

// Members of every object that are of no use: the managed fields are often the larger
// part, and annotations hold whole objects as they were applied.
const (
	managedFields = "metadata.managedFields"
	annotations   = "metadata.annotations"
)

var template = []string{"spec.template.spec.containers", "spec.template.spec.initContainers", "spec.template.metadata.annotations"}

// kinds are in the order in which they are asked for.
var kinds = []kind{
	{answer: "nodes", versions: []string{"v1"}, resource: "nodes", object: "Node", limit: page, cut: []string{"status.images", "status.volumesAttached", "status.volumesInUse"}},
	{answer: "deployments", group: "apps", versions: []string{"v1"}, resource: "deployments", object: "Deployment", limit: page, cut: template},
	{answer: "statefulsets", group: "apps", versions: []string{"v1"}, resource: "statefulsets", object: "StatefulSet", limit: page, cut: template},
	{answer: "daemonsets", group: "apps", versions: []string{"v1"}, resource: "daemonsets", object: "DaemonSet", limit: page, cut: template},
	{answer: "pods", versions: []string{"v1"}, resource: "pods", object: "Pod", limit: page, cut: []string{
		"spec.containers", "spec.initContainers", "spec.ephemeralContainers", "spec.tolerations",
		"status.containerStatuses", "status.initContainerStatuses", "status.ephemeralContainerStatuses",
	}},
	{answer: "budgets", group: "policy", versions: []string{"v1", "v1beta1"}, resource: "poddisruptionbudgets", object: "PodDisruptionBudget", limit: page},
	{answer: "claims", versions: []string{"v1"}, resource: "persistentvolumeclaims", object: "PersistentVolumeClaim", limit: page},
	{answer: "cronjobs", group: "batch", versions: []string{"v1", "v1beta1"}, resource: "cronjobs", object: "CronJob", limit: page, cut: []string{"spec.jobTemplate"}},
	{answer: "postgresqls", group: "acid.zalan.do", versions: []string{"v1"}, resource: "postgresqls", object: "postgresql", limit: page, optional: true, cut: []string{
		"spec.env", "spec.sidecars", "spec.initContainers", "spec.patroni", "spec.clone", "spec.standby",
	}},
}

// kinds that the client asks for, those that every cluster has first.
func (c *Client) kinds() []kind {
	all := slices.Clone(kinds)
	for _, m := range c.config.ConfigMaps {
		all = append(all, kind{answer: m.Answer, versions: []string{"v1"}, resource: "configmaps", object: "ConfigMap", namespace: m.Namespace, wanted: m.Is, limit: largePage, dated: m.Dated})
	}
	return all
}

// name of the answer in the snapshot's sources.
func (k kind) name() string { return "kube/" + k.answer }

func (k kind) at(version string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: k.group, Version: version, Resource: k.resource}
}
