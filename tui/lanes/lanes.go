// Package lanes computes what is drawn of planes over time: how wide each bundle
// is and which level holds in each column. Drawing itself is left to the screen.
package lanes

import (
	"planewise/model"
)

// MinCell is the narrowest bundle: three columns hold a label such as B12.
const MinCell = 3

// Cell is the place of one bundle: its index, the first column and the width,
// without the border to its left.
type Cell struct{ Bundle, X, W int }

// Cells divides width columns among bundles with these lengths in seconds. Each
// has at least MinCell columns and a border; what is left is given in proportion
// to the lengths. Where not all fit, those around selected are shown.
func Cells(lengths []int64, width, selected int) []Cell {
	n := len(lengths)
	if n == 0 || width < MinCell+1 {
		return nil
	}
	first, shown := 0, min(n, width/(MinCell+1))
	if shown < n {
		first = max(0, min(max(selected, 0)-shown/2, n-shown))
	}
	spare := int64(width - shown*(MinCell+1))
	var total int64
	for _, l := range lengths[first : first+shown] {
		total += bounded(l)
	}
	out := make([]Cell, 0, shown)
	x := 0
	var sum, given int64
	for i := first; i < first+shown; i++ {
		sum += bounded(lengths[i])
		more := int64(0)
		if total > 0 {
			// Cumulative rounding gives away exactly the spare columns.
			more = spare*sum/total - given
			given += more
		}
		w := MinCell + int(more)
		out = append(out, Cell{Bundle: i, X: x + 1, W: w})
		x += w + 1
	}
	return out
}

// bounded keeps sums and products of lengths inside 64 bits: three years.
func bounded(l int64) int64 { return max(0, min(l, 100_000_000)) }

// Slot is what a plane feels in one column: the worst of its capabilities, on both
// ends where that is not known.
type Slot struct{ model.Range }

// Levels is what a plane feels of a bundle in each of w columns, which share the
// bundle's length evenly. An interval counts in every column that it touches, so
// that a short gap does not vanish between columns.
func Levels(b model.Bundle, plane model.PlaneID, w int, slow bool) []Slot {
	out := make([]Slot, w)
	length := max(Length(b, slow), 1)
	for _, i := range b.Timeline {
		if i.Plane != plane && i.Plane != model.Any {
			continue
		}
		start, end := i.Start.P50s, i.End.P50s
		if slow {
			start, end = i.Start.P90s, i.End.P90s
		}
		if end < start {
			end = start
		}
		level := model.Effect{Level: i.Level, Unknown: i.Unknown, Most: i.Most}.Range()
		from := int(bounded(start) * int64(w) / length)
		to := int((bounded(end)*int64(w) + length - 1) / length)
		from = max(0, min(from, w-1))
		to = max(from+1, min(to, w))
		for x := from; x < to; x++ {
			out[x] = Slot{out[x].Worse(level)}
		}
	}
	return out
}

// Length is what the columns of a bundle stand for, in seconds: the ninth of ten
// runs where slow is set, else the middle one. No interval ends after it.
func Length(b model.Bundle, slow bool) int64 {
	length := b.Duration.P50s
	if slow {
		length = b.Duration.P90s
	}
	for _, i := range b.Timeline {
		end := i.End.P50s
		if slow {
			end = i.End.P90s
		}
		length = max(length, end)
	}
	return bounded(length)
}

// Run is a stretch of equal columns.
type Run struct {
	Slot
	X, W int
}

// Runs joins equal neighbours.
func Runs(slots []Slot) []Run {
	var out []Run
	for x, s := range slots {
		if n := len(out); n > 0 && out[n-1].Slot == s {
			out[n-1].W++
			continue
		}
		out = append(out, Run{s, x, 1})
	}
	return out
}
