package yamldoc_test

import (
	"strings"
	"testing"

	"planewise/model/yamldoc"
)

// With Last the later of two keys counts as a whole, whatever the two are, and no
// diagnostic quotes a value.
func TestLastTakesTheLaterOne(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a: secret1\na: secret2\n", `{"a":"secret2"}`},
		{"a: {b: secret1}\na: {c: secret2}\n", `{"a":{"c":"secret2"}}`},
		{"a: [secret1]\na: secret2\n", `{"a":"secret2"}`},
		{"a: secret1\na:\n", `{"a":null}`},
	} {
		doc, notes, err := yamldoc.Parse("f", []byte(c.text), yamldoc.Options{Duplicates: yamldoc.Last})
		if err != nil {
			t.Fatal(err)
		}
		got, err := doc.JSON()
		if err != nil || string(got) != c.want {
			t.Errorf("%q: %s, want %s (%v)", c.text, got, c.want, err)
		}
		if len(notes) != 1 || notes[0].Code != yamldoc.CodeDuplicateKey || strings.Contains(notes[0].Summary, "secret") {
			t.Errorf("%q: %v", c.text, notes)
		}
	}
}
