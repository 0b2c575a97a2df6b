package impact

import (
	"cmp"
	"slices"

	"planewise/model"
)

// piece is one cause: a node of the graph is at a level for a time.
type piece struct {
	node       int32
	level      model.Range
	start, end model.Span
	source     *source
}

// source is why a piece exists; its fact is made when something needs it.
type source struct {
	subject, relation, object string
	level                     model.Range
	evidence                  model.Evidence
	id                        model.FactID
}

func (s *source) fact() model.Fact {
	f := model.NewFact(s.subject, s.relation, s.object, levelWord(s.level), s.evidence)
	s.id = f.ID
	return f
}

func levelWord(r model.Range) string {
	if r.IsUnknown() {
		return "unknown"
	}
	return r.Least.String()
}

// stretch is a number of equal rounds of work, such as batches of nodes: a piece
// that starts and ends inside it comes once in every round.
type stretch struct {
	start, end model.Span
	rounds     int64
}

// scene is the time line of one action: boundaries, and between each two of them
// a phase in which every node has one level.
type scene struct {
	*Engine
	id        model.ActionID
	pieces    []piece
	open      []piece // end with the action
	carries   []carry // outlast it
	sources   []*source
	stretches []stretch

	length        model.Span // of the action
	fixed         bool       // length was measured
	lengthGuessed bool
	lengthUnknown bool
	lengthFacts   []model.FactID
	batch         model.Span // of a roll, with the wait after it
	batchWait     model.Span

	chains map[chainKey][]model.FactID
	kept   *idSet
	facts  []model.Fact
	ids    []model.FactID
	notes  []model.Diagnostic

	bounds []model.Span
	// each is the length of a phase by which gaps are judged: at P90, and of a
	// single round where the phase stands for several.
	each  []int64
	times []int64
	// inside is the stretch of a phase, -1 for none; whole the phases of a stretch.
	inside []int32
	whole  [][2]int
	// slots of the nodes that something reaches; 0 is none.
	slot    map[int32]int32
	reached []reached
}

// reached is a node that a piece reaches.
type reached struct {
	node int32
	hops int32
	own  []model.Range // nil: nothing of its own
	line []model.Range
	src  []int32 // pieces on the node itself
}

// idSet is a set of facts; most actions have few, which are searched one by one.
type idSet struct {
	few  []model.FactID
	many map[model.FactID]bool
}

const fewFacts = 16

// add reports whether the id is new.
func (x *idSet) add(id model.FactID) bool {
	if x.many != nil {
		if x.many[id] {
			return false
		}
		x.many[id] = true
		return true
	}
	if slices.Contains(x.few, id) {
		return false
	}
	x.few = append(x.few, id)
	if len(x.few) > fewFacts {
		x.many = make(map[model.FactID]bool, 4*fewFacts)
		for _, k := range x.few {
			x.many[k] = true
		}
	}
	return true
}

func (s *scene) add(p piece) {
	if p.end.P90s <= p.start.P90s && p.end.P50s <= p.start.P50s || p.level.IsNone() {
		return
	}
	s.pieces = append(s.pieces, p)
}

// byP90 orders boundaries by their place at P90, which decides the structure of
// the time line; P50 breaks ties.
func byP90(a, b model.Span) int {
	return cmp.Or(cmp.Compare(a.P90s, b.P90s), cmp.Compare(a.P50s, b.P50s))
}

// phases cuts the time line at every start and end.
func (s *scene) phases() {
	s.bounds = append(s.bounds, model.Span{}, s.length)
	for _, p := range s.pieces {
		s.bounds = append(s.bounds, p.start, p.end)
	}
	for _, x := range s.stretches {
		s.bounds = append(s.bounds, x.start, x.end)
	}
	slices.SortFunc(s.bounds, byP90)
	s.bounds = slices.Compact(s.bounds)
	n := len(s.bounds) - 1
	s.each, s.times, s.inside = make([]int64, n), make([]int64, n), make([]int32, n)
	for i := range n {
		s.each[i] = s.bounds[i+1].P90s - s.bounds[i].P90s
		s.times[i], s.inside[i] = 1, -1
	}
	for k, x := range s.stretches {
		from, to := s.at(x.start), s.at(x.end)
		s.whole = append(s.whole, [2]int{from, to})
		for i := from; i < to; i++ {
			s.each[i] = (s.each[i] + x.rounds - 1) / x.rounds
			s.times[i], s.inside[i] = x.rounds, int32(k)
		}
	}
}

