package document

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"

	"planewise/model"
)

// EncodePlan writes a plan in its canonical form, with the unknown fields it was
// read with. It writes the id the plan carries; see PlanID.
func EncodePlan(p model.Plan) ([]byte, error) { return encodePlan(p, nil) }

// PlanID is the id of a plan's content: the first 12 hex digits of the sha256 of
// its canonical form without id, tool, series, revision, parent, planned_at and
// optimality.explored. The same plan made again, by another build or later, has
// the same id. It is "" for a plan that cannot be written.
func PlanID(p model.Plan) string {
	b, err := encodePlan(p, []string{
		"id", "tool", "series", "revision", "parent", "planned_at", "optimality/explored",
	})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

func encodePlan(p model.Plan, omit []string) ([]byte, error) {
	x, err := readExtras(p.Extra)
	if err != nil {
		return nil, err
	}
	e := newEncoder()
	e.extras, e.omit = x, omit
	if err := e.value(reflect.ValueOf(p)); err != nil {
		return nil, err
	}
	return append(e.out, '\n'), nil
}
