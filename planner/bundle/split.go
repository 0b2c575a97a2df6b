package bundle

import "slices"

// closureLimit bounds the levels whose order is closed and reduced; the closure
// takes two bits per pair. A larger level is searched as it is.
const closureLimit = 2048

// instance is a problem as the search sees it: units in blocks. A unit is an
// indivisible piece of work of one color. All units of a block are in no later
// bundle than those of the next block.
//
// Costs are scaled by scale, a number larger than any number of bundles, and
// opening a bundle costs 1 more; so the smallest scaled cost is the smallest cost,
// with the fewest bundles at that cost. What each unit costs at its own rates is
// paid in any case; it is kept in base, and the search adds up only the excess:
// opening bundles, and running units in bundles of a dearer color.
type instance struct {
	pal         palette
	scale, base int64
	blocks      []block
	rules       []rule   // of units that are not plain
	due         [][]spot // units by the last bundle they can be in, if pins bound it
	lastPin     int32
	pinned      int32 // the block with the unit of the last pin, and that unit
	lastUnit    int32
	fill        []int64 // by bundle up to the last pin: the least that opens it, scaled
	words       int     // of the largest block
	ruleWords   int     // of sets of rules
}

// block is a run of units, numbered so that those before a unit have smaller
// numbers.
type block struct {
	units []unit
	words int
	preds []uint64 // words per unit: the units before it
}

func (b *block) pred(v int) []uint64 { return b.preds[v*b.words : (v+1)*b.words] }

// unit is one or more groups run together.
type unit struct {
	color       int32
	rule        int32 // index into rules, or -1
	first, last int32 // bundles it can be in
	work        int64 // scaled
	groups      []int32
}

// spot is the place of a unit.
type spot struct{ block, unit int32 }

// rule is what binds a unit beyond order and pins.
type rule struct {
	spot
	// Sets of rules: units it must be apart from, and units that must lie in an
	// earlier bundle.
	apart, soak []uint64
	// watched holds the rules that ask whether this one is in the open bundle:
	// while all of them are done, nobody does.
	watched []int32
}

// newInstance splits a contraction into blocks of units.
func newInstance(p *Problem, c *contraction) *instance {
	in := &instance{scale: scale(p), lastPin: int32(c.lastPin)}
	in.pal = newPalette(p, c.groups, in.scale, c.lastPin > 0)
	items := c.items(&in.pal)
	for _, it := range items {
		in.base += in.pal.rate[it.color] * it.work * in.scale
	}
	edge := 0
	for start := 0; start < len(items); {
		end := start + 1
		for end < len(items) && c.groups[end].level == c.groups[start].level {
			end++
		}
		first := edge
		for edge < len(c.before) && int(c.before[edge][0]) < end {
			edge++
		}
		in.addLevel(items[start:end], c.before[first:edge], int32(start))
		start = end
	}
	in.addRules(c)
	in.addDue()
	in.addFill(c)
	for _, b := range in.blocks {
		in.words = max(in.words, b.words)
	}
	return in
}

// items makes one item of each group.
func (c *contraction) items(pal *palette) []item {
	items := make([]item, len(c.groups))
	ids := make([]int32, len(c.groups))
	for i, g := range c.groups {
		ids[i] = int32(i)
		items[i] = item{
			color:  pal.index[g.code],
			work:   g.work,
			first:  min(int32(g.earliest), int32(c.lastPin)+1),
			last:   int32(g.latest),
			plain:  true,
			groups: ids[i : i+1 : i+1],
		}
	}
	for _, list := range [][][2]int32{c.apart, c.soak} {
		for _, e := range list {
			items[e[0]].plain, items[e[1]].plain = false, false
		}
	}
	return items
}

// addLevel adds the blocks of the groups of one level. The edges are between
// groups; base is the number of the first group.
func (in *instance) addLevel(items []item, edges [][2]int32, base int32) {
	items, edges = joinLoose(items, edges, base)
	if len(items) > closureLimit {
		in.addBlock(items, directPreds(items, edges))
		return
	}
	q := newPoset(items, edges)
	q.reduce()
	for _, part := range q.cuts() {
		in.addBlock(part.items, part.down)
	}
}

