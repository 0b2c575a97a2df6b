package ingest

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"planewise/model"
	"planewise/model/ingest/csm"
	"planewise/model/ingest/internal/names"
	"planewise/model/yamldoc"
)

// neutral reads one document field by field, so that versions keep their text and
// every error has a line.
type neutral struct {
	doc         *yamldoc.Doc
	release     model.Release
	diagnostics []model.Diagnostic
}

// ReadNeutral reads a neutral release document; see the package comment. Name
// stands in errors.
func ReadNeutral(name string, data []byte) (model.Release, []model.Diagnostic, error) {
	doc, _, err := yamldoc.Parse(name, data, yamldoc.Options{})
	if err != nil {
		return model.Release{}, nil, err
	}
	n := neutral{doc: doc}
	if err := n.read(); err != nil {
		return model.Release{}, nil, err
	}
	return n.release, model.SortDiagnostics(n.diagnostics), nil
}

func (n *neutral) read() error {
	root := n.doc.Root
	if root.Kind != yamldoc.Map || root.Get("format") == nil {
		return n.doc.Errorf(root, "not a release document: expected a mapping that begins with format: %s", model.FormatRelease)
	}
	r := &n.release
	err := n.fields(root, "the release", fields{
		"format":     text(&r.Format),
		"product":    text(&r.Product),
		"version":    text(&r.Version),
		"date":       text(&r.Date),
		"manifests":  each("manifest", n.manifest),
		"components": each("component", n.component),
		"undeploys":  each("undeploy", n.undeploy),
		"hooks":      each("hook", n.hook),
	})
	if err != nil {
		return err
	}
	return n.complete()
}

var datePattern = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// complete checks the document as a whole and puts its components in order.
func (n *neutral) complete() error {
	root, r := n.doc.Root, &n.release
	switch {
	case r.Format != model.FormatRelease:
		return n.doc.Errorf(root.Get("format"), "format is %q, expected %s; another program wrote the document, or a newer version of this one", r.Format, model.FormatRelease)
	case !names.IsProduct(r.Product):
		return n.doc.Errorf(at(root, "product"), "product is %q, expected a name of letters, digits, dots and dashes; add or correct product:", r.Product)
	case !names.IsVersion(r.Version):
		return n.doc.Errorf(at(root, "version"), "version is %q, expected the release's version without blanks and slashes; add or correct version:", r.Version)
	case r.Date != "" && !datePattern.MatchString(r.Date):
		return n.doc.Errorf(at(root, "date"), "date is %q, expected YYYY-MM-DD", r.Date)
	}
	if err := n.link(); err != nil {
		return err
	}
	n.number()
	r.SortComponents()
	return nil
}

func at(root *yamldoc.Value, key string) *yamldoc.Value {
	if v := root.Get(key); v != nil {
		return v
	}
	return root
}

// link checks that ids are distinct and that components name manifests that exist.
// Manifests that are only named by components ship in the order of their names'
// first use.
func (n *neutral) link() error {
	r := &n.release
	items := n.doc.Root.Get("components")
	deployed := map[string]bool{}
	listed := len(r.Manifests) > 0
	for i, m := range r.Manifests {
		if _, twice := deployed[m.Name]; twice {
			return n.doc.Errorf(n.doc.Root.Path("manifests", fmt.Sprint(i)), "manifest %s stands twice; remove one of them", m.Name)
		}
		deployed[m.Name] = m.Deployed
	}
	seen := map[model.ComponentID]int{}
	for i, c := range r.Components {
		place := items.Items[i]
		ships, known := deployed[c.Manifest]
		switch {
		case c.Manifest == "" || known:
		case listed:
			return n.doc.Errorf(place, "component %s is in manifest %s, which is not in the list of manifests; add it there", c.ID(), c.Manifest)
		default:
			deployed[c.Manifest], ships = true, true
			r.Manifests = append(r.Manifests, model.Manifest{Name: c.Manifest, Deployed: true})
		}
		if c.Manifest != "" && !ships {
			r.Components[i].NotDeployed = true
			c.NotDeployed = true
		}
		key := c.ID()
		if c.NotDeployed {
			key = model.ComponentID(c.Manifest + "\x00" + string(key)) // it may also be deployed from elsewhere
		}
		if first, twice := seen[key]; twice {
			return n.doc.Errorf(place, "component %s stands here and on line %d; remove one of them", c.ID(), first)
		}
		seen[key] = place.Line
	}
	for i, u := range r.Undeploys {
		if _, known := deployed[u.Before]; u.Before != "" && !known {
			return n.doc.Errorf(n.doc.Root.Path("undeploys", fmt.Sprint(i)), "undeploy %s is before manifest %s, which does not exist; correct before:", u.Name, u.Before)
		}
	}
	return nil
}

// number gives the charts of a manifest their places, where none is written, in
// the order of the document.
func (n *neutral) number() {
	next := map[string]int{}
	written := map[string]bool{}
	for _, c := range n.release.Components {
		written[c.Manifest] = written[c.Manifest] || c.Position != 0
	}
	for i := range n.release.Components {
		c := &n.release.Components[i]
		if c.Manifest == "" || written[c.Manifest] {
			continue
		}
		c.Position = next[c.Manifest]
		next[c.Manifest]++
	}
}

