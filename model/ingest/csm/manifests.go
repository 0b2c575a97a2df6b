package csm

import (
	"fmt"
	"path"
	"strings"

	"planewise/model"
	"planewise/model/yamldoc"
)

// chart is a component with the place it was read from.
type chart struct {
	model.Component
	place string // "file:line"
}

// readManifests reads all manifests, in the order in which they are shipped.
func (p *parser) readManifests() error {
	for _, m := range p.shippingOrder() {
		file, ok := p.manifestFile(m.Name)
		if !ok {
			continue
		}
		p.release.Manifests = append(p.release.Manifests, m)
		if err := p.readManifest(file, m); err != nil {
			return err
		}
	}
	if len(p.release.Manifests) == 0 {
		if err := p.readHelmIndex(); err != nil {
			return err
		}
	}
	p.addCharts()
	return nil
}

func (p *parser) manifestFile(name string) (string, bool) {
	for _, ext := range []string{".yaml", ".yml"} {
		file := "manifests/" + name + ext
		if _, ok := p.tree.Files[file]; ok {
			return file, true
		}
	}
	return "", false
}

func (p *parser) readManifest(file string, m model.Manifest) error {
	doc, err := p.document(file)
	if err != nil {
		return err
	}
	root := doc.Root
	if root.Kind != yamldoc.Map && !root.IsNull() {
		return doc.Errorf(root, "expected a manifest with spec.charts, found %s; check that this file is a manifest", root.Kind)
	}
	spec := root.Get("spec")
	if spec != nil && spec.Kind != yamldoc.Map && !spec.IsNull() {
		return doc.Errorf(spec, "spec: expected a mapping, found %s; write spec.charts as a list", spec.Kind)
	}
	charts := spec.Get("charts")
	if charts.IsNull() {
		return nil
	}
	if charts.Kind != yamldoc.List {
		return doc.Errorf(charts, "spec.charts: expected a list of charts, found %s; begin each chart with a dash", charts.Kind)
	}
	for i, item := range charts.Items {
		c, err := p.readChart(doc, item)
		if err != nil {
			return err
		}
		c.Manifest, c.Position, c.NotDeployed = m.Name, i, !m.Deployed
		p.charts = append(p.charts, c)
	}
	return nil
}

// readChart reads one entry of spec.charts.
func (p *parser) readChart(doc *yamldoc.Doc, item *yamldoc.Value) (chart, error) {
	c := chart{Component: model.Component{Kind: model.KindChart}, place: fmt.Sprintf("%s:%d", doc.Name, item.Line)}
	if item.Kind != yamldoc.Map {
		return c, doc.Errorf(item, "expected a chart with name and version, found %s; write name: and version:", item.Kind)
	}
	for _, e := range item.Entries {
		var err error
		switch e.Key {
		case "name":
			c.Chart, err = text(doc, e)
		case "releaseName":
			c.Name, err = text(doc, e)
		case "version":
			c.Version, err = text(doc, e)
		case "namespace":
			c.Namespace, err = text(doc, e)
		case "timeout":
			c.Timeout, err = text(doc, e)
		case "values":
			if !e.Value.IsNull() && (e.Value.Kind != yamldoc.Map || len(e.Value.Entries) > 0) {
				c.Values = e.Value.TextJSON()
			}
		case "source", "sources", "swagger": // where it comes from and its API's document: never a change
		default:
			p.diagnose(model.Info, CodeUnknownKey, fmt.Sprintf("%s:%d", doc.Name, e.Line),
				fmt.Sprintf("the key %q of a chart is not known and was not read", e.Key), "")
		}
		if err != nil {
			return c, err
		}
	}
	return c, p.completeChart(doc, item, &c)
}

