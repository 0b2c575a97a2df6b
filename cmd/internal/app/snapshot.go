package app

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/clean"
	"planewise/model/document"
	"planewise/model/snapshot"
	"planewise/model/snapshot/csm"
	"planewise/model/snapshot/diff"
	"planewise/model/snapshot/read"
	"planewise/model/store"
	"planewise/planner/impact"
)

// What the store keeps besides the documents that people write.
const (
	Snapshots Kind = "snapshot"
	Records   Kind = "record"
)

// SystemRelease is the name under which the release that runs on a system is kept.
const SystemRelease = "system:"

// profile says what a running system has of its own.
func profile() snapshot.Profile { return csm.Profile() }

// SystemImport is what a snapshot became.
type SystemImport struct {
	System   model.System       `json:"system"`
	Entry    Entry              `json:"entry"`
	Releases []RunningRelease   `json:"releases"`
	Sources  []snapshot.Source  `json:"sources"`
	Notes    []model.Diagnostic `json:"diagnostics"`
	// Snapshot is not part of what is printed: it has every machine.
	Snapshot snapshot.Snapshot `json:"-"`
}

// IsDocument says whether a file is a document of planewise's own of a kind.
func (a *App) IsDocument(kind Kind, file string) bool {
	return strings.Contains(string(a.Files.Head(file, 64<<10)), "planewise."+string(kind)+"/")
}

// ReadSnapshot reads exports: files, folders and archives; or a snapshot that was
// kept, as a file or in the store: NAME is the last one of a system, NAME~1 the one
// before.
func (a *App) ReadSnapshot(paths ...string) (snapshot.Snapshot, []model.Diagnostic, error) {
	if len(paths) == 1 {
		if a.IsDocument(Snapshots, paths[0]) {
			s, err := a.readKept(paths[0])
			return s, nil, err
		}
		if !a.Files.Exists(paths[0]) && !looksLikePath(paths[0]) {
			s, err := a.storedSnapshot(paths[0])
			return s, nil, err
		}
	}
	r := read.New(csm.Answers())
	for _, p := range paths {
		if err := a.readExport(r, p); err != nil {
			return snapshot.Snapshot{}, nil, err
		}
	}
	s, notes := r.Snapshot()
	return s, notes, nil
}

func (a *App) readExport(r *read.Reader, p string) error {
	err := a.readFiles(r, p)
	if ended := a.Files.Err(); ended != nil {
		return ended
	}
	return err
}

func (a *App) readFiles(r *read.Reader, p string) error {
	if a.Files.IsFolder(p) {
		folder, err := a.Files.Folder(p)
		if err != nil {
			return fmt.Errorf("read snapshot: %w", err)
		}
		defer folder.Close()
		return r.Tree(folder, ".")
	}
	in, err := a.Files.Open(p)
	if err != nil {
		return fmt.Errorf("read snapshot: %w", err)
	}
	defer in.Close()
	if read.IsArchive(p) {
		return r.Archive(filepath.Base(p), in)
	}
	var modified time.Time
	if info, err := in.Stat(); err == nil {
		modified = info.ModTime()
	}
	return r.File(filepath.Base(p), modified, in)
}

// maxSnapshot bounds a snapshot that was kept: 100,000 nodes have less.
const maxSnapshot = 512 << 20

func (a *App) readKept(file string) (snapshot.Snapshot, error) {
	data, err := a.Files.Read(file, maxSnapshot)
	if err != nil {
		return snapshot.Snapshot{}, fmt.Errorf("read snapshot: %w", err)
	}
	return decodeSnapshot(file, data)
}

func decodeSnapshot(name string, data []byte) (snapshot.Snapshot, error) {
	var s snapshot.Snapshot
	if err := json.Unmarshal(data, &s); err != nil || s.Format != snapshot.Format {
		return snapshot.Snapshot{}, fmt.Errorf("%s is no snapshot that this planewise can read; import the exports again", name)
	}
	return s, nil
}

