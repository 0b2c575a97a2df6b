// Package loftsman writes a Loftsman manifest (manifests/v1beta1) for each bundle
// of a plan that ships charts, and a text with the steps around it.
//
// A manifest holds exactly the bundle's charts, in its order, as the target release
// has them. The vendor has not tested these pieces: the files say so, and nothing
// here ships anything.
package loftsman

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/brief"
	"planewise/planner/words"
)

// Codes of the diagnostics.
const (
	// CodeNameRefused: a chart with a name, version or limit that Helm would not
	// take, or that would mean something else than text.
	CodeNameRefused = "name-refused"
	// CodeNotInRelease: an action ships a chart that the target releases do not have.
	CodeNotInRelease = "not-in-release"
	// CodeTypeNotKept: settings of which only the text is known, not whether they
	// are numbers, truth values or text.
	CodeTypeNotKept = "type-not-kept"
	// CodeStepsBetween: other steps belong between the charts of one manifest.
	CodeStepsBetween = "steps-between-charts"
)

// Options of the manifests.
type Options struct {
	// Releases are the targets; nil: those that the plan embeds.
	Releases []model.Release
	// Source of the charts; its zero value leaves sources out, for "loftsman ship
	// --charts-path".
	Source Source
}

// Source is where the charts of a manifest come from.
type Source struct{ Name, Type, Location string }

// File is one file to write.
type File struct {
	Name string
	Data []byte
}

// Plan is a manifest and a text for each bundle.
func Plan(p model.Plan, o Options) ([]File, []model.Diagnostic, error) {
	charts, err := targets(p, o.Releases)
	if err != nil {
		return nil, nil, err
	}
	w := writer{Brief: brief.New(p), charts: charts, source: o.Source}
	for i, b := range p.Bundles {
		w.bundle(i+1, b)
	}
	return w.files, w.diags, nil
}

// targets are the charts of the target releases by id.
func targets(p model.Plan, releases []model.Release) (map[model.ComponentID]model.Component, error) {
	if releases == nil {
		var err error
		if releases, err = embedded(p); err != nil {
			return nil, err
		}
	}
	out := map[model.ComponentID]model.Component{}
	for _, r := range releases {
		for _, c := range r.Components {
			if c.Kind == model.KindChart {
				out[c.ID()] = c
			}
		}
	}
	return out, nil
}

func embedded(p model.Plan) ([]model.Release, error) {
	var out []model.Release
	for _, ref := range p.To {
		found := false
		for _, in := range p.Inputs {
			if in.Kind != "release" || in.Name != ref.Product+"-"+ref.Version || found {
				continue
			}
			var r model.Release
			if err := json.Unmarshal(in.Content, &r); err != nil || r.Components == nil {
				return nil, fmt.Errorf("the plan does not hold the content of %s: give the release", clean.Text(in.Name))
			}
			out, found = append(out, r), true
		}
		if !found {
			return nil, fmt.Errorf("the plan does not hold the release %s: give it", clean.Text(ref.Product+"-"+ref.Version))
		}
	}
	return out, nil
}

type writer struct {
	*brief.Brief
	charts map[model.ComponentID]model.Component
	source Source
	files  []File
	diags  []model.Diagnostic
}

func (w *writer) note(code model.Code, subject, summary, hint string, path ...string) {
	w.diags = append(w.diags, model.Diagnostic{Severity: model.Warning, Code: code, Subject: clean.Text(subject), Summary: clean.Text(summary), Hint: hint, Path: path})
}

// shipped are the charts of a bundle in its order.
func (w *writer) shipped(b model.Bundle) []model.Component {
	var out []model.Component
	for _, id := range b.Actions {
		out = append(out, w.chartsOf(w.Action(id))...)
	}
	return out
}

