package customizations

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/yamldoc"
)

var apiVersion = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)(^|[{,])\s*"?apiVersion"?\s*:\s*["']?customizations/`)
})

// Is says whether the beginning of a file looks like that of the vendor's
// customizations.
func Is(head []byte) bool { return apiVersion().Match(head) }

// Read reads the vendor's file as the settings of a system. File stands in messages;
// nothing is opened. The order of charts and keys in the file does not matter. The
// diagnostics name lines; those about settings that are kept without a value are
// said again with a plan (see Remarks).
func Read(file, system string, data []byte) (model.Customizations, []model.Diagnostic, error) {
	doc, notes, err := yamldoc.Parse(file, data, yamldoc.Options{Duplicates: yamldoc.Last, MaxNodes: maxValues})
	if err != nil {
		return model.Customizations{}, nil, discreet(err)
	}
	if !strings.HasPrefix(doc.Root.Get("apiVersion").String(), "customizations/") {
		return model.Customizations{}, nil, doc.Errorf(doc.Root, "this is no customizations file; one begins with \"apiVersion: customizations/v1\"")
	}
	for i := range notes { // all of them about keys that stand twice
		notes[i].Hint = "remove one of them; the vendor's generator takes the later one, whole"
	}
	r := &reader{file: file, notes: notes}
	out := model.Customizations{Format: model.FormatCustomizations, Name: system, Charts: []model.ChartOverrides{}}
	services := doc.Root.Path("spec", "kubernetes", "services")
	switch {
	case services == nil || services.Kind == yamldoc.Null:
		r.note("no-customizations", doc.Root, "it sets nothing in any chart (spec.kubernetes.services)", "see that it is the whole file")
	case services.Kind != yamldoc.Map:
		return model.Customizations{}, nil, doc.Errorf(services, "spec.kubernetes.services is %s; it is a mapping of charts by name", services.Kind)
	}
	if services != nil {
		for _, e := range services.Entries {
			if c, ok := r.chart(e); ok {
				out.Charts = append(out.Charts, c)
			}
		}
	}
	if r.kept > maxKept {
		return model.Customizations{}, nil, doc.Errorf(nil, "it sets more than %d replicas and images; check that this is the right file", maxKept)
	}
	sorted(out.Charts)
	return out, model.SortDiagnostics(r.notes), nil
}

// discreet takes what stood in the file out of the error of a parser: an alias or a
// tag may be a password that somebody forgot to quote.
func discreet(err error) error {
	var at *yamldoc.Error
	if !errors.As(err, &at) {
		return err
	}
	text := at.Text
	switch {
	case strings.HasPrefix(text, "alias *"):
		text = "an alias (*) that refers to nothing, or to what it stands in; correct it, or quote the text if it is none"
	case strings.HasPrefix(text, "the tag "):
		text = "a tag (!) that is not supported; remove it, or quote the text if it is none"
	case strings.Contains(text, "a mapping key must be a text"):
		text = "a mapping key must be a text; quote templates (\"{{ .. }}\")"
	}
	return &yamldoc.Error{File: at.File, Line: at.Line, Text: text}
}

func sorted(charts []model.ChartOverrides) {
	slices.SortStableFunc(charts, func(a, b model.ChartOverrides) int { return strings.Compare(a.Name, b.Name) })
	for _, c := range charts {
		slices.SortStableFunc(c.Overrides, func(a, b model.Override) int { return slices.Compare(a.Path, b.Path) })
	}
}

const (
	// maxValues: a site's file has a few thousand.
	maxValues = 200_000
	// maxKept: a release has a hundred charts.
	maxKept = 10_000
)

type reader struct {
	file  string
	kept  int
	notes []model.Diagnostic
}

func (r *reader) note(code model.Code, at *yamldoc.Value, summary, hint string) {
	r.notes = append(r.notes, model.Diagnostic{Severity: model.Warning, Code: code, Subject: r.at(at), Summary: summary, Hint: hint})
}

// at is the place of a value: "customizations.yaml:12".
func (r *reader) at(v *yamldoc.Value) string {
	where := r.file
	if v != nil && v.Line > 0 {
		where += ":" + strconv.Itoa(v.Line)
	}
	return clean.Text(where)
}

