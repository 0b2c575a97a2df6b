// Package layout divides a window into the rectangles of a screen. It is pure
// arithmetic, so that it can be tested by drawing the boxes.
package layout

// Rect is a rectangle of cells. One without width or height is not shown.
type Rect struct{ X, Y, W, H int }

// Empty reports whether there is nothing to draw.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Holds reports whether the cell at x, y lies inside.
func (r Rect) Holds(x, y int) bool {
	return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
}

// Below these sizes there is only a line that says so.
const (
	MinWidth  = 24
	MinHeight = 6
)

// Want is what a screen would like to show.
type Want struct {
	// Lanes is the number of lines of the planes over time, Answers the number of
	// one-line answers.
	Lanes, Answers int
	// Sub is the number of lines for what is proven and what the plan follows; 0 is 1.
	Sub int
	// Zoom gives the body all the room but title, answers and foot.
	Zoom bool
}

// Frame is a divided window. Rectangles never overlap, and every cell of the
// window belongs to one of them or to none.
type Frame struct {
	W, H     int
	TooSmall bool
	// Compact: one pane, that of the selected bundle, and the answers.
	Compact                                 bool
	Title, Sub, Lanes, Answers, List, Split Rect
	Detail, Foot                            Rect
	// Rules are the lines between the parts.
	Rules []Rect
}

// Arrange divides a window of w columns and h lines.
func Arrange(w, h int, want Want) Frame {
	f := Frame{W: w, H: h}
	if w < MinWidth || h < MinHeight {
		f.TooSmall = true
		return f
	}
	d := divider{frame: &f, top: 0, bottom: h}
	f.Title = d.take(1)
	f.Foot = d.takeBottom(1)
	switch {
	case h < 18 || w < 44:
		d.compact(want)
	default:
		d.full(want)
	}
	return f
}

type divider struct {
	frame       *Frame
	top, bottom int
}

func (d *divider) left() int { return d.bottom - d.top }

func (d *divider) take(n int) Rect {
	n = max(0, min(n, d.left()))
	r := Rect{0, d.top, d.frame.W, n}
	d.top += n
	return r
}

func (d *divider) takeBottom(n int) Rect {
	n = max(0, min(n, d.left()))
	d.bottom -= n
	return Rect{0, d.bottom, d.frame.W, n}
}

func (d *divider) rule() { d.frame.Rules = append(d.frame.Rules, d.take(1)) }

// compact shows the answers and below them the selected bundle.
func (d *divider) compact(want Want) {
	f := d.frame
	f.Compact = true
	// At least three lines are for the bundle, however many answers there are.
	f.Answers = d.take(max(1, min(want.Answers, 5, d.left()-3)))
	f.Detail = d.take(d.left())
}

func (d *divider) full(want Want) {
	f := d.frame
	sub := 1
	if f.H >= 24 && !want.Zoom {
		sub = max(1, min(want.Sub, 2))
	}
	f.Sub = d.take(sub)
	if !want.Zoom {
		f.Lanes = d.take(min(want.Lanes, d.left()/3))
		d.rule()
	}
	// The five questions come first; what ends and what is unknown need room.
	answers := min(want.Answers, 5)
	if f.H >= 30 {
		answers = want.Answers
	}
	f.Answers = d.take(min(answers, max(d.left()-8, 1)))
	d.rule()
	if f.W < 72 {
		f.List = d.take(max(2, d.left()*2/5))
		if d.left() > 3 {
			d.rule()
		}
		f.Detail = d.take(d.left())
		return
	}
	body := d.take(d.left())
	list := min(max(body.W*2/5, 36), 76)
	f.List = Rect{0, body.Y, list, body.H}
	f.Split = Rect{list, body.Y, 1, body.H}
	f.Detail = Rect{list + 1, body.Y, body.W - list - 1, body.H}
}
