package actions

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/graph"
)

// resolve looks for circles. Required edges that form one couple their tasks:
// they can only be done in one bundle. A circle that needs the vendor's order is
// an error in the data: the required edge counts, the vendor's order gives way
// and is named. Tasks that must be together and apart at once block.
func (b *builder) resolve() {
	if !b.forward() {
		coupled := b.coupled()
		b.against(coupled)
		b.dropCircles()
		b.couple(coupled)
	}
	b.together()
}

// forward reports whether every order leads from an earlier task to a later one,
// as nearly always: then there is no circle and nothing goes against the ranks.
func (b *builder) forward() bool {
	place := make(map[model.ActionID]int, len(b.tasks))
	for _, g := range b.groups {
		for _, id := range g.tasks {
			place[id] = len(place)
		}
	}
	return !slices.ContainsFunc(b.links, func(l model.Link) bool {
		return l.Relation == model.Before && place[l.First] > place[l.Then]
	})
}

// circles are the sets of tasks that some of the order links lead round in a circle.
func (b *builder) circles(use func(model.Link) bool) []graph.Component[model.ActionID] {
	var edges []graph.Edge[model.ActionID]
	for _, l := range b.links {
		if l.Relation == model.Before && use(l) {
			edges = append(edges, graph.Edge[model.ActionID]{From: l.First, To: l.Then})
		}
	}
	return slices.DeleteFunc(graph.New(nil, edges).Components(), func(c graph.Component[model.ActionID]) bool { return c.Cycle == nil })
}

func (b *builder) coupled() []graph.Component[model.ActionID] {
	return b.circles(func(l model.Link) bool { return l.Kind == model.RequiredEdge })
}

// members numbers the sets that tasks belong to, from 1.
func members(cs []graph.Component[model.ActionID]) map[model.ActionID]int {
	in := map[model.ActionID]int{}
	for n, c := range cs {
		for _, id := range c.Members {
			in[id] = n + 1
		}
	}
	return in
}

// against lowers the rank of a task that is required before one of a lower rank,
// and of all that is required before it in turn.
func (b *builder) against(coupled []graph.Component[model.ActionID]) {
	in := members(coupled)
	before := map[model.ActionID][]model.ActionID{}
	var bad []model.Link
	for _, l := range b.links {
		if l.Kind != model.RequiredEdge || l.Relation != model.Before {
			continue
		}
		before[l.Then] = append(before[l.Then], l.First)
		if b.tasks[l.First].Rank > b.tasks[l.Then].Rank {
			bad = append(bad, l)
		}
	}
	slices.SortFunc(bad, byLinkID)
	for _, l := range bad {
		first, then := b.tasks[l.First], b.tasks[l.Then]
		if first.Rank <= then.Rank {
			continue // lowered with another
		}
		if in[l.First] == 0 || in[l.First] != in[l.Then] { // else couple says so
			edge := b.boundaryAt(first.Rank)
			b.note(model.Blocking, "order-circle", edge,
				fmt.Sprintf("%s is required before %s, but the vendor's order %s puts it after", l.First, l.Then, edge),
				"one of the two statements is wrong; relax the order in the policy, or correct the mapping or the procedure",
				string(l.First), string(l.Then), edge)
		}
		b.lower(l.First, then.Rank, before)
	}
}

func (b *builder) lower(id model.ActionID, rank int, before map[model.ActionID][]model.ActionID) {
	todo := []model.ActionID{id}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if b.tasks[at].Rank > rank {
			b.tasks[at].Rank = rank
			todo = append(todo, before[at]...)
		}
	}
}

func (b *builder) boundaryAt(rank int) string {
	for _, e := range b.bounds {
		if e.Rank == rank {
			return e.ID
		}
	}
	return ""
}

// dropCircles removes vendor-order links that close a circle or, since a required
// one has lowered a rank, lead backwards: one at a time, the largest id first, until
// none is left.
func (b *builder) dropCircles() {
	for {
		cs := b.circles(func(model.Link) bool { return true })
		in, drop := members(cs), -1
		for i, l := range b.links {
			if l.Kind != model.VendorOrder || l.Relation != model.Before || drop >= 0 && l.ID < b.links[drop].ID {
				continue
			}
			if in[l.First] > 0 && in[l.First] == in[l.Then] || b.tasks[l.First].Rank > b.tasks[l.Then].Rank {
				drop = i
			}
		}
		if drop < 0 {
			return
		}
		l := b.links[drop]
		path := []string{string(l.First), string(l.Then)}
		if n := in[l.First]; n > 0 && n == in[l.Then] {
			path = texts(cs[n-1].Cycle)
		}
		b.note(model.Blocking, "order-circle", l.ID,
			fmt.Sprintf("the vendor's order %s contradicts what is required or another such order; it is left out", l.ID),
			"relax it in the policy, or correct the mapping", path...)
		b.unlink(drop)
	}
}

func (b *builder) unlink(i int) {
	delete(b.linked, pairOf(b.links[i]))
	b.links = slices.Delete(b.links, i, i+1)
	for k := i; k < len(b.links); k++ {
		b.linked[pairOf(b.links[k])] = k
	}
}

func texts(ids []model.ActionID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// couple joins the tasks of a circle of required edges.
func (b *builder) couple(coupled []graph.Component[model.ActionID]) {
	for _, c := range coupled {
		ids, path := c.Members, texts(c.Cycle)
		b.note(model.Info, "coupled-group", string(ids[0]),
			fmt.Sprintf("%d actions require each other in a circle; they can only be done together", len(ids)), "", path...)
		for _, id := range ids[1:] {
			b.addLink(model.Link{
				ID: linkID("coupled", ids[0], id), First: ids[0], Then: id, Kind: model.RequiredEdge, Relation: model.With,
				Fact: model.NewFact(string(ids[0]), string(model.With), string(id), "", model.Evidence{
					Basis: model.BasisInferred, Text: "They require each other: " + strings.Join(path, " before ") + "."}),
			})
		}
	}
}

// together finds pairs that must be in one bundle and in two.
func (b *builder) together() {
	root := map[model.ActionID]model.ActionID{}
	find := func(id model.ActionID) model.ActionID {
		for {
			up, has := root[id]
			if !has || up == id {
				return id
			}
			id = up
		}
	}
	for _, l := range b.links {
		if l.Relation == model.With {
			x, y := find(l.First), find(l.Then)
			root[max(x, y)] = min(x, y)
		}
	}
	for _, l := range b.links {
		if (l.Relation == model.Apart || l.Relation == model.Soak) && find(l.First) == find(l.Then) {
			b.note(model.Blocking, "apart-in-group", l.ID,
				fmt.Sprintf("%s and %s must be done together and yet in different bundles", l.First, l.Then),
				"correct one of the rules", string(l.First), string(l.Then), string(find(l.First)))
		}
	}
}
