package impact

import (
	"slices"
	"strings"

	"planewise/model"
)

// order gives every node its rank by Tarjan's algorithm: strongly connected
// components come out with what they need first. Components of more than one
// node are cycles; they are legal (two services may need each other to recover)
// but worth a word, and are evaluated by repetition until nothing changes.
func (c *compiler) order() {
	t := tarjan{c: c, index: make([]int32, len(c.nodes)), low: make([]int32, len(c.nodes)), on: make([]bool, len(c.nodes))}
	for n := range c.nodes {
		if t.index[n] == 0 {
			t.visit(int32(n))
		}
	}
	c.place = make([]int32, len(c.nodes))
	for i, n := range c.places {
		c.place[n] = int32(i)
	}
}

type tarjan struct {
	c          *compiler
	index, low []int32
	on         []bool
	stack      []int32
	next, rank int32
}

// frame is one level of the depth-first search, kept on a slice so that a long
// chain of needs does not deepen Go's stack.
type frame struct {
	node  int32
	needs []int32
}

func (t *tarjan) visit(root int32) {
	frames := []frame{t.enter(root)}
	for len(frames) > 0 {
		f := &frames[len(frames)-1]
		if len(f.needs) > 0 {
			m := f.needs[0]
			f.needs = f.needs[1:]
			if t.index[m] == 0 {
				frames = append(frames, t.enter(m))
			} else if t.on[m] {
				t.low[f.node] = min(t.low[f.node], t.index[m])
			}
			continue
		}
		n := f.node
		frames = frames[:len(frames)-1]
		if len(frames) > 0 {
			parent := frames[len(frames)-1].node
			t.low[parent] = min(t.low[parent], t.low[n])
		}
		if t.low[n] == t.index[n] {
			t.leave(n)
		}
	}
}

func (t *tarjan) enter(n int32) frame {
	t.next++
	t.index[n], t.low[n], t.on[n] = t.next, t.next, true
	t.stack = append(t.stack, n)
	f := frame{node: n}
	if needs := t.c.nodes[n].needs; needs != nil {
		leaves(needs, func(x *need) { f.needs = append(f.needs, x.leaf) })
	}
	return f
}

// leave pops the component of which n is the root.
func (t *tarjan) leave(n int32) {
	t.rank++
	at := len(t.stack) - 1
	for t.stack[at] != n {
		at--
	}
	members := t.stack[at:]
	t.c.places = append(t.c.places, members...)
	for _, m := range members {
		t.on[m] = false
		t.c.nodes[m].rank = t.rank
		t.c.nodes[m].cyclic = len(members) > 1
	}
	if len(members) > 1 {
		path := t.c.cycle(members)
		t.c.note(model.Warning, "need-cycle", path[0], "it needs itself by way of others: "+strings.Join(path, " -> "),
			"each of them is taken to be as bad as the worst of the cycle", path...)
	}
	t.stack = t.stack[:at]
}

// cycle is a shortest way round from the first member (by name) to itself.
func (c *compiler) cycle(members []int32) []string {
	start := slices.MinFunc(members, func(a, b int32) int { return strings.Compare(c.nodes[a].name, c.nodes[b].name) })
	in := map[int32]bool{}
	for _, m := range members {
		in[m] = true
	}
	from := map[int32]int32{}
	for queue := []int32{start}; len(queue) > 0; queue = queue[1:] {
		n, found := queue[0], false
		leaves(c.nodes[n].needs, func(x *need) {
			if _, seen := from[x.leaf]; in[x.leaf] && !seen {
				from[x.leaf] = n
				queue = append(queue, x.leaf)
				found = found || x.leaf == start
			}
		})
		if found {
			break
		}
	}
	path := []string{c.nodes[start].name}
	for n := from[start]; ; n = from[n] {
		path = append(path, c.nodes[n].name)
		if n == start {
			break
		}
	}
	slices.Reverse(path)
	return path
}
