package planner

import (
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/customizations"
	"planewise/planner/impact"
)

// applySite puts what the site itself sets in the charts into what the plan is worked
// out from: the values of both sides' charts, so that a change which the site will not
// see is none, and the replicas of what was not observed. The releases of the plan's
// inputs, and their digests, stay those that were given. So do relaxed orders of the
// edits become the policy's.
func applySite(in Input) (Input, []model.Diagnostic) {
	in.Policy = relaxed(in.Policy, in.Edits.Relaxed)
	in.System = impact.Decide(in.Catalog.Mapping(), in.System)
	c := in.Customizations
	if c == nil {
		return in, nil
	}
	notes := customizations.Remarks(*c, in.From, in.To)
	var ofFrom, ofTo, ofSystem []model.Diagnostic
	in.From, ofFrom = customizations.Apply(*c, in.From)
	in.To, ofTo = customizations.Apply(*c, in.To)
	in.System, ofSystem = customizations.Place(*c, in.System, knownWorkloads(in.Catalog, in.BaseChart), in.From, in.To)
	return in, slices.Concat(notes, ofFrom, ofTo, ofSystem)
}

// relaxed adds the edits' relaxed orders to the policy's.
func relaxed(p model.Policy, more []string) model.Policy {
	p.Relax = append(append([]string{}, p.Relax...), more...)
	return p
}

// knownWorkloads is what the mapping knows of workloads.
func knownWorkloads(c *catalog.Catalog, base customizations.BaseChart) customizations.Known {
	m := c.Mapping()
	all := slices.Clone(m.Residents)
	for i := range m.Rules {
		all = append(all, m.Rules[i].Workloads...)
	}
	return customizations.Known{All: all, Base: base, Of: func(comp *model.Component) []model.Workload { return c.Running(nil, comp) }}
}

// siteFacts are what the site sets in the charts that change, so that who asks about
// one of them is told.
func siteFacts(c *model.Customizations, changes []model.Change) []model.Fact {
	if c == nil {
		return nil
	}
	var out []model.Fact
	for i := range changes {
		comp := changes[i].Component()
		for _, o := range customizations.Of(*c, &comp) {
			out = append(out, model.NewFact(string(changes[i].ID), "set-by-the-site", strings.Join(o.Path, ".")+" "+valueText(o), "", model.Evidence{
				Basis: model.BasisChart, Source: "customizations " + c.Name,
				Text: "The site's own setting, which the vendor's generator puts over the release's.",
			}))
		}
	}
	return out
}

// valueText is the value of an override as it is shown.
func valueText(o model.Override) string {
	switch {
	case o.LeftOut != "":
		return "(not known: " + string(o.LeftOut) + ")"
	case o.Template:
		return "(a template)"
	case o.Kind == model.OverrideReplicas:
		return o.Value
	}
	return strconv.Quote(o.Value)
}

// siteUnknown says that what the site itself sets in the charts is not part of the
// plan: replicas or images of its customizations may differ from the release's.
func siteUnknown(c *model.Customizations, acts []model.Action) []model.Diagnostic {
	if c != nil || !slices.ContainsFunc(acts, func(a model.Action) bool { return strings.HasPrefix(string(a.ID), "ship:") }) {
		return nil
	}
	return []model.Diagnostic{{
		Severity: model.Info, Code: "site-values-not-considered", Subject: "customizations",
		Summary: "the site's own settings of the charts were not considered: replicas and images may differ from the release's",
		Hint:    "give what runs in the system description (planewise system import)",
	}}
}
