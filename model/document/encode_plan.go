package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"

	"planewise/model"
	"planewise/model/yamldoc"
)

// EncodePlan writes a plan in its canonical form, with the unknown fields it was
// read with. It writes the id that the plan carries; see PlanID. A plan that
// DecodePlan would refuse for its size is an error.
func EncodePlan(p model.Plan) ([]byte, error) {
	e, err := encodePlan(p)
	if err != nil {
		return nil, err
	}
	return readable(p, e.out)
}

// readable is the canonical form of a plan, where it can be read again.
func readable(p model.Plan, data []byte) ([]byte, error) {
	if len(data) <= 2*maxPlanValues { // a value has two bytes at least: no need to count
		return data, nil
	}
	if err := yamldoc.Fits("plan "+p.ID, data, data, jsonBounds); err != nil {
		return nil, fmt.Errorf("%w: nobody could read it again; leave products or components out, and plan for these apart", err)
	}
	return data, nil
}

// PlanID is the id of a plan's content: the first 12 hex digits of the sha256 of
// its canonical form without id, tool, series, revision, parent, planned_at and
// optimality.explored. The same plan made again, by another build or later, has
// the same id. It is "" for a plan that cannot be written.
func PlanID(p model.Plan) string {
	e, err := encodePlan(p)
	if err != nil {
		return ""
	}
	return e.planID()
}

// notContent are the fields of a plan that its id does not depend on. None of them is
// the first of its object.
var notContent = map[reflect.Type][]string{
	reflect.TypeFor[model.Plan]():       {"tool", "id", "series", "revision", "parent", "planned_at"},
	reflect.TypeFor[model.Optimality](): {"explored"},
}

// hole is where a member was written, with the comma before it.
type hole struct{ start, end int }

func (e *encoder) planID() string {
	sum, at := sha256.New(), 0
	for _, h := range e.holes {
		sum.Write(e.out[at:h.start])
		at = h.end
	}
	sum.Write(e.out[at:])
	return hex.EncodeToString(sum.Sum(nil)[:6])
}

func encodePlan(p model.Plan) (*encoder, error) {
	x, err := readExtras(p.Extra)
	if err != nil {
		return &encoder{}, err
	}
	e := newEncoder()
	e.extras = x
	e.out = make([]byte, 0, size(p))
	if err := e.value(reflect.ValueOf(p)); err != nil {
		return &encoder{}, fmt.Errorf("write plan %s: %w", p.ID, err)
	}
	e.out = append(e.out, '\n')
	return e, nil
}

// size is about what real plans have in bytes, and rather more: a plan is too large to
// be copied on the way.
func size(p model.Plan) int {
	n := 4<<10 + 400*len(p.Facts) + 320*len(p.Changes) + 6000*len(p.Actions) + 45_000*len(p.Bundles)
	for _, in := range p.Inputs {
		n += len(in.Content) * 3 / 2
	}
	return n
}

// Sealed is a finished plan with its canonical form, which is made once for the id,
// the output and the store. Nothing of the plan changes any more but its place in a
// series.
type Sealed struct {
	plan model.Plan
	// body is the canonical form behind the fields of head; nil where it is made again.
	body []byte
}

// Seal gives a plan the id of its content.
func Seal(p model.Plan) (Sealed, error) {
	e, err := encodePlan(p)
	if err != nil {
		return Sealed{}, err
	}
	p.ID = e.planID()
	if len(p.Extra) > 0 { // unknown fields may stand between those of head
		return Sealed{plan: p}, nil
	}
	last := 0 // the last of the fields of head that are no content
	for i := 1; i < len(e.holes) && e.holes[i].start == e.holes[i-1].end; i++ {
		last = i
	}
	return Sealed{p, e.out[e.holes[last].end:]}, nil
}

// Plan is the plan itself.
func (s Sealed) Plan() model.Plan { return s.plan }

// Revision is the same plan at another place in a series.
func (s Sealed) Revision(series string, revision int, parent string) Sealed {
	s.plan.Series, s.plan.Revision, s.plan.Parent = series, revision, parent
	return s
}

// head are the first fields of a plan.
type head struct {
	Format    string `json:"format"`
	Tool      string `json:"tool"`
	ID        string `json:"id"`
	Series    string `json:"series,omitempty"`
	Revision  int    `json:"revision,omitempty"`
	Parent    string `json:"parent,omitempty"`
	PlannedAt string `json:"planned_at,omitempty"`
}

// Encode is EncodePlan of the plan.
func (s Sealed) Encode() ([]byte, error) {
	p := s.plan
	if s.body == nil {
		return EncodePlan(p)
	}
	text, err := Canonical(head{p.Format, p.Tool, p.ID, p.Series, p.Revision, p.Parent, p.PlannedAt})
	if err != nil {
		return nil, err
	}
	return readable(p, bytes.Join([][]byte{bytes.TrimSuffix(text, []byte("\n}\n")), s.body}, nil))
}
