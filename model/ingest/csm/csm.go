// Package csm reads the release trees of Cray System Management, and of other
// products that are laid out alike, as they stand in git and as they are shipped.
//
// What is read, and what becomes of it:
//
//	manifests/*.yaml            charts with namespace, version, values and timeout
//	upgrade.sh                  the order of the manifests, and the charts it removes
//	docker/index.yaml           container images; from them Kubernetes and Ceph
//	rpm/**/index.yaml           packages with the folders they stand in
//	assets.sh                   node images and kernels per role and arch
//	iuf-product-manifest.yaml   product name, hooks
//	lib/version.sh              product name and version, in shipped trees
//	helm/index.yaml             charts, only in trees without manifests
//
// A shipped tree has no docker/index.yaml, rpm/**/index.yaml and assets.sh; it has
// the things themselves. There the names of the files under images/, rpm/ and
// docker/ tell the same, except for rpm/embedded, which mirrors what the node
// images hold and is not read.
//
// Scripts are read as text and never run; see package shtext.
//
// # Which version is it?
//
// A tree in git does not say its version (the product manifest of every 1.6
// candidate says 1.6.0). The first of these that is known is used, so that a copy
// of a tree under another name is the same release wherever that can be told:
//
//  1. lib/version.sh, which the vendor writes when a release is shipped
//  2. the product version in the values of csm-config, written at the same time
//  3. the name of the folder or archive: csm-1.5.2, v1.5.2, 1.6.0-rc.3
//  4. a release that is already known and has exactly the same content
//  5. iuf-product-manifest.yaml, with a warning
//  6. a known release with the same node images and almost the same charts, with
//     a warning
//
// Otherwise the version is "unknown", with a warning that says how to name it.
package csm

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/yamldoc"
)

// Bounds of a tree. A shipped CSM release has about 5,000 packages.
const (
	MaxFileBytes = yamldoc.DefaultMaxBytes
	MaxKeptBytes = 256 << 20
	MaxFiles     = 200_000
)

// Tree is what of a release tree is needed: the content of some files, and the
// mere names of others. Paths are relative to the tree, with slashes.
type Tree struct {
	Files map[string][]byte
	Names []string
}

// Add notes a name.
func (t *Tree) Add(name string) { t.Names = append(t.Names, name) }

// folders are those of a tree that hold something to read.
var folders = []string{"manifests", "docker", "rpm", "images", "helm", "lib"}

// IsFolder reports whether a tree has a top-level folder of this name.
func IsFolder(name string) bool { return slices.Contains(folders, name) }

// Wanted reports whether a file's content is needed, or its name alone.
func Wanted(name string) (content, nameOnly bool) {
	switch name {
	case "assets.sh", "upgrade.sh", "docker/index.yaml", "helm/index.yaml", "iuf-product-manifest.yaml", "lib/version.sh":
		return true, false
	}
	dir, base := path.Split(name)
	switch {
	case strings.HasPrefix(base, "."): // left by editors and other systems
		return false, false
	case dir == "manifests/":
		return strings.HasSuffix(base, ".yaml") || strings.HasSuffix(base, ".yml"), false
	case strings.HasPrefix(dir, "rpm/"):
		return base == "index.yaml", strings.HasSuffix(base, ".rpm")
	case strings.HasPrefix(dir, "docker/"):
		return false, base == "manifest.json"
	case dir == "" || strings.HasPrefix(dir, "images/"):
		return false, isNodeAsset(base)
	}
	return false, false
}

// Collect takes from a file system what Wanted names.
func Collect(fsys fs.FS) (Tree, error) {
	c := collector{fsys: fsys, tree: Tree{Files: map[string][]byte{}}}
	if err := fs.WalkDir(fsys, ".", c.visit); err != nil {
		return Tree{}, err
	}
	return c.tree, nil
}

type collector struct {
	fsys fs.FS
	tree Tree
	seen int
	kept int
	link string // to the folder that is being read, "" for none
}

