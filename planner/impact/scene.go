package impact

import (
	"cmp"
	"slices"

	"planewise/model"
)

// piece is one cause: a node of the graph is at a level for a time.
type piece struct {
	node       int32
	first, end int32 // phases, once they are known
	level      model.Range
	start, to  model.Span
	source     *source
	before     int32 // piece on the same node, from 1; 0 is none
}

// source is why a piece exists; its text and its fact are made when something
// needs them.
type source struct {
	relation, object string
	level            model.Range
	evidence         model.Evidence
	in               *instances // whose evidence it is; nil: evidence alone
	say              func() string
	id               model.FactID
	doubt            bool // whether what is disturbed exists is not known
}

// reason is the evidence with its text.
func (x *source) reason() model.Evidence {
	if x.in != nil {
		text := x.in.short() + ": " + x.say()
		source := x.in.Source
		if x.faulty() {
			text += "; " + x.in.fault
			source = x.in.sight
		}
		if x.in.Text != "" {
			text += "; " + x.in.Text
		}
		x.evidence = model.Evidence{Basis: x.basis(), Source: source, Text: text}
		x.in, x.say = nil, nil
	}
	return x.evidence
}

// faulty: the level is a range because of what was at fault when the site was looked at.
func (x *source) faulty() bool { return x.in != nil && x.in.fault != "" && x.level.IsUnknown() }

func (x *source) basis() model.Basis {
	switch {
	case x.faulty():
		return model.BasisObserved
	case x.in != nil:
		return x.in.Basis
	}
	return x.evidence.Basis
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

// scene is the work on one action: what is known of its length, its pieces, the
// facts it has named, and the time line that is made of them.
type scene struct {
	*Engine
	id model.ActionID

	length        model.Span // of the action
	expected      int64      // of the action, the sum of its parts
	inTurn        int64      // expected for the longest of the restarts side by side
	fixed         bool       // length was measured
	lengthGuessed bool
	lengthUnknown bool
	lengthFacts   []model.FactID
	batch         model.Span // of a roll, with the wait after it
	batchWait     model.Span
	lives         []*instances // on the nodes of a roll

	carries []carry  // effects that outlast the action
	named   []uint64 // edges whose facts are kept, by their place
	notes   []model.Diagnostic

	pieces    []piece
	open      []piece // end with the action
	sources   []*source
	stretches []stretch
	// bounds cut the time line into phases; each is the length of a phase by which
	// gaps are judged: at P90, and of a single round where it stands for several
	// (times). inside is the stretch of a phase, -1 for none; whole the phases of a
	// stretch.
	bounds []model.Span
	each   []int64
	times  []int64
	inside []int32
	whole  [][2]int
	// slot of each node in reached, from 1; 0 is none. pending are the places of nodes
	// that still have to be worked out.
	slot    []int32
	pending []uint64
	reached []reached
	states  []int32
	chains  map[chainKey][]model.FactID
	facts   []model.Fact
}

// begin is a scene with nothing on it.
func (e *Engine) begin(id model.ActionID) *scene {
	s := &scene{
		Engine: e, id: id, slot: make([]int32, len(e.nodes)), pending: make([]uint64, len(e.nodes)/64+1), chains: map[chainKey][]model.FactID{},
	}
	s.named = make([]uint64, len(e.edges)/64+1)
	return s
}

func (s *scene) add(p piece) {
	if p.to.P90s <= p.start.P90s && p.to.P50s <= p.start.P50s || p.level.IsNone() {
		return
	}
	if p.source.doubt {
		p.level = model.Unknown()
	}
	s.pieces = append(s.pieces, p)
}

// byP90 orders boundaries by their place at P90, which decides the structure of
// the time line; P50 breaks ties.
func byP90(a, b model.Span) int {
	if a.P90s != b.P90s {
		return cmp.Compare(a.P90s, b.P90s)
	}
	return cmp.Compare(a.P50s, b.P50s)
}

// phases cuts the time line at every start and end.
func (s *scene) phases() {
	s.bounds = append(s.bounds, model.Span{}, s.length)
	for i := range s.pieces {
		s.bounds = append(s.bounds, s.pieces[i].start, s.pieces[i].to)
	}
	for _, x := range s.stretches {
		s.bounds = append(s.bounds, x.start, x.end)
	}
	slices.SortFunc(s.bounds, byP90)
	s.bounds = slices.Compact(s.bounds)
	for i := range len(s.bounds) - 1 {
		s.each = append(s.each, s.bounds[i+1].P90s-s.bounds[i].P90s)
		s.times, s.inside = append(s.times, 1), append(s.inside, -1)
	}
	for k, x := range s.stretches {
		from, to := s.at(x.start), s.at(x.end)
		s.whole = append(s.whole, [2]int{from, to})
		for i := from; i < to; i++ {
			s.each[i] = (s.each[i] + x.rounds - 1) / x.rounds
			s.times[i], s.inside[i] = x.rounds, int32(k)
		}
	}
	for i := range s.pieces {
		p := &s.pieces[i]
		p.first, p.end = int32(s.at(p.start)), int32(s.at(p.to))
	}
}

func (s *scene) at(b model.Span) int {
	lo, hi := 0, len(s.bounds)
	for lo < hi {
		mid := (lo + hi) / 2
		if m := s.bounds[mid]; m.P90s < b.P90s || m.P90s == b.P90s && m.P50s < b.P50s {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
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
