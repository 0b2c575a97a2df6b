// Package alertmanager writes silences for the dated bundles of a plan, one per
// plane that a bundle touches, in the form of Alertmanager's API v2 (a list of
// postableSilence, which "amtool silence import" reads too).
//
// A silence hides alarms, so it is as narrow as the plan allows: it matches the
// plane's label, begins a little before the bundle and ends with its window.
// Nothing is sent; a person imports the file.
package alertmanager

import (
	"encoding/json"
	"fmt"
	"time"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/brief"
)

// Codes of the diagnostics.
const (
	CodeNoDate      = "no-date"
	CodeNameRefused = "name-refused"
)

// Options of the silences.
type Options struct {
	// Label of the alerts that holds the plane; "" is "plane".
	Label string
	// LeadS is how many seconds before a bundle its silences begin; 0 is 300: no
	// alarm shall come up because the silence came late.
	LeadS int64
}

// silence has the fields of postableSilence in Alertmanager's openapi.yaml.
type silence struct {
	Matchers  []matcher `json:"matchers"`
	StartsAt  string    `json:"startsAt"`
	EndsAt    string    `json:"endsAt"`
	CreatedBy string    `json:"createdBy"`
	Comment   string    `json:"comment"`
}

type matcher struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	IsRegex bool   `json:"isRegex"`
	IsEqual bool   `json:"isEqual"`
}

// Plan is the list of silences, and a diagnostic for what has none.
func Plan(p model.Plan, o Options) ([]byte, []model.Diagnostic, error) {
	if o.Label == "" {
		o.Label = "plane"
	}
	if !labelName(o.Label) {
		return nil, nil, fmt.Errorf("%q is no label name: use letters, digits and _, and no digit first", o.Label)
	}
	if o.LeadS <= 0 {
		o.LeadS = 300
	}
	b := brief.New(p)
	out, diags := []silence{}, []model.Diagnostic(nil)
	for _, bundle := range p.Bundles {
		for _, s := range brief.Sittings(bundle) {
			if !touches(s) {
				continue
			}
			start, end, ok := times(s.Window)
			if !ok {
				diags = append(diags, model.Diagnostic{Severity: model.Warning, Code: CodeNoDate, Subject: string(bundle.Key),
					Summary: s.Name + " has no date, so there is no silence for it", Hint: "Give the policy windows and --at, or a pin, and plan again."})
				continue
			}
			for _, plane := range b.PlaneIDs() {
				if s.Footprint[plane] == model.Untouched {
					continue
				}
				if clean.Text(string(plane)) != string(plane) {
					diags = append(diags, refused(plane))
					continue
				}
				out = append(out, silence{
					Matchers: []matcher{{Name: o.Label, Value: string(plane), IsEqual: true}},
					StartsAt: start.Add(-time.Duration(o.LeadS) * time.Second).Format(time.RFC3339), EndsAt: end.Format(time.RFC3339),
					CreatedBy: "planewise",
					Comment:   clean.Text(fmt.Sprintf("%s: %s (plan %s): %s", s.Name, bundle.Title, p.ID, brief.Feel(brief.Impact(bundle, plane)))),
				})
			}
		}
	}
	data, err := json.MarshalIndent(out, "", "  ")
	return append(data, '\n'), diags, err
}

func touches(s brief.Sitting) bool {
	for _, f := range s.Footprint {
		if f != model.Untouched {
			return true
		}
	}
	return false
}

func times(s *model.Slot) (start, end time.Time, ok bool) {
	if s == nil {
		return start, end, false
	}
	start, err := time.Parse(time.RFC3339, s.Start)
	if err != nil {
		return start, end, false
	}
	end, err = time.Parse(time.RFC3339, s.End)
	return start.UTC(), end.UTC(), err == nil && end.After(start)
}

// refused: a matcher must be equal to the label, so such a name cannot be escaped,
// and a changed one would match nothing or something else.
func refused(plane model.PlaneID) model.Diagnostic {
	return model.Diagnostic{Severity: model.Warning, Code: CodeNameRefused, Subject: clean.Text(string(plane)),
		Summary: "the plane's name holds control characters, so there is no silence for it", Hint: "Give the plane a plain name in the mapping."}
}

func labelName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
