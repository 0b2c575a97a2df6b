package yamldoc

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

// jsonValue draws any JSON value; its keys are all different, as the reader wants them.
func jsonValue(depth int) *rapid.Generator[any] {
	scalar := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) any { return rapid.String().Draw(t, "text") }),
		rapid.Custom(func(t *rapid.T) any {
			return rapid.SampledFrom([]any{nil, true, 0, -1.5e300, `"\{[,:`}).Draw(t, "word")
		}),
	)
	if depth == 0 {
		return scalar
	}
	below := jsonValue(depth - 1)
	return rapid.OneOf(scalar,
		rapid.Custom(func(t *rapid.T) any { return rapid.SliceOfN(below, 0, 4).Draw(t, "list") }),
		rapid.Custom(func(t *rapid.T) any { return rapid.MapOfN(rapid.String(), below, 0, 4).Draw(t, "object") }),
	)
}

// What CheckJSON lets pass is what Parse reads, at every bound.
func TestCheckJSONAgreesWithParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := jsonValue(4).Draw(t, "value")
		data, err := json.Marshal([]any{v}) // in brackets, since a bare word is read as YAML
		if rapid.Bool().Draw(t, "indented") && err == nil {
			data, err = json.MarshalIndent([]any{v}, "", "  ")
		}
		if err != nil {
			t.Fatal(err)
		}
		o := Options{
			MaxBytes: rapid.IntRange(1, 400).Draw(t, "bytes"),
			MaxDepth: rapid.IntRange(1, 7).Draw(t, "depth"),
			MaxNodes: rapid.IntRange(1, 60).Draw(t, "nodes"),
		}
		_, _, want := Parse("x", data, o)
		if got := CheckJSON("x", data, o); (got == nil) != (want == nil) {
			t.Fatalf("%s: %v, and the reader says %v", data, got, want)
		}
	})
}
