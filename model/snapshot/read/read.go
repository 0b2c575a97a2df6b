// Package read makes a snapshot from what a system's commands print: files, folders
// and archives of them, in any order, recognised by their content.
//
// # What is recognised
//
//   - kubectl get nodes,deploy,sts,ds,pods,pdb,pvc,cronjobs,postgresql -A -o json:
//     lists and single objects, also several kinds in one list
//   - helm list -A -o json
//   - ceph status, health detail, versions, osd tree, osd dump, osd pool ls detail,
//     osd crush rule dump, fs status, mds stat, orch ls, orch ps, orch host ls, all
//     with -f json; other answers of ceph are recognised and not used
//   - what the services of one kind of system answer, and the ConfigMaps in which it
//     keeps what was installed: a value of type Own says which and how
//
// # How it is read
//
// Lists are read element by element, so that memory does not grow with a file: an
// element is decoded into the few fields that are of use, and forgotten. One
// element, or what an object holds beside its lists, has at most 64 MiB.
//
// A file that is damaged or of an unknown kind does not stop the others: what it
// held before the damage is kept, it is marked partial, and a diagnostic says what
// is wrong. Archives and compressed files are known by their content too. Values of Secrets and settings are never kept, not even for a message.
package read

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/snapshot"
)

// Reader collects exports. The zero value is not usable; see New.
type Reader struct {
	notes   snapshot.Notes
	own     Own
	state   *state
	sources []snapshot.Source
	latest  time.Time
	limits  limits
	secrets int
	files   int
	nested  int // archives that are open
}

// limits bound what is read.
type limits struct {
	file    int64 // bytes of one file, decompressed
	element int64 // bytes of one element of a list
	files   int
	depth   int // of folders
	// ratio of unpacked to packed bytes of an archive once floor bytes are read:
	// JSON reaches about 30, the format ends at 1032.
	ratio, floor int64
}

// New is a Reader without anything read, of a system that answers what own says too.
func New(own Own) *Reader {
	return &Reader{own: own, state: newState(), limits: limits{
		file: 16 << 30, element: 64 << 20, files: 100_000, depth: 32, ratio: 200, floor: 64 << 20,
	}}
}

// File reads one file. Modified is its time, zero where it is not known. The error
// is one of reading; what is wrong with the content goes into the diagnostics.
func (r *Reader) File(name string, modified time.Time, in io.Reader) error {
	if r.files++; r.files > r.limits.files {
		return fmt.Errorf("%s: more than %d files; give only those of one system", name, r.limits.files)
	}
	buffered := bufio.NewReaderSize(in, 64<<10)
	if is, err := r.packed(name, modified, buffered); is {
		return err
	}
	in = buffered
	if modified.After(r.latest) {
		r.latest = modified
	}
	f := &file{Reader: r, name: name, kinds: map[string]bool{}}
	err := f.read(in)
	if err != nil {
		f.broken(err)
	}
	r.sources = append(r.sources, f.source())
	if ioErr := (*inputError)(nil); errors.As(err, &ioErr) {
		return fmt.Errorf("read %s: %w", name, ioErr.error)
	}
	return nil
}

// Missing notes that an answer could not be had, or not to its end: what is read is
// then partial. Nothing is made up in its place.
func (r *Reader) Missing(name string, why model.Diagnostic) {
	r.notes.Take(why)
	for i := range r.sources {
		if r.sources[i].Name == clean.Text(name) {
			r.sources[i].Partial = true
			return
		}
	}
	r.sources = append(r.sources, snapshot.Source{Name: clean.Text(name), Kinds: []string{}, Partial: true})
}

// Tree reads all files below a folder of a file system, or the one file root names.
// Hidden files are left out; links and what lies too deep are too, and that is said.
func (r *Reader) Tree(fsys fs.FS, root string) error {
	return fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		base := path.Base(name)
		hidden := name != root && strings.HasPrefix(base, ".")
		switch {
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir() && strings.Count(name, "/") > r.limits.depth:
			r.passOver(name, "the folder lies too deep")
			return fs.SkipDir
		case d.IsDir(), hidden:
			return nil
		case d.Type()&fs.ModeSymlink != 0 && name != root:
			r.passOver(name, "it is a link, which may lead anywhere")
			return nil
		case !d.Type().IsRegular() && name != root:
			r.passOver(name, "it is a pipe, a socket or a device")
			return nil
		}
		return r.open(fsys, name)
	})
}

// passOver says that something may hold an answer and was not read.
func (r *Reader) passOver(name, why string) {
	r.Missing(name, model.Diagnostic{Severity: model.Warning, Code: "not-read", Subject: clean.Text(name), Summary: why + ", so that it was not read", Hint: "copy what it holds into the folder, or give it by itself"})
}

func (r *Reader) open(fsys fs.FS, name string) error {
	in, err := fsys.Open(name)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return r.File(name, info.ModTime(), in)
}

// Snapshot is what all that was read says, and what is remarkable about it. It ends
// the reading: call it once.
func (r *Reader) Snapshot() (snapshot.Snapshot, []model.Diagnostic) {
	s := r.state.finish(&r.notes, r.own.Inventory)
	s.Format = snapshot.Format
	s.Sources = sortedSources(r.sources)
	for _, src := range s.Sources {
		s.Partial = s.Partial || src.Partial
	}
	if !r.latest.IsZero() {
		s.TakenAt = r.latest.UTC().Truncate(time.Second).Format(time.RFC3339)
	}
	if r.secrets > 0 {
		r.notes.Add(model.Info, "secrets-dropped", "snapshot", "leave Secrets out of the export", "%d Secrets were in the files; nothing of them was kept", r.secrets)
	}
	if !slices.ContainsFunc(s.Sources, answers) {
		r.notes.Add(model.Warning, "empty-snapshot", "snapshot", "give a folder, an archive or files with what the system's commands print",
			"of %d files none holds what a command of the system prints: nothing of it was seen", len(s.Sources))
	}
	return s, r.notes.Sorted()
}

// answers reports whether a source holds, or should have held, the answer to a command.
func answers(src snapshot.Source) bool {
	return src.Partial || slices.ContainsFunc(src.Kinds, func(k string) bool { return k != snapshot.KindOther })
}
