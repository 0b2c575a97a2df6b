// Package ingest reads releases: folders and archives laid out as a vendor
// lays out releases, and planewise's own neutral document, in which any product can be
// written.
//
// Everything that was read is checked here, once: what leaves this package is a
// model.Release whose components are in the order of the release, with distinct
// ids. It does not hold the path it was read from, so that a copy of a tree is
// the same release.
//
// # The neutral document
//
// A file called release.yaml, or any other file given by name, YAML or JSON:
//
//	format: planewise.release/1
//	product: login
//	version: 2.7.0
//	date: 2024-05-31                # optional
//	manifests:                      # optional: lists of charts in the order they ship
//	  - {name: login, deployed: true}
//	components:
//	  - {kind: chart, name: login, namespace: services, version: 1.3.0, manifest: login}
//	  - {kind: node-image, name: login, role: login, arch: x86_64, version: 2.7.0}
//	  - {kind: kernel, name: kernel, role: login, arch: x86_64, version: 5.14.21-150500.55.39-default}
//	  - {kind: rpm, name: acpid, arch: x86_64, version: 2.0.31-2.1, folders: [noos]}
//	  - {kind: image, name: coredns, version: v1.8.4, versions: [v1.8.0, v1.8.4], registries: [k8s.gcr.io]}
//	undeploys:                      # optional: charts the release's own script removes
//	  - {namespace: services, name: old, before: login}
//	hooks:                          # optional: scripts a deployment engine runs
//	  - {stage: deploy_product, when: on-exit, script: hooks/deploy-product-onexit.sh}
//
// Versions are read by their text and need no quotes. What a field means stands
// at model.Component. The settings of a chart (values) are either a mapping or the
// canonical JSON text of one; WriteNeutral writes the latter.
package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"planewise/model"
	"planewise/model/file"
	"planewise/model/ingest/csm"
	"planewise/model/yamldoc"
)

// NeutralName is the name of a neutral document in a folder.
const NeutralName = "release.yaml"

// Read reads the release at path: a folder, an archive (.tar.gz, .tgz) or a neutral
// document.
func Read(path string) (model.Release, []model.Diagnostic, error) {
	return ReadWith(nil, path, nil)
}

// ReadWith is Read by a Reader of files, which may end it. Of archives, which may have
// tens of gigabytes, watch is told how many bytes are read, and of how many (0 is not
// known).
func ReadWith(files *file.Reader, path string, watch func(done, total int64)) (model.Release, []model.Diagnostic, error) {
	r, diags, err := read(files, path, watch)
	if ended := files.Err(); err != nil && ended != nil {
		return model.Release{}, nil, fmt.Errorf("%s: %w", path, ended)
	}
	return r, diags, err
}

func read(files *file.Reader, path string, watch func(done, total int64)) (model.Release, []model.Diagnostic, error) {
	if files.IsFolder(path) {
		return readFolder(files, path)
	}
	in, err := files.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return model.Release{}, nil, fmt.Errorf("%s: no such file or folder; give a release's folder, its .tar.gz, a %s, or the name of a known release", path, NeutralName)
	case errors.As(err, new(*fs.PathError)):
		return model.Release{}, nil, fmt.Errorf("%s: cannot be read: %w", path, reason(err))
	case err != nil:
		return model.Release{}, nil, err
	}
	defer in.Close()
	return readFile(path, in, watch)
}

// readFile reads an archive or a neutral document; the first bytes tell which.
func readFile(path string, in *file.File, watch func(done, total int64)) (model.Release, []model.Diagnostic, error) {
	var whole io.Reader = in
	if watch != nil {
		total := int64(0)
		if info, err := in.Stat(); err == nil {
			total = info.Size()
		}
		whole = &counter{r: in, told: func(n int64) { watch(n, total) }}
	}
	r := bufio.NewReaderSize(whole, 1<<16)
	start, _ := r.Peek(len(gzipMagic))
	if bytes.Equal(start, gzipMagic) || isArchiveName(path) {
		return readArchive(filepath.ToSlash(path), r, defaultLimits)
	}
	data, err := limited(path, r)
	if err != nil {
		return model.Release{}, nil, err
	}
	return ReadNeutral(filepath.ToSlash(path), data)
}

var gzipMagic = []byte{0x1f, 0x8b}

// otherArchives are the first bytes of what people might give instead.
var otherArchives = map[string]string{
	"PK\x03\x04": "zip", "\xfd7zXZ\x00": "xz", "\x28\xb5\x2f\xfd": "zstd", "BZh": "bzip2",
}

// otherArchive says what an archive is that is not read; nil for whatever is none.
func otherArchive(start []byte) error {
	for magic, format := range otherArchives {
		if bytes.HasPrefix(start, []byte(magic)) {
			return fmt.Errorf("a %s archive; only .tar.gz is read, so unpack it and give the folder", format)
		}
	}
	if len(start) > 262 && string(start[257:262]) == "ustar" {
		return errors.New("a tar archive that is not compressed; give it as .tar.gz, or unpack it and give the folder")
	}
	return nil
}

// limited reads a neutral document.
func limited(name string, r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, yamldoc.DefaultMaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read: %w", name, reason(err))
	}
	if err := otherArchive(data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > yamldoc.DefaultMaxBytes {
		return nil, fmt.Errorf("%s: the file has more than the %d MiB that are read of a release document; check that this is the right file", name, yamldoc.DefaultMaxBytes>>20)
	}
	return data, nil
}

// reason is the cause of a path error, without the path it repeats.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func readFolder(files *file.Reader, path string) (model.Release, []model.Diagnostic, error) {
	folder, err := files.Folder(path)
	if err != nil {
		return model.Release{}, nil, fmt.Errorf("%s: cannot be read: %w", path, reason(err))
	}
	defer folder.Close()
	if _, err := folder.Stat(NeutralName); err == nil {
		return read(files, filepath.Join(path, NeutralName), nil)
	}
	tree, err := csm.Collect(folder)
	if err != nil {
		return model.Release{}, nil, csm.Located(path, err)
	}
	if !tree.IsRelease() {
		return model.Release{}, nil, csm.Located(path, notARelease(folder))
	}
	base := path
	if abs, err := filepath.Abs(path); err == nil {
		base = abs
	}
	return csm.Reader{Known: embedded}.Parse(tree, filepath.ToSlash(path), filepath.Base(base))
}

// notARelease explains what a folder lacks, and names a release that lies in it.
func notARelease(folder fs.FS) error {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if info, err := fs.Stat(folder, e.Name()+"/manifests"); e.IsDir() && err == nil && info.IsDir() {
			return fmt.Errorf("%w; the folder %q in it may be what is meant", csm.ErrNotARelease, e.Name())
		}
	}
	return csm.ErrNotARelease
}
