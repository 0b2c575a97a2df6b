package read

import (
	"encoding/json"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/snapshot"
	"planewise/model/yamldoc"
)

// The names of the ConfigMaps that are read.
const (
	manifestPrefix = "loftsman-"
	manifestLog    = "-ship-log"
	catalogueName  = "cray-product-catalog"
)

// configMap takes the two kinds of ConfigMaps that say what was installed.
func (f *file) configMap(o *object) {
	name := o.Metadata.Name
	switch {
	case strings.HasSuffix(name, manifestLog):
	case strings.HasPrefix(name, manifestPrefix):
		f.kinds[snapshot.KindManifests] = true
		f.manifest(o, strings.TrimPrefix(name, manifestPrefix))
		return
	case name == catalogueName || strings.HasPrefix(name, catalogueName+"-"):
		f.kinds[snapshot.KindCatalog] = true
		f.catalogue(o)
		return
	}
	f.kinds[snapshot.KindOther] = true
}

// data is the data of a ConfigMap.
func (f *file) data(o *object) map[string]text {
	var data map[string]text
	if err := json.Unmarshal(o.Data, &data); err != nil {
		f.bad("wrong-type", "export it again with kubectl get configmap -o json", "ConfigMap %s has no readable data", o.Metadata.Name)
	}
	return data
}

// yaml parses a document within an export. Its values are not quoted in messages.
func (f *file) yaml(what, data string) *yamldoc.Value {
	doc, _, err := yamldoc.Parse(what, []byte(data), yamldoc.Options{Duplicates: yamldoc.Merge})
	if err != nil {
		f.bad("bad-yaml", "see the object on the system: it is damaged there, or in the export", "%s is no readable YAML", what)
		return nil
	}
	return doc.Root
}

// manifest reads a list of charts as it was shipped; the charts' settings may hold
// passwords and are not kept.
func (f *file) manifest(o *object, name string) {
	data := f.data(o)
	m := snapshot.Manifest{Name: clean.Text(name), Status: clean.Text(string(data["status"])), Shipped: shippedAt(o), Charts: []snapshot.Chart{}}
	root := f.yaml("the manifest of "+o.Metadata.Name, string(data["manifest.yaml"]))
	charts := root.Path("spec", "charts")
	if charts == nil || charts.Kind != yamldoc.List {
		f.bad("empty-manifest", "see kubectl -n loftsman get configmap", "ConfigMap %s lists no charts", o.Metadata.Name)
		return
	}
	for _, c := range charts.Items {
		chart := snapshot.Chart{
			Namespace: clean.Text(c.Get("namespace").String()), Name: clean.Text(c.Get("releaseName").String()),
			Chart: clean.Text(c.Get("name").String()), Version: clean.Text(c.Get("version").String()),
		}
		if chart.Name == "" {
			chart.Name = chart.Chart
		}
		if chart.Chart != "" {
			m.Charts = append(m.Charts, chart)
		}
	}
	if m.Status != "" && m.Status != "success" {
		f.note(model.Warning, "shipment-unfinished", "see the log loftsman-"+m.Name+"-ship-log; ship the list again before the update", "the last shipment of the list %s is %s", m.Name, m.Status)
	}
	if f.state.newer(f, "manifest", m.Name) {
		f.state.manifests[m.Name] = m
	}
}

// shippedAt is when Loftsman wrote the ConfigMap last, "" where that is not known: it
// changes the ConfigMap of an earlier shipment in place, so the time at which that was
// created says nothing.
func shippedAt(o *object) string {
	last := ""
	for _, m := range o.Metadata.Managed {
		at, err := time.Parse(time.RFC3339, m.Time)
		if text := at.UTC().Format(time.RFC3339); err == nil && m.Manager == "loftsman" && text > last {
			last = text
		}
	}
	return last
}

// catalogue reads products, in the layout with one key per product or one ConfigMap
// per product.
func (f *file) catalogue(o *object) {
	for product, content := range f.data(o) {
		root := f.yaml("the catalogue's entry of "+clean.Text(product), string(content))
		if root == nil {
			continue
		}
		if root.Kind != yamldoc.Map {
			f.bad("bad-yaml", "see the object on the system: it is damaged there, or in the export", "the catalogue's entry of %s does not list versions", clean.Text(product))
			continue
		}
		for _, version := range root.Entries {
			f.state.product(productOf(product, version.Key, version.Value))
		}
	}
}

func productOf(name, version string, v *yamldoc.Value) snapshot.Product {
	p := snapshot.Product{Name: clean.Text(name), Version: clean.Text(version)}
	if helm := v.Path("component_versions", "helm"); helm != nil {
		for _, c := range helm.Items {
			p.Charts = append(p.Charts, snapshot.Chart{Chart: clean.Text(c.Get("name").String()), Name: clean.Text(c.Get("name").String()), Version: clean.Text(c.Get("version").String())})
		}
	}
	if images := v.Get("images"); images != nil {
		for _, i := range images.Entries {
			p.Images = append(p.Images, snapshot.Image{Name: clean.Text(i.Key), ID: clean.Text(i.Value.Get("id").String())})
		}
	}
	return p
}
