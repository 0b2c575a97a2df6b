package csm

import (
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
	p.iufProduct = doc.Root.Get("name").String()
	p.iufVersion = doc.Root.Get("version").String()
	if hooks := doc.Root.Get("hooks"); hooks != nil {
		for _, stage := range hooks.Entries {
			for _, when := range stage.Value.Entries {
				if err := p.hook(doc, stage.Key, when.Key, when.Value); err != nil {
					return err
				}
			}
		}
	}
	if exits := doc.Root.Get("onExit"); exits != nil {
		for _, stage := range exits.Entries {
			if err := p.hook(doc, stage.Key, "on-exit", stage.Value); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(p.release.Hooks, func(a, b model.Hook) int {
		return strings.Compare(a.Stage+"\x00"+a.When+"\x00"+a.Script, b.Stage+"\x00"+b.When+"\x00"+b.Script)
	})
	return nil
}

func (p *parser) hook(doc *yamldoc.Doc, stage, when string, v *yamldoc.Value) error {
	script := v.Get("script_path").String()
	if script == "" {
		return doc.Errorf(v, "hook %s/%s: expected script_path with the path of a script; add it or remove the hook", stage, when)
	}
	p.release.Hooks = append(p.release.Hooks, model.Hook{Stage: stage, When: when, Script: script})
	return nil
}
