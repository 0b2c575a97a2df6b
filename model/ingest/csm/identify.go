package csm

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/ingest/internal/names"
	"planewise/model/yamldoc"
)

// namePattern finds product and version in the name of a folder or archive. The
// version may be followed by a pre-release; anything else after it is ignored
// (csm-1.5.2-copy).
var namePattern = regexp.MustCompile(`^(?:([a-z][a-z0-9]*)[-_])?v?([0-9]+\.[0-9]+\.[0-9]+(?:-(?i:alpha|beta|rc|iuf|imagesig)[.-]?[0-9]+(?:\.[0-9]+)*)?)(?:$|[-_. ].*$)`)

// identify finds product and version; see the package comment.
func (p *parser) identify(known func() ([]model.Release, error), called []string) error {
	p.release.Product = p.product(called)
	if v, ok := p.statedVersion(); ok {
		p.release.Version = v
		return nil
	}
	for _, name := range called {
		if product, v, ok := splitName(name); ok && (product == "" || product == p.release.Product || product == "release") {
			p.release.Version = v
			return nil
		}
	}
	var releases []model.Release
	if known != nil {
		var err error
		if releases, err = known(); err != nil {
			return err
		}
	}
	for _, r := range releases {
		if sameContent(p.release, r) {
			p.release.Version = r.Version
			return nil
		}
	}
	p.inferVersion(releases)
	return nil
}

// inferVersion takes a version that may be wrong, and says so.
func (p *parser) inferVersion(known []model.Release) {
	name := "name the folder or archive " + p.release.Product + "-X.Y.Z after the release it holds"
	if names.IsVersion(p.iufVersion) {
		p.release.Version = p.iufVersion
		p.diagnose(model.Warning, CodeInferredVersion, place{file: "iuf-product-manifest.yaml"},
			fmt.Sprintf("the version %s comes from the product manifest, which holds a placeholder in trees that were not built for shipping", p.iufVersion), name)
		return
	}
	best, distance := -1, 0
	for i, r := range known {
		d, ok := chartDistance(p.release, r)
		if ok && (best < 0 || d < distance || d == distance && r.Version < known[best].Version) {
			best, distance = i, d
		}
	}
	if best >= 0 {
		p.release.Version = known[best].Version
		p.diagnose(model.Warning, CodeInferredVersion, place{file: "."},
			fmt.Sprintf("the tree does not say its version; its node images are those of %s and its charts differ in %d places, so that version is assumed",
				known[best].Ref(), distance), name)
		return
	}
	p.release.Version = "unknown"
	p.diagnose(model.Warning, CodeUnknownVersion, place{file: "."}, "neither the tree nor its name says which version it is", name)
}

// product is the name of the product: as stated, else as the folder is called,
// else csm.
func (p *parser) product(called []string) string {
	if script, ok, err := p.script("lib/version.sh"); ok && err == nil {
		if w, ok := script.Value("RELEASE_NAME"); ok && names.IsProduct(w.Text) {
			return w.Text
		}
	}
	if names.IsProduct(p.iufProduct) {
		return p.iufProduct
	}
	if !slices.ContainsFunc(p.release.Manifests, func(m model.Manifest) bool { return slices.Contains(standardOrder, m.Name) }) {
		for _, name := range called {
			if product, _, ok := splitName(name); ok && product != "" {
				return product
			}
		}
	}
	return "csm"
}

// statedVersion is the version that the vendor wrote into a shipped tree.
func (p *parser) statedVersion() (string, bool) {
	if script, ok, err := p.script("lib/version.sh"); ok && err == nil {
		if w, ok := script.Value("RELEASE_VERSION"); ok && names.IsVersion(w.Text) && w.Text != "0.0.0" {
			return w.Text, true
		}
	}
	for _, c := range p.charts {
		if c.Name != "csm-config" || c.NotDeployed || c.Values == "" {
			continue
		}
		doc, _, err := yamldoc.Parse("values", []byte(c.Values), yamldoc.Options{})
		if err != nil {
			continue
		}
		job := doc.Root.Path("cray-import-config", "import_job")
		if v := job.Get("CF_IMPORT_PRODUCT_VERSION").String(); names.IsVersion(v) {
			return v, true
		}
	}
	return "", false
}

func splitName(name string) (product, version string, ok bool) {
	name = path.Base(strings.TrimSuffix(name, "/"))
	for _, ext := range []string{".gz", ".tgz", ".tar"} {
		name = strings.TrimSuffix(name, ext)
	}
	m := namePattern.FindStringSubmatch(name)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// sameContent reports whether two releases are equal, version and date aside.
func sameContent(a, b model.Release) bool {
	return a.Product == b.Product &&
		slices.Equal(a.Manifests, b.Manifests) && slices.Equal(a.Undeploys, b.Undeploys) && slices.Equal(a.Hooks, b.Hooks) &&
		slices.EqualFunc(a.Components, b.Components, sameComponent)
}

func sameComponent(a, b model.Component) bool {
	return a.ID() == b.ID() && a.Name == b.Name && a.Version == b.Version && slices.Equal(a.Versions, b.Versions) &&
		a.Chart == b.Chart && a.Manifest == b.Manifest && a.Position == b.Position && a.NotDeployed == b.NotDeployed &&
		a.Image == b.Image && slices.Equal(a.Folders, b.Folders) && slices.Equal(a.Registries, b.Registries) &&
		a.Timeout == b.Timeout && a.Values == b.Values
}

// chartDistance counts the charts in which two releases differ. It is not ok
// where the releases are too different for one to be called after the other: when
// node images, kernels, Kubernetes, Ceph or removals differ, or more than one
// chart in ten.
func chartDistance(a, b model.Release) (int, bool) {
	if a.Product != b.Product || !slices.Equal(a.Undeploys, b.Undeploys) {
		return 0, false
	}
	one, other := versions(a), versions(b)
	distance, charts := 0, 0
	for id, v := range one {
		chart := strings.HasPrefix(string(id), string(model.KindChart)+":")
		if chart {
			charts++
		}
		if w, ok := other[id]; !ok || v != w {
			if !chart {
				return 0, false
			}
			distance++
		}
	}
	for id := range other {
		if _, ok := one[id]; ok {
			continue
		}
		if !strings.HasPrefix(string(id), string(model.KindChart)+":") {
			return 0, false
		}
		distance++
	}
	return distance, distance*10 <= charts
}

// versions are those of the components that decide how a release is installed.
func versions(r model.Release) map[model.ComponentID]string {
	m := map[model.ComponentID]string{}
	for _, c := range r.Components {
		switch c.Kind {
		case model.KindChart, model.KindNodeImage, model.KindKernel, model.KindKubernetes, model.KindCeph:
			if !c.NotDeployed {
				m[c.ID()] = c.Version
			}
		}
	}
	return m
}
