package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"planewise/model/graph"
)

// parse reads a graph written as "a>b b>c d": edges and nodes.
func parse(text string) *graph.Graph[string] {
	var nodes []string
	var edges []graph.Edge[string]
	for _, f := range strings.Fields(text) {
		if from, to, ok := strings.Cut(f, ">"); ok {
			edges = append(edges, graph.Edge[string]{From: from, To: to})
		} else {
			nodes = append(nodes, f)
		}
	}
	return graph.New(nodes, edges)
}

func show(cs []graph.Component[string]) string {
	var parts []string
	for _, c := range cs {
		s := strings.Join(c.Members, ",")
		if c.Cycle != nil {
			s += "(" + strings.Join(c.Cycle, ">") + ")"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}

func TestOrders(t *testing.T) {
	for _, c := range []struct{ name, graph, topo, components string }{
		{"empty", "", "", ""},
		{"no edges", "c a b", "a b c", "a b c"},
		{"chain against the alphabet", "c>b b>a", "c b a", "c b a"},
		{"ties by key", "z>a b>a c", "b c z a", "b c z a"},
		{"a node that becomes ready overtakes", "b>a c", "b a c", "b a c"},
		{"repeated edge", "a>b a>b b", "a b", "a b"},
		{"loop", "a>a b", "-", "a(a>a) b"},
		{"cycle starts at its smallest", "c>b b>d d>c", "-", "b,c,d(b>d>c>b)"},
		{"shortest cycle through the smallest", "a>b b>c c>a b>a c>d d>c", "-", "a,b,c,d(a>b>a)"},
		{"first of two shortest cycles", "a>c c>a a>b b>a", "-", "a,b,c(a>b>a)"},
		{"cycle in the middle", "z>b b>a a>b a>c", "-", "z a,b(a>b>a) c"},
		{"two cycles, ties by smallest member", "d>e e>d b>c c>b a", "-", "a b,c(b>c>b) d,e(d>e>d)"},
		{"a component waits for what leads to it", "d>a a>b b>a c", "-", "c d a,b(a>b>a)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := parse(c.graph)
			got := "-"
			if order, ok := g.Topo(); ok {
				got = strings.Join(order, " ")
			}
			if got != c.topo {
				t.Errorf("topo is %q, want %q", got, c.topo)
			}
			if got := show(g.Components()); got != c.components {
				t.Errorf("components are %q, want %q", got, c.components)
			}
		})
	}
}

func TestPath(t *testing.T) {
	g := parse("a>b a>c b>d c>d d>e b>f f>e e>a loop>loop alone")
	for _, c := range []struct{ from, to, want string }{
		{"a", "a", "a"},
		{"a", "d", "a b d"}, // not over c
		{"a", "e", "a b d e"},
		{"d", "c", "d e a c"},
		{"loop", "loop", "loop"},
		{"alone", "a", ""},
		{"a", "alone", ""},
		{"nobody", "a", ""},
		{"a", "nobody", ""},
		{"nobody", "nobody", ""},
	} {
		if got := strings.Join(g.Path(c.from, c.to), " "); got != c.want {
			t.Errorf("path from %s to %s is %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestReads(t *testing.T) {
	g := parse("b>a b>c x b>a")
	if got, want := g.Nodes(), []string{"a", "b", "c", "x"}; !slices.Equal(got, want) || g.Len() != len(want) {
		t.Errorf("nodes are %q, want %q", got, want)
	}
	g.Nodes()[0] = "changed by the caller"
	if !g.Has("a") || g.Has("y") {
		t.Errorf("has a: %v, has y: %v", g.Has("a"), g.Has("y"))
	}
	if got, want := fmt.Sprint(g.Edges()), "[{b a} {b c}]"; got != want {
		t.Errorf("edges are %s, want %s", got, want)
	}
	if got := g.Next("b"); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("next of b is %q", got)
	}
	if got := g.Next("y"); got != nil {
		t.Errorf("next of an unknown node is %q", got)
	}
	if got := g.Reachable("c", "b", "y", "b"); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("reachable are %q", got)
	}
	if got := g.Reachable(); got != nil {
		t.Errorf("reachable from nothing are %q", got)
	}
	var zero graph.Graph[string]
	if order, ok := zero.Topo(); !ok || len(order) != 0 || len(zero.Components()) != 0 || zero.Len() != 0 {
		t.Errorf("the zero graph has an order of %q, %v", order, ok)
	}
}

// random graphs of up to eight nodes, whose numbers do not follow their order.
func random(t *rapid.T) (nodes []int, edges []graph.Edge[int]) {
	nodes = rapid.SliceOfNDistinct(rapid.IntRange(0, 20), 0, 8, rapid.ID).Draw(t, "nodes")
	if len(nodes) == 0 {
		return nodes, nil
	}
	node := rapid.SampledFrom(nodes)
	edges = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) graph.Edge[int] {
		return graph.Edge[int]{From: node.Draw(t, "from"), To: node.Draw(t, "to")}
	}), 0, 16).Draw(t, "edges")
	return nodes, edges
}

