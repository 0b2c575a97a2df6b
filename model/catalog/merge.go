package catalog

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// Join puts the parts of one layer together, such as the files of a folder. The
// format is that of the first part.
func Join(name string, parts ...model.Mapping) model.Mapping {
	out := model.Mapping{Format: model.FormatMapping, Name: name}
	for i, p := range parts {
		if i == 0 {
			out.Format = p.Format
		}
		out.Planes = append(out.Planes, p.Planes...)
		out.Capabilities = append(out.Capabilities, p.Capabilities...)
		out.Services = append(out.Services, p.Services...)
		out.Residents = append(out.Residents, p.Residents...)
		out.Rules = append(out.Rules, p.Rules...)
		out.Orders = append(out.Orders, p.Orders...)
		out.Limits = append(out.Limits, p.Limits...)
		out.Features = append(out.Features, p.Features...)
	}
	return out
}

// merger lays mappings over each other and collects what is wrong with them.
type merger struct {
	layers []model.Mapping
	names  []string // of the layers
	diags  []model.Diagnostic
	// known names, once the parts that define them are merged.
	planes       map[model.PlaneID]bool
	capabilities map[model.CapabilityID]bool
	services     map[model.ServiceID]bool
}

func newMerger(layers []model.Mapping) *merger {
	m := &merger{layers: layers, planes: map[model.PlaneID]bool{}, capabilities: map[model.CapabilityID]bool{}, services: map[model.ServiceID]bool{}}
	for i, l := range layers {
		name := l.Name
		if name == "" {
			name = "layer " + strconv.Itoa(i+1)
		}
		m.names = append(m.names, name)
	}
	return m
}

func (m *merger) note(s model.Severity, code model.Code, subject, summary, hint string, path ...string) {
	m.diags = append(m.diags, model.Diagnostic{Severity: s, Code: code, Subject: subject, Summary: summary, Hint: hint, Path: path})
}

// merge makes the mapping and its rules, most specific first.
func (m *merger) merge() (model.Mapping, []*entry) {
	out := model.Mapping{Format: model.FormatMapping, Name: strings.Join(m.names, "+")}
	out.Planes = overlay(m, "plane", "duplicate-plane", func(l model.Mapping) []model.Plane { return l.Planes }, func(p model.Plane) string { return string(p.ID) })
	out.Capabilities = overlay(m, "capability", "duplicate-capability", func(l model.Mapping) []model.Capability { return l.Capabilities }, func(c model.Capability) string { return string(c.ID) })
	out.Services = overlay(m, "service", "duplicate-service", func(l model.Mapping) []model.Service { return l.Services }, func(s model.Service) string { return string(s.ID) })
	out.Residents = overlay(m, "resident", "duplicate-resident", func(l model.Mapping) []model.Workload { return l.Residents }, residentKey)
	out.Orders = overlay(m, "order", "duplicate-order", func(l model.Mapping) []model.OrderRule { return l.Orders }, func(o model.OrderRule) string { return o.ID })
	out.Limits = overlay(m, "limit", "duplicate-limit", func(l model.Mapping) []model.Limit { return l.Limits }, func(l model.Limit) string { return l.ID })
	out.Features = overlay(m, "feature", "duplicate-feature", func(l model.Mapping) []model.FeatureChoice { return l.Features }, func(f model.FeatureChoice) string { return f.ID })
	m.declare(out)
	m.checkNamed(&out)
	entries := m.rules()
	for _, e := range entries {
		out.Rules = append(out.Rules, e.rule)
	}
	slices.SortFunc(out.Rules, func(a, b model.Rule) int { return strings.Compare(key(a), key(b)) })
	m.checkServed(out)
	sortMapping(&out)
	return out, entries
}

func (m *merger) declare(out model.Mapping) {
	for _, p := range out.Planes {
		m.planes[p.ID] = true
	}
	for _, c := range out.Capabilities {
		m.capabilities[c.ID] = true
	}
	for _, s := range out.Services {
		m.services[s.ID] = true
	}
}

func residentKey(w model.Workload) string {
	return strings.Join([]string{string(w.Service), w.Namespace, workloadName(w), w.When}, " ")
}

func workloadName(w model.Workload) string { return cmp.Or(w.Name, string(w.Service)) }

// overlay lays one list of all layers over each other by id, in the order of
// first appearance. Two different things with one id in a layer contradict each
// other; the first in byte order of its content is kept, so that the order of
// the file does not matter.
func overlay[T any](m *merger, what string, twice model.Code, list func(model.Mapping) []T, id func(T) string) []T {
	var out []T
	at := map[string]int{}
	for i, l := range m.layers {
		in := map[string]int{}
		for _, x := range list(l) {
			k := id(x)
			if j, again := in[k]; again {
				out[j] = m.settle(what, twice, k, m.names[i], out[j], x).(T)
				continue
			}
			j, replaces := at[k]
			if replaces {
				out[j] = x
			} else {
				j = len(out)
				at[k] = j
				out = append(out, x)
			}
			in[k] = j
		}
	}
	return out
}

// settle decides between two things with one id in one layer.
func (m *merger) settle(what string, twice model.Code, id, layer string, a, b any) any {
	x, y := content(a), content(b)
	if x != y {
		m.note(model.Blocking, twice, id, "layer "+layer+" defines the "+what+" twice, differently", "keep one definition")
	}
	if y < x {
		return b
	}
	return a
}

// content is a byte order for things that are equal only where they are the same.
func content(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%#v", v)
	}
	return string(b)
}

func sortMapping(out *model.Mapping) {
	place := map[model.PlaneID]int{}
	for i, p := range out.Planes {
		place[p.ID] = i
	}
	rank := map[model.Importance]int{model.Critical: 0, model.Major: 1, model.Minor: 2}
	slices.SortFunc(out.Capabilities, func(a, b model.Capability) int {
		return cmp.Or(place[a.Plane]-place[b.Plane], rank[a.Importance]-rank[b.Importance], cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(out.Services, func(a, b model.Service) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Residents, func(a, b model.Workload) int { return strings.Compare(residentKey(a), residentKey(b)) })
	slices.SortFunc(out.Orders, func(a, b model.OrderRule) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Features, func(a, b model.FeatureChoice) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Limits, func(a, b model.Limit) int { return strings.Compare(a.ID, b.ID) })
}
