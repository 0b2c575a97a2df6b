// Command picture turns a terminal's screen, as "tmux capture-pane -e -p -N" prints
// it, into an SVG picture. See tui/testdata/picture.sh.
package main

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi" // why: the widths of characters that the terminal itself uses
)

// Sizes of a cell and of the frame, in pixels of the picture.
const (
	cellW, cellH = 8.4, 18.0
	fontSize     = 14
	margin       = 12.0
)

const (
	ground = "#0d1117"
	ink    = "#d7dce2"
)

// basic are the 16 colours, as most terminals with a dark ground show them.
var basic = [16]string{
	"#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4",
	"#6e7681", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff",
}

// style is how text is written from here on.
type style struct {
	fg, bg        string
	bold, reverse bool
}

// colours are the two of a text, reversed where it says so.
func (s style) colours() (fg, bg string) {
	fg, bg = s.fg, s.bg
	if fg == "" {
		fg = ink
	}
	if s.reverse {
		if bg == "" {
			bg = ground
		}
		return bg, fg
	}
	return fg, bg
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	var body strings.Builder
	rows, columns := 0, 0
	var s style // a capture carries the style over the ends of lines
	for lines.Scan() {
		columns = max(columns, row(&body, &s, lines.Text(), rows))
		rows++
	}
	if err := lines.Err(); err != nil {
		return err
	}
	w, h := float64(columns)*cellW+2*margin, float64(rows)*cellH+2*margin
	_, err := fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.1f %.1f" font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="%d">
<rect width="100%%" height="100%%" rx="8" fill="%s"/>
%s</svg>
`, w, h, w, h, fontSize, ground, body.String())
	return err
}

// row draws one line and returns how many columns it has.
func row(b *strings.Builder, s *style, line string, y int) int {
	x := 0
	for line != "" {
		if strings.HasPrefix(line, "\x1b[") {
			end := strings.IndexFunc(line[2:], func(r rune) bool { return r >= '@' && r <= '~' })
			if end < 0 {
				break
			}
			if line[2+end] == 'm' {
				s.set(line[2 : 2+end])
			}
			line = line[3+end:]
			continue
		}
		text := line
		if i := strings.IndexByte(line, 0x1b); i > 0 {
			text = line[:i]
		} else if i == 0 {
			line = line[1:]
			continue
		}
		line = line[len(text):]
		n := ansi.StringWidth(text)
		s.draw(b, text, x, y, n)
		x += n
	}
	return x
}

// draw writes a stretch of text; its length is stated, so that fonts of another
// width keep the columns.
func (s *style) draw(b *strings.Builder, text string, x, y, n int) {
	fg, bg := s.colours()
	left, top := margin+float64(x)*cellW, margin+float64(y)*cellH
	if bg != "" {
		fmt.Fprintf(b, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", left, top, float64(n)*cellW, cellH, bg)
	}
	trimmed := strings.TrimLeft(text, " ")
	skip := len(text) - len(trimmed)
	trimmed = strings.TrimRight(trimmed, " ")
	if trimmed == "" {
		return
	}
	weight := ""
	if s.bold {
		weight = ` font-weight="bold"`
	}
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\"%s xml:space=\"preserve\" textLength=\"%.1f\" lengthAdjust=\"spacingAndGlyphs\">%s</text>\n",
		left+float64(skip)*cellW, top+13.5, fg, weight, float64(ansi.StringWidth(trimmed))*cellW, html.EscapeString(trimmed))
}

// set takes the parameters of an SGR sequence.
func (s *style) set(parameters string) {
	codes := strings.FieldsFunc(parameters, func(r rune) bool { return r == ';' || r == ':' })
	if len(codes) == 0 {
		*s = style{}
	}
	for i := 0; i < len(codes); i++ {
		n, _ := strconv.Atoi(codes[i])
		switch {
		case n == 0:
			*s = style{}
		case n == 1:
			s.bold = true
		case n == 22:
			s.bold = false
		case n == 7:
			s.reverse = true
		case n == 27:
			s.reverse = false
		case n >= 30 && n <= 37:
			s.fg = basic[n-30]
		case n >= 90 && n <= 97:
			s.fg = basic[n-90+8]
		case n >= 40 && n <= 47:
			s.bg = basic[n-40]
		case n == 39:
			s.fg = ""
		case n == 49:
			s.bg = ""
		case n == 38 || n == 48:
			var c string
			c, i = extended(codes, i+1)
			if n == 38 {
				s.fg = c
			} else {
				s.bg = c
			}
		}
	}
}

// extended reads "2;r;g;b" or "5;n" and returns the index of its last code.
func extended(codes []string, i int) (string, int) {
	number := func(k int) int {
		if k >= len(codes) {
			return 0
		}
		n, _ := strconv.Atoi(codes[k])
		return max(0, min(n, 255))
	}
	if number(i) == 2 {
		return fmt.Sprintf("#%02x%02x%02x", number(i+1), number(i+2), number(i+3)), i + 3
	}
	n := number(i + 1)
	switch {
	case n < 16:
		return basic[n], i + 1
	case n >= 232:
		v := 8 + (n-232)*10
		return fmt.Sprintf("#%02x%02x%02x", v, v, v), i + 1
	}
	level := [6]int{0, 95, 135, 175, 215, 255}
	n -= 16
	return fmt.Sprintf("#%02x%02x%02x", level[n/36], level[n/6%6], level[n%6]), i + 1
}
