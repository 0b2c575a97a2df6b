package html

import (
	"fmt"
	"html/template"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/brief"
	"planewise/planner/words"
)

// The picture's measures, in its own units (a unit is a pixel at full width).
const (
	width   = 960
	left    = 130 // room for the planes' names
	right   = 30
	top     = 4
	barHigh = 18
	gap     = 4
	axis    = 22
)

type pictureView struct {
	Anchor, Label, Desc, Caption string
	Width, Height                int64
	Lanes                        []laneView
	Ticks                        []tickView
	Bars                         template.HTML
}

type laneView struct {
	Name              string
	X, Y, W, H, TextY int64
}

type tickView struct {
	X, Top, Bottom, TextY int64
	Text                  string
}

// draw is the bundle's time line: a lane per plane, a bar per interval from its
// earliest start to its latest end. What it shows is also in the table beside it.
func draw(b *brief.Brief, bundle model.Bundle, v bundleView) (template.HTML, error) {
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
		Caption: "From the start of " + v.Label + ", at the length that nine of ten runs stay within. A dashed frame marks what is not known in full.",
	}
	y := int64(top)
	var said []string
	var bars strings.Builder
	for _, plane := range b.PlaneIDs() {
		rows := lane(&bars, b, bundle, plane, total, y)
		high := rows*(barHigh+gap) + gap
		p.Lanes = append(p.Lanes, laneView{Name: short(clean.Text(string(plane)), 18), X: left, Y: y, W: width - left - right, H: high, TextY: y + high/2 + 4})
		said = append(said, clean.Text(string(plane))+": "+brief.Feel(brief.Impact(bundle, plane)))
		y += high + gap
	}
	p.Ticks = ticks(total, y)
	p.Height = y + axis
	p.Bars = template.HTML(bars.String())
	p.Desc = strings.Join(said, "; ") + ". The table below says the same in words."
	var out strings.Builder
	if err := picture.Execute(&out, p); err != nil {
		return "", fmt.Errorf("draw %s: %w", v.Label, err)
	}
	return template.HTML(out.String()), nil // escaped by its own template
}

// lane draws the bars of one plane in as few rows as they need, and returns how
// many these are.
func lane(out *strings.Builder, b *brief.Brief, bundle model.Bundle, plane model.PlaneID, total, y int64) int64 {
	var ends []int64 // where each row is free again
	for _, i := range bundle.Timeline {
		if i.Plane != plane {
			continue
		}
		x, end := place(i.Start.P50s, total), place(i.End.P90s, total)
		w := max(end-x, 3)
		row := 0
		for row < len(ends) && ends[row] > x {
			row++
		}
		if row == len(ends) {
			ends = append(ends, 0)
		}
		ends[row] = x + w
		at := y + gap + int64(row)*(barHigh+gap)
		level := words.Level(i.Level, i.Unknown)
		name := b.Capability(i.Capability)
		fmt.Fprintf(out, "<rect class=\"bar %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"><title>%s: %s, from %s, lasts %s</title></rect>",
			escape(class(i.Level, i.Unknown)), x, at, w, barHigh, escape(name), level, words.Span(i.Start), words.Span(lasts(i)))
		// About seven units a letter: a word that does not fit its bar is left to the title.
		if word := label(name, level, int(w/7)); word != "" {
			fmt.Fprintf(out, "<text class=\"bar\" x=\"%d\" y=\"%d\">%s</text>", x+4, at+13, escape(word))
		}
		out.WriteByte('\n')
	}
	return max(int64(len(ends)), 1)
}

// label is what fits into a bar: level and name, the level alone, or nothing.
func label(name, level string, room int) string {
	if full := level + ": " + name; len([]rune(full)) <= room {
		return full
	}
	if len(level) <= room {
		return level
	}
	return ""
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