// joinLoose merges the plain items that are alike and that no edge touches; they
// are twins. It renumbers the edges to the items that are left.
func joinLoose(items []item, edges [][2]int32, base int32) ([]item, [][2]int32) {
	bound := make([]bool, len(items))
	for _, e := range edges {
		bound[e[0]-base], bound[e[1]-base] = true, true
	}
	var out []item
	place := make([]int32, len(items))
	loose := make(map[kind]int)
	for i, it := range items {
		if it.plain && !bound[i] {
			if twin, ok := loose[it.kind()]; ok {
				out[twin].work += it.work
				out[twin].groups = append(out[twin].groups, it.groups...)
				continue
			}
			loose[it.kind()] = len(out)
		}
		place[i] = int32(len(out))
		out = append(out, it)
	}
	moved := make([][2]int32, len(edges))
	for i, e := range edges {
		moved[i] = [2]int32{place[e[0]-base], place[e[1]-base]}
	}
	return out, moved
}

// directPreds numbers the items in a topological order, in place, and returns
// for each the set of items with an edge to it.
func directPreds(items []item, edges [][2]int32) []uint64 {
	n := len(items)
	g := newDigraph(n, edges)
	place := g.components()
	sorted := make([]item, n)
	words := wordsFor(n)
	preds := make([]uint64, n*words)
	for v, i := range place {
		sorted[i] = items[v]
		for _, w := range g.next(int32(v)) {
			j := int(place[w])
			set(preds[j*words:(j+1)*words], int(i))
		}
	}
	copy(items, sorted)
	return preds
}

// addBlock appends a block. A block of one plain unit that is like the single
// plain unit before it is a series pair with it.
func (in *instance) addBlock(items []item, preds []uint64) {
	if last := len(in.blocks) - 1; last >= 0 && len(items) == 1 && items[0].plain {
		b := &in.blocks[last]
		u := &b.units[0]
		if len(b.units) == 1 && u.rule == plainUnit && (kind{u.color, u.first, u.last}) == items[0].kind() {
			u.work += items[0].work * in.scale
			u.groups = slices.Concat(u.groups, items[0].groups)
			return
		}
	}
	b := block{units: make([]unit, len(items)), words: wordsFor(len(items)), preds: preds}
	for i, it := range items {
		b.units[i] = unit{
			color: it.color, rule: plainUnit, first: it.first, last: it.last,
			work: it.work * in.scale, groups: it.groups,
		}
		if !it.plain {
			b.units[i].rule = boundUnit
		}
	}
	in.blocks = append(in.blocks, b)
}

const (
	plainUnit int32 = -1
	boundUnit int32 = -2 // until addRules has numbered the rules
)

// addRules numbers the units that are not plain, and carries the constraints of
// their groups over to them. Such a unit is one group.
func (in *instance) addRules(c *contraction) {
	of := make(map[int32]int32)
	for bi := range in.blocks {
		for ui := range in.blocks[bi].units {
			u := &in.blocks[bi].units[ui]
			if u.rule != boundUnit {
				continue
			}
			u.rule = int32(len(in.rules))
			of[u.groups[0]] = u.rule
			in.rules = append(in.rules, rule{spot: spot{int32(bi), int32(ui)}})
		}
	}
	in.ruleWords = wordsFor(len(in.rules))
	for i := range in.rules {
		in.rules[i].apart = make([]uint64, in.ruleWords)
		in.rules[i].soak = make([]uint64, in.ruleWords)
	}
	for _, e := range c.apart {
		a, b := of[e[0]], of[e[1]]
		set(in.rules[a].apart, int(b))
		set(in.rules[b].apart, int(a))
		in.rules[a].watched = append(in.rules[a].watched, b)
		in.rules[b].watched = append(in.rules[b].watched, a)
	}
	for _, e := range c.soak {
		a, b := of[e[0]], of[e[1]]
		set(in.rules[b].soak, int(a))
		in.rules[a].watched = append(in.rules[a].watched, b)
	}
}

// addDue lists the units that pins bound.
func (in *instance) addDue() {
	if in.lastPin == 0 {
		return
	}
	in.due = make([][]spot, in.lastPin+1)
	for bi := range in.blocks {
		for ui := range in.blocks[bi].units {
			u := &in.blocks[bi].units[ui]
			if u.last <= in.lastPin {
				in.due[u.last] = append(in.due[u.last], spot{int32(bi), int32(ui)})
			}
			if u.first == u.last && u.last == in.lastPin {
				in.pinned, in.lastUnit = int32(bi), int32(ui)
			}
		}
	}
}

// addFill finds the group that opens each bundle up to the last pin at the least cost.
// It is known to have one, even where the search leaves it empty.
func (in *instance) addFill(c *contraction) {
	if in.lastPin == 0 {
		return
	}
	in.fill = make([]int64, in.lastPin+1)
	for b := range in.fill {
		in.fill[b] = infinite
		for _, g := range c.groups {
			if g.earliest <= b && b <= g.latest {
				in.fill[b] = min(in.fill[b], in.pal.open[in.pal.index[g.code]])
			}
		}
	}
}
