package model

import "strings"

// About is the fact as an action names it: where it is about each of a kind ("ship:*"),
// it is about the action, or about the one change that the action carries.
func (f Fact) About(a *Action) Fact {
	kind, each := strings.CutSuffix(f.Subject, "*")
	switch {
	case !each || kind == "":
	case strings.HasPrefix(string(a.ID), kind):
		f.Subject = string(a.ID)
	case len(a.Changes) == 1 && strings.HasPrefix(string(a.Changes[0]), kind):
		f.Subject = string(a.Changes[0])
	}
	return f
}

// DistinctFacts are the facts of a list, in which the same one may come several
// times, each once and sorted by id.
//
// Ids are hashes, so that their first digits put nearly every fact into its place;
// a plan has thousands, and comparing them took longer than finding them.
func DistinctFacts(all []*Fact) []Fact {
	sorted := make([]*Fact, len(all))
	places := factPlaces(all)
	for _, f := range all {
		p := &places[factBucket(f.ID)]
		sorted[*p] = f
		*p++
	}
	// What is left to do is to sort inside the buckets, of which each has very few.
	for i := 1; i < len(sorted); i++ {
		for k := i; k > 0 && strings.Compare(string(sorted[k].ID), string(sorted[k-1].ID)) < 0; k-- {
			sorted[k], sorted[k-1] = sorted[k-1], sorted[k]
		}
	}
	kept := sorted[:0]
	for _, f := range sorted {
		if len(kept) == 0 || f.ID != kept[len(kept)-1].ID {
			kept = append(kept, f)
		}
	}
	out := make([]Fact, len(kept))
	for i, f := range kept {
		out[i] = *f
	}
	return out
}

// factBuckets is 16 to the power of the hex digits that factBucket looks at.
const factBuckets = 1 << 12

// factBucket is a number that does not fall as ids rise: the first three hex
// digits. An id that is no hash costs time in the sorting and nothing else.
func factBucket(id FactID) int {
	n := 0
	for i := len("f-"); i < len("f-")+3; i++ {
		digit := 0
		if i < len(id) {
			digit = min(max(int(id[i])-'0', 0), 9)
			if id[i] >= 'a' {
				digit = min(int(id[i])-'a'+10, 15)
			}
		}
		n = n<<4 | digit
	}
	return n
}

// factPlaces is where each bucket begins.
func factPlaces(all []*Fact) *[factBuckets]int32 {
	var at [factBuckets]int32
	for _, f := range all {
		at[factBucket(f.ID)]++
	}
	sum := int32(0)
	for i, count := range at {
		at[i] = sum
		sum += count
	}
	return &at
}