// storedSnapshot is a snapshot of the store, by the system's name and how many
// imports ago it was.
func (a *App) storedSnapshot(ref string) (snapshot.Snapshot, error) {
	name, ago := ref, 0
	if before, after, ok := strings.Cut(ref, "~"); ok {
		n, err := strconv.Atoi(after)
		if err != nil || n < 0 {
			return snapshot.Snapshot{}, fmt.Errorf("%q is no snapshot: write NAME, or NAME~1 for the one before", ref)
		}
		name, ago = before, n
	}
	s, err := a.store()
	if err != nil {
		return snapshot.Snapshot{}, err
	}
	all, err := s.History(store.Snapshots, name)
	if err != nil || len(all) == 0 {
		return snapshot.Snapshot{}, fmt.Errorf("no snapshot %q: it is neither a file or folder, nor was a system of the name imported from exports", ref)
	}
	if ago >= len(all) {
		return snapshot.Snapshot{}, fmt.Errorf("no snapshot %q: the store has %d of %s", ref, len(all), name)
	}
	d, err := s.Get(store.Snapshots, all[ago].Digest)
	if err != nil {
		return snapshot.Snapshot{}, err
	}
	return decodeSnapshot(ref, d.Data)
}

// SnapshotName is the name of a system read from a path when none is given.
func SnapshotName(p string) string {
	abs, err := filepath.Abs(p)
	if err != nil {
		abs = p
	}
	base := path.Base(filepath.ToSlash(abs))
	for _, ext := range []string{".tar.gz", ".tgz", ".json", ".txt"} {
		base = strings.TrimSuffix(base, ext)
	}
	return clean.Text(base)
}

// ImportSnapshot keeps a snapshot as a system, and what runs on it as releases to plan
// from. What was known of a system of the name and no snapshot can show (batches,
// measured durations) stays.
func (a *App) ImportSnapshot(ctx context.Context, q SnapshotRequest) (SystemImport, error) {
	s, name, notes, err := a.takeSnapshot(ctx, q)
	if err != nil {
		return SystemImport{Notes: notes}, err
	}
	if !q.Taken.IsZero() {
		s.TakenAt = q.Taken.UTC().Format(time.RFC3339)
	}
	lib, err := a.open()
	if err != nil {
		return SystemImport{}, err
	}
	sys, more := s.System(name, a.before(lib, name), profile())
	ran, fit := s.Claimed(profile(), func(product, version string) (model.Release, bool) {
		r, err := get[model.Release](lib, Releases, product+"-"+version)
		return r, err == nil
	})
	releases, most := ran.Running(profile())
	claims, err := claimed(lib, releases)
	if err != nil {
		return SystemImport{}, err
	}
	releases, stray := s.Attribute(releases, claims, profile())
	out := SystemImport{System: sys, Sources: s.Sources, Snapshot: s, Notes: model.SortDiagnostics(slices.Concat(notes, more, most, fit, stray)), Releases: []RunningRelease{}}
	if len(sys.Nodes) == 0 {
		return out, fmt.Errorf("the exports and answers show no nodes, so that there is no system to keep; add kubectl get nodes -o json or the hardware inventory")
	}
	if err := a.checkSystem(lib, sys); err != nil {
		return out, err
	}
	doc, err := document.Canonical(sys)
	if err != nil {
		return out, err
	}
	if _, err := document.Decode[model.System](name, doc); err != nil {
		return out, err
	}
	if out.Entry, err = a.put(Systems, name, doc); err != nil {
		return out, err
	}
	if doc, err = document.Canonical(s); err != nil {
		return out, err
	}
	if _, err := a.put(Snapshots, name, doc); err != nil {
		return out, err
	}
	for _, r := range releases {
		if len(r.Components) == 0 {
			continue
		}
		running, err := a.keepRunning(claims, name, r, s)
		if err != nil {
			return out, err
		}
		out.Releases = append(out.Releases, running)
	}
	return out, nil
}

// before is the system that has the name now, nil for none. An example that the program
// carries is none: its nodes are not those of a site that happens to have its name.
func (a *App) before(lib library, name string) *model.System {
	entries, err := a.List(Systems)
	if err != nil || !slices.ContainsFunc(entries, func(e Entry) bool { return e.Name == name && e.Origin == string(store.User) }) {
		return nil
	}
	sys, err := get[model.System](lib, Systems, name)
	if err != nil {
		return nil
	}
	return &sys
}