func (n *neutral) manifest(v *yamldoc.Value) error {
	m := model.Manifest{Deployed: true}
	if err := n.fields(v, "a manifest", fields{"name": text(&m.Name), "deployed": truth(&m.Deployed)}); err != nil {
		return err
	}
	if m.Name == "" {
		return n.doc.Errorf(v, "a manifest without a name; add name:")
	}
	n.release.Manifests = append(n.release.Manifests, m)
	return nil
}

func (n *neutral) undeploy(v *yamldoc.Value) error {
	var u model.Undeploy
	err := n.fields(v, "an undeploy", fields{"namespace": text(&u.Namespace), "name": text(&u.Name), "before": text(&u.Before)})
	if err != nil {
		return err
	}
	if u.Name == "" {
		return n.doc.Errorf(v, "an undeploy without a name; add the chart's name:")
	}
	n.release.Undeploys = append(n.release.Undeploys, u)
	return nil
}

func (n *neutral) hook(v *yamldoc.Value) error {
	var h model.Hook
	err := n.fields(v, "a hook", fields{"stage": text(&h.Stage), "when": text(&h.When), "script": text(&h.Script)})
	if err != nil {
		return err
	}
	if h.Stage == "" || h.Script == "" || !slices.Contains([]string{"pre", "post", "on-exit"}, h.When) {
		return n.doc.Errorf(v, "a hook needs stage, script and when (pre, post or on-exit); complete it")
	}
	n.release.Hooks = append(n.release.Hooks, h)
	return nil
}

func (n *neutral) component(v *yamldoc.Value) error {
	var c model.Component
	var kind string
	var values *yamldoc.Value
	err := n.fields(v, "a component", fields{
		"kind": text(&kind), "name": text(&c.Name), "namespace": text(&c.Namespace),
		"role": text(&c.Role), "arch": text(&c.Arch), "version": text(&c.Version),
		"versions": texts(&c.Versions), "chart": text(&c.Chart), "manifest": text(&c.Manifest),
		"position": number(&c.Position), "not_deployed": truth(&c.NotDeployed), "image": text(&c.Image),
		"folders": texts(&c.Folders), "registries": texts(&c.Registries), "timeout": text(&c.Timeout),
		"values": func(_ *yamldoc.Doc, v *yamldoc.Value) error { values = v; return nil },
	})
	if err != nil {
		return err
	}
	c.Kind = model.Kind(kind)
	if c.Values, err = n.values(values); err != nil {
		return err
	}
	if err := n.checkComponent(v, c); err != nil {
		return err
	}
	if c.Kind == model.KindChart && c.Namespace == "" {
		c.Namespace = "default"
		n.diagnostics = append(n.diagnostics, model.Diagnostic{
			Severity: model.Warning, Code: csm.CodeMissingNamespace, Subject: string(c.ID()),
			Summary: fmt.Sprintf("chart %s has no namespace; Helm would install it into the namespace default", c.Name),
			Hint:    "add namespace: to the chart",
			Path:    []string{fmt.Sprintf("line %d", v.Line)},
		})
	}
	n.release.Components = append(n.release.Components, c)
	return nil
}

func (n *neutral) checkComponent(v *yamldoc.Value, c model.Component) error {
	if !slices.Contains(model.Kinds(), c.Kind) {
		return n.doc.Errorf(at(v, "kind"), "kind is %q, expected one of %v", c.Kind, model.Kinds())
	}
	if c.Name == "" {
		return n.doc.Errorf(v, "a %s without a name; add name:", c.Kind)
	}
	if c.Version == "" {
		return n.doc.Errorf(v, "%s %s has no version; add version:", c.Kind, c.Name)
	}
	byRole := c.Kind == model.KindNodeImage || c.Kind == model.KindKernel
	if byRole && c.Role == "" {
		return n.doc.Errorf(v, "%s %s has no role; add the role of the nodes that boot it (worker, compute, uan)", c.Kind, c.Name)
	}
	if !byRole && c.Role != "" {
		return n.doc.Errorf(at(v, "role"), "%s %s has a role; only node images and kernels have one, so remove it", c.Kind, c.Name)
	}
	if c.Position < 0 {
		return n.doc.Errorf(at(v, "position"), "position is %d, expected 0 or more", c.Position)
	}
	return nil
}

// values are a mapping, or the canonical JSON text of one.
func (n *neutral) values(v *yamldoc.Value) (string, error) {
	switch {
	case v.IsNull():
		return "", nil
	case v.Kind == yamldoc.Map:
		if len(v.Entries) == 0 {
			return "", nil
		}
		return v.TextJSON(), nil
	case v.Kind == yamldoc.List:
		return "", n.doc.Errorf(v, "values: expected a mapping, found a list; write KEY: VALUE")
	}
	inner, _, err := yamldoc.Parse(n.doc.Name, []byte(v.Text), yamldoc.Options{})
	if err != nil || inner.Root.Kind != yamldoc.Map {
		return "", n.doc.Errorf(v, "values: expected a mapping or its JSON text; write KEY: VALUE")
	}
	return inner.Root.TextJSON(), nil
}

// sortedKeys is for messages.
func sortedKeys(f fields) []string {
	keys := make([]string, 0, len(f))
	for k := range f {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, cmp.Compare)
	return keys
}
