package csm

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"planewise/model"
	"planewise/model/yamldoc"
)

// chart is a component with the place it was read from.
type chart struct {
	model.Component
	at place
}

// readManifests reads all manifests, in the order in which they are shipped.
func (p *parser) readManifests() error {
	order, files := p.shippingOrder()
	if files == 0 {
		if err := p.readHelmIndex(); err != nil {
			return err
		}
		p.addCharts()
		return nil
	}
	p.release.Manifests = order
	for _, m := range order {
		file, ok := p.manifestFile(m.Name)
		if !ok {
			continue // reported where upgrade.sh ships it
		}
		if err := named(place{file: file}, "the manifest's name", m.Name); err != nil {
			return err
		}
		if err := p.readManifest(file, m); err != nil {
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
	if v := root.Get("apiVersion"); v != nil && v.String() != "manifests/v1beta1" {
		p.diagnose(model.Warning, CodeUnknownFormat, place{doc.Name, v.Line},
			fmt.Sprintf("the manifest has the format %q, not manifests/v1beta1; it was read as if it had", v.String()),
			"check that its charts were read completely")
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
	c := chart{Component: model.Component{Kind: model.KindChart}, at: place{doc.Name, item.Line}}
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
			p.diagnose(model.Info, CodeUnknownKey, place{doc.Name, e.Line},
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
		p.diagnose(model.Warning, CodeMissingNamespace, c.at,
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
	return e.Value.Text, named(place{doc.Name, e.Value.Line}, e.Key, e.Value.Text)
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
				c := chart{at: place{doc.Name, v.Line}}
				c.Kind, c.Name, c.Version = model.KindChart, e.Key, v.String()
				c.Namespace, c.Manifest, c.Position = "default", m.Name, len(p.charts)
				if c.Version == "" {
					return doc.Errorf(v, "chart %s: expected a version, found %s; write one version per line", e.Key, v.Kind)
				}
				if err := cmp.Or(named(c.at, "chart", c.Name), named(c.at, "version", c.Version)); err != nil {
					return err
				}
				p.charts = append(p.charts, c)
			}
		}
	}
	if len(p.charts) == 0 {
		return doc.Errorf(nil, "the tree has no manifests, and this index lists no charts; give a complete release tree")
	}
	p.release.Manifests = []model.Manifest{m}
	for i := range p.release.Undeploys {
		p.release.Undeploys[i].Before = m.Name // it is not known which of the charts come later
	}
	p.diagnose(model.Warning, CodeMissingNamespace, place{file: doc.Name},
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
		code, hint := model.Code(CodeRepeatedChart), "ask the vendor whether a releaseName is missing"
		summary := fmt.Sprintf("chart %s %s stands twice with the same settings; it counts once", c.Name, c.Version)
		if first.Version != c.Version || first.Values != c.Values || first.Chart != c.Chart {
			code = CodeConflictingChart
			summary = fmt.Sprintf("chart %s is shipped as %s and again as %s with its own settings; the later one is what stays", c.Name, first.Version, c.Version)
			kept[i] = c
		}
		p.diagnose(model.Warning, code, c.at, summary, hint)
		d := &p.diagnostics[len(p.diagnostics)-1]
		d.Path = []string{first.at.String(), c.at.String()}
	}
	for _, c := range kept {
		p.add(c.Component)
	}
}

func stem(file string) string { return strings.TrimSuffix(path.Base(file), path.Ext(file)) }
