// Package app is what planewise's commands and its terminal program share: it
// finds documents, in the store, in files or among those the program carries,
// makes plans of them, and keeps what the user gives it.
package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/planner"
)

// App is one invocation's view of the world.
type App struct {
	// StorePath is the store's file.
	StorePath string
	Now       func() time.Time
	// Note says something to the user that is not part of the product.
	Note func(format string, args ...any)
}

// DefaultStore is where the store is when nobody says: below $XDG_DATA_HOME, else
// below the home directory. "" where there is neither.
func DefaultStore(getenv func(string) string) string {
	base := getenv("XDG_DATA_HOME")
	if base == "" {
		home := getenv("HOME")
		if home == "" {
			return ""
		}
		base = filepath.Join(home, ".local", "share")
	}
	return filepath.Join(base, "planewise", "planewise.db")
}

// Request says what to plan.
type Request struct {
	From, To string
	System   string
	Policy   string
	Mappings []string
	Path     string
	Exclude  []string
	At       time.Time
}

// The embedded demo: an update on which all four planes have something to say.
const (
	demoFrom = "csm-1.5.2+uan-2.6.0"
	demoTo   = "csm-1.6.0-rc.3+uan-2.7.0"
)

// DemoRequest is the plan shown when nobody asks for another.
func DemoRequest() Request {
	return Request{From: demoFrom, To: demoTo, System: "demo", Policy: "jobs-first"}
}

// DemoPlan is the plan of the embedded demo. It needs no store.
func (a *App) DemoPlan(ctx context.Context) (model.Plan, error) {
	return a.plan(ctx, embedded{}, DemoRequest())
}

// Plan makes a plan from the store's documents and the user's files.
func (a *App) Plan(ctx context.Context, q Request) (model.Plan, error) {
	lib, err := a.open()
	if err != nil {
		return model.Plan{}, err
	}
	return a.plan(ctx, lib, q)
}

func (a *App) plan(ctx context.Context, lib library, q Request) (model.Plan, error) {
	in, inputs, err := a.gather(ctx, lib, q)
	if err != nil {
		return model.Plan{}, err
	}
	p := planner.Build(in)
	p.Inputs = inputs
	for _, side := range [][]model.ReleaseRef{p.From, p.To} {
		for i := range side {
			side[i].Digest = digestOf(inputs, side[i].Product+"-"+side[i].Version)
		}
	}
	p.ID = document.PlanID(p)
	return p, nil
}

func digestOf(inputs []model.Input, release string) string {
	for _, in := range inputs {
		if in.Kind == string(Releases) && in.Name == release {
			return in.Digest
		}
	}
	return ""
}

// gather reads everything a plan needs, and the inputs as they stand in the plan.
func (a *App) gather(ctx context.Context, lib library, q Request) (planner.Input, []model.Input, error) {
	in := planner.Input{Path: q.Path, At: q.At, Zones: time.LoadLocation, Tool: Tool(), Edits: model.Edits{Excluded: q.Exclude}}
	var err error
	if in.From, in.Notes, err = a.resolve(ctx, lib, q.From); err != nil {
		return in, nil, err
	}
	var notes []model.Diagnostic
	if in.To, notes, err = a.resolve(ctx, lib, q.To); err != nil {
		return in, nil, err
	}
	in.Notes = append(in.Notes, notes...)
	if in.Known, err = a.known(lib, in.From, in.To); err != nil {
		return in, nil, err
	}
	layers, err := a.layers(lib, q.Mappings)
	if err != nil {
		return in, nil, err
	}
	in.Catalog, notes = catalog.New(layers...)
	in.Notes = append(in.Notes, notes...)
	if in.Procedures, err = load[model.Procedure](lib, Procedures); err != nil {
		return in, nil, err
	}
	if in.System, err = oneDocument[model.System](lib, Systems, q.System); err != nil {
		return in, nil, err
	}
	if in.Policy, err = oneDocument[model.Policy](lib, Policies, q.Policy); err != nil {
		return in, nil, err
	}
	inputs, err := planInputs(in)
	return in, inputs, err
}

// planInputs are the documents a plan was made from, content included, so that
// it can be made again on another machine.
func planInputs(in planner.Input) ([]model.Input, error) {
	var out []model.Input
	seen := map[string]bool{}
	add := func(kind Kind, name string, v any) error {
		one, err := input(kind, name, v)
		if err != nil {
			return err
		}
		if key := one.Kind + "\x00" + one.Name + "\x00" + one.Digest; !seen[key] {
			seen[key] = true
			out = append(out, one)
		}
		return nil
	}
	for _, r := range slices.Concat(in.From, in.To) {
		if err := add(Releases, r.Ref(), r); err != nil {
			return nil, err
		}
	}
	if err := add(Mappings, in.Catalog.Mapping().Name, in.Catalog.Mapping()); err != nil {
		return nil, err
	}
	for _, p := range in.Procedures {
		if err := add(Procedures, p.Name, p); err != nil {
			return nil, err
		}
	}
	if err := add(Systems, in.System.Name, in.System); err != nil {
		return nil, err
	}
	return out, add(Policies, in.Policy.Name, in.Policy)
}

// oneDocument is a document by its name in the library, or from a file.
func oneDocument[T any](lib library, kind Kind, ref string) (T, error) {
	if data, err := os.ReadFile(ref); err == nil {
		return document.Decode[T](ref, data)
	} else if looksLikePath(ref) {
		var none T
		return none, fmt.Errorf("read %s %s: %w", kind, ref, err)
	}
	return get[T](lib, kind, ref)
}

// looksLikePath tells file names from names of the catalogue, so that a mistyped
// file is reported as a missing file.
func looksLikePath(ref string) bool {
	switch filepath.Ext(ref) {
	case ".yaml", ".yml", ".json", ".gz", ".tgz":
		return true
	}
	return filepath.IsAbs(ref) || filepath.Base(ref) != ref
}

// layers are the mappings, lowest first: the library's, then the user's files.
func (a *App) layers(lib library, files []string) ([]model.Mapping, error) {
	layers, err := load[model.Mapping](lib, Mappings)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		one, err := oneDocument[model.Mapping](lib, Mappings, f)
		if err != nil {
			return nil, err
		}
		layers = append(layers, one)
	}
	return layers, nil
}

// Tool is the program's name and version, as plans carry it.
func Tool() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return "planewise " + info.Main.Version
	}
	return "planewise (devel)"
}