// lasting is the length at P90 of the phases i to j-1, as a gap is felt: all
// rounds of a stretch that is covered as a whole, else one round.
func (s *scene) lasting(i, j int) int64 {
	length := int64(0)
	for k := i; k < j; {
		if x := s.inside[k]; x >= 0 && s.whole[x][0] == k && s.whole[x][1] <= j {
			length += s.stretches[x].end.P90s - s.stretches[x].start.P90s
			k = s.whole[x][1]
			continue
		}
		length += s.each[k]
		k++
	}
	return length
}

func (s *scene) at(b model.Span) int {
	i, _ := slices.BinarySearchFunc(s.bounds, b, byP90)
	return i
}

// reach finds all nodes that the pieces' nodes can make worse, nearest first, and
// then sorts them so that what is needed comes before what needs it.
func (s *scene) reach() {
	s.slot = make(map[int32]int32, 4*len(s.pieces))
	for i, p := range s.pieces {
		r := s.visit(p.node, 0)
		s.reached[r].src = append(s.reached[r].src, int32(i))
	}
	for i := 0; i < len(s.reached); i++ {
		for _, d := range s.nodes[s.reached[i].node].dependants {
			s.visit(d, s.reached[i].hops+1)
		}
	}
	slices.SortFunc(s.reached, func(a, b reached) int {
		return cmp.Or(cmp.Compare(s.nodes[a.node].rank, s.nodes[b.node].rank), cmp.Compare(a.node, b.node))
	})
	n := len(s.each)
	arena := make([]model.Range, n*len(s.reached))
	for i := range s.reached {
		r := &s.reached[i]
		s.slot[r.node] = int32(i)
		r.line, arena = arena[:n:n], arena[n:]
		if r.src != nil {
			r.own = s.own(r.src)
			copy(r.line, r.own)
		}
	}
}

func (s *scene) visit(n int32, hops int32) int32 {
	if i, seen := s.slot[n]; seen {
		return i
	}
	i := int32(len(s.reached))
	s.slot[n] = i
	s.reached = append(s.reached, reached{node: n, hops: hops})
	return i
}

// own is the level of a node from the pieces on it alone.
func (s *scene) own(src []int32) []model.Range {
	line := make([]model.Range, len(s.each))
	for _, i := range src {
		p := s.pieces[i]
		for k := s.at(p.start); k < s.at(p.end); k++ {
			line[k] = line[k].Worse(p.level)
		}
	}
	return line
}

// spreadLevels works out the line of every reached node.
func (s *scene) spreadLevels() {
	for i := 0; i < len(s.reached); {
		j := i + 1
		for j < len(s.reached) && s.rankAt(j) == s.rankAt(i) {
			j++
		}
		// A cycle is repeated until nothing gets worse. Every round raises some end of
		// some phase by a level, so it ends.
		for again := true; again; {
			again = false
			for k := i; k < j; k++ {
				again = s.update(&s.reached[k]) || again
			}
			again = again && s.nodes[s.reached[i].node].cyclic
		}
		i = j
	}
}

func (s *scene) rankAt(i int) int32 { return s.nodes[s.reached[i].node].rank }

// update recomputes one node's line and reports whether it got worse.
func (s *scene) update(r *reached) bool {
	needs := s.nodes[r.node].needs
	if needs == nil {
		return false
	}
	line := s.contribution(needs)
	if line == nil {
		return false
	}
	worse := false
	for k, v := range line {
		if w := r.line[k].Worse(v); w != r.line[k] {
			r.line[k], worse = w, true
		}
	}
	return worse
}

// contribution is what reaches a dependant through one need; nil means nothing.
func (s *scene) contribution(x *need) []model.Range {
	line := s.raw(x)
	if line == nil {
		return nil
	}
	if x.holds == 0 && x.from == model.None && x.cap == model.Outage {
		return line
	}
	out := slices.Clone(line)
	if x.holds > 0 {
		s.dropShort(out, x.holds)
	}
	for k, v := range out {
		out[k] = model.Range{Least: through(v.Least, x), Most: through(v.Most, x)}
	}
	return out
}

