package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/catalog"
)

// MappingView is the layered mapping with what is wrong about it.
type MappingView struct {
	Merged      model.Mapping
	Diagnostics []model.Diagnostic
	catalog     *catalog.Catalog
}

// Mapping is the mapping as plans would use it, with the given files on top.
func (a *App) Mapping(ctx context.Context, files []string) (MappingView, error) {
	lib, err := a.open()
	if err != nil {
		return MappingView{}, err
	}
	return a.mapping(ctx, lib, files)
}

func (a *App) mapping(_ context.Context, lib library, files []string) (MappingView, error) {
	layers, err := a.layers(lib, files)
	if err != nil {
		return MappingView{}, err
	}
	c, diags := catalog.New(layers...)
	return MappingView{Merged: c.Mapping(), Diagnostics: diags, catalog: c}, nil
}

// Rules are the rules of one component, given by its id: one for each range of
// versions that the mapping tells apart.
func (v MappingView) Rules(id string) ([]model.Rule, error) {
	c, err := parseComponent(id)
	if err != nil {
		return nil, err
	}
	var out []model.Rule
	for _, m := range v.catalog.Variants(c) {
		out = append(out, m.Rule)
	}
	if out == nil {
		return nil, fmt.Errorf("%s is not mapped: its effect is unknown until a mapping file has a rule for it", id)
	}
	return out, nil
}

// parseComponent reads an id such as chart:services/api, rpm:acpid.x86_64 or
// node-image:worker.x86_64.
func parseComponent(id string) (model.Component, error) {
	kind, rest, ok := strings.Cut(id, ":")
	c := model.Component{Kind: model.Kind(kind), Name: rest}
	if !ok || rest == "" || !slices.Contains(model.Kinds(), c.Kind) {
		return c, fmt.Errorf("%q is no component: write KIND:NAME with one of the kinds %v, e.g. chart:services/cray-bos", id, model.Kinds())
	}
	switch c.Kind {
	case model.KindChart:
		if namespace, name, ok := strings.Cut(rest, "/"); ok {
			c.Namespace, c.Name = namespace, name
		}
	case model.KindNodeImage, model.KindKernel:
		c.Role, c.Arch, _ = strings.Cut(rest, ".")
		c.Name = c.Role
	case model.KindRPM:
		if i := strings.LastIndexByte(rest, '.'); i > 0 {
			c.Name, c.Arch = rest[:i], rest[i+1:]
		}
	}
	return c, nil
}

// CheckMapping reports what is wrong with the mapping by itself and against the
// given releases, or against all of the catalogue.
func (a *App) CheckMapping(ctx context.Context, files, releases []string) ([]model.Diagnostic, error) {
	lib, err := a.open()
	if err != nil {
		return nil, err
	}
	view, err := a.mapping(ctx, lib, files)
	if err != nil {
		return nil, err
	}
	if len(releases) == 0 {
		if releases, err = lib.names(Releases); err != nil {
			return nil, err
		}
	}
	diags := view.Diagnostics
	for _, ref := range releases {
		set, _, err := a.resolve(ctx, lib, ref)
		if err != nil {
			return nil, err
		}
		for _, r := range set {
			for _, d := range view.catalog.Check(r.Components) {
				d.Path = append(d.Path, r.Ref())
				diags = append(diags, d)
			}
		}
	}
	return model.SortDiagnostics(diags), nil
}
