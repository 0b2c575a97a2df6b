package sample

import (
	"encoding/json"
	"reflect"
	"strings"

	"planewise/model"
)

// Everywhere gives, for every string that a plan can hold, the sample with that
// string replaced by the payload wherever it stands, and its place, such as
// "Bundles[].Label". What the schema fixes is replaced too: a plan that was made in
// the program was never checked by it.
func Everywhere(payload string, visit func(place string, p model.Plan)) {
	for _, place := range Places() {
		p := Full()
		at(reflect.ValueOf(&p).Elem(), "", func(where string, v reflect.Value) {
			if where == place {
				v.SetString(payload)
			}
		})
		visit(place, p)
	}
}

// Places are the places of all strings of a plan, in the order of its fields.
func Places() []string {
	p, seen := Full(), map[string]bool{}
	var out []string
	at(reflect.ValueOf(&p).Elem(), "", func(where string, _ reflect.Value) {
		if !seen[where] {
			seen[where] = true
			out = append(out, where)
		}
	})
	return out
}

// Full is the sample with something in every field of it.
func Full() model.Plan {
	p := Plan()
	complete(reflect.ValueOf(&p).Elem())
	return p
}

var raw = reflect.TypeFor[json.RawMessage]()

// complete puts one of its kind into whatever is empty.
func complete(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.String() == "" {
			v.SetString("some")
		}
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		complete(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			complete(v.Field(i))
		}
	case reflect.Slice:
		if v.Type() == raw {
			return
		}
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		for i := range v.Len() {
			complete(v.Index(i))
		}
	case reflect.Map:
		if v.Len() == 0 {
			v.Set(reflect.MakeMap(v.Type()))
			key := reflect.New(v.Type().Key()).Elem()
			complete(key)
			v.SetMapIndex(key, reflect.Zero(v.Type().Elem()))
		}
	}
}

// at visits every string, settable, with its place. Keys of maps are strings too.
func at(v reflect.Value, place string, visit func(string, reflect.Value)) {
	switch v.Kind() {
	case reflect.String:
		visit(place, v)
	case reflect.Pointer:
		if !v.IsNil() {
			at(v.Elem(), place, visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			at(v.Field(i), strings.TrimPrefix(place+"."+v.Type().Field(i).Name, "."), visit)
		}
	case reflect.Slice:
		if v.Type() == raw {
			return
		}
		for i := range v.Len() {
			at(v.Index(i), place+"[]", visit)
		}
	case reflect.Map:
		out := reflect.MakeMap(v.Type())
		for it := v.MapRange(); it.Next(); {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			key.Set(it.Key())
			value.Set(it.Value())
			at(key, place+"{}", visit)
			at(value, place+"{}=", visit)
			out.SetMapIndex(key, value)
		}
		if v.CanSet() && !v.IsNil() {
			v.Set(out)
		}
	}
}
