package planner

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/planner/actions"
)

// bundles dresses the solver's groups: run order, footprint, what must come
// first, what to check before, and whether a script is cut.
func (b *build) bundles(groups [][]int, work actions.Result, acts []model.Action) []model.Bundle {
	stages := stageTitles(b.in.Procedures, work.Procedures)
	home := make(map[model.ActionID]int, len(acts)) // bundle of each action
	for i, g := range groups {
		for _, m := range g {
			home[acts[m].ID] = i
		}
	}
	out := make([]model.Bundle, 0, len(groups))
	for i, g := range groups {
		one := model.Bundle{
			Label: fmt.Sprintf("B%d", i+1), Footprint: map[model.PlaneID]model.Footprint{},
			Gates: []model.Gate{}, Quiesce: []model.Quiesce{},
		}
		members := make([]*model.Action, 0, len(g))
		for _, m := range g {
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
		if i == 0 {
			one.Gates = append(slices.Clone(work.Gates), one.Gates...)
		}
		// Nothing keeps new sessions from being started between two bundles, so
		// what has to be quiet is looked for again before each of them.
		one.Quiesce = append(slices.Clone(work.Quiesce), one.Quiesce...)
		one.Gates = distinctBy(one.Gates, func(g model.Gate) string { return g.ID })
		one.Quiesce = distinctBy(one.Quiesce, func(q model.Quiesce) string { return q.ID })
		out = append(out, one)
	}
	begun := b.resumed.scripts()
	for i, g := range groups {
		out[i].After = comesFirst(i, out, home, acts, groups)
		b.cut(i, out, acts, g, begun)
		for _, m := range g {
			begun[acts[m].Script] = true
		}
	}
	return out
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

// cut marks a boundary that lies inside one of the vendor's scripts, of which some
// are begun in earlier bundles.
func (b *build) cut(i int, all []model.Bundle, acts []model.Action, members []int, begun map[string]bool) {
	var scripts []string
	for _, m := range members {
		if s := acts[m].Script; s != "" && begun[s] && !slices.Contains(scripts, s) {
			scripts = append(scripts, s)
		}
	}
	if scripts == nil {
		return
	}
	slices.Sort(scripts)
	all[i].UntestedCut = strings.Join(scripts, ", ")
	before := "what is done"
	if i > 0 {
		before = all[i-1].Label
	}
	b.diags = append(b.diags, model.Diagnostic{
		Severity: model.Warning, Code: "untested-cut", Subject: all[i].Label,
		Summary: fmt.Sprintf("the boundary between %s and %s lies inside %s, which the vendor runs as a whole and has not tested in parts", before, all[i].Label, all[i].UntestedCut),
		Hint:    "accept it, or set untested_cuts: forbid in the policy to keep scripts whole",
	})
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
