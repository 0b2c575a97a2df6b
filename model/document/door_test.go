package document_test

import (
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/document"
)

// The catalogue and the impact engine rely on it that none of these gets through.
func TestWhatNoReaderHasToLookForAgain(t *testing.T) {
	const mapping, system = "format: planewise.mapping/1\nname: x\n", "format: planewise.system/1\nname: x\n"
	const nodes = "nodes: [{role: worker, count: 3}]\n"
	rule := func(text string) string {
		return mapping + "rules: [{match: {kind: chart, name: a}, planes: [p]" + text + "}]\n"
	}
	capability := func(text string) string {
		return mapping + "capabilities: [{id: p.a, plane: p, title: A, importance: major" + text + "}]\n"
	}
	for name, text := range map[string]string{
		"kind":                  mapping + "rules: [{match: {kind: chrat, name: a}, planes: [p]}]\n",
		"method":                rule(", method: roling"),
		"negative duration":     rule(", duration: {p50s: -5, p90s: 10}"),
		"effect on nothing":     rule(", effects: [{level: outage}]"),
		"effect on two":         rule(", effects: [{level: outage, service: a, capability: p.a}]"),
		"effect on no plane":    rule(", effects: [{level: outage, planes: []}]"),
		"effect before":         rule(", effects: [{level: outage, service: a, at_s: -1}]"),
		"crossing":              rule(", effects: [{level: outage, service: a, crossing: {product: '', from: '', to: ''}}]"),
		"replicas":              rule(", workloads: [{service: a, replicas: -1}]"),
		"count_from":            rule(", workloads: [{service: a, count_from: moons}]"),
		"needed":                rule(", workloads: [{service: a, needed: most}]"),
		"share":                 rule(", workloads: [{service: a, max_surge: half}]"),
		"importance":            strings.Replace(capability(""), "major", "vital", 1),
		"tolerance":             capability(", tolerance_s: -1"),
		"need of nothing":       capability(", needs: {}"),
		"need of two":           capability(", needs: {service: a, capability: p.b}"),
		"need of an empty list": capability(", needs: {all: []}"),
		"holds":                 capability(", needs: {service: a, holds_s: -1}"),
		"service without id":    mapping + "services: [{id: ''}]\n",
		"order":                 mapping + "orders: [{id: o, first: a, then: b, relation: after}]\n",
		"order without id":      mapping + "orders: [{id: '', first: a, then: b, relation: before}]\n",
		"limit":                 mapping + "limits: [{id: l, role: worker, max_down: -1}]\n",
		"share of a limit":      mapping + "limits: [{id: l, role: worker, max_down_permille: 1001}]\n",
	} {
		if _, err := document.Decode[model.Mapping]("mapping.yaml", []byte(text)); err == nil {
			t.Errorf("a mapping with a wrong %s is taken", name)
		}
	}
	for name, text := range map[string]string{
		"count":     system + "nodes: [{role: worker, count: -1}]\n",
		"number":    system + "nodes: [{role: worker, count: 1000001}]\n",
		"role":      system + "nodes: [{role: '', count: 1}]\n",
		"batch":     system + nodes + "batch: {worker: 0}\n",
		"instances": system + nodes + "workloads: [{kind: Deployment, namespace: a, name: b, replicas: -1}]\n",
		"ceph":      system + nodes + "ceph: {mons: -1, mgrs: 1, mds_active: 1, mds_standby: 1, rgw: 1, osd_hosts: 1}\n",
		"pool":      system + nodes + "ceph: {mons: 1, mgrs: 1, mds_active: 1, mds_standby: 1, rgw: 1, osd_hosts: 1, pools: [{name: a, serves: tape, size: 3, min_size: 2}]}\n",
		"min_size":  system + nodes + "ceph: {mons: 1, mgrs: 1, mds_active: 1, mds_standby: 1, rgw: 1, osd_hosts: 1, pools: [{name: a, serves: block, size: 3, min_size: 0}]}\n",
		"measured":  system + nodes + "measured: [{action: a, p50s: -1, p90s: 3, samples: 1}]\n",
	} {
		if _, err := document.Decode[model.System]("system.yaml", []byte(text)); err == nil {
			t.Errorf("a system with a wrong %s is taken", name)
		}
	}
	for _, text := range []string{rule(", method: rolling, workloads: [{service: a, replicas: 3}]"), capability(", needs: {service: a}")} {
		if _, err := document.Decode[model.Mapping]("mapping.yaml", []byte(text)); err != nil {
			t.Error(err) // else the others are refused for another reason
		}
	}
	if _, err := document.Decode[model.System]("system.yaml", []byte(system+nodes+"ceph: {mons: 1, mgrs: 1, mds_active: 1, mds_standby: 1, rgw: 1, osd_hosts: 1, pools: [{name: a, serves: block, size: 3, min_size: 2}]}\n")); err != nil {
		t.Error(err)
	}
}
