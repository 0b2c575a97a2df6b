package compare

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/planner"
	"planewise/planner/words"
)

// Cluster is the part of a plan that works on the nodes of one plane alone.
type Cluster struct {
	Plane model.PlaneID `json:"plane"`
	// Roles of nodes that serve this plane and no other.
	Roles []string `json:"roles"`
	// Own are its actions, Rest the others.
	Own  []model.ActionID `json:"own"`
	Rest []model.ActionID `json:"rest"`
	// Ties are documented orders between the two parts, which a separate release
	// would have to do without or to keep.
	Ties []string `json:"ties"`
}

// Apart finds the cluster of a plane in a plan that was just built (a plan file
// does not say which component a change is about). An action belongs to it when
// it works on nodes of its roles, or ships only what runs on such nodes.
func Apart(p model.Plan, c *catalog.Catalog, plane model.PlaneID) (Cluster, error) {
	out := Cluster{Plane: plane, Roles: rolesOf(c, plane), Own: []model.ActionID{}, Rest: []model.ActionID{}, Ties: []string{}}
	if len(out.Roles) == 0 {
		return out, fmt.Errorf("plane %q has no nodes of its own in the mapping, so it cannot be released apart: use one of %s", plane, strings.Join(separable(c), ", "))
	}
	carried := map[model.ActionID][]model.Change{}
	for _, ch := range p.Changes {
		if ch.Action != nil && !ch.Delivery {
			carried[*ch.Action] = append(carried[*ch.Action], ch)
		}
	}
	own := map[model.ActionID]bool{}
	for _, a := range p.Actions {
		if belongs(a, carried[a.ID], c, out.Roles) {
			own[a.ID] = true
			out.Own = append(out.Own, a.ID)
		} else {
			out.Rest = append(out.Rest, a.ID)
		}
	}
	for _, a := range p.Actions {
		for _, e := range a.After {
			if e.Kind == model.RequiredEdge && own[a.ID] != own[e.Action] {
				out.Ties = append(out.Ties, tie(a.ID, e))
			}
		}
	}
	slices.Sort(out.Ties)
	return out, nil
}

func tie(then model.ActionID, e model.Edge) string {
	switch e.Relation {
	case model.Before, model.Soak:
		return fmt.Sprintf("%s after %s", then, e.Action)
	case model.NotDuring:
		return fmt.Sprintf("%s not during %s", then, e.Action)
	}
	return fmt.Sprintf("%s %s %s", then, e.Relation, e.Action)
}

func belongs(a model.Action, carried []model.Change, c *catalog.Catalog, roles []string) bool {
	if a.Role != "" {
		return slices.Contains(roles, a.Role)
	}
	for _, ch := range carried {
		m, ok := c.Lookup(ch.Component())
		if !ok || len(m.Rule.Workloads) == 0 {
			return false
		}
		for _, w := range m.Rule.Workloads {
			if !slices.Contains(roles, w.RunsOn) {
				return false
			}
		}
	}
	return len(carried) > 0
}

