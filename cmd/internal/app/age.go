package app

import (
	"encoding/json"
	"time"

	"planewise/model"
	"planewise/planner/age"
)

// Age says what is to be known at a time of the age of the picture of the site that a
// plan was made from. A plan without a time of planning cannot say it itself.
func Age(p model.Plan, now time.Time) []model.Diagnostic {
	var s model.System
	var policy model.Policy
	for _, in := range p.Inputs {
		var err error
		switch in.Kind {
		case string(Systems):
			err = json.Unmarshal(in.Content, &s)
		case string(Policies):
			err = json.Unmarshal(in.Content, &policy)
		}
		if err != nil {
			return nil // a plan that cannot be read is said elsewhere
		}
	}
	var out []model.Diagnostic
	for _, d := range age.Check(s, policy, now) {
		if d.Code != "snapshot-partial" { // the plan says that itself
			out = append(out, d)
		}
	}
	return out
}
