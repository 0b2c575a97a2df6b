package catalog

import (
	"slices"
	"strings"

	"planewise/model"
)

// Check reports the components that no rule maps, one diagnostic each however
// often the component is given. Container images are left out: an entry of an
// upload list that no rule names is a delivery, which disturbs nobody. Hooks are
// left out too: they are a procedure's to describe.
func (c *Catalog) Check(components []model.Component) []model.Diagnostic {
	missing := map[model.ComponentID]*model.Component{}
	for i := range components {
		comp := &components[i]
		if comp.Kind == model.KindImage || comp.Kind == model.KindHook || c.find(comp) != nil {
			continue
		}
		id := comp.ID()
		if known := missing[id]; known == nil || moreTelling(comp, known) {
			missing[id] = comp
		}
	}
	var out []model.Diagnostic
	for id, comp := range missing {
		out = append(out, c.unmapped(comp, id))
	}
	return model.SortDiagnostics(out)
}

// moreTelling: of several versions of one component a deployed one is reported,
// and of those the first by its text.
func moreTelling(a, b *model.Component) bool {
	if a.NotDeployed != b.NotDeployed {
		return b.NotDeployed
	}
	return a.Version < b.Version
}

func (c *Catalog) unmapped(comp *model.Component, id model.ComponentID) model.Diagnostic {
	d := model.Diagnostic{Severity: model.Warning, Code: "unmapped-component", Subject: string(id)}
	d.Summary = "no rule says what this " + kindName(comp.Kind) + " is"
	switch versions := c.constraints(comp); {
	case len(versions) > 0:
		d.Summary += " at version " + comp.Version
		d.Path = versions
		d.Hint = "widen the version range of one of these rules"
	default:
		d.Hint = "add a rule for it to a mapping file"
	}
	if comp.NotDeployed {
		d.Severity = model.Info
		d.Summary += "; no script of the release ships it"
		return d
	}
	d.Summary += "; what its change disturbs is not known"
	return d
}

// constraints are the keys of rules that are for the component but for their version.
func (c *Catalog) constraints(comp *model.Component) []string {
	var out []string
	for _, l := range [...][]*entry{c.exact[comp.Kind][comp.Name], c.exact[""][comp.Name], c.open[comp.Kind], c.open[""]} {
		for _, e := range l {
			unversioned := *e
			unversioned.rule.Version = ""
			if e.rule.Version != "" && unversioned.matches(comp) {
				out = append(out, e.key)
			}
		}
	}
	slices.Sort(out)
	return out
}

func kindName(k model.Kind) string { return strings.ReplaceAll(string(k), "-", " ") }
