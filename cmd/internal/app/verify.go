package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/customizations/csm"
	"planewise/model/document"
	"planewise/model/snapshot/diff"
	"planewise/planner"
	"planewise/planner/edit"
	"planewise/planner/inputs"
	"planewise/planner/resume"
	"planewise/planner/verify"
)

// Overrides are documents and settings that replace those of a plan. Empty ones
// leave the plan's.
type Overrides struct {
	System   string
	Policy   string
	Mappings []string
	Path     string
	Exclude  []string
	Edits    []edit.Command // carried out last, in their order
	// Done was done of the plan, in the words of resume.Done.
	Done []string
	// Seen is a snapshot, as ReadSnapshot takes it, that what is done is compared with.
	Seen string
	At   time.Time
	// Customizations is a file, or NoCustomizations.
	Customizations string
}

// carried is what a plan was made from, taken from the plan alone.
func carried(p model.Plan) (planner.Input, error) {
	if p.Format != model.FormatPlan {
		return planner.Input{}, fmt.Errorf("plan %s has the newer format %s: it can be shown, but not made again or verified; update planewise", p.ID, p.Format)
	}
	in, err := inputs.Of(p)
	in.Zones, in.Tool, in.BaseChart = time.LoadLocation, Tool(), csm.BaseChart()
	return in, err
}

// Replan makes a plan again from the documents it carries. The catalogue is not
// needed, unless an override names a document of it.
func (a *App) Replan(_ context.Context, ref string, o Overrides) (document.Sealed, error) {
	old, err := a.LoadPlan(ref)
	if err != nil {
		return document.Sealed{}, err
	}
	for _, d := range old.Diagnostics {
		if d.Code == document.CodeWrongDigest {
			return document.Sealed{}, fmt.Errorf("%s cannot be made again: %s: %s", ref, d.Subject, d.Summary)
		}
	}
	in, err := carried(old)
	if err != nil {
		return document.Sealed{}, err
	}
	if err := a.override(&in, o); err != nil {
		return document.Sealed{}, err
	}
	if in.Edits.Done, err = resume.Done(old, o.Done); err != nil {
		return document.Sealed{}, fmt.Errorf("done %w", err)
	}
	if in, err = a.edited(in, o.Edits); err != nil {
		return document.Sealed{}, err
	}
	in.Notes = stillSeen(in.Notes, old.Edits.Done, in.Edits.Done, o.Seen != "")
	if o.Seen != "" {
		seen, notes, err := a.ReadSnapshot(o.Seen)
		if err != nil {
			return document.Sealed{}, err
		}
		in.Notes = model.SortDiagnostics(slices.Concat(in.Notes, notes, diff.Done(wholeUpdate(old, in), in.Edits.Done, seen, profile())))
	}
	p, err := inputs.Sealed(in, nil)
	if err != nil {
		return document.Sealed{}, err
	}
	if p.Plan().ID != old.ID {
		return p.Revision(old.Series, old.Revision+1, old.ID), nil
	}
	return p.Revision(old.Series, old.Revision, old.Parent), nil
}

// stillSeen leaves out of a plan's notes what an earlier snapshot said of what is done,
// where another word was given since, or another snapshot.
func stillSeen(notes []model.Diagnostic, before, now []model.Done, again bool) []model.Diagnostic {
	of := func(list []model.Done, id string) model.Done {
		for _, d := range list {
			if string(d.Action) == id {
				return d
			}
		}
		return model.Done{}
	}
	return slices.DeleteFunc(slices.Clone(notes), func(d model.Diagnostic) bool {
		return (d.Code == diff.CodeDoneNotSeen || d.Code == diff.CodeSeenNotSaid) && (again || of(before, d.Subject) != of(now, d.Subject))
	})
}

// wholeUpdate is a plan as if nothing were done yet: one that goes on with an update no
// longer says which changes the done actions carried, and counts the units that are left.
func wholeUpdate(p model.Plan, in planner.Input) model.Plan {
	if len(p.Edits.Done) == 0 {
		return p
	}
	in.Edits.Done = nil
	return planner.Build(in)
}

func (a *App) override(in *planner.Input, o Overrides) error {
	var err error
	was := in.System.Name
	if o.System != "" {
		if in.System, err = oneDocument[model.System](a, lazy{a}, Systems, o.System); err != nil {
			return err
		}
	}
	if o.Customizations != "" || in.System.Name != was {
		// What one system sets says nothing of another.
		if in.Customizations, err = a.customizationsOf(lazy{a}, o.Customizations, in.System.Name); err != nil {
			return err
		}
	}
	if o.Policy != "" {
		if in.Policy, err = oneDocument[model.Policy](a, lazy{a}, Policies, o.Policy); err != nil {
			return err
		}
	}
	if len(o.Mappings) > 0 {
		layers := []model.Mapping{in.Catalog.Mapping()}
		for _, f := range o.Mappings {
			one, err := oneDocument[model.Mapping](a, lazy{a}, Mappings, f)
			if err != nil {
				return err
			}
			layers = append(layers, one)
		}
		var notes []model.Diagnostic
		in.Catalog, notes = catalog.New(layers...)
		in.Notes = append(in.Notes, notes...)
	}
	if o.Path != "" {
		in.Path = o.Path
	}
	if !o.At.IsZero() {
		in.At = o.At
	}
	in.Edits.Excluded = append(slices.Clone(in.Edits.Excluded), o.Exclude...)
	slices.Sort(in.Edits.Excluded)
	in.Edits.Excluded = slices.Compact(in.Edits.Excluded)
	return nil
}

