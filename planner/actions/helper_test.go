package actions

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

// reporter is a test, or one try of a property.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// mapped is a mapping for tests: rules by component id (or its kind and role).
type mapped struct {
	rules     map[string]model.Rule
	residents []model.Workload
	orders    []model.OrderRule
	limits    []model.Limit
}

func (m *mapped) Rule(before, after *model.Component) (model.Rule, []model.Fact, bool) {
	c := after
	if c == nil {
		c = before
	}
	for _, key := range []string{string(c.ID()), string(c.Kind) + ":" + c.Role, string(c.Kind)} {
		if r, has := m.rules[key]; has {
			return r, []model.Fact{model.NewFact(string(c.ID()), "is", key, "", model.Evidence{Basis: model.BasisChart})}, true
		}
	}
	return model.Rule{}, nil, false
}

func (m *mapped) Planes() []model.Plane {
	return []model.Plane{{ID: "control"}, {ID: "access"}, {ID: "compute"}, {ID: "storage"}}
}
func (m *mapped) Residents() []model.Workload { return m.residents }
func (m *mapped) Orders() []model.OrderRule   { return m.orders }
func (m *mapped) Limits() []model.Limit       { return m.limits }
func (m *mapped) Mapping() model.Mapping {
	out := model.Mapping{Residents: m.residents}
	var keys []string
	for k := range m.rules {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		out.Rules = append(out.Rules, m.rules[k])
	}
	return out
}

// known maps charts and the nodes of a management system.
func known() *mapped {
	return &mapped{rules: map[string]model.Rule{
		"chart":              {Planes: []model.PlaneID{"control"}, Method: model.MethodRolling},
		"rpm":                {Planes: []model.PlaneID{"control"}, Method: model.MethodLive},
		"kubernetes":         {Planes: []model.PlaneID{"control"}, Method: model.MethodRolling},
		"ceph":               {Planes: []model.PlaneID{"storage"}, Method: model.MethodCephDaemon},
		"node-image:master":  {Planes: []model.PlaneID{"control"}},
		"node-image:worker":  {Planes: []model.PlaneID{"control", "access", "compute"}},
		"node-image:storage": {Planes: []model.PlaneID{"storage"}},
		"node-image:compute": {Planes: []model.PlaneID{"compute"}},
		"node-image:uan":     {Planes: []model.PlaneID{"access"}},
	}}
}

func system(counts ...any) model.System {
	s := model.System{Name: "test"}
	for i := 0; i < len(counts); i += 2 {
		s.Nodes = append(s.Nodes, model.NodeGroup{Role: counts[i].(string), Count: counts[i+1].(int)})
	}
	return s
}

// world is the small language of these tests: one line per component, with its
// versions on both sides:
//
//	chart services/a platform 1.0 -> 2.0      "-" for absent, "!" after a list: not deployed
//	rpm acpid 1 -> 2
//	node-image worker 1 -> 2
//	undeploy services/x before sysmgmt
//	hook deliver_product/post scripts/x.sh
type world struct {
	from, to model.Release
	changes  []model.Change
}

func build(t *testing.T, from, to, text string) *world {
	t.Helper()
	w := &world{from: model.Release{Product: "p", Version: from}, to: model.Release{Product: "p", Version: to}}
	for n, row := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Fields(row)
		if len(f) == 0 {
			continue
		}
		switch f[0] {
		case "undeploy":
			ns, name, _ := strings.Cut(f[1], "/")
			u := model.Undeploy{Namespace: ns, Name: name}
			if len(f) > 3 {
				u.Before = f[3]
			}
			w.to.Undeploys = append(w.to.Undeploys, u)
		case "hook":
			stage, when, _ := strings.Cut(f[1], "/")
			w.to.Hooks = append(w.to.Hooks, model.Hook{Stage: stage, When: when, Script: f[2]})
		default:
			if len(f) < 5 {
				t.Fatalf("row %d: %q", n, row)
			}
			w.component(f, n)
		}
	}
	for _, m := range []string{"storage", "platform", "sysmgmt", "extra", "nexus"} {
		w.to.Manifests = append(w.to.Manifests, model.Manifest{Name: m, Deployed: true})
	}
	return w
}

