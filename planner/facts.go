package planner

import (
	"strings"

	"planewise/model"
)

// know notes facts that the plan points to; the same one may come several times.
// The list must not be altered afterwards.
func (b *build) know(facts []model.Fact) { b.facts = append(b.facts, facts) }

// sortedFacts are all facts that are known, each once, sorted by id.
func (b *build) sortedFacts() []model.Fact {
	n := 0
	for _, list := range b.facts {
		n += len(list)
	}
	sorted := make([]*model.Fact, n)
	places := places(b.facts)
	for _, list := range b.facts {
		for i := range list {
			p := &places[bucket(list[i].ID)]
			sorted[*p] = &list[i]
			*p++
		}
	}
	// What is left to do is to sort inside the buckets, of which each has very few.
	for i := 1; i < n; i++ {
		for k := i; k > 0 && strings.Compare(string(sorted[k].ID), string(sorted[k-1].ID)) < 0; k-- {
			sorted[k], sorted[k-1] = sorted[k-1], sorted[k]
		}
	}
	out := make([]model.Fact, 0, n)
	for i, f := range sorted {
		if i == 0 || f.ID != sorted[i-1].ID {
			out = append(out, *f)
		}
	}
	return out
}

// buckets is 16 to the power of the hex digits that bucket looks at.
const buckets = 1 << 12

// bucket is a number that does not fall as ids rise: the first three hex digits.
// Ids are hashes, so that the buckets fill evenly; an id that is none (from a
// mapping's own hand) costs time in the sorting and nothing else.
func bucket(id model.FactID) int {
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

// places is where each bucket begins.
func places(lists [][]model.Fact) *[buckets]int32 {
	var at [buckets]int32
	for _, list := range lists {
		for i := range list {
			at[bucket(list[i].ID)]++
		}
	}
	sum := int32(0)
	for i, count := range at {
		at[i] = sum
		sum += count
	}
	return &at
}
