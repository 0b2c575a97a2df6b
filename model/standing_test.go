package model

import (
	"slices"
	"testing"
)

func TestMergeDone(t *testing.T) {
	list := []Done{{Action: "b", Units: 2, Of: 6}, {Action: "c", Units: 6, Of: 6}, {Action: "a"}, {Action: "b", Units: 4, Of: 6},
		{Action: "a", Units: 3, Of: 4}, {Action: "c"}, {Action: "b", Units: -1, Of: 6}, {Action: "b", Of: 6}}
	want := []Done{{Action: "a"}, {Action: "b", Units: 4, Of: 6}, {Action: "c"}}
	given := slices.Clone(list)
	if got := MergeDone(list); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !slices.Equal(list, given) {
		t.Error("the list itself was changed")
	}
	slices.Reverse(list)
	if got := MergeDone(list); !slices.Equal(got, want) {
		t.Errorf("the other way round: got %v, want %v", got, want)
	}
	if MergeDone([]Done{}) != nil {
		t.Error("nothing is not nil")
	}
}

func TestDoneWhole(t *testing.T) {
	for d, want := range map[Done]bool{
		{}: true, {Units: 6, Of: 6}: true, {Units: 7, Of: 6}: true,
		{Of: 6}: false, {Units: 4, Of: 6}: false, {Units: 4}: false, {Units: -4, Of: 6}: false, {Units: -1}: false,
	} {
		if d.Whole() != want {
			t.Errorf("%d of %d is all of them: %v", d.Units, d.Of, !want)
		}
	}
}
