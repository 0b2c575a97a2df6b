// Package customizations reads a site's customizations.yaml: what the site sets in
// the charts of a release, before the vendor's generator merges it into the lists of
// charts that are shipped.
//
// Of the file only what a plan needs is kept: numbers of replicas and images.
// Everything else (addresses, credentials, sealed secrets) is counted and forgotten.
// Templates ("{{ network.static_ips.api_gw }}") are left as text and never evaluated.
//
// Settings of a chart stand at spec.kubernetes.services.CHART, by the chart's name,
// not that of the Helm release, and are merged into its values key by key: a mapping
// into a mapping, anything else in place of what was there (Cray-HPE/manifestgen,
// nesteddict.py). An entry of only "values" and "repository" is the older form,
// whose settings are its values.
package customizations

import (
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/yamldoc"
)

// Customizations are the overrides of a site, charts sorted by name.
type Customizations struct {
	Charts []Chart
}

// Chart is what the site sets in one chart.
type Chart struct {
	Name      string
	Overrides []Override
	// Others is the number of settings that were not kept.
	Others int
}

// The kinds of overrides.
const (
	Replicas = "replicas"
	Image    = "image"
)

// Override is one setting.
type Override struct {
	Kind string
	// Path of keys below the chart's values.
	Path  []string
	Value string
	// Template: the value is decided when the generator runs.
	Template bool
	Line     int
}

// Key is the path with dots.
func (o Override) Key() string { return strings.Join(o.Path, ".") }

// Read reads a file. Name stands in messages.
func Read(name string, data []byte) (Customizations, []model.Diagnostic, error) {
	doc, notes, err := yamldoc.Parse(name, data, yamldoc.Options{Duplicates: yamldoc.Merge})
	if err != nil {
		return Customizations{}, nil, err
	}
	root := doc.Root
	if kind := root.Get("apiVersion").String(); !strings.HasPrefix(kind, "customizations/") {
		return Customizations{}, nil, doc.Errorf(root, "this is no customizations file; one begins with \"apiVersion: customizations/v1\"")
	}
	r := &reader{name: name, notes: notes}
	services := root.Path("spec", "kubernetes", "services")
	var out Customizations
	if services == nil || services.Kind != yamldoc.Map {
		r.note("no-customizations", root, "it sets nothing in any chart (spec.kubernetes.services)", "")
	} else {
		for _, e := range services.Entries {
			out.Charts = append(out.Charts, r.chart(e))
		}
	}
	slices.SortFunc(out.Charts, func(a, b Chart) int { return strings.Compare(a.Name, b.Name) })
	return out, model.SortDiagnostics(r.notes), nil
}

type reader struct {
	name  string
	notes []model.Diagnostic
}

func (r *reader) note(code string, at *yamldoc.Value, summary, hint string) {
	where := r.name
	if at != nil && at.Line > 0 {
		where += ":" + strconv.Itoa(at.Line)
	}
	r.notes = append(r.notes, model.Diagnostic{Severity: model.Warning, Code: code, Subject: clean.Text(where), Summary: clean.Text(summary), Hint: hint})
}

func (r *reader) chart(e yamldoc.Entry) Chart {
	c := Chart{Name: clean.Text(e.Key)}
	values := e.Value
	if inner := values.Get("values"); inner != nil && inner.Kind == yamldoc.Map && onlyKeys(values, "values", "repository", "version", "name") {
		values = inner
	}
	r.walk(&c, values, nil)
	return c
}

func onlyKeys(v *yamldoc.Value, keys ...string) bool {
	for _, e := range v.Entries {
		if !slices.Contains(keys, e.Key) {
			return false
		}
	}
	return true
}

// maxDepth of settings; charts reach about 15.
const maxDepth = 40

// walk collects the settings that are kept.
func (r *reader) walk(c *Chart, v *yamldoc.Value, path []string) {
	if v == nil || len(path) > maxDepth {
		return
	}
	if v.Kind != yamldoc.Map {
		c.Others++
		return
	}
	for _, e := range v.Entries {
		at := append(slices.Clone(path), e.Key)
		kind := kindOf(at, e.Value)
		switch {
		case kind != "":
			r.keep(c, kind, at, e.Value)
		default:
			r.walk(c, e.Value, at)
		}
	}
}

// kindOf says whether a setting is one to keep, by its key as charts spell them.
func kindOf(path []string, v *yamldoc.Value) string {
	if v == nil || v.Kind != yamldoc.Scalar {
		return ""
	}
	switch key := path[len(path)-1]; key {
	case "replicaCount", "replicas", "instanceCount", "numberOfInstances":
		return Replicas
	case "tag", "repository", "digest":
		if len(path) > 1 && strings.Contains(strings.ToLower(path[len(path)-2]), "image") {
			return Image
		}
	}
	return ""
}

func (r *reader) keep(c *Chart, kind string, path []string, v *yamldoc.Value) {
	o := Override{Kind: kind, Path: path, Value: clean.Text(v.Text), Line: v.Line, Template: strings.Contains(v.Text, "{{")}
	switch {
	case strings.Contains(v.Text, "~FIXME~"):
		r.note("fixme", v, "the setting "+c.Name+"."+o.Key()+" is still to be filled in", "the generator refuses to run until it is")
		return
	case o.Template:
		r.note("template-value", v, "the setting "+c.Name+"."+o.Key()+" is a template, whose value is not known before the generator runs", "the release's own value is taken")
	case kind == Replicas:
		if n, err := strconv.Atoi(o.Value); err != nil || n < 0 || n > maxReplicas {
			r.note("bad-number", v, "the setting "+c.Name+"."+o.Key()+" is no number of replicas", "it is left out")
			return
		}
	case len(o.Value) > maxImage || strings.ContainsAny(o.Value, "@ ") && !strings.Contains(o.Value, "@sha256:"):
		// A registry address may hold a user and a password.
		r.note("bad-image", v, "the setting "+c.Name+"."+o.Key()+" does not look like an image", "it is left out")
		return
	}
	c.Overrides = append(c.Overrides, o)
}

const (
	maxReplicas = 1_000_000
	maxImage    = 512
)
