package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/document"
	"planewise/model/ingest"
	"planewise/model/version"
	"planewise/planner/diff"
)

// resolve reads a REL argument: a file or folder, a name of the catalogue, or a
// set of these joined with "+". Since versions and file names may hold a "+"
// themselves, the longest part that names something is taken first.
func (a *App) resolve(ctx context.Context, lib library, ref string) ([]model.Release, []model.Diagnostic, error) {
	var set []model.Release
	var notes []model.Diagnostic
	products := map[string]bool{}
	parts := strings.Split(ref, "+")
	if !a.Files.Exists(ref) && slices.Contains(parts, "") {
		return nil, nil, fmt.Errorf("%q is no release: a set has a release on each side of every +", ref)
	}
	for start := 0; start < len(parts); {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		one, diags, end, err := a.longest(lib, parts, start)
		if err != nil {
			return nil, nil, err
		}
		if products[one.Product] {
			return nil, nil, fmt.Errorf("%q holds two releases of %s: a set has one release per product", ref, one.Product)
		}
		products[one.Product] = true
		set, notes, start = append(set, one), append(notes, diags...), end
	}
	slices.SortFunc(set, func(a, b model.Release) int { return strings.Compare(a.Ref(), b.Ref()) })
	return set, notes, nil
}

func (a *App) longest(lib library, parts []string, start int) (model.Release, []model.Diagnostic, int, error) {
	for end := len(parts); end > start; end-- {
		one, diags, err := a.release(lib, strings.Join(parts[start:end], "+"))
		if err == nil || !errors.Is(err, errNotFound) {
			return one, diags, end, err
		}
	}
	if looksLikePath(parts[start]) && !strings.HasPrefix(parts[start], SystemRelease) {
		return model.Release{}, nil, 0, fmt.Errorf("read release %s: no such file or folder", parts[start])
	}
	if system := SystemOf(parts[start]); system != "" {
		return model.Release{}, nil, 0, fmt.Errorf("no release %q: what runs on %s is known once its exports are imported (planewise system import PATH --name %s)", parts[start], system, system)
	}
	names, err := lib.names(Releases)
	if err != nil {
		return model.Release{}, nil, 0, err
	}
	return model.Release{}, nil, 0, fmt.Errorf("no release %q: it is neither a file or folder nor in the catalogue, which has %s", parts[start], strings.Join(names, ", "))
}

// release reads one release; errNotFound where ref is neither a path nor a name.
func (a *App) release(lib library, ref string) (model.Release, []model.Diagnostic, error) {
	if ref != "" && a.Files.Exists(ref) {
		return ingest.ReadWith(a.Files, ref, nil)
	}
	name, err := a.releaseName(lib, ref)
	if err != nil {
		return model.Release{}, nil, err
	}
	r, err := get[model.Release](lib, Releases, name)
	return r, nil, err
}

// releaseName finds the catalogue's name for ref: the name itself, or a bare
// version that only one product has.
func (a *App) releaseName(lib library, ref string) (string, error) {
	names, err := lib.names(Releases)
	if err != nil {
		return "", err
	}
	if slices.Contains(names, ref) {
		return ref, nil
	}
	var found []string
	for _, n := range names {
		if strings.HasSuffix(n, "-"+ref) && startsVersion(ref) && !strings.HasPrefix(n, SystemRelease) {
			found = append(found, n)
		}
	}
	switch len(found) {
	case 0:
		return "", errNotFound
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%q names several releases: use one of %s", ref, strings.Join(found, ", "))
}

// startsVersion keeps "rc.3" from naming core-1.6.0-rc.3.
func startsVersion(s string) bool {
	_, _, _, ok := version.Core(s)
	return ok && strings.Contains(s, ".")
}

// between reports whether from < v < to in the order of releases.
func between(from, v, to string) bool {
	low, ok := version.Compare(model.KindOther, from, v)
	high, also := version.Compare(model.KindOther, v, to)
	return ok && also && low < 0 && high < 0
}

// Resolve reads a REL argument.
func (a *App) Resolve(ctx context.Context, ref string) ([]model.Release, []model.Diagnostic, error) {
	lib, err := a.open()
	if err != nil {
		return nil, nil, err
	}
	return a.resolve(ctx, lib, ref)
}

// Diff lists the changes between two REL arguments.
func (a *App) Diff(ctx context.Context, from, to string) ([]model.Change, []model.Diagnostic, error) {
	lib, err := a.open()
	if err != nil {
		return nil, nil, err
	}
	before, notes, err := a.resolve(ctx, lib, from)
	if err != nil {
		return nil, nil, err
	}
	after, more, err := a.resolve(ctx, lib, to)
	if err != nil {
		return nil, nil, err
	}
	known, err := newShelf(a, lib).knownBetween(before, after)
	if err != nil {
		return nil, nil, err
	}
	changes, diags := diff.Between(before, after, known)
	return changes, model.SortDiagnostics(slices.Concat(notes, more, diags)), nil
}

// Imported is a release that was read into the catalogue.
type Imported struct {
	Name        string             `json:"name"`
	Digest      string             `json:"digest"`
	Components  int                `json:"components"`
	Diagnostics []model.Diagnostic `json:"diagnostics"`
}

// ImportRelease reads one release into the catalogue.
func (a *App) ImportRelease(ctx context.Context, path string) (Imported, error) {
	r, diags, err := ingest.ReadWith(a.Files, path, nil)
	if err != nil {
		return Imported{}, err
	}
	if err := ctx.Err(); err != nil {
		return Imported{}, err
	}
	data, err := document.Canonical(r)
	if err != nil {
		return Imported{}, err
	}
	entry, err := a.put(Releases, r.Ref(), data)
	if err != nil {
		return Imported{}, err
	}
	if diags == nil {
		diags = []model.Diagnostic{}
	}
	return Imported{Name: entry.Name, Digest: entry.Digest, Components: len(r.Components), Diagnostics: diags}, nil
}