// rolesOf are the roles whose node image serves the plane and no other.
func rolesOf(c *catalog.Catalog, plane model.PlaneID) []string {
	var out []string
	for _, r := range c.Mapping().Rules {
		if r.Match.Kind == model.KindNodeImage && r.Match.Role != "" && r.Method != model.MethodDelivery && slices.Equal(r.Planes, []model.PlaneID{plane}) {
			out = append(out, r.Match.Role)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func separable(c *catalog.Catalog) []string {
	var out []string
	for _, p := range c.Planes() {
		if len(rolesOf(c, p.ID)) > 0 {
			out = append(out, string(p.ID))
		}
	}
	return out
}

// Decoupled is a comparison of one release with two that are released apart.
type Decoupled struct {
	Report
	Cluster Cluster `json:"cluster"`
}

// Decouple says what a separately released cluster of one plane would save: the
// plan as it is, both parts one after the other, and each part alone.
func Decouple(in planner.Input, plane model.PlaneID) (Decoupled, error) {
	whole := planner.Build(in)
	cluster, err := Apart(whole, in.Catalog, plane)
	if err != nil {
		return Decoupled{}, err
	}
	if len(cluster.Own) == 0 {
		return Decoupled{}, fmt.Errorf("this update does no work on the nodes of plane %s (%s): there is nothing to release apart", plane, strings.Join(cluster.Roles, ", "))
	}
	others := part(whole, planner.Build(excluding(in, cluster.Own)), true)
	alone := part(whole, planner.Build(excluding(in, cluster.Rest)), false)
	r, err := Of("decoupling", []Option{
		{Name: "together", Steps: []model.Plan{whole}, Notes: []string{"One release, one plan."}},
		{Name: "apart", Steps: []model.Plan{others, alone}, Notes: []string{fmt.Sprintf("Two releases, first all but %s, then %s alone; both plans summed.", plane, plane)}},
		{Name: "without " + string(plane), Steps: []model.Plan{others}, Part: true, Notes: []string{"Only the first of the two."}},
		{Name: string(plane) + " alone", Steps: []model.Plan{alone}, Part: true, Notes: []string{"Only the second of the two."}},
	})
	if err != nil {
		return Decoupled{}, err
	}
	r.Notes = append(savings(r, cluster), r.Notes...)
	return Decoupled{Report: r, Cluster: cluster}, nil
}

// excluding leaves actions out of a plan.
func excluding(in planner.Input, actions []model.ActionID) planner.Input {
	in.Edits.Excluded = slices.Clone(in.Edits.Excluded)
	for _, id := range actions {
		in.Edits.Excluded = append(in.Edits.Excluded, string(id))
	}
	return in
}

// part leaves in a part of a plan only what is its own: the changes and endings
// that its actions carry, and with loose those that no action of the whole does.
func part(whole, p model.Plan, loose bool) model.Plan {
	mine := map[model.ActionID]bool{}
	for _, a := range p.Actions {
		mine[a.ID] = true
	}
	nobody := map[model.ChangeID]bool{}
	for _, c := range whole.Changes {
		nobody[c.ID] = c.Action == nil
	}
	p.Changes = slices.DeleteFunc(slices.Clone(p.Changes), func(c model.Change) bool {
		return c.Action == nil && !(loose && nobody[c.ID])
	})
	p.Retired = slices.DeleteFunc(slices.Clone(p.Retired), func(r model.Retired) bool {
		if r.Action == nil {
			return !loose
		}
		return !mine[*r.Action]
	})
	return p
}

// savings say what an update of the rest costs each plane when the cluster has a
// release of its own, and what stands in the way.
func savings(r Report, cluster Cluster) []string {
	var gains []string
	for _, row := range r.Planes {
		with, free := row.Cells[0], row.Cells[2]
		var parts []string
		if n := with.Announcements - free.Announcements; n > 0 {
			parts = append(parts, words.Count(n, "announcement"))
		}
		for _, x := range []struct {
			word string
			s    int64
		}{
			{"announced time", with.ExposureS - free.ExposureS},
			{"outage", with.Outage.P90s - free.Outage.P90s}, {"degraded", with.Degraded.P90s - free.Degraded.P90s},
			{"blips", with.Blip.P90s - free.Blip.P90s}, {"at risk", with.AtRisk.P90s - free.AtRisk.P90s},
		} {
			if x.s > 0 {
				parts = append(parts, words.Duration(x.s)+" "+x.word)
			}
		}
		if parts != nil {
			gains = append(gains, fmt.Sprintf("%s %s", row.Plane, words.List(parts)))
		}
	}
	s := fmt.Sprintf("An update of the rest alone would spare nobody anything that the %s cluster (%s of work on %s nodes) costs now.", cluster.Plane, words.Count(len(cluster.Own), "action"), words.List(cluster.Roles))
	if gains != nil {
		s = fmt.Sprintf("Were the %s cluster (%s of work on %s nodes) released apart, each update of the rest alone would save: %s.", cluster.Plane, words.Count(len(cluster.Own), "action"), words.List(cluster.Roles), strings.Join(gains, "; "))
	}
	out := []string{s}
	if len(cluster.Ties) > 0 {
		out = append(out, fmt.Sprintf("Documented orders tie the two parts; releases of their own would have to keep them or do without: %s.", abridge(cluster.Ties)))
	}
	return out
}
