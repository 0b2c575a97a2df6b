package layout

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn paints the rectangles as letters, so that a layout reads as a picture.
func drawn(f Frame) string {
	grid := make([][]byte, f.H)
	for y := range grid {
		grid[y] = []byte(strings.Repeat(" ", f.W))
	}
	paint := func(r Rect, c byte) {
		for y := r.Y; y < r.Y+r.H; y++ {
			for x := r.X; x < r.X+r.W; x++ {
				grid[y][x] = c
			}
		}
	}
	paint(f.Title, 'T')
	paint(f.Sub, 's')
	paint(f.Lanes, 'L')
	paint(f.Answers, 'A')
	paint(f.List, 'b')
	paint(f.Split, '|')
	paint(f.Detail, 'D')
	paint(f.Foot, 'F')
	for _, r := range f.Rules {
		paint(r, '-')
	}
	lines := make([]string, f.H)
	for y := range grid {
		lines[y] = string(grid[y])
	}
	return strings.Join(lines, "\n")
}

// shrunk keeps every fourth column, so that pictures stay readable.
func shrunk(picture string) string {
	var out []string
	for _, l := range strings.Split(picture, "\n") {
		var b strings.Builder
		for x := 0; x < len(l); x += 4 {
			b.WriteByte(l[x])
		}
		out = append(out, b.String())
	}
	return strings.Join(out, "\n")
}

func TestArrange(t *testing.T) {
	want := Want{Lanes: 5, Answers: 7}
	cases := []struct {
		name, picture string
		w, h          int
		want          Want
	}{
		{"too small", "", 20, 4, want},
		{"compact", `
TTTTTTTTTT
AAAAAAAAAA
AAAAAAAAAA
AAAAAAAAAA
AAAAAAAAAA
AAAAAAAAAA
DDDDDDDDDD
DDDDDDDDDD
DDDDDDDDDD
DDDDDDDDDD
DDDDDDDDDD
FFFFFFFFFF`, 40, 12, want},
		{"narrow", `
TTTTTTTTTTTTTTT
sssssssssssssss
LLLLLLLLLLLLLLL
LLLLLLLLLLLLLLL
LLLLLLLLLLLLLLL
LLLLLLLLLLLLLLL
LLLLLLLLLLLLLLL
---------------
AAAAAAAAAAAAAAA
AAAAAAAAAAAAAAA
AAAAAAAAAAAAAAA
AAAAAAAAAAAAAAA
AAAAAAAAAAAAAAA
---------------
bbbbbbbbbbbbbbb
bbbbbbbbbbbbbbb
bbbbbbbbbbbbbbb
---------------
DDDDDDDDDDDDDDD
DDDDDDDDDDDDDDD
DDDDDDDDDDDDDDD
DDDDDDDDDDDDDDD
DDDDDDDDDDDDDDD
FFFFFFFFFFFFFFF`, 60, 24, want},
		{"wide", `
TTTTTTTTTTTTTTTTTTTT
ssssssssssssssssssss
LLLLLLLLLLLLLLLLLLLL
LLLLLLLLLLLLLLLLLLLL
LLLLLLLLLLLLLLLLLLLL
LLLLLLLLLLLLLLLLLLLL
LLLLLLLLLLLLLLLLLLLL
--------------------
AAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAA
--------------------
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
FFFFFFFFFFFFFFFFFFFF`, 80, 24, want},
		{"zoomed", `
TTTTTTTTTTTTTTTTTTTT
ssssssssssssssssssss
AAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAA
--------------------
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
bbbbbbbbb|DDDDDDDDDD
FFFFFFFFFFFFFFFFFFFF`, 80, 18, Want{Lanes: 5, Answers: 7, Zoom: true}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := Arrange(c.w, c.h, c.want)
			if c.picture == "" {
				if !f.TooSmall {
					t.Fatal("it is not too small")
				}
				return
			}
			if got := "\n" + shrunk(drawn(f)); got != c.picture {
				t.Errorf("got\n%s\nwant\n%s", got, c.picture)
			}
		})
	}
}

// No two rectangles overlap, none leaves the window, and no line is lost.
func TestArrangeHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(0, 300).Draw(t, "w"), rapid.IntRange(0, 100).Draw(t, "h")
		f := Arrange(w, h, Want{Lanes: rapid.IntRange(1, 12).Draw(t, "lanes"), Answers: rapid.IntRange(0, 7).Draw(t, "answers"), Zoom: rapid.Bool().Draw(t, "zoom")})
		if f.TooSmall {
			return
		}
		all := append([]Rect{f.Title, f.Sub, f.Lanes, f.Answers, f.List, f.Split, f.Detail, f.Foot}, f.Rules...)
		cells := 0
		for i, r := range all {
			if r.Empty() {
				continue
			}
			cells += r.W * r.H
			if r.X < 0 || r.Y < 0 || r.X+r.W > w || r.Y+r.H > h {
				t.Fatalf("%+v leaves the window %dx%d", r, w, h)
			}
			for _, o := range all[:i] {
				if !o.Empty() && r.X < o.X+o.W && o.X < r.X+r.W && r.Y < o.Y+o.H && o.Y < r.Y+r.H {
					t.Fatalf("%+v and %+v overlap at %dx%d", r, o, w, h)
				}
			}
		}
		if cells != w*h {
			t.Fatalf("%d of %d cells are used at %dx%d", cells, w*h, w, h)
		}
		if f.Detail.Empty() {
			t.Fatalf("no room for the detail at %dx%d", w, h)
		}
	})
}