// checkSystem refuses a system that no plan could be made for.
func (a *App) checkSystem(lib library, sys model.System) error {
	policy, err := oneDocument[model.Policy](a, lib, Policies, DemoRequest().Policy)
	if err != nil {
		return err
	}
	layers, err := a.layers(lib, nil)
	if err != nil {
		return err
	}
	c, _ := catalog.New(layers...)
	if _, diags := impact.New(c.Mapping(), sys, policy); model.HasBlocking(diags) {
		return blocked("system "+sys.Name, diags)
	}
	return nil
}

// SystemDiff is what changed between two snapshots, and with a plan, whether that
// was what it had said.
type SystemDiff struct {
	diff.Result
	Checked *diff.Checked `json:"checked,omitempty"`
}

// DiffSnapshots compares two snapshots: exports, or snapshots kept as files. Plan is
// a plan file, "" for none; bundles are keys or labels in it, none for all.
func (a *App) DiffSnapshots(before, after, plan string, bundles []string) (SystemDiff, []model.Diagnostic, error) {
	s1, n1, err := a.ReadSnapshot(before)
	if err != nil {
		return SystemDiff{}, nil, err
	}
	s2, n2, err := a.ReadSnapshot(after)
	if err != nil {
		return SystemDiff{}, nil, err
	}
	planes, err := a.planes()
	if err != nil {
		return SystemDiff{}, nil, err
	}
	out := SystemDiff{Result: diff.Between(s1, s2, planes)}
	notes := slices.DeleteFunc(slices.Concat(n1, n2), func(d model.Diagnostic) bool { return d.Severity == model.Info })
	if plan == "" {
		return out, model.SortDiagnostics(notes), nil
	}
	p, err := a.LoadPlan(plan)
	if err != nil {
		return out, nil, err
	}
	keys, err := bundleKeys(p, bundles)
	if err != nil {
		return out, nil, err
	}
	checked := diff.Check(p, keys, s2, out.Result, planes)
	out.Checked = &checked
	return out, model.SortDiagnostics(notes), nil
}

// bundleKeys finds bundles by label or key; nil for all of a plan.
func bundleKeys(p model.Plan, names []string) ([]model.ActionID, error) {
	var keys []model.ActionID
	for _, name := range names {
		at := slices.IndexFunc(p.Bundles, func(b model.Bundle) bool { return strings.EqualFold(b.Label, name) || string(b.Key) == name })
		if at < 0 {
			var labels []string
			for _, b := range p.Bundles {
				labels = append(labels, b.Label)
			}
			return nil, fmt.Errorf("the plan has no bundle %q; it has %s", name, strings.Join(labels, ", "))
		}
		keys = append(keys, p.Bundles[at].Key)
	}
	return keys, nil
}

// planes answers from the mapping to which planes things belong.
func (a *App) planes() (diff.Planes, error) {
	lib, err := a.open()
	if err != nil {
		return diff.Planes{}, err
	}
	layers, err := a.layers(lib, nil)
	if err != nil {
		return diff.Planes{}, err
	}
	c, _ := catalog.New(layers...)
	return diff.Planes{
		Profile: profile(),
		Component: func(id model.ComponentID, version string) []model.PlaneID {
			if m, ok := c.Lookup(componentOf(id, version)); ok {
				return m.Rule.Planes
			}
			return nil
		},
		Role: csm.RolePlanes,
		Ceph: []model.PlaneID{"storage"},
	}, nil
}

// componentOf makes the component that an id names.
func componentOf(id model.ComponentID, version string) model.Component {
	kind, rest, _ := strings.Cut(string(id), ":")
	c := model.Component{Kind: model.Kind(kind), Name: rest, Version: version}
	switch c.Kind {
	case model.KindChart:
		if ns, name, ok := strings.Cut(rest, "/"); ok {
			c.Namespace, c.Name = ns, name
		}
	case model.KindNodeImage, model.KindKernel:
		c.Name = "kernel"
		c.Role, c.Arch, _ = strings.Cut(rest, ".")
	}
	return c
}