func (p *parser) completeChart(doc *yamldoc.Doc, item *yamldoc.Value, c *chart) error {
	if c.Chart == "" {
		return doc.Errorf(item, "a chart without a name; add name:")
	}
	if c.Version == "" {
		return doc.Errorf(item, "chart %s has no version; add version:", c.Chart)
	}
	if c.Name == "" {
		c.Name = c.Chart
	}
	if c.Chart == c.Name {
		c.Chart = ""
	}
	if c.Namespace == "" {
		c.Namespace = "default"
		p.diagnose(model.Warning, CodeMissingNamespace, c.place,
			fmt.Sprintf("chart %s has no namespace; Helm would install it into the namespace default", c.Name),
			"add namespace: to the chart, or ask the vendor which one is meant")
	}
	return nil
}

// text is the scalar of an entry; null is "".
func text(doc *yamldoc.Doc, e yamldoc.Entry) (string, error) {
	if e.Value.IsNull() {
		return "", nil
	}
	if e.Value.Kind != yamldoc.Scalar {
		return "", doc.Errorf(e.Value, "%s: expected a text, found %s; write it on one line", e.Key, e.Value.Kind)
	}
	return e.Value.Text, nil
}

// readHelmIndex takes the charts of a tree without manifests from its index. The
// index knows neither namespaces nor an order.
func (p *parser) readHelmIndex() error {
	doc, err := p.document("helm/index.yaml")
	if err != nil || doc == nil {
		return err
	}
	if doc.Root.Kind != yamldoc.Map && !doc.Root.IsNull() {
		return doc.Errorf(doc.Root, "expected repositories with their charts, found %s; write REPOSITORY: {charts: {NAME: [VERSION]}}", doc.Root.Kind)
	}
	m := model.Manifest{Name: "helm-index", Deployed: true}
	for _, repo := range doc.Root.Entries {
		charts := repo.Value.Get("charts")
		if charts == nil {
			continue
		}
		for _, e := range charts.Entries {
			for _, v := range e.Value.Items {
				c := chart{place: fmt.Sprintf("%s:%d", doc.Name, v.Line)}
				c.Kind, c.Name, c.Version = model.KindChart, e.Key, v.String()
				c.Namespace, c.Manifest, c.Position = "default", m.Name, len(p.charts)
				if c.Version == "" {
					return doc.Errorf(v, "chart %s: expected a version, found %s; write one version per line", e.Key, v.Kind)
				}
				p.charts = append(p.charts, c)
			}
		}
	}
	if len(p.charts) == 0 {
		return doc.Errorf(nil, "the tree has no manifests, and this index lists no charts; give a complete release tree")
	}
	p.release.Manifests = []model.Manifest{m}
	p.diagnose(model.Warning, CodeMissingNamespace, doc.Name,
		"the tree has no manifests; its charts are taken from the Helm index, which knows no namespaces, order or settings",
		"give a complete release tree")
	return nil
}

// addCharts adds the charts to the release; of a chart that is shipped twice,
// the last one is what stays on the system.
func (p *parser) addCharts() {
	at := map[string]int{}
	var kept []chart
	for _, c := range p.charts {
		key := string(c.ID())
		if c.NotDeployed {
			key = path.Join(c.Manifest, key)
		}
		i, twice := at[key]
		if !twice {
			at[key] = len(kept)
			kept = append(kept, c)
			continue
		}
		first := kept[i]
		d := model.Diagnostic{
			Severity: model.Warning, Code: CodeRepeatedChart, Subject: string(c.ID()), Path: []string{first.place, c.place},
			Summary: fmt.Sprintf("chart %s %s stands twice with the same settings; it counts once", c.Name, c.Version),
			Hint:    "ask the vendor whether a releaseName is missing",
		}
		if first.Version != c.Version || first.Values != c.Values || first.Chart != c.Chart {
			d.Code = CodeConflictingChart
			d.Summary = fmt.Sprintf("chart %s is shipped as %s and then as %s; the later one is what stays", c.Name, first.Version, c.Version)
			kept[i] = c
		}
		p.diagnostics = append(p.diagnostics, d)
	}
	for _, c := range kept {
		p.add(c.Component)
	}
}

func stem(file string) string { return strings.TrimSuffix(path.Base(file), path.Ext(file)) }