func (w *world) component(f []string, n int) {
	arrow := slices.Index(f, "->")
	c := model.Component{Kind: model.Kind(f[0]), Name: f[1], Position: n}
	switch c.Kind {
	case model.KindChart:
		c.Namespace, c.Name, _ = strings.Cut(f[1], "/")
		list := f[2]
		c.Manifest, c.NotDeployed = strings.TrimSuffix(list, "!"), strings.HasSuffix(list, "!")
	case model.KindNodeImage, model.KindKernel:
		c.Role, c.Arch = f[1], "x86_64"
	case model.KindRPM:
		c.Arch = "noarch"
	}
	before, after := c, c
	before.Version, after.Version = f[arrow-1], f[arrow+1]
	ch := model.Change{ID: c.ID(), Kind: c.Kind, Name: c.Name, Delivery: c.Kind == model.KindImage, Direction: model.Upgrade}
	if before.Version != "-" {
		w.from.Components = append(w.from.Components, before)
		ch.From, ch.Before = before.Version, &before
	} else {
		ch.Direction = model.Added
	}
	if after.Version != "-" {
		w.to.Components = append(w.to.Components, after)
		ch.To, ch.After = after.Version, &after
		if ch.From > ch.To {
			ch.Direction = model.Downgrade
		}
	} else {
		ch.Direction = model.Removed
	}
	if len(f) > arrow+2 {
		ch.Direction = model.Direction(f[arrow+2])
	}
	if ch.From != ch.To {
		w.changes = append(w.changes, ch)
	}
}

func (w *world) input(cat Catalog, sys model.System, procs ...model.Procedure) Input {
	return Input{From: []model.Release{w.from}, To: []model.Release{w.to}, Changes: w.changes, Catalog: cat, Procedures: procs, System: sys}
}

var documented = model.Evidence{Basis: model.BasisDocumented, Source: "guide"}

// procedure of product p from 1.x to 2.x.
func procedure(stages ...model.Stage) model.Procedure {
	for i := range stages {
		if stages[i].Run == "" {
			stages[i].Run = model.RunWhenCarried
		}
		stages[i].Evidence = documented
	}
	return model.Procedure{Name: "p-2", Product: "p", From: ">= 1.0.0, < 2.0.0", To: ">= 2.0.0, < 3.0.0", Path: "manual", Stages: stages, Evidence: documented}
}

func shipping(manifests ...string) model.Stage {
	return model.Stage{ID: "ship-" + manifests[0], Title: "Ship " + manifests[0], Does: model.WorkShip, Manifests: manifests}
}

// taskList is "rank id" per task, changes in brackets.
func taskList(r Result) []string {
	var out []string
	for _, t := range r.Tasks {
		line := fmt.Sprintf("%d %s", t.Rank, t.ID)
		if len(t.Changes) > 0 {
			var ids []string
			for _, c := range t.Changes {
				ids = append(ids, string(c))
			}
			line += " [" + strings.Join(ids, " ") + "]"
		}
		out = append(out, line)
	}
	return out
}

func linkList(r Result) []string {
	var out []string
	for _, l := range r.Links {
		out = append(out, fmt.Sprintf("%s %s %s %s", l.First, l.Relation, l.Then, l.Kind))
	}
	return out
}

// codes are "severity code subject" per diagnostic.
func codes(r Result) []string {
	var out []string
	for _, d := range r.Diagnostics {
		out = append(out, fmt.Sprintf("%s %s %s", d.Severity, d.Code, d.Subject))
	}
	return out
}

func skips(r Result) []string {
	var out []string
	for _, s := range r.Skipped {
		out = append(out, s.Stage+": "+s.Reason)
	}
	return out
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n  got  %s\n  want %s", what, strings.Join(got, "\n       "), strings.Join(want, "\n       "))
	}
}

func task(t *testing.T, r Result, id model.ActionID) model.Task {
	t.Helper()
	for _, k := range r.Tasks {
		if k.ID == id {
			return k
		}
	}
	t.Fatalf("no task %s among %v", id, taskList(r))
	return model.Task{}
}

func change(t *testing.T, r Result, id model.ChangeID) model.Change {
	t.Helper()
	for _, c := range r.Changes {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("no change %s", id)
	return model.Change{}
}
