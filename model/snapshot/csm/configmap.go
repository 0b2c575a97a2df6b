package csm

import (
	"strings"
	"time"

	"planewise/model/clean"
	"planewise/model/snapshot"
	"planewise/model/snapshot/read"
	"planewise/model/yamldoc"
)

// The names of the ConfigMaps that are read.
const (
	manifestPrefix = "loftsman-"
	manifestLog    = "-ship-log"
	catalogueName  = "cray-product-catalog"
)

// configMaps are the two kinds of ConfigMaps that say what was installed.
func configMaps() []read.ConfigMaps {
	return []read.ConfigMaps{
		{Answer: "manifests", Namespace: "loftsman", Kind: snapshot.KindManifests, Is: isManifest, Dated: true, Take: manifest},
		{Answer: "catalogue", Namespace: "services", Kind: snapshot.KindCatalog, Is: isCatalogue, Take: catalogue},
	}
}

// isManifest: a manifest as it was shipped, not the log of that.
func isManifest(name string) bool {
	return strings.HasPrefix(name, manifestPrefix) && !strings.HasSuffix(name, manifestLog)
}

// isCatalogue: the product catalogue, as one ConfigMap or as one for each product.
func isCatalogue(name string) bool {
	return name == catalogueName || strings.HasPrefix(name, catalogueName+"-")
}

// manifest reads a list of charts as it was shipped; the charts' settings may hold
// passwords and are not kept.
func manifest(to read.Sink, o read.ConfigMap) {
	data, name := o.Data, strings.TrimPrefix(o.Name, manifestPrefix)
	m := snapshot.Manifest{Name: clean.Text(name), Status: clean.Text(string(data["status"])), Shipped: shippedAt(o), Charts: []snapshot.Chart{}}
	root := to.YAML("the manifest of "+o.Name, string(data["manifest.yaml"]))
	charts := root.Path("spec", "charts")
	if charts == nil || charts.Kind != yamldoc.List {
		to.Bad("empty-manifest", "see kubectl -n loftsman get configmap", "ConfigMap %s lists no charts", o.Name)
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
		to.Warn("shipment-unfinished", "see the log loftsman-"+m.Name+"-ship-log; ship the list again before the update", "the last shipment of the list %s is %s", m.Name, m.Status)
	}
	to.Manifest(m)
}

// shippedAt is when Loftsman wrote the ConfigMap last, "" where that is not known: it
// changes the ConfigMap of an earlier shipment in place, so the time at which that was
// created says nothing.
func shippedAt(o read.ConfigMap) string {
	last := ""
	for _, m := range o.Managed {
		at, err := time.Parse(time.RFC3339, m.Time)
		if text := at.UTC().Format(time.RFC3339); err == nil && m.Manager == "loftsman" && text > last {
			last = text
		}
	}
	return last
}

// catalogue reads products, in the layout with one key per product or one ConfigMap
// per product.
func catalogue(to read.Sink, o read.ConfigMap) {
	for product, content := range o.Data {
		root := to.YAML("the catalogue's entry of "+clean.Text(product), string(content))
		if root == nil {
			continue
		}
		if root.Kind != yamldoc.Map {
			to.Bad("bad-yaml", "see the object on the system: it is damaged there, or in the export", "the catalogue's entry of %s does not list versions", clean.Text(product))
			continue
		}
		for _, version := range root.Entries {
			to.Product(productOf(product, version.Key, version.Value))
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
