package planner

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/actions"
	"planewise/planner/impact"
	"planewise/planner/schedule"
)

// describe is what bundles are by their actions alone: run order, footprint, what must
// come first, what to check before. groups are the bundles' actions by their place in
// acts, which is that of their tasks in the work.
func describe(groups [][]int, acts []model.Action, work actions.Result, stages map[string]string) []model.Bundle {
	home := make(map[model.ActionID]int, len(acts)) // bundle of each action
	for i, g := range groups {
		for _, m := range g {
			home[acts[m].ID] = i
		}
	}
	out := make([]model.Bundle, 0, len(groups))
	for i, g := range groups {
		one := describeOne(g, acts, work, stages)
		one.Label = fmt.Sprintf("B%d", i+1)
		if i == 0 {
			one.Gates = distinctBy(append(slices.Clone(work.Gates), one.Gates...), func(g model.Gate) string { return g.ID })
		}
		out = append(out, one)
	}
	for i := range out {
		out[i].After = comesFirst(i, out, home, acts, groups)
	}
	return out
}

func describeOne(group []int, acts []model.Action, work actions.Result, stages map[string]string) model.Bundle {
	// Nothing keeps new sessions from being started between two bundles, so what has to
	// be quiet is looked for again before each of them.
	one := model.Bundle{Footprint: map[model.PlaneID]model.Footprint{}, Gates: []model.Gate{}, Quiesce: slices.Clone(work.Quiesce)}
	members := make([]*model.Action, 0, len(group))
	for _, m := range group {
		a := &acts[m]
		members = append(members, a)
		one.Actions = append(one.Actions, a.ID)
		one.WorkS += a.ExpectedS
		for plane, f := range a.Footprint {
			one.Footprint[plane] = max(one.Footprint[plane], f)
		}
		one.Gates = append(one.Gates, work.Tasks[m].Gates...)
		one.Quiesce = append(one.Quiesce, work.Tasks[m].Quiesce...)
	}
	one.Key = slices.Min(one.Actions)
	one.Title = title(members, stages)
	one.Gates = distinctBy(one.Gates, func(g model.Gate) string { return g.ID })
	one.Quiesce = distinctBy(one.Quiesce, func(q model.Quiesce) string { return q.ID })
	return one
}

// comesFirst are the keys of the bundles that have to be done before bundle i:
// those that hold an action which one of its own must follow.
func comesFirst(i int, all []model.Bundle, home map[model.ActionID]int, acts []model.Action, groups [][]int) []model.ActionID {
	keys := []model.ActionID{}
	add := func(j int) {
		if j < i && !slices.Contains(keys, all[j].Key) {
			keys = append(keys, all[j].Key)
		}
	}
	highest := acts[groups[i][0]].Rank
	for _, m := range groups[i] {
		highest = max(highest, acts[m].Rank)
		for _, e := range acts[m].After {
			if j, ok := home[e.Action]; ok && e.Relation != model.Apart {
				add(j)
			}
		}
	}
	for j, g := range groups[:i] {
		if slices.ContainsFunc(g, func(m int) bool { return acts[m].Rank < highest }) {
			add(j)
		}
	}
	slices.Sort(keys)
	return keys
}

// cuts are the boundaries of bundles that lie inside one of the vendor's scripts.
type cuts struct {
	scripts     []string // for each bundle, those that were begun before it; mostly ""
	diagnostics []model.Diagnostic
}

// findCuts finds them. begun are the scripts that were begun before the plan.
func findCuts(bundles []model.Bundle, groups [][]int, acts []model.Action, begun map[string]bool) cuts {
	out := cuts{scripts: make([]string, len(bundles))}
	begun = maps.Clone(begun)
	before := "what is done"
	for i, g := range groups {
		var scripts []string
		for _, m := range g {
			if s := acts[m].Script; s != "" && begun[s] && !slices.Contains(scripts, s) {
				scripts = append(scripts, s)
			}
		}
		for _, m := range g {
			begun[acts[m].Script] = true
		}
		if scripts != nil {
			slices.Sort(scripts)
			out.scripts[i] = strings.Join(scripts, ", ")
			out.diagnostics = append(out.diagnostics, model.Diagnostic{
				Severity: model.Warning, Code: "untested-cut", Subject: bundles[i].Label,
				Summary: fmt.Sprintf("the boundary between %s and %s lies inside %s, which the vendor runs as a whole and has not tested in parts", before, bundles[i].Label, out.scripts[i]),
				Hint:    "accept it, or set untested_cuts: forbid in the policy to keep scripts whole",
			})
		}
		before = bundles[i].Label
	}
	return out
}

// inOrder are the actions in run order over all bundles.
func inOrder(groups [][]int, acts []model.Action) []model.Action {
	out := make([]model.Action, 0, len(acts))
	for _, g := range groups {
		out = append(out, members(g, acts)...)
	}
	return out
}

// members are the actions of one bundle in run order.
func members(group []int, acts []model.Action) []model.Action {
	out := make([]model.Action, 0, len(group))
	for _, m := range group {
		out = append(out, acts[m])
	}
	return out
}

// dress gives bundles what was found out about each of them: the scripts they cut, their
// time line and impact, and where one can stay behind them.
func dress(bundles []model.Bundle, cut []string, impacts []impact.BundleImpact, stops []schedule.Stop) []model.Bundle {
	out := slices.Clone(bundles)
	for i := range out {
		one, on := &out[i], &impacts[i]
		one.UntestedCut = cut[i]
		one.Duration, one.DurationUnknown = on.Duration, on.DurationUnknown
		one.Impact, one.Timeline = on.Impact, on.Timeline
	}
	for _, s := range stops {
		one := &out[s.Bundle]
		one.PointOfNoReturn, one.LastSafeStop = s.PointOfNoReturn, s.LastSafeStop
		one.Rollback, one.Stay = s.Rollback, s.Stay
	}
	return out
}

// stageTitles are the titles of the stages of the procedures in use. Other
// procedures have stages of the same ids.
func stageTitles(procedures []model.Procedure, used []model.ProcedureRef) map[string]string {
	titles := map[string]string{}
	for _, ref := range used {
		for i := range procedures {
			p := &procedures[i]
			if p.Name != ref.Name || p.Path != ref.Path {
				continue
			}
			for k := range p.Stages {
				titles[p.Stages[k].ID] = p.Stages[k].Title
			}
		}
	}
	return titles
}

// distinctBy keeps the first of several with the same key.
func distinctBy[T any](list []T, key func(T) string) []T {
	seen := map[string]bool{}
	out := make([]T, 0, len(list))
	for _, v := range list {
		if k := key(v); !seen[k] {
			seen[k] = true
			out = append(out, v)
		}
	}
	return out
}

// title names a bundle by the stages it begins and ends with.
func title(members []*model.Action, stages map[string]string) string {
	var names []string
	for _, a := range members {
		name := stages[a.Stage]
		if name == "" {
			name = a.Title
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 2 {
		return fmt.Sprintf("%s ... %s (%d stages)", names[0], names[len(names)-1], len(names))
	}
	return strings.Join(names, "; ")
}
