package document

import (
	"bytes"
	stdjson "encoding/json"
	"slices"

	// why: reads twice as fast as encoding/json, whose next version it is, and documents
	// are a fifth of what a plan costs.
	"github.com/go-json-experiment/json"
)

// Kept reads a document in canonical form that was checked before it was kept. It is
// not checked again; Decode reads what comes from elsewhere.
func Kept[T any](canonical []byte) (T, error) {
	var v T
	err := json.Unmarshal(canonical, &v)
	return v, err
}

// Head reads of such a document what stands before its first list or mapping, as the
// version constraints of a procedure do; the rest is not looked at.
func Head[T any](canonical []byte) (T, error) {
	var none T
	d := stdjson.NewDecoder(bytes.NewReader(canonical))
	end := int64(0) // of the last field read
	for n := 0; ; n++ {
		token, err := d.Token()
		if err != nil {
			return none, err
		}
		if _, opens := token.(stdjson.Delim); opens && n > 0 {
			break
		}
		if n%2 == 0 {
			end = d.InputOffset()
		}
	}
	return Kept[T](append(slices.Clone(canonical[:end]), '}'))
}
