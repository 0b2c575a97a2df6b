package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/version"
	"planewise/planner"
	"planewise/planner/compare"
)

// Comparison says what to compare. One of To, Systems and Policies may have
// several elements; the others have one.
type Comparison struct {
	Request
	Targets  []string
	Systems  []string
	Policies []string
	// Via are paths to the one target, each a list of REL arguments.
	Via [][]string
	// Dates of releases by name, for a cadence; they beat those of the catalogue.
	Dates map[string]string
}

// with is the request for one option.
func (c Comparison) with(to, system, policy string) Request {
	q := c.Request
	q.To, q.System, q.Policy = to, system, policy
	return q
}

// ComparePlans compares plan files, or plans of the store. Of two, it also says
// what the second changes for each bundle of the first.
func (a *App) ComparePlans(refs []string) (compare.Report, error) {
	var options []compare.Option
	names := map[string]int{}
	for _, ref := range refs {
		names[filepath.Base(ref)]++
	}
	for _, ref := range refs {
		p, err := a.LoadPlan(ref)
		if err != nil {
			return compare.Report{}, err
		}
		name := filepath.Base(ref)
		if names[name] > 1 {
			name = ref
		}
		options = append(options, compare.Option{Name: name, Steps: []model.Plan{p}})
	}
	r, err := compare.Of("plans", options)
	if err == nil && len(options) == 2 {
		d := compare.Plans(options[0].Steps[0], options[1].Steps[0])
		r.Bundles = &d
	}
	return r, err
}

// Compare compares targets, systems or policies.
func (a *App) Compare(ctx context.Context, c Comparison) (compare.Report, error) {
	lib, err := a.open()
	if err != nil {
		return compare.Report{}, err
	}
	s := newShelf(a, lib)
	var options []compare.Option
	what := "targets"
	for _, to := range c.Targets {
		for _, system := range c.Systems {
			for _, policy := range c.Policies {
				in, err := s.gather(ctx, c.with(to, system, policy))
				if err != nil {
					return compare.Report{}, err
				}
				o := compare.Option{Name: joined(in.To), Steps: []model.Plan{planner.Build(in)}}
				switch {
				case len(c.Systems) > 1:
					what, o.Name = "systems", in.System.Name
				case len(c.Policies) > 1:
					what, o.Name = "policies", in.Policy.Name
				}
				options = append(options, o)
			}
		}
	}
	return compare.Of(what, options)
}

// joined names a set as it is written on a command line.
func joined(set []model.Release) string {
	var out []string
	for _, r := range set {
		out = append(out, r.Ref())
	}
	return strings.Join(out, "+")
}

// one is the request of a comparison with one target.
func (c Comparison) one() Request { return c.with(c.Targets[0], c.Systems[0], c.Policies[0]) }

// Decouple says what a separately released cluster of one plane would save.
func (a *App) Decouple(ctx context.Context, c Comparison, plane string) (compare.Decoupled, error) {
	lib, err := a.open()
	if err != nil {
		return compare.Decoupled{}, err
	}
	in, err := newShelf(a, lib).gather(ctx, c.one())
	if err != nil {
		return compare.Decoupled{}, err
	}
	return compare.Decouple(in, model.PlaneID(plane))
}

// roads are the steps of a product between releases of the catalogue.
func (s *shelf) roads(product string) (compare.Roads, error) {
	names, err := s.lib.names(Releases)
	if err != nil {
		return compare.Roads{}, err
	}
	procedures, err := s.allProcedures()
	r := compare.Roads{Product: product, Procedures: procedures}
	for _, n := range names {
		v, ok := strings.CutPrefix(n, product+"-")
		if _, _, _, isVersion := version.Core(v); ok && isVersion {
			r.Versions = append(r.Versions, v)
		}
	}
	return r, err
}

