package app

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/customizations/csm"
	"planewise/model/document"
	"planewise/planner"
	"planewise/planner/actions"
	"planewise/planner/inputs"
)

// shelf holds what was read from the library, so that several plans made in one
// go read, check and merge every document once.
type shelf struct {
	app        *App
	lib        *reading
	sets       map[string]set
	catalogs   map[string]*catalog.Catalog
	said       map[string][]model.Diagnostic // about the catalogues
	heads      []model.Procedure             // of all procedures, by the library's names; see Head
	procedures map[string]model.Procedure
	systems    map[string]model.System
	policies   map[string]model.Policy
	sites      map[string]*model.Customizations // by file and system
	known      map[string]model.Release
}

type set struct {
	releases []model.Release
	notes    []model.Diagnostic
}

func newShelf(a *App, lib library) *shelf {
	return &shelf{
		app: a, lib: &reading{library: lib}, sets: map[string]set{}, catalogs: map[string]*catalog.Catalog{}, said: map[string][]model.Diagnostic{},
		systems: map[string]model.System{}, policies: map[string]model.Policy{}, known: map[string]model.Release{},
		sites: map[string]*model.Customizations{}, procedures: map[string]model.Procedure{},
	}
}

// once is kept[key], or made and kept.
func once[K comparable, T any](kept map[K]T, key K, make func() (T, error)) (T, error) {
	if v, ok := kept[key]; ok {
		return v, nil
	}
	v, err := make()
	if err == nil {
		kept[key] = v
	}
	return v, err
}

// set is a REL argument.
func (s *shelf) set(ctx context.Context, ref string) (set, error) {
	return once(s.sets, ref, func() (set, error) {
		releases, notes, err := s.app.resolve(ctx, s.lib, ref)
		return set{releases, notes}, err
	})
}

// together lets fn read from the library as it is at one moment.
func (s *shelf) together(fn func() error) error {
	lib := s.lib.library
	defer func() { s.lib.library = lib }()
	return together(lib, func(l library) error {
		s.lib.library = l
		return fn()
	})
}

// gather reads everything a plan needs.
func (s *shelf) gather(ctx context.Context, q Request) (in planner.Input, err error) {
	for _, ref := range []string{q.From, q.To} {
		if !hasFile(ref) {
			continue
		}
		// Files and folders may take long, and who writes would wait.
		if _, err := s.set(ctx, ref); err != nil {
			return in, err
		}
	}
	err = s.together(func() error {
		from, err := s.set(ctx, q.From)
		if err != nil {
			return err
		}
		to, err := s.set(ctx, q.To)
		if err != nil {
			return err
		}
		in, err = s.between(from, to, q)
		return err
	})
	return in, err
}

// hasFile says whether a part of a REL argument is a file or folder.
func hasFile(ref string) bool {
	return slices.ContainsFunc(append(strings.Split(ref, "+"), ref), func(part string) bool {
		_, err := os.Stat(part)
		return err == nil
	})
}

// between completes what a plan from one set to another needs.
func (s *shelf) between(from, to set, q Request) (planner.Input, error) {
	from, err := s.withRunning(from, to)
	if err != nil {
		return planner.Input{}, err
	}
	in := planner.Input{
		From: from.releases, To: to.releases, Path: q.Path, At: q.At, Zones: time.LoadLocation, Tool: Tool(), BaseChart: csm.BaseChart(),
		Edits: model.Edits{Excluded: q.Exclude},
	}
	in.Notes = append(append(in.Notes, from.notes...), to.notes...)
	if in.Known, err = s.knownBetween(in.From, in.To); err != nil {
		return in, err
	}
	var notes []model.Diagnostic
	if in.Catalog, notes, err = s.catalog(q.Mappings); err != nil {
		return in, err
	}
	in.Notes = append(in.Notes, notes...)
	if in.Procedures, err = s.proceduresBetween(in.From, in.To); err != nil {
		return in, err
	}
	in.System, err = once(s.systems, q.System, func() (model.System, error) { return oneDocument[model.System](s.app, s.lib, Systems, q.System) })
	if err != nil {
		return in, err
	}
	in.Customizations, err = once(s.sites, q.Customizations+"\x00"+in.System.Name, func() (*model.Customizations, error) {
		return s.app.customizationsOf(s.lib, q.Customizations, in.System.Name)
	})
	if err != nil {
		return in, err
	}
	in.Policy, err = once(s.policies, q.Policy, func() (model.Policy, error) { return oneDocument[model.Policy](s.app, s.lib, Policies, q.Policy) })
	return in, err
}