// distances between all nodes in edges, by brute force; absent: no path. The
// distance of a node to itself is that of its shortest cycle.
func distances(nodes []int, edges []graph.Edge[int]) map[graph.Edge[int]]int {
	d := map[graph.Edge[int]]int{}
	for _, e := range edges {
		d[e] = 1
	}
	for _, via := range nodes {
		for _, a := range nodes {
			for _, b := range nodes {
				x, okX := d[graph.Edge[int]{From: a, To: via}]
				y, okY := d[graph.Edge[int]{From: via, To: b}]
				old, ok := d[graph.Edge[int]{From: a, To: b}]
				if okX && okY && (!ok || x+y < old) {
					d[graph.Edge[int]{From: a, To: b}] = x + y
				}
			}
		}
	}
	return d
}

func TestAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, edges := random(t)
		g := graph.New(nodes, edges)
		d := distances(nodes, edges)
		for _, a := range nodes {
			var want []int
			for _, b := range g.Nodes() {
				length, ok := d[graph.Edge[int]{From: a, To: b}]
				if a == b {
					length, ok = 0, true
				}
				if ok {
					want = append(want, b)
				}
				checkPath(t, g, g.Path(a, b), a, b, length, ok)
				checkFirst(t, g, g.Path(a, b), d)
			}
			if got := g.Reachable(a); !slices.Equal(got, want) {
				t.Fatalf("reachable from %d are %v, want %v", a, got, want)
			}
		}
		checkComponents(t, g, d)
	})
}

func checkPath(t *rapid.T, g *graph.Graph[int], path []int, from, to, length int, exists bool) {
	if !exists {
		if path != nil {
			t.Fatalf("path from %d to %d is %v, want none", from, to, path)
		}
		return
	}
	if len(path) != length+1 || path[0] != from || path[length] != to {
		t.Fatalf("path from %d to %d is %v, want one of %d edges", from, to, path, length)
	}
	for i := range length {
		if !slices.Contains(g.Next(path[i]), path[i+1]) {
			t.Fatalf("path %v: no edge from %d to %d", path, path[i], path[i+1])
		}
	}
}

// checkFirst fails where a smaller node than the path's could have come next on
// a path of the same length.
func checkFirst(t *rapid.T, g *graph.Graph[int], path []int, d map[graph.Edge[int]]int) {
	for i := 0; i+2 < len(path); i++ {
		last := path[len(path)-1]
		for _, k := range g.Next(path[i]) {
			if rest, ok := d[graph.Edge[int]{From: k, To: last}]; ok && k != last && k < path[i+1] && rest == len(path)-i-2 {
				t.Fatalf("path %v could go over %d", path, k)
			}
		}
	}
}

