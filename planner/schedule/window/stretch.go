package window

import (
	"cmp"
	"slices"
	"sort"
)

// Stretch is the time from Start up to but not including End, in Unix seconds.
type Stretch struct{ Start, End int64 }

// Len is the stretch's length in seconds.
func (s Stretch) Len() int64 { return s.End - s.Start }

// Union is the time in any of the stretches: sorted, without overlaps, adjacent
// ones joined, empty ones dropped.
func Union(stretches []Stretch) []Stretch {
	sorted := slices.Clone(stretches)
	slices.SortFunc(sorted, func(a, b Stretch) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var union []Stretch
	for _, s := range sorted {
		switch last := len(union) - 1; {
		case s.Start >= s.End:
		case last >= 0 && s.Start <= union[last].End:
			union[last].End = max(union[last].End, s.End)
		default:
			union = append(union, s)
		}
	}
	return union
}

// Without is the time in a but not in b. Both are as Union returns them, and so
// is the result.
func Without(a, b []Stretch) []Stretch {
	var left []Stretch
	for _, s := range a {
		from := sort.Search(len(b), func(i int) bool { return b[i].End > s.Start })
		for ; from < len(b) && b[from].Start < s.End; from++ {
			if b[from].Start > s.Start {
				left = append(left, Stretch{s.Start, b[from].Start})
			}
			s.Start = b[from].End
		}
		if s.Start < s.End {
			left = append(left, s)
		}
	}
	return left
}

// Within is the part of the stretches that lies inside bounds.
func Within(stretches []Stretch, bounds Stretch) []Stretch {
	var inside []Stretch
	for _, s := range stretches {
		s = Stretch{max(s.Start, bounds.Start), min(s.End, bounds.End)}
		if s.Start < s.End {
			inside = append(inside, s)
		}
	}
	return inside
}
