package diff

import (
	"cmp"
	"slices"
	"strings"

	"planewise/model"
)

// side is a set of releases, by component.
type side struct {
	releases []*model.Release // by product and version
	entries  []entry
	index    map[model.ComponentID]int32
	hidden   []entry // charts in lists that nothing ships, by id
}

// entry is a component of a side.
type entry struct {
	id      model.ComponentID
	c       *model.Component
	release *model.Release
	nth     int32 // of its release
	rank    int32 // of its list among all of the side; unranked where it is in none
	matched bool
}

// newSide indexes a set. The ids of all components stand in one text, so that
// ten thousand of them cost one allocation.
func (d *differ) newSide(releases []model.Release) *side {
	s := &side{releases: sortedReleases(releases)}
	count := 0
	for _, r := range s.releases {
		count += len(r.Components) + len(r.Hooks)
	}
	s.entries = make([]entry, 0, count)
	ids, ends := make([]byte, 0, 32*count), make([]int, 0, count)
	rank := int32(0)
	for nth, r := range s.releases {
		ranks := listRanks(r, rank)
		rank += int32(len(r.Manifests)) + 1 // one more for lists the release does not name
		for i := range r.Components {
			c := &r.Components[i]
			s.entries = append(s.entries, entry{c: c, release: r, nth: int32(nth), rank: rankOf(ranks, rank-1, c)})
			ids = c.AppendID(ids)
			ends = append(ends, len(ids))
		}
		hooks := hookComponents(r)
		for i := range hooks {
			s.entries = append(s.entries, entry{c: &hooks[i], release: r, nth: int32(nth), rank: unranked})
			ids = hooks[i].AppendID(ids)
			ends = append(ends, len(ids))
		}
	}
	all, start := string(ids), 0
	for i, end := range ends {
		s.entries[i].id = model.ComponentID(all[start:end])
		start = end
	}
	d.unite(s)
	return s
}

func sortedReleases(releases []model.Release) []*model.Release {
	sorted := make([]*model.Release, len(releases))
	for i := range releases {
		sorted[i] = &releases[i]
	}
	slices.SortStableFunc(sorted, func(a, b *model.Release) int {
		x, y := number(a.Version), number(b.Version)
		return cmp.Or(strings.Compare(a.Product, b.Product), slices.Compare(x[:], y[:]), strings.Compare(a.Version, b.Version))
	})
	return sorted
}

func listRanks(r *model.Release, base int32) map[string]int32 {
	ranks := make(map[string]int32, len(r.Manifests))
	for i, m := range r.Manifests {
		if _, twice := ranks[m.Name]; !twice {
			ranks[m.Name] = base + int32(i)
		}
	}
	return ranks
}

func rankOf(ranks map[string]int32, unnamed int32, c *model.Component) int32 {
	if c.Manifest == "" {
		return unranked
	}
	if rank, named := ranks[c.Manifest]; named {
		return rank
	}
	return unnamed
}

// hookComponents are the scripts a release runs, as components: one for each
// stage and moment, with the path of the script for a version.
func hookComponents(r *model.Release) []model.Component {
	hooks := make([]model.Component, len(r.Hooks))
	for i, h := range r.Hooks {
		hooks[i] = model.Component{Kind: model.KindHook, Namespace: r.Product, Name: h.Stage + "/" + h.When, Version: h.Script}
	}
	return hooks
}

// unite leaves one entry for each id, and sets aside what nothing ships.
func (d *differ) unite(s *side) {
	s.index = make(map[model.ComponentID]int32, len(s.entries))
	kept := s.entries[:0]
	repeated := map[model.ComponentID][]entry{}
	for _, e := range s.entries {
		if e.c.NotDeployed {
			s.hidden = append(s.hidden, e)
			continue
		}
		if _, twice := s.index[e.id]; twice {
			repeated[e.id] = append(repeated[e.id], e)
			continue
		}
		s.index[e.id] = int32(len(kept))
		kept = append(kept, e)
	}
	s.entries = kept
	for id, others := range repeated { // each on its own entry: the order does not matter
		first := &s.entries[s.index[id]]
		*first = d.merge(append(others, *first))
	}
	slices.SortFunc(s.hidden, func(a, b entry) int {
		return cmp.Or(strings.Compare(string(a.id), string(b.id)), shippingOrder(a, b))
	})
}

// shippingOrder is the order in which entries of one id come onto the system; of
// those in one place the content decides, so that the input's order does not.
func shippingOrder(a, b entry) int {
	return cmp.Or(
		cmp.Compare(a.nth, b.nth), cmp.Compare(a.rank, b.rank), cmp.Compare(a.c.Position, b.c.Position),
		strings.Compare(a.c.Version, b.c.Version), strings.Compare(a.c.Values, b.c.Values),
		strings.Compare(a.c.Image, b.c.Image), strings.Compare(a.c.Chart, b.c.Chart),
	)
}

// merge makes one entry of several of one id. Uploads and scripts add up; of
// other components the one that is shipped last is what stays.
func (d *differ) merge(es []entry) entry {
	slices.SortStableFunc(es, shippingOrder)
	last := es[len(es)-1]
	switch last.c.Kind {
	case model.KindImage, model.KindRPM, model.KindHook:
		last.c = union(es)
		return last
	}
	for _, e := range es {
		if e.c.Version != last.c.Version || e.c.Values != last.c.Values {
			d.warn(model.Warning, CodeConflictingComponent, string(last.id), "name releases that fit together", nil,
				"%s ships %s and %s ships %s; the later one is what stays", e.release.Ref(), e.c.Version, last.release.Ref(), last.c.Version)
		}
	}
	return last
}

// union is a component with the versions and places of all.
func union(es []entry) *model.Component {
	c := *es[len(es)-1].c
	c.Versions, c.Folders, c.Registries = nil, nil, nil
	for _, e := range es {
		c.Versions = append(c.Versions, versions(e.c)...)
		c.Folders = append(c.Folders, e.c.Folders...)
		c.Registries = append(c.Registries, e.c.Registries...)
	}
	c.Versions, c.Folders, c.Registries = distinct(c.Versions), distinct(c.Folders), distinct(c.Registries)
	c.Version = strings.Join(c.Versions, ",")
	return &c
}

// distinct sorts a list and drops repeats.
func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

func (s *side) find(id model.ComponentID) *entry {
	if i, ok := s.index[id]; ok {
		return &s.entries[i]
	}
	return nil
}

// unshipped reports whether a chart stands in a list of the side that nothing ships.
func (s *side) unshipped(id model.ComponentID) bool {
	_, ok := slices.BinarySearchFunc(s.hidden, id, func(e entry, id model.ComponentID) int {
		return strings.Compare(string(e.id), string(id))
	})
	return ok
}
