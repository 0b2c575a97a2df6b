package tui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/clean"
	"planewise/tui/theme"
)

// spoil puts the payload in front of every string below v, so that what refers to
// each other still does, and in an empty one too.
func spoil(v reflect.Value, payload string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(payload + v.String())
	case reflect.Pointer:
		if !v.IsNil() {
			spoil(v.Elem(), payload)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			spoil(v.Field(i), payload)
		}
	case reflect.Slice:
		if v.Type() != reflect.TypeFor[json.RawMessage]() {
			for i := range v.Len() {
				spoil(v.Index(i), payload)
			}
		}
	case reflect.Map:
		out := reflect.MakeMap(v.Type())
		for it := v.MapRange(); it.Next(); {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			key.Set(it.Key())
			value.Set(it.Value())
			spoil(key, payload)
			spoil(value, payload)
			out.SetMapIndex(key, value)
		}
		if !v.IsNil() {
			v.Set(out)
		}
	}
}

// A payload in every string of a plan at once leaves every view of it in its window
// and without a control character of its own.
func TestAnyStringOfAPlan(t *testing.T) {
	// None of these plans anew: the plan would be another.
	walks := [][]string{
		{"down", "tab", "down", "enter", "esc", "down", "tab", "end", "enter", "right", "down"}, {"enter", "down", "enter", "right", "down", "enter"},
		{"end", "up", "tab", "end", "enter"}, {"%", "z", "right", "end"}, {":"}, {"?", "down"}, {"/", `"a"`, "enter", "enter"}, {"P"}, {"down", "m"}, {"p"}, {"o"},
	}
	for _, payload := range hostile {
		v := toyView()
		spoil(reflect.ValueOf(&v.Plan).Elem(), payload)
		c, _ := catalog.New(model.Mapping{Format: model.FormatMapping, Name: "toy"})
		for _, size := range [][2]int{{40, 12}, {120, 40}} {
			for _, walk := range walks {
				p := toy(theme.Options{}, size[0], size[1])
				p.world.view = newView(v.Plan, c)
				for _, k := range walk {
					p.press(k)
					where := fmt.Sprintf("%v up to %s with %.10q at %v", walk, k, payload, size)
					fits(t, p.View(), size[0], size[1], where)
					if s := ansi.Strip(p.View()); clean.Block(s) != s {
						t.Fatalf("%s: a control character in\n%q", where, s)
					}
				}
			}
		}
	}
}

// The same in the commands of the plain program.
func TestAnyStringOfAPlanPlain(t *testing.T) {
	for _, payload := range hostile {
		var out bytes.Buffer
		p := &plain{out: &out, width: 80}
		v := toyView()
		spoil(reflect.ValueOf(&v.Plan).Elem(), payload)
		c, _ := catalog.New(model.Mapping{Format: model.FormatMapping, Name: "toy"})
		p.world.view = newView(v.Plan, c)
		for i := range v.Bundles {
			for _, subject := range []string{v.Bundles[i].Label, string(v.Bundles[i].Actions[0]), string(v.Bundles[i].Timeline[0].Capability), string(v.Bundles[i].Timeline[0].Plane), "no such thing" + payload} {
				_ = p.bundle(subject) // what fails is printed as every failure is
				_ = p.why(subject)
			}
		}
		_, _ = p.print(true), p.answers("")
		if s := out.String(); clean.Block(s) != s || !strings.Contains(s, clean.Text(payload)[:3]) {
			t.Errorf("%.10q: a control character, or nothing, in\n%q", payload, s)
		}
	}
}
