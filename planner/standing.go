package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/resume"
	"planewise/planner/words"
)

// standingAnswer is the first line under a plan that goes on with a begun update.
func standingAnswer(p model.Plan, capabilities []model.Capability) (model.Answer, bool) {
	s := p.Standing
	if s == nil {
		return model.Answer{}, false
	}
	a := model.Answer{Topic: "standing", Facts: slices.Concat(s.Stay.Facts, s.Rollback.Facts)}
	parts := []string{doneText(s)}
	for _, o := range s.Ongoing {
		a.Facts = append(a.Facts, o.Facts...)
	}
	parts = append(parts, ongoingText(&p, capabilities)...)
	parts = append(parts, stayText(s.Stay.Status), backText(s))
	a.Text = "Where it stands: " + strings.Join(parts, "; ") + "."
	slices.Sort(a.Facts)
	a.Facts = slices.Compact(a.Facts)
	return a, true
}

func doneText(s *model.Standing) string {
	whole := 0
	var partly []string
	for _, d := range s.Done {
		if d.Units == d.Of {
			whole++
		} else {
			partly = append(partly, fmt.Sprintf("%d of %d of %s", d.Units, d.Of, d.ID))
		}
	}
	text := fmt.Sprintf("%d of %s done", whole, words.Count(s.Actions, "action"))
	if len(partly) > 0 {
		text += " and " + words.List(partly)
	}
	return text
}

// ongoingText tells of what goes on now: of each end the worst capability, and how
// many others there are.
func ongoingText(p *model.Plan, capabilities []model.Capability) []string {
	titles := map[model.CapabilityID]string{}
	for _, c := range capabilities {
		titles[c.ID] = c.Title
	}
	count := map[string]int{}
	for _, o := range p.Standing.Ongoing {
		count[o.Until]++
	}
	var out []string
	for _, o := range resume.Ends(p.Standing.Ongoing) {
		text := fmt.Sprintf("%s now for %q", words.Level(o.Level, o.Unknown), cmp.Or(titles[o.Capability], string(o.Capability)))
		if n := count[o.Until] - 1; n > 0 {
			text += fmt.Sprintf(" and %d more", n)
		}
		out = append(out, text+resume.Until(p.Bundles, o))
	}
	return out
}

func stayText(status model.StayStatus) string {
	switch status {
	case model.StaySupported:
		return "it is documented that the system may stay like this"
	case model.StayNotSupported:
		return "it is documented that the system must not stay like this"
	}
	return "no document says whether the system may stay like this"
}

func backText(s *model.Standing) string {
	switch {
	case s.PointOfNoReturn == nil && s.Rollback.Possible == model.Yes:
		return "the way back is known and takes up to " + words.Duration(s.Rollback.P90s)
	case s.Rollback.Possible != model.No:
		return "nobody describes a way back behind " + string(*s.PointOfNoReturn)
	}
	// The first that cannot be undone for certain may be one of which nobody says how.
	i := slices.IndexFunc(s.Done, func(d model.DoneAction) bool { return d.Rollback.Possible == model.No })
	if i < 0 || s.Done[i].ID == *s.PointOfNoReturn {
		return "there is no way back behind " + string(*s.PointOfNoReturn)
	}
	return fmt.Sprintf("nobody describes a way back behind %s, and there is none behind %s", *s.PointOfNoReturn, s.Done[i].ID)
}
