package diff

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

const (
	// settingsShown is how many differing settings are named in a reason.
	settingsShown = 3
	// settingLength is how many bytes of a setting are shown.
	settingLength = 40
)

// settingsDiff is what differs between the settings of a chart on two sides.
type settingsDiff struct {
	places []settingPlace
	// opaque: a text that is no JSON; all that is known is that they differ.
	opaque bool
}

// settingPlace is one place that differs. scalar: there is a scalar on both sides.
type settingPlace struct {
	path, from, to string
	scalar         bool
}

// same reports whether two texts that differ say the same.
func (d settingsDiff) same() bool { return !d.opaque && len(d.places) == 0 }

// compareSettings compares two settings as JSON texts; "" is none. Scalars are
// compared by their text: in releases that are written by hand 1 and "1" are both
// found for what a manifest has as 1.
func compareSettings(a, b string) settingsDiff {
	va, okA := decodeSettings(a)
	vb, okB := decodeSettings(b)
	if !okA || !okB {
		return settingsDiff{opaque: true}
	}
	var d settingsDiff
	d.walk("", va, vb)
	return d
}

func decodeSettings(s string) (v any, ok bool) {
	if s == "" {
		return map[string]any{}, true
	}
	if !json.Valid([]byte(s)) { // a decoder would not look at what follows the value
		return nil, false
	}
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber() // numbers by their text
	return v, dec.Decode(&v) == nil
}

func (d *settingsDiff) walk(path string, a, b any) {
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			d.walkMaps(path, x, y)
			return
		}
	case []any:
		if y, ok := b.([]any); ok && len(x) == len(y) {
			for i := range x {
				d.walk(fmt.Sprintf("%s[%d]", path, i), x[i], y[i])
			}
			return
		}
	}
	from, scalarA := show(a)
	to, scalarB := show(b)
	if from != to || scalarA != scalarB || !scalarA {
		d.places = append(d.places, settingPlace{path, from, to, scalarA && scalarB})
	}
}

func (d *settingsDiff) walkMaps(path string, a, b map[string]any) {
	keys := make([]string, 0, len(a))
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		inner := k
		if path != "" {
			inner = path + "." + k
		}
		x, inA := a[k]
		y, inB := b[k]
		switch {
		case !inA:
			to, _ := show(y)
			d.places = append(d.places, settingPlace{path: inner, from: "unset", to: to})
		case !inB:
			from, _ := show(x)
			d.places = append(d.places, settingPlace{path: inner, from: from, to: "unset"})
		default:
			d.walk(inner, x, y)
		}
	}
}

// show is the text of a scalar, or a word for what is none.
func show(v any) (text string, scalar bool) {
	switch x := v.(type) {
	case map[string]any:
		return "{..}", false
	case []any:
		return fmt.Sprintf("[%d entries]", len(x)), false
	case string:
		return x, true
	case nil:
		return "null", true
	default:
		return fmt.Sprint(x), true // a json.Number or a bool
	}
}

// onlyVersion reports whether every place that differs holds the product's
// version: that of the one release before, that of the other after. A vendor's
// build writes it there.
func (d settingsDiff) onlyVersion(from, to string) bool {
	if d.opaque || len(d.places) == 0 || from == to {
		return false
	}
	return !slices.ContainsFunc(d.places, func(p settingPlace) bool {
		return !p.scalar || bare(p.from) != bare(from) || bare(p.to) != bare(to)
	})
}

// bare drops the v that some write before a version.
func bare(version string) string { return strings.TrimPrefix(version, "v") }

// String names the first places that differ.
func (d settingsDiff) String() string {
	if d.opaque {
		return "they differ in a form that is not understood"
	}
	var parts []string
	for _, p := range d.places[:min(len(d.places), settingsShown)] {
		from, to := p.from, p.to
		if len(from) > settingLength || len(to) > settingLength {
			from, to = tails(from, to)
		}
		parts = append(parts, fmt.Sprintf("%s %s -> %s", clip(p.path), clip(from), clip(to)))
	}
	if more := len(d.places) - settingsShown; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, ", ")
}

// tails drops the path that two long texts share: of image names the end differs.
func tails(a, b string) (string, string) {
	common := 0
	for common < len(a) && common < len(b) && a[common] == b[common] {
		common++
	}
	cut := strings.LastIndexByte(a[:common], '/')
	if cut < 0 {
		return a, b
	}
	return ".." + a[cut:], ".." + b[cut:]
}

func clip(s string) string {
	if len(s) <= settingLength {
		return s
	}
	return strings.ToValidUTF8(s[:settingLength-2], "") + ".."
}
