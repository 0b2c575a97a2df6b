package actions

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid" // why: shrinks a failing world to the smallest one

	"planewise/model"
)

// draw makes a small world: changes of all kinds, a procedure over them, orders
// that may contradict each other, and a policy.
func draw(t *rapid.T) Input {
	lists := []string{"storage", "platform", "sysmgmt", "extra"}
	roles := []string{"master", "worker", "storage", "compute"}
	w := &world{from: model.Release{Product: "p", Version: "1.0.0"}, to: model.Release{Product: "p", Version: "2.0.0"}}
	for _, l := range lists {
		w.to.Manifests = append(w.to.Manifests, model.Manifest{Name: l, Deployed: true})
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "charts") {
		versions := rapid.SampledFrom([][]string{{"1", "2"}, {"-", "2"}, {"1", "-"}, {"2", "1"}}).Draw(t, "versions")
		f := []string{"chart", fmt.Sprintf("ns/c%d", i), rapid.SampledFrom(lists).Draw(t, "list"), versions[0], "->", versions[1]}
		if versions[1] == "-" && rapid.Bool().Draw(t, "orphan") {
			f = append(f, "orphan")
		}
		w.component(f, i)
	}
	for i, kind := range rapid.SliceOfN(rapid.SampledFrom([]string{"rpm", "image", "kubernetes", "ceph", "firmware"}), 0, 4).Draw(t, "others") {
		w.component([]string{kind, fmt.Sprintf("%s%d", kind, i), "1", "->", "2"}, i)
	}
	for _, role := range roles {
		if rapid.Bool().Draw(t, role+" image") {
			w.component([]string{"node-image", role, "1", "->", "2"}, 0)
		}
	}
	kinds := []model.Match{{Kind: model.KindRPM}, {Kind: model.KindImage}, {Kind: model.KindKubernetes}, {Kind: model.KindCeph}, {Kind: model.KindChart, Name: "c?"}, {Kind: model.KindChart, Namespace: "ns", Name: "c1"}}
	var stages []model.Stage
	for i := range rapid.IntRange(0, 6).Draw(t, "stages") {
		s := model.Stage{
			ID: fmt.Sprintf("s%d", i), Does: rapid.SampledFrom([]model.Work{model.WorkShip, model.WorkRemove, model.WorkStep, model.WorkRoll, model.WorkRollout, model.WorkCeph}).Draw(t, "does"),
			Run:     rapid.SampledFrom([]model.Run{model.RunAlways, model.RunWhenCarried, model.RunSite}).Draw(t, "run"),
			Carries: rapid.SliceOfN(rapid.SampledFrom(kinds), 0, 2).Draw(t, "carries"), Script: rapid.SampledFrom([]string{"", "a.sh"}).Draw(t, "script"),
		}
		if s.Does == model.WorkShip || s.Does == model.WorkRemove {
			s.Manifests = rapid.SliceOfNDistinct(rapid.SampledFrom(lists), 0, 2, rapid.ID[string]).Draw(t, "manifests")
		}
		if s.Does == model.WorkStep {
			s.Method = rapid.SampledFrom([]model.Method{model.MethodLive, model.MethodDelivery, model.MethodRemove, ""}).Draw(t, "method")
		}
		if s.Does == model.WorkRoll || s.Does == model.WorkRollout {
			s.Role = rapid.SampledFrom(roles).Draw(t, "role")
			s.Select = rapid.SampledFrom([]string{"", "first", "rest"}).Draw(t, "select")
			s.Carries = append(s.Carries, model.Match{Kind: model.KindNodeImage, Role: s.Role})
		}
		if i > 0 && rapid.Bool().Draw(t, "required") {
			s.Required = []string{fmt.Sprintf("s%d", rapid.IntRange(0, i-1).Draw(t, "which"))}
		}
		stages = append(stages, s)
	}
	cat := known()
	for i := range rapid.IntRange(0, 4).Draw(t, "orders") {
		glob := rapid.SampledFrom([]string{"ship:ns/c0", "ship:ns/c1", "ship:ns/c2", "ship:*", "roll:worker", "roll:*", "step:*", "remove:*"})
		cat.orders = append(cat.orders, model.OrderRule{ID: fmt.Sprintf("o%d", i), First: glob.Draw(t, "first"), Then: glob.Draw(t, "then"), Required: rapid.Bool().Draw(t, "req"),
			Relation: rapid.SampledFrom([]model.Relation{model.Before, model.With, model.Apart, model.Soak, model.NotDuring}).Draw(t, "relation")})
	}
	in := w.input(cat, system("master", rapid.IntRange(0, 3).Draw(t, "masters"), "worker", 3, "storage", 3, "compute", 4), procedure(stages...))
	in.Policy = model.Policy{
		Order:        rapid.SampledFrom([]string{"documented", "list"}).Draw(t, "order"),
		UntestedCuts: rapid.SampledFrom([]string{"allow", "forbid"}).Draw(t, "cuts"),
		CanaryRoles:  rapid.SliceOfN(rapid.SampledFrom(roles), 0, 2).Draw(t, "canary"),
		Relax:        rapid.SliceOfN(rapid.SampledFrom([]string{"order:p/s1", "order:p/*", "o0:*"}), 0, 1).Draw(t, "relax"),
	}
	return in
}

func TestAnyWorld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		r := From(in)
		accounted(t, r)
		consistent(t, r)
		done := map[string]bool{}
		for _, k := range r.Tasks {
			done["p/"+k.Stage] = true
		}
		for _, s := range r.Skipped {
			done[s.Stage] = true
		}
		if len(in.Changes) > 0 {
			for _, s := range in.Procedures[0].Stages {
				if !done["p/"+s.ID] {
					t.Errorf("the stage %s is neither done nor skipped", s.ID)
				}
			}
		}
		again := in
		again.Changes = slices.Clone(in.Changes)
		slices.Reverse(again.Changes)
		other := From(again)
		slices.Reverse(other.Changes)
		if !reflect.DeepEqual(r, other) {
			t.Errorf("the order of changes matters")
		}
	})
}
