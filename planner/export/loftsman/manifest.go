package loftsman

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/document"
	"planewise/planner/export/yaml"
)

// manifest has the fields of the vendor's manifests, with the same types at the
// same places: versions and limits are text, also where they look like numbers.
func (w *writer) manifest(b model.Bundle, name string, charts []model.Component) []byte {
	var out bytes.Buffer
	comment := func(s string) { out.WriteString("# " + clean.Text(s) + "\n") }
	comment(b.Label + ": " + b.Title)
	comment(w.Title() + ", plan " + w.ID)
	comment("Not tested by the vendor: a part of the target's manifests, see the text beside it.")
	out.WriteString("apiVersion: manifests/v1beta1\nmetadata:\n")
	field(&out, "  name", name)
	out.WriteString("spec:\n")
	if w.source.Name != "" {
		out.WriteString("  sources:\n    charts:\n")
		field(&out, "    - name", w.source.Name)
		field(&out, "      type", w.source.Type)
		field(&out, "      location", w.source.Location)
	}
	out.WriteString("  charts:\n")
	for _, c := range charts {
		w.chart(&out, c)
	}
	return out.Bytes()
}

func (w *writer) chart(out *bytes.Buffer, c model.Component) {
	chart := c.Chart
	if chart == "" {
		chart = c.Name
	}
	if lost := typesLost(c.Values); lost != nil {
		w.note(CodeTypeNotKept, string(c.ID()),
			"the release as read keeps the text of these settings, not whether they are numbers or truth values; they are written as text", "Compare them with the vendor's manifest.", lost...)
		for _, l := range lost {
			out.WriteString("  # written as text, compare with the vendor's manifest: " + clean.Text(l) + "\n")
		}
	}
	field(out, "  - name", chart)
	if w.source.Name != "" {
		field(out, "    source", w.source.Name)
	}
	field(out, "    version", c.Version)
	if c.Namespace != "" {
		field(out, "    namespace", c.Namespace)
	}
	if c.Name != chart {
		field(out, "    releaseName", c.Name)
	}
	if c.Timeout != "" {
		field(out, "    timeout", c.Timeout)
	}
	if c.Values == "" {
		return
	}
	canonical, err := document.Canonical(json.RawMessage(c.Values))
	if err != nil {
		return // unfit has refused it
	}
	out.WriteString("    values:\n")
	out.Write(yaml.Indented(canonical, 3))
}

// field writes a text field.
func field(out *bytes.Buffer, name, value string) {
	out.WriteString(name + ": ")
	out.Write(yaml.Text(value))
	out.WriteByte('\n')
}

// typesLost are the settings whose text YAML would read as something else, by
// path, sorted.
func typesLost(values string) []string {
	if values == "" {
		return nil
	}
	var v any
	if json.Unmarshal([]byte(values), &v) != nil {
		return nil
	}
	var out []string
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, one := range v {
				walk(path+"."+key, one)
			}
		case []any:
			for i, one := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), one)
			}
		case string:
			if otherType(v) {
				out = append(out, strings.TrimPrefix(path, ".")+" = "+v)
			}
		}
	}
	walk("", v)
	slices.Sort(out)
	return out
}

// otherType says that a plain scalar of this text is a number, a truth value or null.
func otherType(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "null", "~", "":
		return true
	}
	if _, err := strconv.ParseInt(s, 0, 64); err == nil {
		return true
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}
