// Package duration adds up lengths of time that are known as ranges.
//
// # One part
//
// A part is known by its median (P50) and its 90th percentile (P90). Between
// and beyond these two it is taken to be spread over seven points, whose weights
// are 64ths:
//
//	weight  value                      where it comes from
//	12      P50²/P90                   the 10th percentile of a lognormal with this P50 and P90
//	12      half-way from there to P50
//	16      P50
//	12      P50 + 2/5 (P90-P50)
//	 7      P90
//	 3      P90 + 3/5 e                overruns, see below
//	 2      P90 + 7/2 e
//
// with e = min(P90, 2 (P90-P50)). The weights put ranks 25 to 40 on P50 and ranks
// 53 to 59 on P90, so that a single part keeps exactly the percentiles it was
// given. Of 1837 announced downtimes of research computing sites (the public
// record of the Open Science Grid) 9.7 % were extended, and those that were
// took 1.8 times as long as announced in the median, 3.2 times at the third
// quartile and 6.6 times at the ninth decile: estimates mostly hold, and when they
// fail they fail by a factor. The last two points carry that tail for a part whose
// P90 is at least twice its P50; the tail shrinks with the spread, and a part
// without a spread (P50 = P90) is a constant.
//
// # The sum
//
// Parts are correlated: a bad night is bad for all of them. With correlation r
// the sum is a mixture: with probability r all parts take the same rank, with
// probability 1-r they are independent. Spearman's correlation of any two parts
// is then r. The independent sum is kept as 64 equally likely values; adding a part
// makes 64 x 7 weighted sums, which are sorted and averaged back to 64.
//
// # What holds by construction
//
// All arithmetic is on integers, in 16ths of a second, so that results are the
// same on every platform. Sorting, adding something that is not negative,
// averaging equal shares and reading a rank are all monotone. So P50 <= P90, and a
// further part never shortens a sum. The P90 of a sum can exceed the sum of the
// P90s, since with many parts one of them overruns almost certainly.
package duration

import "planewise/model"

const (
	bins  = 64 // equally likely values of the independent sum
	fine  = 16 // parts of a second
	parts = 7  // points of one part
	// Longest is what a single part is limited to, a leap year; it keeps the
	// arithmetic far from the limits of 64 bits.
	Longest = 366 * 24 * 3600
	// exact is the number of equal parts that are added one by one.
	exact = 32
)

var weights = [parts]int64{12, 12, 16, 12, 7, 3, 2}

// points are the seven values of a part in 16ths of a second, ascending.
func points(s model.Span) [parts]int64 {
	p50 := min(max(s.P50s, 0), Longest)
	p90 := min(max(s.P90s, p50), Longest)
	if p90 == 0 {
		return [parts]int64{}
	}
	low := fine * p50 * p50 / p90
	p50, p90 = fine*p50, fine*p90
	e := min(p90, 2*(p90-p50))
	return [parts]int64{low, (low + p50) / 2, p50, p50 + 2*(p90-p50)/5, p90, p90 + 3*e/5, p90 + 7*e/2}
}

// Expected is the mean of one part in whole seconds, rounded up. Expectations
// add up whatever the correlation.
func Expected(s model.Span) int64 {
	var sum int64
	for i, v := range points(s) {
		sum += weights[i] * v
	}
	return (sum + bins*fine - 1) / (bins * fine)
}

// Sum is the distribution of a sum of parts. The zero value is an empty sum of
// independent parts; values may be copied.
type Sum struct {
	permille int64 // correlation
	alone    [bins]int64
	together [parts]int64
}

// NewSum is an empty sum whose parts are correlated by so many thousandths,
// limited to 0 to 1000.
func NewSum(permille int) Sum { return Sum{permille: int64(min(max(permille, 0), 1000))} }

// Add adds a part.
func (s *Sum) Add(part model.Span) {
	p := points(part)
	for i := range s.together {
		s.together[i] += p[i]
	}
	if p[0] == p[parts-1] {
		for i := range s.alone {
			s.alone[i] += p[0]
		}
		return
	}
	if s.alone[0] == s.alone[bins-1] {
		s.alone = single(s.alone[0], &p)
		return
	}
	s.alone = spread(&s.alone, &p)
}

// single is spread for a sum that is a constant so far.
func single(constant int64, p *[parts]int64) (out [bins]int64) {
	bin := 0
	for k, v := range p {
		for range weights[k] {
			out[bin] = constant + v
			bin++
		}
	}
	return out
}

// spread merges the 64 x 7 weighted sums in ascending order and averages each
// 64th of their weight.
func spread(v *[bins]int64, p *[parts]int64) (out [bins]int64) {
	var at [parts]int
	var next [parts]int64
	for k := range next {
		next[k] = v[0] + p[k]
	}
	bin, room, sum := 0, int64(bins), int64(0)
	for bin < bins {
		k := 0
		for j := 1; j < parts; j++ {
			if next[j] < next[k] {
				k = j
			}
		}
		value, weight := next[k], weights[k]
		if at[k]++; at[k] < bins {
			next[k] = v[at[k]] + p[k]
		} else {
			next[k] = 1 << 62
		}
		for weight > 0 {
			take := min(weight, room)
			sum += value * take
			weight -= take
			if room -= take; room == 0 {
				out[bin] = sum / bins
				bin, room, sum = bin+1, bins, 0
			}
		}
	}
	return out
}

// Span reads the median and the 90th percentile, rounded up to whole seconds.
func (s *Sum) Span() model.Span {
	return model.Span{P50s: s.rank(50), P90s: s.rank(90)}
}

// rank is the smallest value that the sum does not exceed with the given
// probability in per cent.
func (s *Sum) rank(percent int64) int64 {
	want := percent * bins * 1000 / 100
	i, k := 0, 0
	for {
		var value int64
		if k == parts || i < bins && s.alone[i] <= s.together[k] {
			value = s.alone[i]
			want -= 1000 - s.permille
			i++
		} else {
			value = s.together[k]
			want -= s.permille * weights[k]
			k++
		}
		if want <= 0 || i == bins && k == parts {
			return (value + fine - 1) / fine
		}
	}
}

// Repeat is the sum of n equal parts. Beyond 32 parts it grows in proportion,
// which is a little more than the exact sum would.
func Repeat(part model.Span, n int, permille int) model.Span {
	if n <= 1 || part == (model.Span{}) {
		if n <= 0 {
			return model.Span{}
		}
		return part
	}
	s := NewSum(permille)
	for range min(n, exact) {
		s.Add(part)
	}
	span := s.Span()
	if n > exact {
		span = model.Span{P50s: scale(span.P50s, n), P90s: scale(span.P90s, n)}
	}
	return span
}

// scale is v·n/exact, rounded up and limited to Longest.
func scale(v int64, n int) int64 {
	if v > Longest || int64(n) > Longest {
		return Longest
	}
	return min((v*int64(n)+exact-1)/exact, Longest)
}
