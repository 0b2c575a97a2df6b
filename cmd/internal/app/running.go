package app

import (
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/document"
	"planewise/model/snapshot"
)

// RunningRelease is a release that runs on the system.
type RunningRelease struct {
	// Name to plan from.
	Name    string `json:"name"`
	Product string `json:"product"`
	Version string `json:"version"`
	// Known: the release it claims to be is in the catalogue, so that Drift is known.
	Known bool          `json:"known"`
	Drift []model.Drift `json:"drift"`
	// NotSeen is what the exports could have shown and did not, so that it is taken as
	// the claimed release has it.
	NotSeen []string `json:"not_seen"`
}

// claimed are the releases of the catalogue that what runs claims to be, by product.
func claimed(lib library, runs []model.Release) (map[string]model.Release, error) {
	names, err := lib.names(Releases)
	if err != nil {
		return nil, err
	}
	out := map[string]model.Release{}
	for _, r := range runs {
		if !slices.Contains(names, r.Ref()) {
			continue
		}
		if out[r.Product], err = get[model.Release](lib, Releases, r.Ref()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// keepRunning keeps what runs of one product, completed from the release that it
// claims to be.
func (a *App) keepRunning(claims map[string]model.Release, system string, r model.Release, s snapshot.Snapshot) (RunningRelease, error) {
	out := RunningRelease{Name: runningName(system, r.Product), Product: r.Product, Version: r.Version}
	var claim model.Release
	if claim, out.Known = claims[r.Product]; out.Known {
		r = snapshot.Overlay(claim, r, s.Gone())
	} else {
		r = s.Unclaimed(r, r.Product == profile().Platform)
	}
	r.Running.Name, r.Running.System, r.Running.Unfinished = out.Name, system, s.Unfinished(r)
	out.Drift, out.NotSeen = append([]model.Drift{}, r.Running.Drift...), append([]string{}, r.Running.NotSeen...)
	doc, err := document.Canonical(r)
	if err != nil {
		return out, err
	}
	_, err = a.put(Releases, out.Name, doc)
	return out, err
}

// runningName is the name under which what runs of a product on a system is kept.
func runningName(system, product string) string {
	if product == profile().Platform {
		return SystemRelease + system
	}
	return SystemRelease + system + "/" + product
}

// SystemOf is the system whose running release a REL argument names first, "" for none.
func SystemOf(ref string) string {
	first, _, _ := strings.Cut(ref, "+")
	name, ok := strings.CutPrefix(first, SystemRelease)
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, "/")
	return name
}