// chartsOf are the charts that an action ships. One that takes a chart away ships none.
func (w *writer) chartsOf(a model.Action) []model.Component {
	if !strings.HasPrefix(string(a.ID), "ship:") {
		return nil
	}
	var out []model.Component
	for _, id := range a.Changes {
		change, ok := w.Change(id)
		if !ok || change.Kind != model.KindChart || change.Direction == model.Removed || change.Direction == model.Orphaned {
			continue
		}
		c, ok := w.charts[id]
		if !ok {
			w.note(CodeNotInRelease, string(id), "the target releases do not have the chart, so it is in no manifest", "Export with the releases that the plan was made for.")
			continue
		}
		if problem := unfit(c); problem != "" {
			w.note(CodeNameRefused, string(id), "the chart is in no manifest: "+problem, "Correct the release's manifest.")
			continue
		}
		out = append(out, c)
	}
	return out
}

var (
	dnsName  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$`) })
	version  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.+_~-]{0,127}$`) })
	duration = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9]{1,6}(\.[0-9]{1,3})?(h|m|s))+$`) })
)

// unfit says why a chart cannot stand in a manifest; "" where it can.
func unfit(c model.Component) string {
	switch {
	case !dnsName().MatchString(c.Name):
		return fmt.Sprintf("%.80q is no name for a Helm release", c.Name)
	case c.Chart != "" && !dnsName().MatchString(c.Chart):
		return fmt.Sprintf("%.80q is no name for a chart", c.Chart)
	case c.Namespace != "" && !dnsName().MatchString(c.Namespace):
		return fmt.Sprintf("%.80q is no namespace", c.Namespace)
	case !version().MatchString(c.Version):
		return fmt.Sprintf("%.80q is no version", c.Version)
	case c.Timeout != "" && !duration().MatchString(c.Timeout):
		return fmt.Sprintf("%.80q is no length of time", c.Timeout)
	case c.Values != "" && !json.Valid([]byte(c.Values)):
		return "its settings are no JSON"
	}
	return ""
}

func (w *writer) bundle(n int, b model.Bundle) {
	charts := w.shipped(b)
	stem := fmt.Sprintf("%02d-%s", n, brief.Word(b.Label, 20))
	manifest := ""
	if len(charts) > 0 {
		manifest = stem + ".yaml"
		w.files = append(w.files, File{manifest, w.manifest(b, stem, charts)})
	}
	w.files = append(w.files, File{stem + "-steps.txt", w.steps(b, manifest)})
}

// steps is the text around a manifest: what the plan wants done before, between
// and after its charts.
func (w *writer) steps(b model.Bundle, manifest string) []byte {
	var out strings.Builder
	line := func(s string) { out.WriteString(clean.Text(s) + "\n") }
	line(b.Label + ": " + b.Title)
	line(w.Title() + ", plan " + w.ID)
	line("")
	line("NOT TESTED BY THE VENDOR in these pieces. Text for a person: nothing here is run.")
	line("The site's own settings (customizations) are not in the manifest: apply them as the vendor's script does.")
	for _, q := range b.Quiesce {
		line("Before: " + withCommand(q.Text, q.Command))
	}
	for _, g := range b.Gates {
		line("Gate: " + withCommand(g.Text, g.Command))
	}
	line("")
	seen, between := 0, 0
	total := 0
	isShip := make([]bool, len(b.Actions))
	for i, id := range b.Actions {
		isShip[i] = strings.HasPrefix(string(id), "ship:")
		if isShip[i] {
			total++
		}
	}
	for i, id := range b.Actions {
		a := w.Action(id)
		where := "step"
		switch {
		case isShip[i]:
			seen++
			where = "chart in " + manifest
			if manifest == "" {
				where = "chart in no manifest"
			}
		case seen > 0 && seen < total:
			where = "step between two charts"
			between++
		}
		line(fmt.Sprintf("%3d. %s (%s) [%s] %s", i+1, brief.Step(a), a.ID, where, words.Span(a.Duration)))
	}
	if between > 0 {
		w.note(CodeStepsBetween, string(b.Key),
			fmt.Sprintf("%s: %s between its charts, which one manifest cannot hold; the text beside it has the order", b.Label, words.Count(between, "step")),
			"Ship the manifest in pieces around these steps.")
		line("")
		line("Ship the manifest in pieces: steps stand between its charts.")
	}
	line("")
	line("Way back: " + w.WayBack(b))
	return []byte(out.String())
}

func withCommand(s, command string) string {
	if command == "" {
		return s
	}
	return s + " [" + command + "]"
}
