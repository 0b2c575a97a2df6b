package compare

import (
	"maps"
	"slices"

	"planewise/model"
	"planewise/planner/unknown"
)

// Only is what one option has that none of the others has. All lists are sorted.
type Only struct {
	// Changes are components that no other option changes.
	Changes []string `json:"changes"`
	// Versions are components that others change too, but to another version.
	Versions []string `json:"versions"`
	Actions  []string `json:"actions"`
	// Outages are capabilities that are gone for everybody, or may be, in this
	// option only.
	Outages  []string `json:"outages"`
	Retired  []string `json:"retired"`
	Unknowns []string `json:"unknowns"`
	// Blocking are the codes and subjects of blocking diagnostics.
	Blocking []string `json:"blocking"`
}

// IsEmpty reports whether the option has nothing of its own.
func (o Only) IsEmpty() bool {
	return len(o.Changes)+len(o.Versions)+len(o.Actions)+len(o.Outages)+len(o.Retired)+len(o.Unknowns)+len(o.Blocking) == 0
}

// traits are what an option has, as sets.
type traits struct {
	changes                                        map[string]string // component to version
	actions, outages, retired, unknowns, blockings map[string]bool
}

func traitsOf(o Option) traits {
	t := traits{
		changes: map[string]string{}, actions: map[string]bool{}, outages: map[string]bool{},
		retired: map[string]bool{}, unknowns: map[string]bool{}, blockings: map[string]bool{},
	}
	for _, p := range o.Steps {
		for _, c := range p.Changes {
			t.changes[string(c.ID)] = c.To // of several steps, the last
		}
		reach := p.Reach()
		for _, a := range p.Actions {
			t.actions[string(a.ID)] = true
			for _, e := range reach.Effects(a.Effects) {
				if e.Range().Most == model.Outage {
					t.outages[string(e.Capability)] = true
				}
			}
		}
		for _, r := range p.Retired {
			t.retired[string(r.Capability)] = true
		}
		for _, u := range unknown.All(&p) {
			t.unknowns[u.Subject] = true
		}
		for _, d := range p.Diagnostics {
			if d.Severity == model.Blocking {
				for _, subject := range append([]string{d.Subject}, d.Also...) {
					t.blockings[string(d.Code)+" "+subject] = true
				}
			}
		}
	}
	return t
}

func onlyOf(i int, all []traits) Only {
	mine := all[i]
	o := Only{
		Changes: []string{}, Versions: []string{},
		Actions:  own(i, all, func(t traits) map[string]bool { return t.actions }),
		Outages:  own(i, all, func(t traits) map[string]bool { return t.outages }),
		Retired:  own(i, all, func(t traits) map[string]bool { return t.retired }),
		Unknowns: own(i, all, func(t traits) map[string]bool { return t.unknowns }),
		Blocking: own(i, all, func(t traits) map[string]bool { return t.blockings }),
	}
	for _, id := range slices.Sorted(maps.Keys(mine.changes)) {
		others, same := 0, 0
		for j, t := range all {
			to, has := t.changes[id]
			if j == i || !has {
				continue
			}
			others++
			if to == mine.changes[id] {
				same++
			}
		}
		switch {
		case others == 0:
			o.Changes = append(o.Changes, id)
		case same == 0:
			o.Versions = append(o.Versions, id)
		}
	}
	return o
}

// own are the elements of option i's set that are in no other option's.
func own(i int, all []traits, of func(traits) map[string]bool) []string {
	out := []string{}
	for _, x := range slices.Sorted(maps.Keys(of(all[i]))) {
		shared := false
		for j, t := range all {
			shared = shared || j != i && of(t)[x]
		}
		if !shared {
			out = append(out, x)
		}
	}
	return out
}
