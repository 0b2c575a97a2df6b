package store_test

import (
	"errors"
	"slices"
	"testing"

	"planewise/model/store"
)

func TestHide(t *testing.T) {
	s := open(t)
	hidden := func(want ...string) {
		t.Helper()
		got, err := s.Hidden(store.Policies)
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("hidden %v, %v; want %v", got, err, want)
		}
	}
	hide := func(name string) {
		t.Helper()
		if err := s.Hide(store.Policies, name); err != nil {
			t.Fatal(err)
		}
	}
	hidden()
	hide("carried")
	hide("carried")
	put(t, s, store.Policies, "mine", doc(store.Policies, "one"))
	hide("mine")
	hidden("carried", "mine")
	if es, err := s.List(store.Policies); err != nil || len(es) != 0 {
		t.Errorf("what is hidden is listed: %v, %v", es, err)
	}
	for _, name := range []string{"carried", "mine"} {
		if _, err := s.Get(store.Policies, name); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %s: %v", name, err)
		}
	}
	put(t, s, store.Policies, "mine", doc(store.Policies, "two"))
	hidden("carried")
	if err := s.Delete(store.Policies, "mine"); err != nil {
		t.Fatal(err)
	}
	hidden("carried")
	if err := s.Hide(store.Policies, "a\x1bb"); err == nil {
		t.Error("a name with a control character was taken")
	}
	noDamage(t, s)
}
