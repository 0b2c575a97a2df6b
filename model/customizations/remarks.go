package customizations

import (
	"slices"
	"strings"

	"planewise/model"
)

// Remarks are what is to be said about a site's settings in a plan from one set of
// releases to another, whatever the system: settings whose values are not known,
// settings of charts that are in no list, and images that the site holds.
func Remarks(c model.Customizations, from, to []model.Release) []model.Diagnostic {
	var out []model.Diagnostic
	before, after := chartsOf(from), chartsOf(to)
	for _, chart := range c.Charts {
		was, is := before[chart.Name], after[chart.Name]
		if is == nil && len(chart.Overrides) > 0 {
			out = append(out, unused(chart.Name, was != nil))
		}
		if was == nil && is == nil {
			continue
		}
		for _, o := range chart.Overrides {
			d, said := withoutValue(chart.Name, o)
			switch {
			case said:
				out = append(out, d)
			case o.Kind == model.OverrideImage && is != nil:
				out = append(out, image(chart.Name, o, was, is))
			}
		}
	}
	return model.SortDiagnostics(out)
}

func unused(chart string, had bool) model.Diagnostic {
	d := model.Diagnostic{Severity: model.Info, Code: "unused-customization", Subject: "chart " + chart,
		Summary: "the site sets replicas or images of a chart that neither side of the plan has"}
	if had {
		d.Summary = "the site sets replicas or images of a chart that the target does not have any more"
		d.Hint = "take the settings out of the site's customizations once the update is done"
	}
	return d
}

// withoutValue says of an override that its value is not known, and why; false where
// it is known.
func withoutValue(chart string, o model.Override) (model.Diagnostic, bool) {
	setting := "the setting " + settingName(chart, o)
	switch d := (model.Diagnostic{Severity: model.Warning, Subject: "chart " + chart}); {
	case o.Template:
		d.Code, d.Summary, d.Hint = "template-value", setting+" is a template, whose value is not known before the vendor's generator runs", "the release's own value is taken; see what the generator makes of it"
		return d, true
	case o.LeftOut == model.LeftOutFixme:
		d.Code, d.Summary, d.Hint = "fixme", setting+" is still to be filled in; the release's own value is taken", "fill it in: the vendor's generator refuses to run until it is"
		return d, true
	case o.LeftOut == model.LeftOutNumber:
		d.Code, d.Summary, d.Hint = "bad-number", setting+" is no number of replicas, or far too large; the release's own value is taken", "give a whole number"
		return d, true
	case o.LeftOut == model.LeftOutImage:
		d.Code, d.Summary, d.Hint = "bad-image", setting+" does not look like an image; the release's own value is taken", "see that it is a repository, tag or digest, without user and password"
		return d, true
	case o.LeftOut == model.LeftOutList:
		d.Code, d.Summary, d.Hint = "site-list", setting+" is a list with images or replicas in it, which replaces the release's as a whole; what it says is not considered", "compare the list with the release's"
		return d, true
	}
	return model.Diagnostic{}, false
}

// image says that the site holds an image. Where the chart moves on, it does so
// without the image that it was released with, and what is known of the release's
// version is not known of the two together.
func image(chart string, o model.Override, was, is *model.Component) model.Diagnostic {
	d := model.Diagnostic{Severity: model.Info, Code: "site-image", Subject: string(is.ID()),
		Summary: "the site sets the image itself (" + settingName(chart, o) + " is " + o.Value + "), whatever the release ships",
		Hint:    "see whether the setting is still wanted"}
	if was == nil {
		return d
	}
	old, next := settingAt(was.Values, o.Path), settingAt(is.Values, o.Path)
	switch {
	case next == o.Value:
		return d
	case old != next:
		d.Summary = "the release changes the image and the site holds it: " + settingName(chart, o) + " goes from " + orDefault(old) + " to " + orDefault(next) + ", and stays " + o.Value
	case was.Version != is.Version:
		d.Summary = "the chart goes from " + was.Version + " to " + is.Version + " and the site holds the image: " + settingName(chart, o) + " stays " + o.Value
	default:
		return d
	}
	d.Severity, d.Code = model.Warning, "site-image-kept"
	d.Summary += "; what is known of the new version is not known of it with this image"
	d.Hint = "see whether the setting is still wanted, and whether the new chart works with this image"
	return d
}

func orDefault(value string) string {
	if value == "" {
		return "the chart's default"
	}
	return value
}

// chartsOf are the charts that a set of releases ships, by the chart's name: of
// several Helm releases of one chart the one that differs is not told from the other,
// so that the last counts, as it does where two releases ship one.
func chartsOf(set []model.Release) map[string]*model.Component {
	out := map[string]*model.Component{}
	for i := range set {
		for k := range set[i].Components {
			if c := &set[i].Components[k]; c.Kind == model.KindChart && !c.NotDeployed {
				out[chartName(c)] = c
			}
		}
	}
	return out
}

// chartName is the name by which the site's settings find a chart.
func chartName(c *model.Component) string {
	if c.Chart != "" {
		return c.Chart
	}
	return c.Name
}

// Of are the overrides of a component; nil where there are none.
func Of(c model.Customizations, comp *model.Component) []model.Override {
	if comp.Kind != model.KindChart {
		return nil
	}
	name := chartName(comp)
	if i := slices.IndexFunc(c.Charts, func(x model.ChartOverrides) bool { return x.Name == name }); i >= 0 {
		return c.Charts[i].Overrides
	}
	return nil
}

// known: the value of an override is known.
func known(o model.Override) bool { return !o.Template && o.LeftOut == "" && len(o.Path) > 0 }

// key is the path of an override with dots.
func key(o model.Override) string { return strings.Join(o.Path, ".") }
