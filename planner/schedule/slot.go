package schedule

import (
	"maps"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/planner/schedule/window"
)

// slot describes where a bundle runs: the windows that carry it one after
// another, and what all of them grant. Outside every window it has no name.
func (r *room) slot(at stretch, home *time.Location) (*model.Slot, *time.Location) {
	zone, grants := home, map[model.PlaneID]model.Footprint{}
	var names []string
	for reached := at.Start; reached < at.End; {
		o, ok := r.carrier(reached)
		if !ok {
			break
		}
		if len(names) == 0 {
			zone = o.Zone
			maps.Copy(grants, o.Grants)
		}
		for p, f := range grants {
			grants[p] = min(f, o.Grants[p])
		}
		if !slices.Contains(names, o.Name) {
			names = append(names, o.Name)
		}
		reached = reach(o)
	}
	return &model.Slot{
		Name:   strings.Join(names, " + "),
		Start:  stamp(at.Start, zone),
		End:    stamp(at.End, zone),
		Zone:   zone.String(),
		Grants: grants,
	}, zone
}

// carrier is the opening that carries a bundle furthest from t on.
func (r *room) carrier(t int64) (best window.Opening, ok bool) {
	for _, o := range r.eligible {
		if o.Start <= t && t < o.End && (!ok || reach(o) > reach(best)) {
			best, ok = o, true
		}
	}
	return best, ok
}

// reach is how far an opening carries a bundle that starts in it.
func reach(o window.Opening) int64 {
	if o.StartsOnly {
		return maxTime
	}
	return o.End
}

func stamp(t int64, zone *time.Location) string { return time.Unix(t, 0).In(zone).Format(time.RFC3339) }
