// Package html writes a plan as one HTML file: no network, no scripts, readable
// on a screen in light and dark, on paper, and by a screen reader.
//
// All text goes through html/template, which escapes it for where it stands; the
// pictures are made by nested templates of the same kind.
package html

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"sync"

	"planewise/model"
	"planewise/planner/export/internal/brief"
)

//go:embed page.html
var pageText string

//go:embed picture.svg
var pictureText string

var (
	page    = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageText)) })
	picture = sync.OnceValue(func() *template.Template { return template.Must(template.New("picture").Parse(pictureText)) })
)

// Plan is the plan as a self-contained page.
func Plan(p model.Plan) ([]byte, error) {
	view, err := newPage(brief.New(p))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(64 << 10)
	if err := page().Execute(&out, view); err != nil {
		return nil, fmt.Errorf("write plan %s as HTML: %w", p.ID, err)
	}
	return out.Bytes(), nil
}