// lazy is the store as a library, opened only when it is asked for something.
type lazy struct{ app *App }

func (l lazy) names(kind Kind) ([]string, error) {
	lib, err := l.app.open()
	if err != nil {
		return nil, err
	}
	return lib.names(kind)
}

func (l lazy) document(kind Kind, name string) (kept, error) {
	lib, err := l.app.open()
	if err != nil {
		return kept{}, err
	}
	return lib.document(kind, name)
}

// Verify says what of a plan still holds against today's documents; with
// embedded, only against itself. Absent are documents that are not here: the
// plan's own copies stand in for them.
func (a *App) Verify(_ context.Context, ref string, o Overrides, embedded bool, now time.Time) (result verify.Result, absent []string, err error) {
	p, err := a.LoadPlan(ref)
	if err != nil {
		return verify.Result{}, nil, err
	}
	was, err := carried(p)
	if errors.Is(err, inputs.ErrLacking) {
		return verify.NotCheckable(p, err), nil, nil
	}
	if err != nil {
		return verify.Result{}, nil, err
	}
	is := was
	if !embedded {
		lib, err := a.open()
		if err != nil {
			return verify.Result{}, nil, err
		}
		s := newShelf(a, lib)
		if err := s.together(func() (err error) {
			is, absent, err = a.today(s, was, o)
			return err
		}); err != nil {
			return verify.Result{}, nil, err
		}
	}
	result, err = verify.Plan(verify.Input{Plan: p, Was: was, Is: is, Now: now})
	return result, absent, err
}

// today asks a plan's question of today's documents.
func (a *App) today(s *shelf, was planner.Input, o Overrides) (planner.Input, []string, error) {
	is := was
	var absent []string
	side := func(set []model.Release) ([]model.Release, error) {
		var out []model.Release
		for _, r := range set {
			now, err := current(a, s.lib, Releases, "", keptName(r), r, &absent)
			if err != nil {
				return nil, err
			}
			out = append(out, now)
		}
		return out, nil
	}
	var err error
	if is.From, err = side(was.From); err != nil {
		return is, nil, err
	}
	if is.To, err = side(was.To); err != nil {
		return is, nil, err
	}
	if is.Known, err = s.knownBetween(is.From, is.To); err != nil {
		return is, nil, err
	}
	for _, r := range was.Known {
		if !slices.ContainsFunc(is.Known, func(k model.Release) bool { return k.Ref() == r.Ref() }) {
			absent, is.Known = append(absent, "release "+r.Ref()), append(is.Known, r)
		}
	}
	var notes []model.Diagnostic
	if is.Catalog, notes, err = s.catalog(o.Mappings); err != nil {
		return is, nil, err
	}
	is.Notes = model.SortDiagnostics(slices.Concat(was.Notes, notes))
	if is.Procedures, err = s.proceduresBetween(is.From, is.To, was.Procedures...); err != nil {
		return is, nil, err
	}
	if is.System, err = current(a, s.lib, Systems, o.System, was.System.Name, was.System, &absent); err != nil {
		return is, nil, err
	}
	if is.Customizations, err = a.todaysCustomizations(s.lib, was, is.System.Name, o.Customizations, &absent); err != nil {
		return is, nil, err
	}
	is.Policy, err = current(a, s.lib, Policies, o.Policy, was.Policy.Name, was.Policy, &absent)
	slices.Sort(absent)
	return is, slices.Compact(absent), err
}

// todaysCustomizations are those that are given, else the library's of the system,
// else the plan's own.
func (a *App) todaysCustomizations(lib library, was planner.Input, system, given string, absent *[]string) (*model.Customizations, error) {
	now, err := a.customizationsOf(lib, given, system)
	if err != nil || now != nil || given != "" || was.Customizations == nil || was.Customizations.Name != system {
		return now, err
	}
	*absent = append(*absent, string(Customizations)+" "+system)
	return was.Customizations, nil
}

// keptName is the name under which the catalogue has a release: what runs on a system
// is kept beside the release that it claims to be.
func keptName(r model.Release) string {
	if r.Running != nil && r.Running.Name != "" {
		return r.Running.Name
	}
	return r.Ref()
}

// current is the document that is given, else the library's of the plan's name,
// else the plan's own.
func current[T any](a *App, lib library, kind Kind, given, name string, own T, absent *[]string) (T, error) {
	if given != "" {
		return oneDocument[T](a, lib, kind, given)
	}
	names, err := lib.names(kind)
	if err != nil {
		return own, err
	}
	if !slices.Contains(names, name) {
		*absent = append(*absent, string(kind)+" "+name)
		return own, nil
	}
	return get[T](lib, kind, name)
}
