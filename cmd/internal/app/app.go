// Package app is what planewise's commands and its terminal program share: it
// finds documents, in the store, in files or among those the program carries,
// makes plans of them, and keeps what the user gives it.
package app

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/clean"
	"planewise/model/document"
	"planewise/model/file"
	"planewise/model/store"
	"planewise/model/yamldoc"
	"planewise/planner"
	"planewise/planner/edit"
	"planewise/planner/inputs"
)

// App is one invocation's view of the world.
type App struct {
	// StorePath is the store's file.
	StorePath string
	Now       func() time.Time
	// Files opens what the user names. Without, reading cannot be interrupted and there
	// is no standard input.
	Files *file.Reader
	// Note says something to the user that is not part of the product.
	Note func(format string, args ...any)

	mu     sync.Mutex
	opened *store.Store
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
	// Edits are carried out on the plan, in their order.
	Edits []edit.Command
	At    time.Time
	// Customizations is a file with what the site sets in the charts; "" for what the
	// store has of the system, NoCustomizations for none.
	Customizations string
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
func (a *App) DemoPlan(ctx context.Context) (document.Sealed, error) {
	return a.plan(ctx, embedded{}, DemoRequest())
}

// Plan makes a plan from the store's documents and the user's files.
func (a *App) Plan(ctx context.Context, q Request) (document.Sealed, error) {
	lib, err := a.open()
	if err != nil {
		return document.Sealed{}, err
	}
	return a.plan(ctx, lib, q)
}

func (a *App) plan(ctx context.Context, lib library, q Request) (document.Sealed, error) {
	s := newShelf(a, lib)
	in, err := s.gather(ctx, q)
	if err != nil {
		return document.Sealed{}, err
	}
	if in, err = a.edited(in, q.Edits); err != nil {
		return document.Sealed{}, err
	}
	return inputs.Sealed(in, s.lib.read)
}

// edited carries out commands, and says what they did and what came along.
func (a *App) edited(in planner.Input, commands []edit.Command) (planner.Input, error) {
	in, changes, err := edit.Run(in, commands)
	if err != nil {
		return in, fmt.Errorf("edit %w", err)
	}
	for _, c := range changes {
		for _, said := range c.Said() {
			a.Note("%s", clean.Text(said))
		}
	}
	return in, nil
}

// oneDocument is a document by its name in the library, or from a file.
func oneDocument[T any](a *App, lib library, kind Kind, ref string) (T, error) {
	if !a.isFile(ref) {
		return get[T](lib, kind, ref)
	}
	data, err := a.Files.Read(ref, yamldoc.DefaultMaxBytes)
	if err != nil {
		var none T
		return none, fmt.Errorf("read %s: %w", kind, err)
	}
	return document.Decode[T](ref, data)
}

// isFile tells what is read from a file from a name of the catalogue, which a folder may
// happen to have too.
func (a *App) isFile(ref string) bool {
	return looksLikePath(ref) || a.Files.Exists(ref) && !a.Files.IsFolder(ref)
}

// looksLikePath tells file names from names of the catalogue, so that a mistyped
// file is reported as a missing file.
func looksLikePath(ref string) bool {
	if file.IsStream(ref) {
		return true
	}
	switch filepath.Ext(ref) {
	case ".yaml", ".yml", ".json", ".gz", ".tgz":
		return true
	}
	return filepath.IsAbs(ref) || filepath.Base(ref) != ref
}

// layers are the mappings, lowest first: the library's, what was edited on this
// site, then the user's files.
func (a *App) layers(lib library, files []string) ([]model.Mapping, error) {
	var parts, site []model.Mapping
	if err := together(lib, func(lib library) (err error) {
		if parts, err = load[model.Mapping](lib, Mappings); err != nil {
			return err
		}
		site, err = load[model.Mapping](lib, Edits)
		return err
	}); err != nil {
		return nil, err
	}
	layers := append([]model.Mapping{catalog.Join("default", parts...)}, site...)
	for _, f := range files {
		one, err := oneDocument[model.Mapping](a, lib, Mappings, f)
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
