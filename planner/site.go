package planner

import (
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/customizations"
)

// onSite puts what the site itself sets in the charts into what the plan is worked
// out from: the values of both sides' charts, so that a change which the site will
// not see is none, and the replicas of what was not observed. The releases of the
// plan's inputs, and their digests, stay those that were given.
func (b *build) onSite() {
	c := b.in.Customizations
	if c == nil {
		return
	}
	b.note(customizations.Remarks(*c, b.in.From, b.in.To))
	var notes []model.Diagnostic
	b.in.From, notes = customizations.Apply(*c, b.in.From)
	b.note(notes)
	b.in.To, notes = customizations.Apply(*c, b.in.To)
	b.note(notes)
	system, notes := customizations.Place(*c, b.in.System, b.known(), b.in.From, b.in.To)
	b.note(notes)
	b.in.System = system
}

// known is what the mapping knows of workloads.
func (b *build) known() customizations.Known {
	m := b.in.Catalog.Mapping()
	all := slices.Clone(m.Residents)
	for i := range m.Rules {
		all = append(all, m.Rules[i].Workloads...)
	}
	return customizations.Known{All: all, Of: func(c *model.Component) []model.Workload { return b.in.Catalog.Running(nil, c) }}
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