// Ways compares one jump with the paths that were asked for and with the fewest
// steps that the procedures allow.
func (a *App) Ways(ctx context.Context, c Comparison) (compare.Report, error) {
	lib, err := a.open()
	if err != nil {
		return compare.Report{}, err
	}
	w := &ways{shelf: newShelf(a, lib), q: c.one(), ctx: ctx}
	if w.from, err = w.shelf.set(ctx, w.q.From); err != nil {
		return compare.Report{}, err
	}
	if w.to, err = w.shelf.set(ctx, w.q.To); err != nil {
		return compare.Report{}, err
	}
	jump, err := w.option("one jump", []set{w.from, w.to}, nil)
	if err != nil {
		return compare.Report{}, err
	}
	options := []compare.Option{jump}
	for _, via := range append([][]string{nil}, c.Via...) {
		o, err := w.by(via)
		if err != nil {
			return compare.Report{}, err
		}
		if !slices.ContainsFunc(options, func(x compare.Option) bool { return x.Name == o.Name || samePath(x, o) }) {
			options = append(options, o)
		}
	}
	if len(options) < compare.MinOptions {
		return compare.Report{}, fmt.Errorf("%s to %s is one allowed step: there is nothing to compare it with; name a path with --via", joined(w.from.releases), joined(w.to.releases))
	}
	return compare.Of("ways", options)
}

func samePath(x, y compare.Option) bool {
	return slices.EqualFunc(x.Steps, y.Steps, func(p, q model.Plan) bool {
		return slices.Equal(p.From, q.From) && slices.Equal(p.To, q.To)
	})
}

type ways struct {
	shelf    *shelf
	q        Request
	ctx      context.Context
	from, to set
}

// by is the way over the given releases, completed where no procedure allows a
// step of it.
func (w *ways) by(via []string) (compare.Option, error) {
	stops := []set{w.from}
	for _, ref := range via {
		s, err := w.stop(ref)
		if err != nil {
			return compare.Option{}, err
		}
		stops = append(stops, s)
	}
	stops = append(stops, w.to)
	paths, breaks, err := w.paths(stops)
	if err != nil {
		return compare.Option{}, err
	}
	sets, err := w.sets(stops, paths)
	if err != nil {
		return compare.Option{}, err
	}
	name := "one jump"
	if len(sets) > 2 {
		var between []string
		for i, s := range sets[1 : len(sets)-1] {
			between = append(between, changed(sets[i].releases, s.releases))
		}
		name = "by " + strings.Join(between, ", ")
	}
	return w.option(name, sets, breaks)
}

// stop is a set on the way. People say "by 1.4": a bare line is its last release
// in the catalogue, of the one product that has it.
func (w *ways) stop(ref string) (set, error) {
	s, err := w.shelf.set(w.ctx, ref)
	if err == nil || !bareLine(ref) {
		return s, err
	}
	var found []string
	for _, f := range w.from.releases {
		roads, roadsErr := w.shelf.roads(f.Product)
		if roadsErr != nil {
			return s, roadsErr
		}
		inLine := slices.DeleteFunc(roads.Versions, func(v string) bool { return !strings.HasPrefix(v, ref+".") })
		if last, ok := version.Highest(model.KindOther, inLine); ok {
			found = append(found, f.Product+"-"+last)
		}
	}
	if len(found) != 1 {
		return s, err
	}
	w.shelf.app.Note("%s on the way is taken as %s", ref, found[0])
	return w.shelf.set(w.ctx, found[0])
}

