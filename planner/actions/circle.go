package actions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// resolve looks for circles. Required edges that form one couple their tasks:
// they can only be done in one bundle. A circle that needs the vendor's order is
// an error in the data: the required edge counts, the vendor's order gives way
// and is named. Tasks that must be together and apart at once block.
func (b *builder) resolve() {
	b.against()
	b.dropCircles()
	b.couple()
	b.together()
}

// against lowers the rank of a task that is required before one of a lower rank,
// and of all that is required before it in turn.
func (b *builder) against() {
	part := components(b.graph(func(l model.Link) bool { return l.Relation == model.Before && l.Kind == model.RequiredEdge }))
	before := map[model.ActionID][]model.Link{} // by Then
	var bad []model.Link
	for _, l := range b.links {
		if l.Kind != model.RequiredEdge || l.Relation != model.Before {
			continue
		}
		before[l.Then] = append(before[l.Then], l)
		if b.tasks[l.First].Rank > b.tasks[l.Then].Rank {
			bad = append(bad, l)
		}
	}
	slices.SortFunc(bad, func(x, y model.Link) int { return strings.Compare(x.ID, y.ID) })
	for _, l := range bad {
		first, then := b.tasks[l.First], b.tasks[l.Then]
		if first.Rank <= then.Rank {
			continue // lowered with another
		}
		if x, y := part[l.First], part[l.Then]; x == y {
			b.lower(l.First, then.Rank, before) // a circle of required edges: couple says so
			continue
		}
		edge := b.boundaryAt(first.Rank)
		b.note(model.Blocking, "order-circle", edge,
			fmt.Sprintf("%s is required before %s, but the vendor's order %s puts it after", l.First, l.Then, edge),
			"one of the two statements is wrong; relax the order in the policy, or correct the mapping or the procedure",
			string(l.First), string(l.Then), edge)
		b.lower(l.First, then.Rank, before)
	}
}

func (b *builder) lower(id model.ActionID, rank int, before map[model.ActionID][]model.Link) {
	todo := []model.ActionID{id}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if b.tasks[at].Rank <= rank {
			continue
		}
		b.tasks[at].Rank = rank
		for _, l := range before[at] {
			todo = append(todo, l.First)
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

// dropCircles removes vendor-order links that close a circle, one at a time, the
// largest id first, until none is left.
func (b *builder) dropCircles() {
	for {
		part := components(b.graph(func(l model.Link) bool { return l.Relation == model.Before }))
		drop := -1
		for i, l := range b.links {
			if l.Kind == model.VendorOrder && l.Relation == model.Before && part[l.First] == part[l.Then] &&
				(drop < 0 || l.ID > b.links[drop].ID) {
				drop = i
			}
		}
		if drop < 0 {
			return
		}
		l := b.links[drop]
		b.note(model.Blocking, "order-circle", l.ID,
			fmt.Sprintf("the vendor's order %s closes a circle of orders; it is left out", l.ID),
			"relax it in the policy, or correct the mapping", b.circle(l.First, part)...)
		b.links = slices.Delete(b.links, drop, drop+1)
		for i, l := range b.links {
			b.linked[linkID(string(l.Relation), l.First, l.Then)] = i
		}
		delete(b.linked, linkID(string(l.Relation), l.First, l.Then))
	}
}

// couple joins the tasks of a circle of required edges.
func (b *builder) couple() {
	part := components(b.graph(func(l model.Link) bool { return l.Relation == model.Before && l.Kind == model.RequiredEdge }))
	members := map[int][]model.ActionID{}
	for id, n := range part {
		members[n] = append(members[n], id)
	}
	var groups [][]model.ActionID
	for _, ids := range members {
		if len(ids) > 1 {
			slices.Sort(ids)
			groups = append(groups, ids)
		}
	}
	slices.SortFunc(groups, slices.Compare)
	for _, ids := range groups {
		path := b.circle(ids[0], part)
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
	var find func(id model.ActionID) model.ActionID
	find = func(id model.ActionID) model.ActionID {
		if r, has := root[id]; has && r != id {
			r = find(r)
			root[id] = r
			return r
		}
		return id
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

// graph is the successors of each task under some of the links, sorted.
func (b *builder) graph(use func(model.Link) bool) map[model.ActionID][]model.ActionID {
	next := map[model.ActionID][]model.ActionID{}
	for _, l := range b.links {
		if use(l) {
			next[l.First] = append(next[l.First], l.Then)
		}
	}
	for _, to := range next {
		slices.Sort(to)
	}
	return next
}

// circle is a shortest way from a task back to itself along the links within its
// component, first and last being the task.
func (b *builder) circle(start model.ActionID, part map[model.ActionID]int) []string {
	next := b.graph(func(l model.Link) bool { return l.Relation == model.Before && part[l.First] == part[l.Then] })
	from := map[model.ActionID]model.ActionID{}
	for queue := []model.ActionID{start}; len(queue) > 0; queue = queue[1:] {
		for _, n := range next[queue[0]] {
			if n == start {
				path := []string{string(start)}
				for at := queue[0]; at != start; at = from[at] {
					path = append(path, string(at))
				}
				path = append(path, string(start))
				slices.Reverse(path)
				return path
			}
			if _, seen := from[n]; !seen {
				from[n] = queue[0]
				queue = append(queue, n)
			}
		}
	}
	return nil
}

// components numbers the strongly connected components (Tarjan, with a stack of
// its own: chains of ten thousand tasks are real). Tasks without an edge are in
// none.
func components(next map[model.ActionID][]model.ActionID) map[model.ActionID]int {
	starts := make([]model.ActionID, 0, len(next))
	for id := range next {
		starts = append(starts, id)
	}
	slices.SortFunc(starts, func(x, y model.ActionID) int { return cmp.Compare(x, y) })
	t := tarjan{next: next, index: map[model.ActionID]int{}, low: map[model.ActionID]int{}, part: map[model.ActionID]int{}}
	for _, id := range starts {
		if _, seen := t.index[id]; !seen {
			t.visit(id)
		}
	}
	return t.part
}

type tarjan struct {
	next       map[model.ActionID][]model.ActionID
	index, low map[model.ActionID]int
	part       map[model.ActionID]int
	stack      []model.ActionID
	parts      int
}

func (t *tarjan) visit(root model.ActionID) {
	type frame struct {
		id   model.ActionID
		edge int
	}
	t.enter(root)
	for frames := []frame{{id: root}}; len(frames) > 0; {
		f := &frames[len(frames)-1]
		if f.edge < len(t.next[f.id]) {
			n := t.next[f.id][f.edge]
			f.edge++
			if _, seen := t.index[n]; !seen {
				t.enter(n)
				frames = append(frames, frame{id: n})
			} else if _, done := t.part[n]; !done {
				t.low[f.id] = min(t.low[f.id], t.index[n])
			}
			continue
		}
		id := f.id
		frames = frames[:len(frames)-1]
		if len(frames) > 0 {
			up := frames[len(frames)-1].id
			t.low[up] = min(t.low[up], t.low[id])
		}
		if t.low[id] == t.index[id] {
			t.close(id)
		}
	}
}

func (t *tarjan) enter(id model.ActionID) {
	t.index[id], t.low[id] = len(t.index), len(t.index)
	t.stack = append(t.stack, id)
}

func (t *tarjan) close(root model.ActionID) {
	for {
		id := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.part[id] = t.parts
		if id == root {
			t.parts++
			return
		}
	}
}
