package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"planewise/model"
)

// methods that can be chosen for a component, in the order of how much they
// disturb.
func methods() []model.Method {
	return []model.Method{
		model.MethodDelivery, model.MethodLive, model.MethodJob, model.MethodRolling, model.MethodDaemonSet, model.MethodStateful,
		model.MethodRecreate, model.MethodReinstall, model.MethodRebuild, model.MethodReboot, model.MethodStage, model.MethodUnknown,
	}
}

// mapEdit changes one component's planes and method.
type mapEdit struct {
	of     mapped
	planes []model.PlaneID
	method model.Method
}

func newMapEdit(w *world, m mapped) *picker {
	e := &mapEdit{of: m, planes: slices.Clone(m.rule.Planes), method: m.method()}
	if e.method == "" {
		e.method = model.MethodUnknown
	}
	all := w.view.catalog.Planes()
	p := &picker{title: string(m.id), foot: "enter or left/right changes   esc cancels"}
	set := func() {
		p.choices = []choice{{title: "apply"}}
		for _, plane := range all {
			note := "no"
			if slices.Contains(e.planes, plane.ID) {
				note = "yes"
			}
			p.choices = append(p.choices, choice{title: "on plane " + string(plane.ID), note: note})
		}
		p.choices = append(p.choices, choice{title: "updated by", note: string(e.method)})
	}
	set()
	p.change = func(_ *world, i, by int) tea.Cmd {
		switch {
		case i >= 1 && i <= len(all):
			e.flip(all[i-1].ID)
		case i == len(all)+1:
			e.method = step(methods(), e.method, by)
		}
		set()
		return nil
	}
	p.pick = func(w *world, i int) (bool, tea.Cmd) {
		if i > 0 {
			return false, p.change(w, i, 1)
		}
		if len(e.planes) == 0 {
			return false, w.warn("a component is on at least one plane")
		}
		return true, e.apply(w)
	}
	return p
}

func (e *mapEdit) flip(plane model.PlaneID) {
	if i := slices.Index(e.planes, plane); i >= 0 {
		e.planes = slices.Delete(e.planes, i, i+1)
		return
	}
	e.planes = append(e.planes, plane)
}

// apply puts a rule for just this component over the mapping. What the rule below
// says of its workloads stays, with the new method.
func (e *mapEdit) apply(w *world) tea.Cmd {
	c := e.of.component
	r := e.of.rule
	r.ID, r.Version = "", ""
	r.Match = model.Match{Kind: c.Kind, Name: c.Name, Namespace: c.Namespace, Role: c.Role, Arch: c.Arch}
	r.Planes = e.planes
	if e.method != e.of.method() {
		r.Method = e.method
		r.Workloads = slices.Clone(r.Workloads)
		for i := range r.Workloads {
			r.Workloads[i].Method = e.method
		}
	}
	// It is the site's word, neither measured nor from the vendor.
	r.Evidence = model.Evidence{Basis: model.BasisInferred, Source: "site", Text: "Planes and method as stated on this site."}
	s := w.state()
	s.Rules = slices.DeleteFunc(s.Rules, func(old model.Rule) bool { return old.Match == r.Match })
	s.Rules = append(s.Rules, r)
	return w.do("mapped "+string(e.of.id)+" to "+planeWords(e.planes), s)
}
