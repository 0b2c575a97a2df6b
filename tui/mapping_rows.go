package tui

import (
	"slices"

	"planewise/model"
)

// mapped is one component with what the mapping says about it.
type mapped struct {
	component    model.Component
	id           model.ComponentID
	rule         model.Rule
	layer        string
	state        mapState
	capabilities []model.CapabilityID
	changes      bool // the plan changes it
}

// mapState sorts the rows: what nobody knows first.
type mapState uint8

const (
	unmapped mapState = iota
	unknownEffect
	known
)

func (s mapState) String() string {
	return [...]string{"unmapped", "unknown", ""}[s]
}

func mappedOf(v *view, sides ...[]model.Release) []mapped {
	serves := servesOf(v.catalog.Capabilities())
	blind := map[model.ComponentID]bool{}
	for i := range v.Actions {
		for _, e := range v.Actions[i].Effects {
			if e.Unknown {
				for _, c := range v.Actions[i].Changes {
					blind[c] = true
				}
			}
		}
	}
	at := map[model.ComponentID]int{}
	var out []mapped
	for _, set := range sides {
		for _, r := range set {
			for _, c := range r.Components {
				id := c.ID()
				if i, ok := at[id]; ok {
					out[i].component = c // the target's side comes last
					continue
				}
				at[id] = len(out)
				out = append(out, mapped{component: c, id: id})
			}
		}
	}
	for i := range out {
		out[i].look(v, serves, blind[out[i].id])
	}
	out = slices.DeleteFunc(out, func(m mapped) bool {
		// Entries of upload lists that no rule names are deliveries; hooks are for
		// procedures to describe.
		return m.state == unmapped && (m.component.Kind == model.KindImage || m.component.Kind == model.KindHook)
	})
	rank := map[model.Kind]int{}
	for i, k := range model.Kinds() {
		rank[k] = i
	}
	slices.SortStableFunc(out, func(a, b mapped) int {
		if a.state != b.state {
			return int(a.state) - int(b.state)
		}
		if x, y := rank[a.component.Kind], rank[b.component.Kind]; x != y {
			return x - y
		}
		return compare(a.id, b.id)
	})
	return out
}

func compare(a, b model.ComponentID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (m *mapped) look(v *view, serves map[model.ServiceID][]model.CapabilityID, blind bool) {
	_, m.changes = v.changes[m.id]
	match, ok := v.catalog.Lookup(m.component)
	if !ok {
		m.state = unmapped
		return
	}
	m.rule, m.layer, m.state = match.Rule, match.Layer, known
	if blind || m.rule.Method == model.MethodUnknown {
		m.state = unknownEffect
	}
	for _, load := range m.rule.Workloads {
		m.capabilities = append(m.capabilities, serves[load.Service]...)
	}
	for _, e := range m.rule.Effects {
		if e.Capability != "" {
			m.capabilities = append(m.capabilities, e.Capability)
		}
	}
	slices.Sort(m.capabilities)
	m.capabilities = slices.Compact(m.capabilities)
}

// servesOf are the capabilities that name a service among their needs.
func servesOf(capabilities []model.Capability) map[model.ServiceID][]model.CapabilityID {
	out := map[model.ServiceID][]model.CapabilityID{}
	for _, c := range capabilities {
		var walk func(n model.Need)
		walk = func(n model.Need) {
			if n.Service != "" {
				out[n.Service] = append(out[n.Service], c.ID)
			}
			for _, list := range [][]model.Need{n.All, n.Any, n.Of} {
				for _, one := range list {
					walk(one)
				}
			}
		}
		if c.Needs != nil {
			walk(*c.Needs)
		}
	}
	return out
}

// method is that of the component, or of its first workload.
func (m *mapped) method() model.Method {
	if m.rule.Method != "" || len(m.rule.Workloads) == 0 {
		return m.rule.Method
	}
	return m.rule.Workloads[0].Method
}
