package csm

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/ingest/internal/shtext"
)

// standardOrder is the order of manifests in every upgrade.sh and install.sh of
// the 840 CSM tags from v0.9 to v1.6.0-rc.3.
var standardOrder = []string{"storage", "platform", "keycloak-gatekeeper", "core-services", "sysmgmt", "nexus"}

// readUpgrade reads upgrade.sh: which manifests it ships, and which charts it
// removes before which of them.
func (p *parser) readUpgrade() error {
	script, ok, err := p.script("upgrade.sh")
	if err != nil || !ok {
		return err
	}
	p.upgrade = script
	p.reported = map[int]bool{}
	open := 0   // undeploys that still wait for the next manifest
	dryRun := 0 // line of the last command that only prints what it would make
	for _, c := range script.Commands {
		at := place{"upgrade.sh", c.Line}
		if slices.ContainsFunc(c.Words, func(w shtext.Word) bool { return strings.HasPrefix(w.Text, "--dry-run") }) {
			dryRun = c.Line
		}
		if m, ok := p.shipped(c, at); ok {
			if err := named(at, "manifest", m); err != nil {
				return err
			}
			for ; open < len(p.release.Undeploys); open++ {
				p.release.Undeploys[open].Before = m
			}
			continue
		}
		u, ok := p.undeploy(c, at)
		if !ok {
			p.unread(c, at, dryRun == c.Line)
			continue
		}
		if err := cmp.Or(named(at, "chart", u.Name), named(at, "namespace", u.Namespace)); err != nil {
			return err
		}
		if !slices.Contains(p.release.Undeploys[open:], u) {
			p.release.Undeploys = append(p.release.Undeploys, u)
		}
	}
	return nil
}

// shipped is the manifest a command ships: deploy FILE, or loftsman ship itself.
func (p *parser) shipped(c shtext.Command, at place) (string, bool) {
	if name := c.Name(); name != "deploy" && name != "loftsman" {
		return "", false
	}
	for _, w := range c.Words[1:] {
		dir, base := path.Split(w.Text)
		if path.Base(dir) != "manifests" {
			continue
		}
		if strings.Contains(base, shtext.Unknown) {
			return p.chosen(w, at)
		}
		p.deploy(stem(base), c.Conditional, at)
		return stem(base), true
	}
	if c.Name() == "deploy" {
		p.diagnose(model.Warning, CodeUnreadStep, at, "a deploy step whose manifest is not a file under manifests/ was not read",
			"check by hand what this line ships")
	}
	return "", false
}

// chosen is the manifest of a step whose script chooses a file at run time, such
// as deploy manifests/$(select_manifest_file platform): the last word that names
// a manifest of the tree.
func (p *parser) chosen(w shtext.Word, at place) (string, bool) {
	var from shtext.Command // what chooses
	if w.From != nil {
		from = *w.From
	}
	for _, word := range slices.Backward(from.Words) {
		name := strings.TrimSuffix(word.Text, ".yaml")
		if _, ok := p.manifestFile(name); ok {
			p.diagnose(model.Info, CodeConditional, at,
				fmt.Sprintf("the script chooses a variant of the manifest %s when it runs; %s.yaml is taken", name, name),
				"check whether the system needs another variant")
			p.deploy(name, false, at)
			return name, true
		}
	}
	p.diagnose(model.Blocking, CodeUnreadStep, at,
		fmt.Sprintf("which manifest this step ships is decided when the script runs (%s)", from),
		"write a release.yaml that lists the manifest")
	return "", false
}

func (p *parser) deploy(name string, conditional bool, at place) {
	if slices.ContainsFunc(p.release.Manifests, func(m model.Manifest) bool { return m.Name == name }) {
		return
	}
	p.release.Manifests = append(p.release.Manifests, model.Manifest{Name: name, Deployed: true})
	if _, ok := p.manifestFile(name); !ok {
		p.diagnose(model.Blocking, CodeMissingManifest, at,
			fmt.Sprintf("manifests/%s.yaml is shipped but is not in the tree, so its charts are not known", name),
			"use a complete copy of the release")
	}
	if conditional {
		p.diagnose(model.Info, CodeConditional, at,
			fmt.Sprintf("the manifest %s is shipped only under a condition; it is taken as shipped", name),
			"check whether the condition holds on the system")
	}
}

// undeploy is the chart a command removes: undeploy [-n NAMESPACE] NAME, or helm
// uninstall itself.
func (p *parser) undeploy(c shtext.Command, at place) (model.Undeploy, bool) {
	words := c.Words
	switch {
	case c.Name() == "undeploy":
		words = words[1:]
	case uninstalls(c):
		words = words[2:]
	default:
		return model.Undeploy{}, false
	}
	u := model.Undeploy{Namespace: "default"} // what Helm takes without -n
	for i := 0; i < len(words); i++ {
		w := words[i].Text
		switch {
		case w == "-n" || w == "--namespace":
			if i++; i < len(words) {
				u.Namespace = words[i].Text
			}
		case strings.HasPrefix(w, "--namespace="):
			u.Namespace = strings.TrimPrefix(w, "--namespace=")
		case !strings.HasPrefix(w, "-") && u.Name == "":
			u.Name = w
		}
	}
	if u.Name == "" || strings.Contains(u.Name+u.Namespace, shtext.Unknown) {
		p.diagnose(model.Warning, CodeUnreadStep, at, "a step removes a chart whose name only the running script knows",
			"check by hand what this line removes")
		return u, false
	}
	return u, true
}

// uninstalls reports whether a command is helm uninstall.
func uninstalls(c shtext.Command) bool {
	return c.Name() == "helm" && len(c.Words) > 1 && (c.Words[1].Text == "uninstall" || c.Words[1].Text == "delete")
}

// shippingOrder lists the manifests that are shipped, in order, and then the
// others, which are not; files is the number of manifests in the tree.
func (p *parser) shippingOrder() (order []model.Manifest, files int) {
	order = p.release.Manifests
	var names []string
	for _, file := range p.paths {
		if path.Dir(file) == "manifests" {
			names = append(names, stem(file))
		}
	}
	if len(order) == 0 {
		order = p.assumedOrder(names)
	}
	for _, name := range names {
		if !slices.ContainsFunc(order, func(m model.Manifest) bool { return m.Name == name }) {
			order = append(order, model.Manifest{Name: name})
		}
	}
	return order, len(names)
}

// assumedOrder is the standard order, for trees without an upgrade.sh. A product
// that has none of the standard manifests ships all it has, by name.
func (p *parser) assumedOrder(names []string) []model.Manifest {
	if len(names) == 0 {
		return nil
	}
	var order []model.Manifest
	for _, name := range standardOrder {
		if slices.Contains(names, name) {
			order = append(order, model.Manifest{Name: name, Deployed: true})
		}
	}
	how := "the order of all released CSM versions is used"
	if len(order) == 0 {
		how = "all are taken as shipped, in the order of their names"
		for _, name := range names {
			order = append(order, model.Manifest{Name: name, Deployed: true})
		}
	}
	p.diagnose(model.Warning, CodeAssumedOrder, place{file: "upgrade.sh"}, "no upgrade.sh says which manifests are shipped in which order; "+how,
		"check the order in the release's documents")
	return order
}
