package customizations

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// Apply is a set of releases with the site's overrides in the values of its charts,
// where the generator would place them. Overrides whose values are not known change
// nothing. The releases given stay as they are; what has no overrides is shared with
// them. Applying twice is applying once.
func Apply(c model.Customizations, set []model.Release) ([]model.Release, []model.Diagnostic) {
	var notes []model.Diagnostic
	out := slices.Clone(set)
	for i := range out {
		own := false
		for k := range out[i].Components {
			comp := &out[i].Components[k]
			overrides := Of(c, comp)
			if !slices.ContainsFunc(overrides, known) {
				continue
			}
			values, err := merged(comp.Values, overrides)
			if err != nil {
				notes = append(notes, model.Diagnostic{Severity: model.Warning, Code: "bad-values", Subject: string(comp.ID()),
					Summary: "its settings in " + out[i].Ref() + " cannot be read, so that the site's were not added", Hint: "see the release's manifest"})
				continue
			}
			if !own {
				out[i].Components, own = slices.Clone(out[i].Components), true
				comp = &out[i].Components[k]
			}
			comp.Values = values
		}
	}
	return out, model.SortDiagnostics(notes)
}

// merged is the text of values with the overrides in it. The text is canonical:
// sorted keys, scalars by their source text.
func merged(values string, overrides []model.Override) (string, error) {
	root, err := decode(values)
	if err != nil {
		return "", err
	}
	for _, o := range overrides {
		if known(o) {
			set(root, o.Path, o.Value)
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err = e.Encode(root)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// decode reads a chart's values; "" is none.
func decode(values string) (map[string]any, error) {
	root := map[string]any{}
	if values == "" {
		return root, nil
	}
	if !json.Valid([]byte(values)) { // a decoder would not look at what follows the value
		return nil, fmt.Errorf("no JSON")
	}
	d := json.NewDecoder(strings.NewReader(values))
	d.UseNumber()
	err := d.Decode(&root)
	if root == nil { // null
		root = map[string]any{}
	}
	return root, err
}

// set puts a value at a path; what is no mapping on the way gives place to one.
func set(at map[string]any, path []string, value string) {
	for _, key := range path[:len(path)-1] {
		next, ok := at[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[key] = next
		}
		at = next
	}
	at[path[len(path)-1]] = value
}

// settingAt is the text of a scalar in a chart's values; "" where there is none.
func settingAt(values string, path []string) string {
	root, err := decode(values)
	if err != nil {
		return ""
	}
	var at any = root
	for _, key := range path {
		inner, ok := at.(map[string]any)
		if !ok {
			return ""
		}
		at = inner[key]
	}
	switch at.(type) {
	case nil, map[string]any, []any:
		return ""
	}
	return fmt.Sprint(at)
}
