package sample

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"planewise/model"
)

// Attacks are texts that some format would act on if it did not escape them.
func Attacks() map[string]string {
	return map[string]string{
		"markup":         `<script>alert(1)</script><img src=x onerror=alert(2)>"'>&amp;`,
		"template":       `{{workflow.name}}{{= 1+1 }}${HOME}%(x)s`,
		"table":          "a|b||c\n| x | y |\r\n# heading\n- [ ] box",
		"formula":        `=cmd|' /C calc'!A0`,
		"formulas":       "+1;-1;@SUM(1)\t=2",
		"calendar":       "a,b;c:d\\n\r\nEND:VEVENT\r\nBEGIN:VALARM",
		"shell":          "$(reboot) `reboot` ; reboot & reboot > /dev/sda || \"x\" 'y' !! # \\",
		"markdown":       "**bold** [click](javascript:alert(1)) ![x](http://example.test/x.png) `code` ~~~ <http://example.test> \\",
		"control":        "\x00\x07\x1b[2J\x1b]0;title\x07\x7f\u0085",
		"direction":      "abc\u202edef\u2066x\u200f",
		"yaml":           "- a: b # c\n--- !!python/object\n&a *a {x: [1",
		"not utf-8":      "caf\xe9 \xff\xfe",
		"separators":     "a\u2028b\u2029c\u00a0d",
		"long":           strings.Repeat("long name ", 1000),
		"long and solid": strings.Repeat("ä", 10000),
	}
}

// Hostile is the sample with the attack in every name, title, version and
// sentence, and in every id, so that references still hold. Words and times that
// the plan's schema fixes stay.
func Hostile(attack string) model.Plan {
	p := Plan()
	spoil(reflect.ValueOf(&p).Elem(), attack)
	return p
}

// fixed are the fields whose texts the schema fixes.
var fixed = []string{"Format", "PlannedAt", "Start", "End", "By", "Status", "Scope", "Topic", "Digest", "Levels", "Inputs", "Extra"}

func spoil(v reflect.Value, attack string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			spoil(v.Elem(), attack)
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			return
		}
		for i := range v.Len() {
			spoil(v.Index(i), attack)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !slices.Contains(fixed, v.Type().Field(i).Name) {
				spoil(v.Field(i), attack)
			}
		}
	case reflect.Map:
		out := reflect.MakeMap(v.Type())
		for it := v.MapRange(); it.Next(); {
			key := reflect.New(v.Type().Key()).Elem()
			key.Set(it.Key())
			spoil(key, attack)
			out.SetMapIndex(key, it.Value())
		}
		if !v.IsNil() {
			v.Set(out)
		}
	case reflect.String:
		if v.String() != "" && free(v.Type()) {
			v.SetString(spoiled(v.String(), attack))
		}
	}
}

// spoiled puts the attack in front for texts that stand alone in a cell or line,
// and keeps the prefix of ids ("ship:"), which exporters look at.
func spoiled(s, attack string) string {
	if kind, rest, ok := strings.Cut(s, ":"); ok && !strings.Contains(kind, " ") {
		return kind + ":" + rest + attack
	}
	return attack + s
}

// free says that a text of the type may be anything: the types of fixed words,
// such as Method, are not.
func free(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[string](), reflect.TypeFor[model.PlaneID](), reflect.TypeFor[model.CapabilityID](),
		reflect.TypeFor[model.ActionID](), reflect.TypeFor[model.ChangeID](), reflect.TypeFor[model.FactID]():
		return true
	}
	return false
}