// withRunning adds to a start that is a running system what runs there of the target's
// other products: left out, all that the target has of them would count as new, and
// what is installed anew disturbs nobody.
func (s *shelf) withRunning(from, to set) (set, error) {
	has := func(releases []model.Release, product string) bool {
		return slices.ContainsFunc(releases, func(r model.Release) bool { return r.Product == product })
	}
	at := slices.IndexFunc(from.releases, func(r model.Release) bool { return r.Running != nil })
	if at < 0 {
		return from, nil
	}
	system := from.releases[at].Running.System
	names, err := s.lib.names(Releases)
	if err != nil {
		return from, err
	}
	out := set{slices.Clone(from.releases), from.notes}
	for _, r := range to.releases {
		name := runningName(system, r.Product)
		if has(out.releases, r.Product) || !slices.Contains(names, name) {
			continue
		}
		one, err := s.release(name)
		if err != nil {
			return from, err
		}
		out.releases = append(out.releases, one)
	}
	slices.SortFunc(out.releases, func(a, b model.Release) int { return strings.Compare(a.Ref(), b.Ref()) })
	return out, nil
}

// allProcedures are the library's without their stages, by its names.
func (s *shelf) allProcedures() ([]model.Procedure, error) {
	if s.heads != nil {
		return s.heads, nil
	}
	names, err := s.lib.names(Procedures)
	if err != nil {
		return nil, err
	}
	heads := make([]model.Procedure, len(names))
	for i, name := range names {
		d, err := find(s.lib, Procedures, name)
		if err != nil {
			return nil, err
		}
		if heads[i], err = document.Head[model.Procedure](d.data); err != nil {
			return nil, fmt.Errorf("read procedure %s: %w", name, err)
		}
	}
	s.heads = heads
	return heads, nil
}

// proceduresBetween are those that a plan between two sides may follow, and those of
// the names in also.
func (s *shelf) proceduresBetween(from, to []model.Release, also ...model.Procedure) ([]model.Procedure, error) {
	heads, err := s.allProcedures()
	if err != nil {
		return nil, err
	}
	names, err := s.lib.names(Procedures)
	if err != nil {
		return nil, err
	}
	var out []model.Procedure
	applicable := actions.Applicable(heads, from, to)
	for i, name := range names {
		if !slices.Contains(applicable, i) && !slices.ContainsFunc(also, func(p model.Procedure) bool { return p.Name == heads[i].Name }) {
			continue
		}
		p, err := once(s.procedures, name, func() (model.Procedure, error) { return get[model.Procedure](s.lib, Procedures, name) })
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// catalog is the mapping with the user's files on top.
func (s *shelf) catalog(files []string) (*catalog.Catalog, []model.Diagnostic, error) {
	key := ""
	for _, f := range files {
		key += f + "\x00"
	}
	c, err := once(s.catalogs, key, func() (*catalog.Catalog, error) {
		layers, err := s.app.layers(s.lib, files)
		if err != nil {
			return nil, err
		}
		c, notes := catalog.New(layers...)
		s.said[key] = notes
		if len(layers) == 1 {
			s.readWhole(c)
		}
		return c, nil
	})
	return c, s.said[key], err
}

// readWhole notes that a catalogue of one layer was read from the mapping that the
// program carries, where it was: that is kept merged, as a catalogue has it.
func (s *shelf) readWhole(c *catalog.Catalog) {
	carried := fixtures.Documents(string(Mappings))
	for _, r := range s.lib.read {
		if r.Digest == carried[0].Digest {
			s.lib.read = append(s.lib.read, inputs.Read{Value: c, Content: r.Content, Digest: r.Digest})
			return
		}
	}
}

// release is one of the catalogue, by its name there.
func (s *shelf) release(name string) (model.Release, error) {
	return once(s.known, name, func() (model.Release, error) { return get[model.Release](s.lib, Releases, name) })
}

// knownBetween are the catalogue's releases of the products on both sides that
// lie between the two: their scripts undeploy what a jump leaves behind.
func (s *shelf) knownBetween(from, to []model.Release) ([]model.Release, error) {
	names, err := s.lib.names(Releases)
	if err != nil {
		return nil, err
	}
	var out []model.Release
	for _, f := range from {
		for _, t := range to {
			if f.Product != t.Product {
				continue
			}
			for _, n := range names {
				v, ok := strings.CutPrefix(n, f.Product+"-")
				if !ok || !between(f.Version, v, t.Version) {
					continue
				}
				r, err := s.release(n)
				if err != nil {
					return nil, err
				}
				out = append(out, r)
			}
		}
	}
	return out, nil
}
