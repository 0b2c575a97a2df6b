package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/customizations"
	"planewise/model/document"
	"planewise/model/yamldoc"
)

// Customizations are what systems set in their charts, kept by the system's name.
const Customizations Kind = "customizations"

// NoCustomizations leaves those of the store out of a plan.
const NoCustomizations = "none"

// IsCustomizations says whether a file is a site's customizations, the vendor's or
// planewise's own.
func (a *App) IsCustomizations(file string) bool {
	// The first key of the file, whatever comments a site puts before it.
	return a.IsDocument(Customizations, file) || customizations.Is(a.Files.Head(file, 1<<20))
}

// CustomizationsImport is what a customizations file became.
type CustomizationsImport struct {
	Entry          Entry                `json:"entry"`
	Customizations model.Customizations `json:"customizations"`
	Notes          []model.Diagnostic   `json:"diagnostics"`
}

// ImportCustomizations keeps what a file sets in the charts of a system of the store.
func (a *App) ImportCustomizations(system, file string) (CustomizationsImport, error) {
	lib, err := a.open()
	if err != nil {
		return CustomizationsImport{}, err
	}
	if _, err := lib.document(Systems, system); errors.Is(err, errNotFound) {
		names, err := lib.names(Systems)
		if err != nil {
			return CustomizationsImport{}, err
		}
		return CustomizationsImport{}, fmt.Errorf("no system is called %q, whose customizations %s could be: import the system first (planewise system import), or name one of %s with --name",
			clean.Text(system), file, strings.Join(names, ", "))
	} else if err != nil {
		return CustomizationsImport{}, err
	}
	c, notes, err := a.readCustomizations(file, system)
	if err != nil {
		return CustomizationsImport{}, err
	}
	out := CustomizationsImport{Customizations: c, Notes: notes}
	if out.Notes == nil {
		out.Notes = []model.Diagnostic{}
	}
	doc, err := document.Canonical(c)
	if err != nil {
		return out, err
	}
	out.Entry, err = a.put(Customizations, system, doc)
	return out, err
}

// readCustomizations reads a file as the settings of a system.
func (a *App) readCustomizations(file, system string) (model.Customizations, []model.Diagnostic, error) {
	data, err := a.Files.Read(file, yamldoc.DefaultMaxBytes)
	if err != nil {
		return model.Customizations{}, nil, fmt.Errorf("read customizations: %w", err)
	}
	if !strings.Contains(string(data[:min(len(data), 64<<10)]), model.FormatCustomizations) {
		return customizations.Read(file, system, data)
	}
	c, err := document.Decode[model.Customizations](file, data)
	c.Name = system
	return c, nil, err
}

// customizationsOf are what a system sets in its charts: from a file, those of the
// store where ref is "", or none.
func (a *App) customizationsOf(lib library, ref, system string) (*model.Customizations, error) {
	switch ref {
	case NoCustomizations:
		return nil, nil
	case "":
		return storedCustomizations(lib, system)
	}
	c, notes, err := a.readCustomizations(ref, system)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		if n.Severity != model.Info {
			a.Note("%s: %s: %s", n.Code, clean.Text(n.Subject), clean.Text(n.Summary))
		}
	}
	return &c, nil
}

func storedCustomizations(lib library, system string) (*model.Customizations, error) {
	d, err := lib.document(Customizations, system)
	if errors.Is(err, errNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := document.Kept[model.Customizations](d.data)
	return &c, err
}

// Systems lists the systems, with the digests of what they set in their charts.
func (a *App) Systems() ([]Entry, error) {
	entries, err := a.List(Systems)
	if err != nil {
		return nil, err
	}
	own, err := a.List(Customizations)
	for i := range entries {
		if at := slices.IndexFunc(own, func(e Entry) bool { return e.Name == entries[i].Name }); at >= 0 {
			entries[i].Customizations = own[at].Digest
		}
	}
	return entries, err
}

// CustomizationsOf is what a system of the store sets in its charts; nil for nothing.
func (a *App) CustomizationsOf(system string) (*model.Customizations, error) {
	lib, err := a.open()
	if err != nil {
		return nil, err
	}
	return storedCustomizations(lib, system)
}
