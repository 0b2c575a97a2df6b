package customizations

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// Known is what is known of workloads.
type Known struct {
	// Of a component: the workloads that its rule describes.
	Of func(*model.Component) []model.Workload
	// All that any rule or resident describes.
	All []model.Workload
	// Base is the vendor's base chart.
	Base BaseChart
}

// BaseChart is a chart with which a vendor makes others, whose settings mean the same
// in all of them. The zero value is none.
type BaseChart struct {
	// Key under which its settings stand in a chart's values.
	Key string
	// Replicas is the setting of the number of instances of its workload, Kind and Name
	// are those of the workload's kind and name.
	Replicas, Kind, Name string
	// Databases is the setting of the number of instances of the database beside it, a
	// StatefulSet whose name is the workload's with DatabaseSuffix.
	Databases, DatabaseSuffix string
}

// Place is a system with the replicas that the site's settings ask for, for workloads
// that were not observed: what runs counts more than what was asked for. The sets are
// both sides of a plan, with the overrides in their values (see Apply). A workload that
// two charts, or two sides, ask for gets the smaller number. The system given stays as
// it is.
func Place(c model.Customizations, s model.System, workloads Known, sets ...[]model.Release) (model.System, []model.Diagnostic) {
	s.Workloads = slices.DeleteFunc(slices.Clone(s.Workloads), func(w model.ObservedWorkload) bool { return w.AskedBy != "" })
	p := placer{c: c, system: s, known: workloads, asked: map[string]model.ObservedWorkload{}}
	for _, set := range sets {
		for i := range set {
			for k := range set[i].Components {
				comp := &set[i].Components[k]
				if comp.NotDeployed {
					continue
				}
				for _, o := range Of(c, comp) {
					if o.Kind == model.OverrideReplicas && known(o) {
						p.ask(comp, o)
					}
				}
			}
		}
	}
	if len(p.asked) == 0 {
		return s, model.SortDiagnostics(p.notes)
	}
	for _, w := range p.asked {
		s.Workloads = append(s.Workloads, w)
	}
	slices.SortStableFunc(s.Workloads, func(a, b model.ObservedWorkload) int { return strings.Compare(id(a), id(b)) })
	return s, model.SortDiagnostics(p.notes)
}

type placer struct {
	c      model.Customizations
	system model.System
	known  Known
	asked  map[string]model.ObservedWorkload
	notes  []model.Diagnostic
}

func id(w model.ObservedWorkload) string {
	return strings.ToLower(w.Kind) + "/" + w.Namespace + "/" + w.Name
}

func (p *placer) note(severity model.Severity, code model.Code, comp *model.Component, summary, hint string) {
	p.notes = append(p.notes, model.Diagnostic{Severity: severity, Code: code, Subject: string(comp.ID()), Summary: summary, Hint: hint})
}

// ask notes what one override asks for.
func (p *placer) ask(comp *model.Component, o model.Override) {
	setting := settingName(chartName(comp), o)
	n := replicasOf(o.Value)
	w, ok := p.workload(comp, o)
	if !ok || n > maxReplicas {
		p.note(model.Warning, "site-replicas-unplaced", comp, "the site sets "+setting+" to "+o.Value+"; which workload that is cannot be told, so that the mapping's number is taken",
			"a snapshot of the system shows it (planewise system import)")
		return
	}
	if seen := p.observed(w); seen != nil {
		p.compare(comp, setting, n, seen)
		return
	}
	if n == 0 {
		// That nothing runs disturbs nobody; that is not believed without having been seen.
		p.note(model.Warning, "site-replicas-zero", comp, "the site sets "+setting+" to 0; that none runs was not seen, so that the mapping's number is taken",
			"a snapshot of the system shows it (planewise system import)")
		return
	}
	w.Replicas, w.AskedBy = n, "customizations "+p.c.Name+": "+setting
	if have, twice := p.asked[id(w)]; !twice || less(w, have) {
		p.asked[id(w)] = w
	}
}