// bareLine: two numbers, such as 1.4.
func bareLine(ref string) bool {
	major, minor, ok := strings.Cut(ref, ".")
	return ok && digits(major) && digits(minor)
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// changed names the releases of a set that were not in the one before.
func changed(before, now []model.Release) string {
	var out []string
	for _, r := range now {
		if !slices.ContainsFunc(before, func(b model.Release) bool { return b.Ref() == r.Ref() }) {
			out = append(out, r.Version)
		}
	}
	return strings.Join(out, "+")
}

// paths are the versions of each product of both ends, completed.
func (w *ways) paths(stops []set) (map[string][]string, []compare.Break, error) {
	paths := map[string][]string{}
	var breaks []compare.Break
	for _, f := range w.from.releases {
		if releaseOf(w.to.releases, f.Product) == nil {
			continue
		}
		var path []string
		for _, s := range stops {
			if r := releaseOf(s.releases, f.Product); r != nil && !slices.Contains(path, r.Version) {
				path = append(path, r.Version)
			}
		}
		roads, err := w.shelf.roads(f.Product)
		if err != nil {
			return nil, nil, err
		}
		whole, b := roads.Complete(path)
		paths[f.Product], breaks = whole, append(breaks, b...)
	}
	return paths, breaks, nil
}

func releaseOf(set []model.Release, product string) *model.Release {
	for i := range set {
		if set[i].Product == product {
			return &set[i]
		}
	}
	return nil
}

// sets are the states on the way. A product with fewer steps than the longest
// path waits for the last ones; one that is on one end only comes, or goes, at
// the end.
func (w *ways) sets(stops []set, paths map[string][]string) ([]set, error) {
	longest := 2
	for _, p := range paths {
		longest = max(longest, len(p))
	}
	sets := []set{w.from}
	for i := 1; i < longest-1; i++ {
		var s set
		for _, f := range w.from.releases {
			path := paths[f.Product]
			if path == nil {
				path = []string{f.Version}
			}
			v := path[min(max(0, i-(longest-len(path))), len(path)-1)]
			r, err := w.find(stops, f.Product, v)
			if err != nil {
				return nil, err
			}
			s.releases = append(s.releases, r)
		}
		sets = append(sets, s)
	}
	return append(sets, w.to), nil
}

// find takes a release from the stops, which may be files, else from the catalogue.
func (w *ways) find(stops []set, product, v string) (model.Release, error) {
	for _, s := range stops {
		if r := releaseOf(s.releases, product); r != nil && r.Version == v {
			return *r, nil
		}
	}
	return w.shelf.release(product + "-" + v)
}

func (w *ways) option(name string, sets []set, breaks []compare.Break) (compare.Option, error) {
	o := compare.Option{Name: name}
	for _, b := range breaks {
		o.Notes = append(o.Notes, b.Says())
	}
	for i := 1; i < len(sets); i++ {
		in, err := w.shelf.between(sets[i-1], sets[i], w.q)
		if err != nil {
			return o, err
		}
		o.Steps = append(o.Steps, planner.Build(in))
	}
	return o, nil
}

// Cadence compares how often the releases between two points can be taken.
func (a *App) Cadence(ctx context.Context, c Comparison) (compare.Cadence, error) {
	lib, err := a.open()
	if err != nil {
		return compare.Cadence{}, err
	}
	s, q := newShelf(a, lib), c.one()
	releases, roads, err := s.line(ctx, q)
	if err != nil {
		return compare.Cadence{}, err
	}
	if releases, err = redated(releases, c.Dates); err != nil {
		return compare.Cadence{}, err
	}
	return compare.Cadences(releases, roads, func(from, to model.Release) (model.Plan, error) {
		in, err := s.between(set{releases: []model.Release{from}}, set{releases: []model.Release{to}}, q)
		if err != nil {
			return model.Plan{}, err
		}
		return planner.Build(in), nil
	})
}

// line are the releases of one product from one point to another.
func (s *shelf) line(ctx context.Context, q Request) ([]model.Release, compare.Roads, error) {
	from, err := s.set(ctx, q.From)
	if err != nil {
		return nil, compare.Roads{}, err
	}
	to, err := s.set(ctx, q.To)
	if err != nil {
		return nil, compare.Roads{}, err
	}
	if len(from.releases) != 1 || len(to.releases) != 1 || from.releases[0].Product != to.releases[0].Product {
		return nil, compare.Roads{}, errors.New("a cadence is that of one product: give --from and --to one release of it each")
	}
	first, last := from.releases[0], to.releases[0]
	releases, err := s.knownBetween(from.releases, to.releases)
	if err != nil {
		return nil, compare.Roads{}, err
	}
	releases = slices.Concat([]model.Release{first}, releases)
	if first.Version != last.Version {
		releases = append(releases, last)
	}
	procedures, err := s.allProcedures()
	roads := compare.Roads{Product: first.Product, Procedures: procedures}
	for _, r := range releases {
		roads.Versions = append(roads.Versions, r.Version)
	}
	return releases, roads, err
}

// redated gives releases the dates of the user. A name that no release has is an
// error: the date would be lost silently.
func redated(releases []model.Release, dates map[string]string) ([]model.Release, error) {
	releases = slices.Clone(releases)
	var names []string
	left := maps.Clone(dates)
	for i, r := range releases {
		names = append(names, r.Ref())
		for _, name := range []string{r.Ref(), r.Version} {
			if day, ok := dates[name]; ok {
				releases[i].Date = day
				delete(left, name)
			}
		}
	}
	if len(left) > 0 {
		return nil, fmt.Errorf("--date names %s, which is not between the two points: they have %s", strings.Join(slices.Sorted(maps.Keys(left)), ", "), strings.Join(names, ", "))
	}
	return releases, nil
}