func checkComponents(t *rapid.T, g *graph.Graph[int], d map[graph.Edge[int]]int) {
	place := map[int]int{}
	components := g.Components()
	for i, c := range components {
		for _, m := range c.Members {
			place[m] = i
		}
		if length, ok := d[graph.Edge[int]{From: c.Members[0], To: c.Members[0]}]; ok {
			checkPath(t, g, c.Cycle, c.Members[0], c.Members[0], length, true)
		} else if c.Cycle != nil {
			t.Fatalf("component %v has the cycle %v", c.Members, c.Cycle)
		}
		if !slices.IsSorted(c.Members) {
			t.Fatalf("members %v are not sorted", c.Members)
		}
	}
	cyclic := false
	for _, a := range g.Nodes() {
		for _, b := range g.Nodes() {
			_, there := d[graph.Edge[int]{From: a, To: b}]
			_, back := d[graph.Edge[int]{From: b, To: a}]
			cyclic = cyclic || there && back
			if together := place[a] == place[b]; together != (a == b || there && back) {
				t.Fatalf("%d and %d in one component: %v", a, b, together)
			}
			if there && place[a] > place[b] {
				t.Fatalf("%d leads to %d and comes after it", a, b)
			}
		}
	}
	order, ok := g.Topo()
	if ok == cyclic {
		t.Fatalf("topological order: %v, cyclic: %v", ok, cyclic)
	}
	for i, k := range order {
		if place[k] != i {
			t.Fatalf("order %v is not that of the components", order)
		}
	}
}

// Of all topological orders Topo's is the first by keys.
func TestTopoIsTheFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, edges := random(t)
		g := graph.New(nodes, edges)
		got, ok := g.Topo()
		if !ok {
			return
		}
		left := g.Nodes()
		var want []int
		for len(left) > 0 {
			i := slices.IndexFunc(left, func(k int) bool {
				return !slices.ContainsFunc(left, func(l int) bool { return slices.Contains(g.Next(l), k) })
			})
			want = append(want, left[i])
			left = slices.Delete(left, i, i+1)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("order is %v, want %v", got, want)
		}
	})
}

func TestInputOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, edges := random(t)
		a := graph.New(nodes, edges)
		b := graph.New(rapid.Permutation(nodes).Draw(t, "other nodes"), rapid.Permutation(edges).Draw(t, "other edges"))
		if d := cmp.Diff(a.Components(), b.Components()); d != "" {
			t.Fatalf("components differ: %s", d)
		}
		if d := cmp.Diff(a.Edges(), b.Edges()); d != "" {
			t.Fatalf("edges differ: %s", d)
		}
		if d := cmp.Diff(a.Edges(), a.Reverse().Reverse().Edges()); d != "" {
			t.Fatalf("turned round twice: %s", d)
		}
		for _, e := range a.Edges() {
			if !slices.Contains(a.Reverse().Next(e.To), e.From) {
				t.Fatalf("edge %v is not turned round", e)
			}
		}
	})
}

func TestLongChain(t *testing.T) {
	const n = 100_000 // deep enough to end a recursive walk
	edges := make([]graph.Edge[int], n)
	for i := range edges {
		edges[i] = graph.Edge[int]{From: i, To: (i + 1) % n}
	}
	cs := graph.New(nil, edges).Components()
	if len(cs) != 1 || len(cs[0].Members) != n || len(cs[0].Cycle) != n+1 {
		t.Errorf("a ring of %d nodes has %d components", n, len(cs))
	}
}

func BenchmarkComponents(b *testing.B) {
	const n = 10_000 // layers of 100 nodes, each with edges to the next layer
	var edges []graph.Edge[int]
	for i := range n - 100 {
		for j := range 4 {
			edges = append(edges, graph.Edge[int]{From: i, To: (i/100+1)*100 + (i*7+j*31)%100})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		graph.New(nil, edges).Components()
	}
}