func through(l model.Level, x *need) model.Level {
	if l < x.from {
		return model.None
	}
	return min(l, x.cap)
}

// raw is the level of the needed thing itself.
func (s *scene) raw(x *need) []model.Range {
	if x.leaf >= 0 {
		if i, ok := s.slot[x.leaf]; ok {
			return s.reached[i].line
		}
		return nil
	}
	lines := make([][]model.Range, 0, len(x.kids))
	for i := range x.kids {
		if line := s.contribution(&x.kids[i]); line != nil {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	if x.best == len(x.kids) && len(lines) == 1 {
		return lines[0]
	}
	return s.combine(x, lines)
}

// value is contribution at one phase.
func (s *scene) value(x *need, k int) model.Range {
	if x.holds > 0 {
		if line := s.contribution(x); line != nil {
			return line[k]
		}
		return model.Range{}
	}
	v := s.rawValue(x, k)
	return model.Range{Least: through(v.Least, x), Most: through(v.Most, x)}
}

func (s *scene) rawValue(x *need, k int) model.Range {
	if x.leaf >= 0 {
		if i, ok := s.slot[x.leaf]; ok {
			return s.reached[i].line[k]
		}
		return model.Range{}
	}
	least, most := make([]model.Level, len(x.kids)), make([]model.Level, len(x.kids))
	for i := range x.kids {
		v := s.value(&x.kids[i], k)
		least[i], most[i] = v.Least, v.Most
	}
	return model.Range{Least: bestOf(least, x), Most: bestOf(most, x)}
}

// combine ranks the kids at every phase: the need is as bad as its best-th best
// kid. Kids without a line are none.
func (s *scene) combine(x *need, lines [][]model.Range) []model.Range {
	out := make([]model.Range, len(s.each))
	least, most := make([]model.Level, len(x.kids)), make([]model.Level, len(x.kids))
	for k := range out {
		clear(least)
		clear(most)
		for i, line := range lines {
			least[i], most[i] = line[k].Least, line[k].Most
		}
		out[k] = model.Range{Least: bestOf(least, x), Most: bestOf(most, x)}
	}
	return out
}

func bestOf(levels []model.Level, x *need) model.Level {
	if x.best == len(levels) {
		return slices.Max(levels)
	}
	slices.Sort(levels)
	l := levels[x.best-1]
	if x.redundant && levels[len(levels)-1] > model.None {
		l = max(l, model.AtRisk)
	}
	return l
}

// dropShort lowers every run of phases at or above a level that is no longer than
// limit, level by level, so that a long mild stretch stays where a short gap in
// it goes. It is monotone: a worse line has longer runs.
func (s *scene) dropShort(line []model.Range, limit int64) {
	for l := model.Outage; l > model.None; l-- {
		s.runs(line, l, limit, func(v *model.Level) { *v = l - 1 })
	}
}

// judge applies a capability's tolerance: gaps no longer than it are blips.
func (s *scene) judge(line []model.Range, tolerance int64) {
	if tolerance <= 0 {
		return
	}
	s.runs(line, model.Outage, tolerance, func(v *model.Level) { *v = model.Degraded })
	s.runs(line, model.Degraded, tolerance, func(v *model.Level) { *v = model.Blip })
}

// runs finds the runs of phases at level l or worse, at either end of the ranges,
// that last at most limit, and hands their levels to lower.
func (s *scene) runs(line []model.Range, l model.Level, limit int64, lower func(*model.Level)) {
	for end := range 2 {
		pick := func(k int) *model.Level {
			if end == 0 {
				return &line[k].Least
			}
			return &line[k].Most
		}
		for i := 0; i < len(line); i++ {
			if *pick(i) < l {
				continue
			}
			j := i + 1
			for j < len(line) && *pick(j) >= l {
				j++
			}
			if s.lasting(i, j) <= limit {
				for k := i; k < j; k++ {
					if *pick(k) == l {
						lower(pick(k))
					}
				}
			}
			i = j
		}
	}
}
