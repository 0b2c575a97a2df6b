package customizations

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
)

// Release is a release with the site's overrides in the values of its charts, where
// the generator would place them, and what changed. Templates change nothing.
func (c Customizations) Release(r model.Release) (model.Release, []model.Diagnostic) {
	var notes []model.Diagnostic
	out := r
	out.Components = slices.Clone(r.Components)
	used := map[string]bool{}
	for i := range out.Components {
		comp := &out.Components[i]
		chart, ok := c.chart(comp)
		if !ok {
			continue
		}
		used[chart.Name] = true
		values, err := merged(comp.Values, chart.Overrides)
		if err != nil {
			notes = append(notes, note(model.Warning, "bad-values", comp, "its settings in the release cannot be read, so that the site's were not added", "see the release's manifest"))
			continue
		}
		comp.Values = values
		for _, o := range chart.Overrides {
			if o.Kind == Image && !o.Template {
				notes = append(notes, note(model.Info, "site-image", comp, "the site runs another image than the release ships ("+o.Key()+" is "+o.Value+")", "see whether the override is still wanted with the new release"))
			}
		}
	}
	for _, chart := range c.Charts {
		if !used[chart.Name] && len(chart.Overrides) > 0 {
			notes = append(notes, model.Diagnostic{Severity: model.Info, Code: "unused-customization", Subject: "chart " + chart.Name, Summary: "the site sets replicas or images of a chart that " + r.Ref() + " does not have"})
		}
	}
	return out, model.SortDiagnostics(notes)
}

// chart finds the overrides of a component, by the name of its chart.
func (c Customizations) chart(comp *model.Component) (Chart, bool) {
	if comp.Kind != model.KindChart {
		return Chart{}, false
	}
	name := comp.Chart
	if name == "" {
		name = comp.Name
	}
	i, ok := slices.BinarySearchFunc(c.Charts, name, func(a Chart, name string) int { return strings.Compare(a.Name, name) })
	if !ok {
		return Chart{}, false
	}
	return c.Charts[i], true
}

func note(severity model.Severity, code string, comp *model.Component, summary, hint string) model.Diagnostic {
	return model.Diagnostic{Severity: severity, Code: code, Subject: string(comp.ID()), Summary: summary, Hint: hint}
}

// merged is the text of values with the overrides in it. The text is canonical:
// sorted keys, scalars as strings of their source text.
func merged(values string, overrides []Override) (string, error) {
	root := map[string]any{}
	if values != "" {
		d := json.NewDecoder(strings.NewReader(values))
		d.UseNumber()
		if err := d.Decode(&root); err != nil {
			return "", err
		}
	}
	changed := false
	for _, o := range overrides {
		if !o.Template {
			set(root, o.Path, o.Value)
			changed = true
		}
	}
	if !changed {
		return values, nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(root)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// set puts a value at a path; what is no mapping on the way gives place to one.
func set(at map[string]any, path []string, value string) {
	for _, key := range path[:len(path)-1] {
		next, ok := at[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[key] = next
		}
		at = next
	}
	at[path[len(path)-1]] = value
}

// System is a system with the replicas that the site sets, for workloads that were
// not observed: what runs counts more than what was asked for. Only charts made with
// the vendor's base chart (key "cray-service") name their workload in a way that is
// known: a Deployment, or what "type" says, of the chart's name, and for its database
// a StatefulSet of the name with "-postgres".
func (c Customizations) System(sys model.System, releases []model.Release) (model.System, []model.Diagnostic) {
	out := sys
	out.Workloads = slices.Clone(sys.Workloads)
	var notes []model.Diagnostic
	seen := map[string]bool{}
	for _, w := range sys.Workloads {
		seen[w.Kind+"/"+w.Namespace+"/"+w.Name] = true
	}
	for _, r := range releases {
		for i := range r.Components {
			comp := &r.Components[i]
			chart, ok := c.chart(comp)
			if !ok || comp.NotDeployed {
				continue
			}
			for _, o := range chart.Overrides {
				w, known := workloadOf(comp, o)
				switch key := w.Kind + "/" + w.Namespace + "/" + w.Name; {
				case o.Kind != Replicas || o.Template || seen[key]:
				case !known:
					notes = append(notes, note(model.Info, "site-replicas-unplaced", comp, "the site sets "+o.Key()+" to "+o.Value+"; which workload that is cannot be told", "a snapshot of the system shows it"))
				default:
					seen[key] = true
					out.Workloads = append(out.Workloads, w)
				}
			}
		}
	}
	slices.SortStableFunc(out.Workloads, func(a, b model.ObservedWorkload) int {
		return strings.Compare(a.Kind+"/"+a.Namespace+"/"+a.Name, b.Kind+"/"+b.Namespace+"/"+b.Name)
	})
	return out, model.SortDiagnostics(notes)
}

// workloadOf is the workload whose replicas an override sets.
func workloadOf(comp *model.Component, o Override) (model.ObservedWorkload, bool) {
	n, err := strconv.Atoi(o.Value)
	w := model.ObservedWorkload{Kind: "Deployment", Namespace: comp.Namespace, Name: comp.Name, Replicas: n}
	switch {
	case err != nil || comp.Namespace == "":
		return w, false
	case slices.Equal(o.Path, []string{"cray-service", "replicaCount"}):
		switch strings.ToLower(typeOf(comp.Values)) {
		case "statefulset":
			w.Kind = "StatefulSet"
		case "daemonset":
			return w, false
		}
		return w, true
	case slices.Equal(o.Path, []string{"cray-service", "sqlCluster", "instanceCount"}):
		w.Kind, w.Name = "StatefulSet", comp.Name+"-postgres"
		return w, true
	}
	return w, false
}

// typeOf is the kind of workload that a chart's values ask the base chart for.
func typeOf(values string) string {
	var v struct {
		Service struct {
			Type string `json:"type"`
		} `json:"cray-service"`
	}
	if json.Unmarshal([]byte(values), &v) != nil {
		return ""
	}
	return v.Service.Type
}
