package duration

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
)

func span(p50, p90 int64) model.Span { return model.Span{P50s: p50, P90s: p90} }

func TestOnePartKeepsItsPercentiles(t *testing.T) {
	for _, s := range []model.Span{{}, span(0, 10), span(60, 60), span(60, 120), span(1, 1000), span(7200, 9000), span(Longest, Longest)} {
		for _, permille := range []int{0, 300, 1000} {
			sum := NewSum(permille)
			sum.Add(s)
			if got := sum.Span(); got != s {
				t.Errorf("sum of the one part %v with correlation %d is %v", s, permille, got)
			}
		}
	}
}

func TestExpected(t *testing.T) {
	for _, c := range []struct {
		part model.Span
		want int64
		why  string
	}{
		{span(0, 0), 0, "nothing takes no time"},
		{span(120, 120), 120, "a constant is its own mean"},
		// low 30, 45, 60, 84, 120, e = 120: 192, 540:
		// (12·30 + 12·45 + 16·60 + 12·84 + 7·120 + 3·192 + 2·540)/64 = 5364/64 = 83.8
		{span(60, 120), 84, "seven points by hand"},
		// low 20, 40, 60, 108, 180, e = 180: 288, 810:
		// (240 + 480 + 960 + 1296 + 1260 + 864 + 1620)/64 = 6720/64 = 105
		{span(60, 180), 105, "seven points by hand"},
	} {
		if got := Expected(c.part); got != c.want {
			t.Errorf("Expected(%v) = %d, want %d: %s", c.part, got, c.want, c.why)
		}
	}
}

func TestComonotonePartsAddUpExactly(t *testing.T) {
	sum := NewSum(1000)
	sum.Add(span(60, 120))
	sum.Add(span(10, 50))
	sum.Add(span(30, 30))
	if got := sum.Span(); got != span(100, 200) {
		t.Errorf("fully correlated parts: %v, want 100 and 200, the sums of the percentiles", got)
	}
}

// A hundred parts: far from the sum of the medians, since some of them overrun.
func TestManyPartsTendToTheMean(t *testing.T) {
	sum := NewSum(0)
	for range 100 {
		sum.Add(span(60, 120))
	}
	got := sum.Span()
	if mean := int64(8381); got.P50s < mean*97/100 || got.P50s > mean*102/100 {
		t.Errorf("median of 100 independent parts of mean 83.8 is %d", got.P50s)
	}
	if got.P50s <= 6000 || got.P90s >= 12000 {
		t.Errorf("%v: more than the sum of the medians, less than the sum of the P90s", got)
	}
}

// The P90 of a sum can exceed the sum of the P90s.
func TestHeavyTailsCanExceedTheSumOfP90s(t *testing.T) {
	sum := NewSum(0)
	var p90 int64
	for range 4 {
		sum.Add(span(10, 100))
		p90 += 100
	}
	if got := sum.Span().P90s; got <= p90 {
		t.Errorf("P90 of four wide parts is %d, the sum of their P90s %d", got, p90)
	}
}

// Reference: the same mixture by simulation, 200,000 draws from a fixed seed.
func TestAgainstSimulation(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		parts    []model.Span
		permille int
	}{
		{[]model.Span{span(600, 1200), span(60, 180)}, 300},
		{[]model.Span{span(60, 120), span(60, 120), span(60, 120), span(60, 120), span(60, 120)}, 0},
		{slices.Repeat([]model.Span{span(60, 300), span(120, 200), span(1000, 2500)}, 10), 300},
		{slices.Repeat([]model.Span{span(60, 300)}, 60), 0},
	} {
		sum := NewSum(c.permille)
		for _, p := range c.parts {
			sum.Add(p)
		}
		got, want := sum.Span(), simulate(rng, c.parts, c.permille)
		for _, q := range []struct {
			name      string
			got, want int64
		}{{"P50", got.P50s, want.P50s}, {"P90", got.P90s, want.P90s}} {
			if math.Abs(float64(q.got-q.want)) > 0.025*float64(q.want)+2 {
				t.Errorf("%d parts, correlation %d: %s is %d, simulated %d", len(c.parts), c.permille, q.name, q.got, q.want)
			}
		}
	}
}

func simulate(rng *rand.Rand, ps []model.Span, permille int) model.Span {
	var all [][bins]int64
	for _, p := range ps {
		var ranks [bins]int64
		i := 0
		for k, v := range points(p) {
			for range weights[k] {
				ranks[i] = v
				i++
			}
		}
		all = append(all, ranks)
	}
	const draws = 200_000
	sums := make([]int64, draws)
	for d := range sums {
		same, rank := rng.IntN(1000) < permille, rng.IntN(bins)
		for _, ranks := range all {
			if !same {
				rank = rng.IntN(bins)
			}
			sums[d] += ranks[rank]
		}
	}
	slices.Sort(sums)
	return span((sums[draws/2]+fine-1)/fine, (sums[draws*9/10]+fine-1)/fine)
}

func anySpan() *rapid.Generator[model.Span] {
	return rapid.Custom(func(t *rapid.T) model.Span {
		p50 := rapid.Int64Range(0, 20000).Draw(t, "p50")
		return span(p50, p50+rapid.Int64Range(0, 40000).Draw(t, "more"))
	})
}

func total(parts []model.Span, permille int) model.Span {
	s := NewSum(permille)
	for _, p := range parts {
		s.Add(p)
	}
	return s.Span()
}

func TestAFurtherPartNeverShortens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(anySpan(), 0, 12).Draw(t, "parts")
		permille := rapid.IntRange(0, 1000).Draw(t, "correlation")
		before := total(parts, permille)
		at := rapid.IntRange(0, len(parts)).Draw(t, "at")
		after := total(slices.Insert(slices.Clone(parts), at, anySpan().Draw(t, "further")), permille)
		if before.P50s > before.P90s || after.P50s > after.P90s {
			t.Fatalf("P50 above P90: %v, %v", before, after)
		}
		if after.P50s < before.P50s || after.P90s < before.P90s {
			t.Fatalf("%v became %v", before, after)
		}
	})
}

func TestRepeatNeverShrinks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part, n := anySpan().Draw(t, "part"), rapid.IntRange(0, 80).Draw(t, "n")
		a, b := Repeat(part, n, 300), Repeat(part, n+1, 300)
		if a.P50s > b.P50s || a.P90s > b.P90s || a.P50s > a.P90s {
			t.Fatalf("%d times %v is %v, %d times is %v", n, part, a, n+1, b)
		}
	})
	if got := Repeat(span(1000, 2000), math.MaxInt32, 300); got != span(Longest, Longest) {
		t.Errorf("an absurd number of parts gives %v, want the limit", got)
	}
}

func BenchmarkAdd(b *testing.B) {
	b.ReportAllocs()
	s := NewSum(300)
	for b.Loop() {
		s = NewSum(300)
		for range 100 {
			s.Add(model.Span{P50s: 60, P90s: 180})
		}
	}
}
