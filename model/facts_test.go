package model_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
)

// Whatever the ids are, the facts come out sorted, each once, and none is lost.
func TestDistinctFacts(t *testing.T) {
	id := rapid.OneOf(
		rapid.StringMatching(`f-[0-9a-f]{12}`),
		rapid.StringMatching(`f-[0-3]{0,4}`),
		rapid.String(),
	)
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfN(id, 0, 60).Draw(t, "ids")
		var in []*model.Fact
		for _, i := range ids {
			in = append(in, &model.Fact{ID: model.FactID(i)}, &model.Fact{ID: model.FactID(i)})
		}
		want := slices.Clone(ids)
		slices.Sort(want)
		want = slices.Compact(want)
		var got []string
		for _, f := range model.DistinctFacts(in) {
			got = append(got, string(f.ID))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %s, want %s", strings.Join(got, " "), strings.Join(want, " "))
		}
	})
}