func (c *collector) visit(name string, d fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	if c.seen++; c.seen > MaxFiles {
		return fmt.Errorf("the folder holds more than %d files; give the folder of one release", MaxFiles)
	}
	if d.IsDir() {
		if name != "." && !entered(name) {
			return fs.SkipDir
		}
		return nil
	}
	content, nameOnly := Wanted(name)
	if d.Type()&fs.ModeSymlink != 0 && !content && !nameOnly && entered(name) {
		return c.linked(name)
	}
	if nameOnly {
		c.tree.Add(name)
	}
	if !content {
		return nil
	}
	data, err := readFile(c.fsys, name)
	if c.kept += len(data); err == nil && c.kept > MaxKeptBytes {
		err = fmt.Errorf("the lists of the release have more than %d MiB; give the folder of one release", MaxKeptBytes>>20)
	}
	c.tree.Files[name] = data
	return err
}

// entered reports whether a folder of this name holds something that is read.
func entered(name string) bool {
	top, _, nested := strings.Cut(name, "/")
	return IsFolder(top) && !(nested && (top == "manifests" || top == "helm" || top == "lib"))
}

// linked reads a folder through a link to it, one link deep: a release may have one
// folder under two names, and links may go round in circles. What it leads to and
// cannot be read is an error, since the release would be taken for a smaller one.
func (c *collector) linked(name string) error {
	info, err := fs.Stat(c.fsys, name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return nil // a file whose name means nothing
	}
	if c.link != "" {
		return yamldoc.Errorf(name, 0, "a link to a folder, reached through another link (%s); replace one of them by the folder itself", c.link)
	}
	c.link = name
	defer func() { c.link = "" }()
	return fs.WalkDir(c.fsys, name, c.visit)
}

// readFile reads a regular file. It looks before it opens: opening a pipe could
// wait for ever.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, yamldoc.Errorf(name, 0, "not a regular file; replace it by the file itself")
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
	if err == nil && len(data) > MaxFileBytes {
		err = yamldoc.Errorf(name, 0, "the file has more than the %d MiB that are read; check that this is the right file", MaxFileBytes>>20)
	}
	return data, err
}

// Reader reads trees. Known, if set, lists the releases a tree without a version
// may be compared with; it is asked only then.
type Reader struct {
	Known func() ([]model.Release, error)
}

// Read reads a tree from a file system. Name is the path of the folder as the
// user gave it: its last element may hold the version, and errors begin with it.
func Read(fsys fs.FS, name string) (model.Release, []model.Diagnostic, error) {
	return Reader{}.Read(fsys, name)
}

// Read reads a tree from a file system; see the function Read.
func (r Reader) Read(fsys fs.FS, name string) (model.Release, []model.Diagnostic, error) {
	t, err := Collect(fsys)
	if err != nil {
		return model.Release{}, nil, Located(name, err)
	}
	return r.Parse(t, name, path.Base(name))
}

// Parse makes a release of a tree. Name stands in errors; names are what the
// folder or archive is called, best first.
func (r Reader) Parse(t Tree, name string, names ...string) (model.Release, []model.Diagnostic, error) {
	p := parser{tree: t, paths: sortedPaths(t.Files)}
	slices.Sort(p.tree.Names)
	if err := p.parse(); err != nil {
		return model.Release{}, nil, Located(name, err)
	}
	if err := p.identify(r.Known, names); err != nil {
		return model.Release{}, nil, Located(name, err)
	}
	return p.release, p.finished(), nil
}

// Located puts the tree's name before an error about a file in it.
func Located(name string, err error) error {
	name = strings.TrimSuffix(name, "/")
	var e *yamldoc.Error
	if errors.As(err, &e) {
		return &yamldoc.Error{File: name + "/" + e.File, Line: e.Line, Text: e.Text}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s/%s: cannot be read: %w; a link must not lead out of the release", name, p.Path, p.Err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

func sortedPaths(files map[string][]byte) []string {
	paths := make([]string, 0, len(files))
	for p := range files {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}
