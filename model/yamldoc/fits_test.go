package yamldoc_test

import (
	"testing"

	"planewise/model/yamldoc"
)

// Fits refuses just what Parse refuses for its size.
func TestFitsCountsAsParseDoes(t *testing.T) {
	for text, n := range map[string]int{
		`{}`: 1, `[]`: 1, `"a,b[{\"c\\"`: 1, `[1, 2, "x,[{"]`: 4, `{"a": {}, "b": [], "c": [[], {}]}`: 6,
		"{\n  \"a\": [\n    {\n      \"b\\\\\": \"\\\"\",\n      \"c\": null\n    }\n  ]\n}\n": 5,
	} {
		data := []byte(text)
		for most := 1; most <= 2*n; most++ {
			o := yamldoc.Options{MaxNodes: most}
			_, _, parsed := yamldoc.Parse("x.json", data, o)
			fits := yamldoc.Fits("x.json", data, data, o)
			if (parsed != nil) != (fits != nil) || most < n && fits == nil {
				t.Errorf("%s with at most %d values: Parse %v, Fits %v", text, most, parsed, fits)
			}
		}
	}
}