func (r *reader) chart(e yamldoc.Entry) (model.ChartOverrides, bool) {
	if !plainName(e.Key) {
		r.note("strange-name", e.Value, "a chart has a name that is empty, very long or holds control characters; it was left out", "correct the name")
		return model.ChartOverrides{}, false
	}
	c := model.ChartOverrides{Name: e.Key, Overrides: []model.Override{}}
	values := e.Value
	if inner := values.Get("values"); inner != nil && inner.Kind == yamldoc.Map && onlyKeys(values, "values", "repository", "version", "name") {
		values = inner
	}
	if values.Kind == yamldoc.Scalar || values.Kind == yamldoc.List {
		r.note("wrong-type", values, "the settings of chart "+e.Key+" are "+values.Kind.String()+", not a mapping; they were left out", "correct them")
		return c, true
	}
	r.walk(&c, values, nil)
	return c, true
}

const maxName = 200

// plainName: it can be shown, and means the same when it is.
func plainName(s string) bool {
	return s != "" && len(s) <= maxName && strings.TrimSpace(s) == s && clean.Text(s) == s
}

func onlyKeys(v *yamldoc.Value, keys ...string) bool {
	return !slices.ContainsFunc(v.Entries, func(e yamldoc.Entry) bool { return !slices.Contains(keys, e.Key) })
}

// walk collects the settings that are kept. The depth is that of the parser's bounds.
func (r *reader) walk(c *model.ChartOverrides, v *yamldoc.Value, path []string) {
	switch {
	case v.Kind == yamldoc.List && holdsKept(v, path):
		r.keep(c, model.Override{Kind: model.OverrideImage, Path: path, LeftOut: model.LeftOutList}, v)
		return
	case v.Kind != yamldoc.Map:
		c.Others = min(c.Others+1, maxOthers)
		return
	}
	for _, e := range v.Entries {
		at := append(slices.Clone(path), e.Key)
		switch kind := kindOf(at, e.Value); {
		case !plainName(e.Key):
			r.note("strange-name", e.Value, "a setting of chart "+c.Name+" has a name that is empty, very long or holds control characters; it was left out", "correct the name")
		case kind != "":
			r.keep(c, override(kind, at, e.Value), e.Value)
		default:
			r.walk(c, e.Value, at)
		}
	}
}

// maxOthers bounds what is counted, as the document's schema does.
const maxOthers = 1_000_000

// kindOf says whether a setting is one to keep, by its key as charts spell them.
func kindOf(path []string, v *yamldoc.Value) model.OverrideKind {
	key := path[len(path)-1]
	switch key {
	case "replicaCount", "replicas", "instanceCount", "numberOfInstances":
		if v.Kind != yamldoc.Map {
			return model.OverrideReplicas
		}
	case "image":
		if v.Kind == yamldoc.Scalar {
			return model.OverrideImage
		}
	case "tag", "repository", "digest":
		if v.Kind == yamldoc.Scalar && len(path) > 1 && strings.Contains(strings.ToLower(path[len(path)-2]), "image") {
			return model.OverrideImage
		}
	}
	return ""
}

// holdsKept: below a list stands something that would be kept elsewhere.
func holdsKept(v *yamldoc.Value, path []string) bool {
	if v.Kind == yamldoc.Map {
		return slices.ContainsFunc(v.Entries, func(e yamldoc.Entry) bool {
			at := append(slices.Clone(path), e.Key)
			return kindOf(at, e.Value) != "" || holdsKept(e.Value, at)
		})
	}
	return slices.ContainsFunc(v.Items, func(i *yamldoc.Value) bool { return holdsKept(i, path) })
}

func (r *reader) keep(c *model.ChartOverrides, o model.Override, v *yamldoc.Value) {
	if r.kept++; r.kept > maxKept {
		return
	}
	if d, said := withoutValue(c.Name, o); said {
		d.Subject = r.at(v)
		r.notes = append(r.notes, d)
	}
	if o.Kind == model.OverrideReplicas && known(o) && v.Quoted {
		r.note("number-as-text", v, "the setting "+settingName(c.Name, o)+" is a number in quotes; it was read all the same", "")
	}
	c.Overrides = append(c.Overrides, o)
}

// settingName is "api: base.replicaCount".
func settingName(chart string, o model.Override) string {
	return clean.Text(cmp.Or(chart, "?") + ": " + strings.Join(o.Path, "."))
}
