package graph_test

import (
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
	for _, c := range []struct{ name, graph, components string }{
		{"empty", "", ""},
		{"no edges", "c a b", "a b c"},
		{"chain against the alphabet", "c>b b>a", "c b a"},
		{"ties by key", "z>a b>a c", "b c z a"},
		{"a node that becomes ready overtakes", "b>a c", "b a c"},
		{"repeated edge", "a>b a>b b", "a b"},
		{"loop", "a>a b", "a(a>a) b"},
		{"cycle starts at its smallest", "c>b b>d d>c", "b,c,d(b>d>c>b)"},
		{"shortest cycle through the smallest", "a>b b>c c>a b>a c>d d>c", "a,b,c,d(a>b>a)"},
		{"first of two shortest cycles", "a>c c>a a>b b>a", "a,b,c(a>b>a)"},
		{"cycle in the middle", "z>b b>a a>b a>c", "z a,b(a>b>a) c"},
		{"two cycles, ties by smallest member", "d>e e>d b>c c>b a", "a b,c(b>c>b) d,e(d>e>d)"},
		{"a component waits for what leads to it", "d>a a>b b>a c", "c d a,b(a>b>a)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := parse(c.graph)
			if got := show(g.Components()); got != c.components {
				t.Errorf("components are %q, want %q", got, c.components)
			}
		})
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
		checkComponents(t, g.Components(), nodes, d)
	})
}

// checkCycle fails where a cycle is no shortest one, or where a smaller node than the
// cycle's could have come next on one of the same length.
func checkCycle(t *rapid.T, path []int, at, length int, d map[graph.Edge[int]]int) {
	if len(path) != length+1 || path[0] != at || path[length] != at {
		t.Fatalf("cycle from %d is %v, want one of %d edges", at, path, length)
	}
	for i := range length {
		if d[graph.Edge[int]{From: path[i], To: path[i+1]}] != 1 {
			t.Fatalf("path %v: no edge from %d to %d", path, path[i], path[i+1])
		}
	}
	for i := 0; i+2 < len(path); i++ {
		for e, one := range d {
			if rest, ok := d[graph.Edge[int]{From: e.To, To: at}]; ok && one == 1 && e.From == path[i] && e.To != at && e.To < path[i+1] && rest == length-i-1 {
				t.Fatalf("cycle %v could go over %d", path, e.To)
			}
		}
	}
}

func checkComponents(t *rapid.T, components []graph.Component[int], nodes []int, d map[graph.Edge[int]]int) {
	place := map[int]int{}
	for i, c := range components {
		for _, m := range c.Members {
			place[m] = i
		}
		if length, ok := d[graph.Edge[int]{From: c.Members[0], To: c.Members[0]}]; ok {
			checkCycle(t, c.Cycle, c.Members[0], length, d)
		} else if c.Cycle != nil {
			t.Fatalf("component %v has the cycle %v", c.Members, c.Cycle)
		}
		if !slices.IsSorted(c.Members) {
			t.Fatalf("members %v are not sorted", c.Members)
		}
	}
	for _, a := range nodes {
		for _, b := range nodes {
			_, there := d[graph.Edge[int]{From: a, To: b}]
			_, back := d[graph.Edge[int]{From: b, To: a}]
			if together := place[a] == place[b]; together != (a == b || there && back) {
				t.Fatalf("%d and %d in one component: %v", a, b, together)
			}
			if there && place[a] > place[b] {
				t.Fatalf("%d leads to %d and comes after it", a, b)
			}
		}
	}
}

func TestInputOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, edges := random(t)
		a := graph.New(nodes, edges)
		b := graph.New(rapid.Permutation(nodes).Draw(t, "other nodes"), rapid.Permutation(edges).Draw(t, "other edges"))
		if d := cmp.Diff(a.Components(), b.Components()); d != "" {
			t.Fatalf("components differ: %s", d)
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
