package words

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
)

func TestDuration(t *testing.T) {
	cases := []struct {
		seconds     int64
		long, short string
	}{
		{0, "0 s", "0s"},
		{40, "40 s", "40s"},
		{119, "119 s", "119s"},
		{120, "2 min", "2m"},
		{121, "3 min", "3m"}, // rounded up, never down
		{3540, "59 min", "59m"},
		{3541, "1 h", "1h"},
		{3600, "1 h", "1h"},
		{7800, "2 h 10 min", "2h10m"},
		{86399, "1 d", "1d"},
		{86400, "1 d", "1d"},
		{90001, "1 d 2 h", "1d2h"},
		{math.MaxInt64, "106751991167300 d 16 h", "106751991167300d16h"},
	}
	for _, c := range cases {
		if got := Duration(c.seconds); got != c.long {
			t.Errorf("Duration(%d) = %q, want %q", c.seconds, got, c.long)
		}
		if got := Short(c.seconds); got != c.short {
			t.Errorf("Short(%d) = %q, want %q", c.seconds, got, c.short)
		}
	}
}

func TestSpanShowsOneNumberWhereBothReadTheSame(t *testing.T) {
	if got := Span(model.Span{P50s: 700, P90s: 719}); got != "12 min" {
		t.Errorf("got %q", got)
	}
	if got := Span(model.Span{P50s: 700, P90s: 1500}); got != "12 min to 25 min" {
		t.Errorf("got %q", got)
	}
}

func TestUnknownNeverReadsAsNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := model.Level(rapid.IntRange(0, int(model.Outage)).Draw(t, "level"))
		if Level(l, true) == "none" || Glyph(l, true) == Glyph(model.None, false) {
			t.Fatalf("unknown, at least %v reads as none", l)
		}
	})
}

func TestList(t *testing.T) {
	for want, in := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		if got := List(in); got != want {
			t.Errorf("List(%q) = %q, want %q", in, got, want)
		}
	}
}
