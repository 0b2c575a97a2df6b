package planner

import (
	"reflect"
	"testing"

	"planewise/model"
)

// Tasks and effects that differ in any field are not the same: one that was left out
// of the comparison would give a plan the answer for another task.
func TestEveryFieldOfATaskCounts(t *testing.T) {
	ignored := map[string]bool{"Rank": true, "Gates": true, "Quiesce": true, "Stay": true}
	each(t, reflect.TypeFor[model.Task](), func(field string, changed reflect.Value) {
		var same model.Task
		other := changed.Interface().(model.Task)
		if got := sameTask(&same, &other); got != ignored[field] {
			t.Errorf("tasks that differ in %s: same is %v", field, got)
		}
	})
	each(t, reflect.TypeFor[model.EffectRule](), func(field string, changed reflect.Value) {
		if sameEffect(model.EffectRule{}, changed.Interface().(model.EffectRule)) {
			t.Errorf("effects that differ in %s are the same", field)
		}
	})
}

// each sets one field after the other of a struct to something else than zero.
func each(t *testing.T, of reflect.Type, visit func(field string, changed reflect.Value)) {
	t.Helper()
	for i := range of.NumField() {
		changed := reflect.New(of).Elem()
		set(t, changed.Field(i))
		visit(of.Field(i).Name, changed)
	}
}

func set(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint8:
		v.SetUint(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Struct:
		set(t, v.Field(0))
	default:
		t.Fatalf("the test does not know fields of kind %s", v.Kind())
	}
}
