package app

import (
	"errors"
	"fmt"

	"planewise/model"
	"planewise/model/document"
	"planewise/model/file"
)

// LoadPlan reads a plan file, "-" for standard input, or a plan of the store by
// its id. What is remarkable about the file becomes part of the plan's diagnostics.
func (a *App) LoadPlan(ref string) (model.Plan, error) {
	if a.isFile(ref) {
		in, err := a.Files.Open(ref)
		if err != nil {
			return model.Plan{}, fmt.Errorf("read plan: %w", err)
		}
		defer in.Close()
		name := ref
		if ref == file.Stdin {
			name = "standard input"
		}
		return loaded(document.ReadPlan(name, in))
	}
	lib, openErr := a.open()
	if openErr != nil {
		return model.Plan{}, openErr
	}
	d, err := lib.document(Plans, ref)
	if errors.Is(err, errNotFound) {
		return model.Plan{}, fmt.Errorf("no plan %q: it is neither a file nor a plan of the store", ref)
	}
	if err != nil {
		return model.Plan{}, err
	}
	return loaded(document.DecodePlan(ref, d.data))
}

func loaded(p model.Plan, diags []model.Diagnostic, err error) (model.Plan, error) {
	if err != nil {
		return p, err
	}
	if len(diags) > 0 {
		p.Diagnostics = model.SortDiagnostics(append(p.Diagnostics, diags...))
	}
	return p, nil
}

// KeepPlan keeps a plan in the store as the newest revision of a series: what was
// kept under the name before is its parent. The same plan again is no revision.
func (a *App) KeepPlan(series string, p document.Sealed) (document.Sealed, error) {
	lib, err := a.open()
	if err != nil {
		return p, err
	}
	p = p.Revision(series, 1, p.Plan().Parent)
	d, err := lib.document(Plans, series)
	switch {
	case errors.Is(err, errNotFound):
	case err != nil:
		return p, err
	default:
		old, _, err := document.DecodePlan(series, d.data)
		if err != nil {
			return p, err
		}
		if old.ID == p.Plan().ID {
			return document.Seal(old)
		}
		p = p.Revision(series, old.Revision+1, old.ID)
	}
	doc, err := p.Encode()
	if err != nil {
		return p, err
	}
	_, err = a.put(Plans, series, doc)
	return p, err
}
