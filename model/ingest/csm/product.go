package csm

import (
	"cmp"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/yamldoc"
)

// readProductManifest reads iuf-product-manifest.yaml: product, version and the
// scripts that the install and upgrade framework runs around its stages.
func (p *parser) readProductManifest() error {
	doc, err := p.document("iuf-product-manifest.yaml")
	if err != nil || doc == nil {
		return err
	}
	if doc.Root.Kind != yamldoc.Map && !doc.Root.IsNull() {
		return doc.Errorf(doc.Root, "expected a product manifest with name and version, found %s", doc.Root.Kind)
	}
	p.iufProduct = doc.Root.Get("name").String()
	p.iufVersion = doc.Root.Get("version").String()
	hooks, err := mappingOf(doc, "hooks", doc.Root.Get("hooks"))
	if err != nil {
		return err
	}
	for _, stage := range hooks {
		sides, err := mappingOf(doc, "hooks of "+stage.Key, stage.Value)
		if err != nil {
			return err
		}
		for _, side := range sides {
			if side.Key != "pre" && side.Key != "post" {
				return doc.Errorf(side.Value, "hook %s: expected pre or post, found %q", stage.Key, side.Key)
			}
			if err := p.hook(doc, stage.Key, side.Key, side.Value); err != nil {
				return err
			}
		}
	}
	exits, err := mappingOf(doc, "onExit", doc.Root.Get("onExit"))
	if err != nil {
		return err
	}
	for _, stage := range exits {
		if err := p.hook(doc, stage.Key, "on-exit", stage.Value); err != nil {
			return err
		}
	}
	slices.SortFunc(p.release.Hooks, func(a, b model.Hook) int {
		return strings.Compare(a.Stage+"\x00"+a.When+"\x00"+a.Script, b.Stage+"\x00"+b.When+"\x00"+b.Script)
	})
	return nil
}

// mappingOf are the entries of a mapping that may be missing or empty.
func mappingOf(doc *yamldoc.Doc, what string, v *yamldoc.Value) ([]yamldoc.Entry, error) {
	if v.IsNull() {
		return nil, nil
	}
	if v.Kind != yamldoc.Map {
		return nil, doc.Errorf(v, "%s: expected a mapping, found %s; write STAGE: with script_path below it", what, v.Kind)
	}
	return v.Entries, nil
}

func (p *parser) hook(doc *yamldoc.Doc, stage, when string, v *yamldoc.Value) error {
	script := v.Get("script_path").String()
	if script == "" {
		return doc.Errorf(v, "hook %s/%s: expected script_path with the path of a script; add it or remove the hook", stage, when)
	}
	at := place{doc.Name, v.Line}
	if err := cmp.Or(named(at, "stage", stage), named(at, "script", script)); err != nil {
		return err
	}
	p.release.Hooks = append(p.release.Hooks, model.Hook{Stage: stage, When: when, Script: script})
	return nil
}
