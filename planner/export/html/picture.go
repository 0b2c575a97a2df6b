package html

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/brief"
	"planewise/planner/words"
)

// The picture's measures, in its own units (a unit is a pixel at full width).
const (
	width   = 960
	left    = 300 // room for names
	letters = 40  // that fit into it
	right   = 30
	top     = 4
	barHigh = 18
	gap     = 4
	axis    = 22
)

type pictureView struct {
	Anchor, Label, Desc, Caption string
	Width, Height                int64
	Ticks                        []tickView
	Lanes, Bars                  template.HTML
}

type tickView struct {
	X, Top, Bottom, TextY int64
	Text                  string
}

// draw is the bundle's time line: a lane per plane, a bar per interval from its
// earliest start to its latest end. What it shows is also in the table beside it.
func draw(b *brief.Brief, bundle model.Bundle, v bundleView) (template.HTML, error) {
	bundle.Timeline = b.Timeline(bundle)
	if len(bundle.Timeline) == 0 {
		return "", nil
	}
	total := bundle.Duration.P90s
	for _, i := range bundle.Timeline {
		total = max(total, i.End.P90s)
	}
	total = max(total, 1)
	p := pictureView{
		Anchor: v.Anchor, Label: v.Label, Width: width,
		Caption: "From the start of " + v.Label + ", if everything takes as long as nine of ten runs stay within. A dashed frame marks what is not known in full.",
	}
	y := int64(top)
	var said []string
	var lanes, bars strings.Builder
	for _, plane := range b.PlaneIDs() {
		said = append(said, clean.Text(string(plane))+": "+brief.Feel(brief.Impact(bundle, plane)))
		fmt.Fprintf(&lanes, "<text class=\"plane\" x=\"4\" y=\"%d\">%s</text>\n", y+13, escape(short(b.Plane(plane), letters)))
		y += barHigh + gap
		for _, c := range capabilities(bundle, plane) {
			fmt.Fprintf(&lanes, "<rect class=\"row\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/><text x=\"16\" y=\"%d\">%s</text>\n",
				left, y, width-left-right, barHigh, y+13, escape(short(b.Capability(c), letters)))
			drawBars(&bars, b, bundle, plane, c, total, y)
			y += barHigh + gap
		}
	}
	p.Ticks = ticks(total, y)
	p.Height = y + axis
	p.Lanes, p.Bars = template.HTML(lanes.String()), template.HTML(bars.String())
	p.Desc = strings.Join(said, "; ") + ". The table below says the same in words."
	var out strings.Builder
	if err := picture().Execute(&out, p); err != nil {
		return "", fmt.Errorf("draw %s: %w", v.Label, err)
	}
	return template.HTML(out.String()), nil // escaped by its own template
}

// capabilities are those of a plane that the bundle touches, in the order in which
// they are first felt.
func capabilities(bundle model.Bundle, plane model.PlaneID) []model.CapabilityID {
	var out []model.CapabilityID
	for _, i := range bundle.Timeline {
		if (i.Plane == plane || i.Plane == model.Any) && !slices.Contains(out, i.Capability) {
			out = append(out, i.Capability)
		}
	}
	return out
}

// drawBars draws the intervals of one capability in its row, worse ones on top.
func drawBars(out *strings.Builder, b *brief.Brief, bundle model.Bundle, plane model.PlaneID, capability model.CapabilityID, total, y int64) {
	var mine []model.Interval
	for _, i := range bundle.Timeline {
		if i.Capability == capability && (i.Plane == plane || i.Plane == model.Any) {
			mine = append(mine, i)
		}
	}
	slices.SortStableFunc(mine, func(x, y model.Interval) int { return cmp.Compare(x.Level, y.Level) })
	for _, i := range mine {
		x := place(i.Start.P90s, total)
		w := max(place(i.End.P90s, total)-x, 3)
		level := words.Level(i.Level, i.Unknown)
		name := b.Capability(i.Capability)
		fmt.Fprintf(out, "<rect class=\"bar %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"><title>%s: %s, from %s, lasts %s</title></rect>",
			escape(class(i.Level, i.Unknown)), x, y, w, barHigh, escape(name), level, words.Span(i.Start), words.Span(lasts(i)))
		// About seven units a letter: a word that does not fit its bar is left to the title.
		if int64(7*len(level)) <= w {
			fmt.Fprintf(out, "<text class=\"bar\" x=\"%d\" y=\"%d\">%s</text>", x+4, y+13, escape(level))
		}
		out.WriteByte('\n')
	}
}

func place(s, total int64) int64 { return left + s*(width-left-right)/total }

// ticks are at most eight marks at round times.
func ticks(total, bottom int64) []tickView {
	step := int64(86400)
	for _, s := range []int64{10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800} {
		if total/s <= 8 {
			step = s
			break
		}
	}
	step *= 1 + total/(step*9)
	var out []tickView
	for at := int64(0); at <= total; at += step {
		out = append(out, tickView{X: place(at, total), Top: top, Bottom: bottom, TextY: bottom + 14, Text: words.Short(at)})
	}
	return out
}

func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
