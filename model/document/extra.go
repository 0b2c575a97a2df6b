package document

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"planewise/model"
)

// A plan may hold fields that this planewise does not know, at its top or deep
// inside a list, because a newer one wrote it. They are kept as a list of
// (place, key, value) in Plan.Extra and written again at the same place. The
// place of a list element is what identifies it (an action by its id, a bundle by
// its key), so that the field stays with its element when the list is re-ordered
// and goes when the element goes.
//
// The other way round, a plan of an older planewise lacks fields that this one
// always writes. They are noted as absent, and stay so while they are zero: a plan
// that nobody changed is written byte by byte as it was read, and keeps its id.

// extraField is one unknown field, or one known field that was not there.
type extraField struct {
	At     []string        `json:"at"`              // path of the object that holds it
	After  string          `json:"after,omitempty"` // the known field before it; "" at the start
	Key    string          `json:"key"`
	Value  json.RawMessage `json:"value,omitempty"`
	Absent bool            `json:"absent,omitempty"`
}

// extras are unknown fields by the path of their object, in document order.
type extras map[string][]extraField

func pathKey(path []string) string { return strings.Join(path, "\x00") }

func (x extras) at(path []string) []extraField {
	if len(x) == 0 {
		return nil
	}
	return x[pathKey(path)]
}

func readExtras(raw json.RawMessage) (extras, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var list []extraField
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("unknown fields of the plan cannot be read back: %w", err)
	}
	x := extras{}
	for _, f := range list {
		x[pathKey(f.At)] = append(x[pathKey(f.At)], f)
	}
	return x, nil
}

// writeExtras writes the unknown fields that stood behind the field name.
func (e *encoder) writeExtras(w *members, here []extraField, name string) {
	for _, f := range here {
		if f.After != name || f.Absent {
			continue
		}
		w.key(f.Key)
		// The value was valid when it was read; json.Unmarshal checked it again.
		_ = e.raw(f.Value)
	}
}

// wasAbsent reports whether a field was not in the document that was read.
func wasAbsent(here []extraField, name string) bool {
	for _, f := range here {
		if f.Absent && f.Key == name {
			return true
		}
	}
	return false
}

// identities names the elements of one list.
type identities struct{ seen map[string]int }

// next is the name of the list's next element: what identifies it, and which one
// of those with the same identity it is.
func (ids *identities) next(v reflect.Value) string {
	id := identity(v)
	if ids.seen == nil {
		ids.seen = map[string]int{}
	}
	ids.seen[id]++
	if n := ids.seen[id]; n > 1 {
		return id + "#" + strconv.Itoa(n)
	}
	return id
}

// identity is what tells an element of a plan's list from the others. An element
// without a name of its own is identified by its known content.
func identity(v reflect.Value) string {
	if v.Kind() != reflect.Struct {
		return ""
	}
	switch x := v.Interface().(type) {
	case model.Fact:
		return string(x.ID)
	case model.Change:
		return string(x.ID)
	case model.Action:
		return string(x.ID)
	case model.Bundle:
		return string(x.Key)
	case model.PlaneSummary:
		return string(x.ID)
	case model.PlaneImpact:
		return string(x.Plane)
	case model.CapabilityImpact:
		return string(x.ID)
	case model.Gate:
		return x.ID
	case model.Quiesce:
		return x.ID
	case model.Input:
		return x.Kind + " " + x.Name
	case model.ReleaseRef:
		return x.Product + " " + x.Version
	case model.Skipped:
		return x.Stage
	case model.Answer:
		return x.Topic
	case model.Move:
		return string(x.Action)
	case model.Pin:
		return string(x.Action)
	case model.Edge:
		return string(x.Action) + " " + string(x.Relation)
	case model.Retired:
		return string(x.Capability) + " " + string(x.Change)
	case model.Announcement:
		return string(x.Bundle) + " " + string(x.Plane)
	case model.Diagnostic:
		return string(x.Code) + " " + x.Subject
	case model.UnknownThing:
		return x.Subject + " " + x.What
	}
	b, err := Canonical(v.Interface())
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