func less(a, b model.ObservedWorkload) bool {
	return cmp.Or(cmp.Compare(a.Replicas, b.Replicas), strings.Compare(a.AskedBy, b.AskedBy)) < 0
}

// observed is what was seen of a workload on the site.
func (p *placer) observed(w model.ObservedWorkload) *model.ObservedWorkload {
	i := slices.IndexFunc(p.system.Workloads, func(o model.ObservedWorkload) bool { return id(o) == id(w) })
	if i < 0 {
		return nil
	}
	return &p.system.Workloads[i]
}

// compare says that what runs is not what was asked for: once the chart is shipped,
// it will be.
func (p *placer) compare(comp *model.Component, setting string, asked int, seen *model.ObservedWorkload) {
	if asked == seen.Replicas {
		return
	}
	severity, after := model.Info, ""
	switch {
	case asked == 0:
		severity, after = model.Blocking, ", and shipping the chart stops the last of them, which no level of the plan shows"
	case asked < seen.Replicas:
		severity, after = model.Warning, ", and shipping the chart leaves fewer, which no level of the plan shows"
	}
	p.note(severity, "site-replicas-differ", comp, "the site sets "+setting+" to "+strconv.Itoa(asked)+" and "+strconv.Itoa(seen.Replicas)+" were seen; the plan counts on what was seen"+after,
		"correct the setting if it is not wanted")
}

// workload is the one whose replicas an override sets, with its kind, namespace and
// name.
func (p *placer) workload(comp *model.Component, o model.Override) (model.ObservedWorkload, bool) {
	base := p.known.Base
	setting, is := strings.CutPrefix(key(o), base.Key+".")
	switch {
	case base.Key == "" || !is:
	case setting == base.Replicas:
		return p.main(comp)
	case setting == base.Databases:
		name := comp.Name
		if main, ok := p.main(comp); ok {
			name = main.Name
		}
		return one(comp, p.known.All, func(w model.Workload) bool {
			return strings.EqualFold(w.Kind, "StatefulSet") && w.Name == name+base.DatabaseSuffix
		})
	}
	return model.ObservedWorkload{}, false
}

// main is the workload of the base chart: of the kind and name that the settings
// state, else of the release's name, else the chart's only Deployment.
func (p *placer) main(comp *model.Component) (model.ObservedWorkload, bool) {
	base := p.known.Base
	kind := settingAt(comp.Values, []string{base.Key, base.Kind})
	own := slices.DeleteFunc(slices.Clone(p.known.Of(comp)), func(w model.Workload) bool {
		if kind != "" {
			return !strings.EqualFold(w.Kind, kind)
		}
		return !strings.EqualFold(w.Kind, "Deployment") && !strings.EqualFold(w.Kind, "StatefulSet")
	})
	if strings.EqualFold(kind, "DaemonSet") {
		return model.ObservedWorkload{}, false // it runs on every node, whatever the number
	}
	if name := settingAt(comp.Values, []string{base.Key, base.Name}); name != "" {
		return one(comp, own, func(w model.Workload) bool { return w.Name == name })
	}
	if w, ok := one(comp, own, func(w model.Workload) bool { return w.Name == comp.Name }); ok {
		return w, true
	}
	return one(comp, own, func(w model.Workload) bool { return strings.EqualFold(w.Kind, cmp.Or(kind, "Deployment")) })
}

// one is the only workload of a component's namespace that passes; variants of one
// workload are one.
func one(comp *model.Component, workloads []model.Workload, passes func(model.Workload) bool) (model.ObservedWorkload, bool) {
	var found []model.ObservedWorkload
	for _, w := range workloads {
		o := model.ObservedWorkload{Kind: w.Kind, Namespace: comp.Namespace, Name: cmp.Or(w.Name, string(w.Service))}
		if comp.Namespace == "" || w.Namespace != "" && w.Namespace != comp.Namespace || !passes(w) {
			continue
		}
		if !slices.ContainsFunc(found, func(f model.ObservedWorkload) bool { return id(f) == id(o) }) {
			found = append(found, o)
		}
	}
	if len(found) != 1 {
		return model.ObservedWorkload{}, false
	}
	return found[0], true
}
