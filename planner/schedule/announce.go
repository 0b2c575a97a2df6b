package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/planner/words"
)

// sitting is one placed bundle or part.
type sitting struct {
	job       *job
	name      string
	footprint map[model.PlaneID]model.Footprint
	at        stretch
	zone      *time.Location
}

// announce lists when each disturbed plane has to be told of each sitting at
// the latest: the policy's lead time before it starts. What is due before --at
// is already late, and said to be.
func (p *placer) announce() []model.Announcement {
	type notice struct {
		by int64
		model.Announcement
	}
	var list []notice
	for _, s := range p.sittings {
		for _, plane := range planes(s.footprint) {
			if s.footprint[plane] != model.Disturbed {
				continue
			}
			by := s.at.Start - min(max(0, p.in.Policy.LeadS[plane]), maxSpan)
			list = append(list, notice{by, model.Announcement{Bundle: s.job.bundle.Key, Plane: plane, By: stamp(by, s.zone)}})
			if late := p.calendar.bounds.Start - by; late > 0 {
				p.say(model.Warning, "announcement-late", string(s.job.bundle.Key),
					fmt.Sprintf("%s disturbs %s on %s, which had to be told by %s: %s too late",
						s.name, plane, when(s.at.Start, s.zone), when(by, s.zone), words.Duration(late)),
					"tell them now, or plan from a later time", string(plane))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b notice) int {
		return cmp.Or(cmp.Compare(a.by, b.by), strings.Compare(string(a.Bundle), string(b.Bundle)), strings.Compare(string(a.Plane), string(b.Plane)))
	})
	var announcements []model.Announcement
	for _, n := range list {
		announcements = append(announcements, n.Announcement)
	}
	return announcements
}

// when is a time as a person reads it.
func when(t int64, zone *time.Location) string {
	return time.Unix(t, 0).In(zone).Format("Mon 2006-01-02 15:04 -07:00")
}
