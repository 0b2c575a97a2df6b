package ingest

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"planewise/model"
	"planewise/model/ingest/csm"
)

// limits bound what is read of an archive. Nothing is ever unpacked: the few
// files that are needed are kept in memory, the others are skipped.
type limits struct {
	total   int64 // bytes after decompression
	entry   int64 // bytes one entry may claim
	kept    int64 // bytes of all files that are kept
	entries int
	// ratio of bytes after decompression to bytes before, once floor bytes are
	// read; text reaches 10, the format ends at 1032.
	ratio, floor int64
}

// defaultLimits leave room for a large shipped release: about 40 GiB, its largest
// file a node image of some gigabytes.
var defaultLimits = limits{
	total: 256 << 30, entry: 8 << 30, kept: 256 << 20, entries: csm.MaxFiles,
	ratio: 200, floor: 64 << 20,
}

func isArchiveName(p string) bool {
	return strings.HasSuffix(p, ".tar.gz") || strings.HasSuffix(p, ".tgz")
}

// readArchive reads a gzip-compressed tar as a release. Name stands in errors;
// its last element may hold the version.
func readArchive(name string, r io.Reader, l limits) (model.Release, []model.Diagnostic, error) {
	fail := func(err error) (model.Release, []model.Diagnostic, error) {
		return model.Release{}, nil, fmt.Errorf("%s: %w", name, err)
	}
	a := archive{limits: l, files: map[string][]byte{}}
	if err := a.read(r); err != nil {
		return fail(err)
	}
	tree, top := a.tree()
	if data, ok := tree.Files[NeutralName]; ok {
		return ReadNeutral(name+"/"+NeutralName, data)
	}
	return csm.Reader{Known: embedded}.Parse(tree, name, top, filepath.Base(name))
}

// archive collects the entries of a tar. Which of them are needed is known only
// when it is clear whether all lie in one folder, so both readings are kept.
type archive struct {
	limits
	files map[string][]byte
	names []string
	kept  int64
	count int
	tops  map[string]bool
}

// counter counts the bytes that pass, and tells how many they are.
type counter struct {
	r    io.Reader
	n    int64
	told func(n int64) // may be nil
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.told != nil {
		c.told(c.n)
	}
	return n, err
}

// bounded ends with an error when the limits are reached.
type bounded struct {
	r          io.Reader
	compressed *counter
	limits     limits
	n          int64
}

var errInflated = errors.New("the archive unpacks to far more than its size; it is damaged or hostile, so get the release anew")

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	if b.n > b.limits.total || b.n > b.limits.floor && b.n/b.limits.ratio > b.compressed.n {
		return n, errInflated
	}
	return n, err
}

func (a *archive) read(r io.Reader) error {
	packed := bufio.NewReaderSize(r, 1<<16)
	if err := gzipped(packed); err != nil {
		return err
	}
	compressed := &counter{r: packed}
	z, err := gzip.NewReader(compressed)
	if err != nil {
		return damaged(err)
	}
	defer z.Close()
	t := tar.NewReader(&bounded{r: z, compressed: compressed, limits: a.limits})
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return a.rest(z)
		}
		if a.count == 0 && noTar(err, z) {
			return errors.New("gzip-compressed, but no tar archive; give a .tar.gz made by tar -czf, or unpack it and give what it holds")
		}
		if err != nil {
			return damaged(err)
		}
		if err := a.entry(h, t); err != nil {
			return err
		}
	}
}

// noTar tells what never was a tar from one that is damaged, by what became of its
// first header; z is what is left.
func noTar(err error, z io.Reader) bool {
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.Is(err, tar.ErrHeader)
	}
	_, left := z.Read(make([]byte, 1))
	return errors.Is(left, io.EOF) // all of it is there, and it is shorter than a header
}

// gzipped says what a file is, whatever its name, that is not gzip-compressed; nil for
// one that is.
func gzipped(r *bufio.Reader) error {
	const enough = 512 // to know every archive
	start, err := r.Peek(enough)
	switch {
	case bytes.HasPrefix(start, gzipMagic):
		return nil
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case len(start) == 0:
		return errors.New("the file is empty; copy or download it again")
	}
	if err := otherArchive(start); err != nil {
		return err
	}
	return errors.New("not a gzip-compressed archive, whatever its name says; give a .tar.gz made by tar -czf, and look what this file is (a page that says why a download was refused?)")
}

// rest reads what follows the tar's end, so that a truncated or damaged end of
// the compressed data is noticed. Padding is small; more of it is refused.
func (a *archive) rest(z io.Reader) error {
	const padding = 1 << 20
	n, err := io.Copy(io.Discard, io.LimitReader(z, padding+1))
	if errors.Is(err, gzip.ErrHeader) {
		return errors.New("something that is no archive follows the archive; copy or download it again")
	}
	if err != nil {
		return damaged(err)
	}
	if n > padding {
		return errors.New("the archive goes on after its end; it is damaged or hostile, so get the release anew")
	}
	return nil
}

func damaged(err error) error {
	switch {
	case errors.Is(err, errInflated):
		return errInflated
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("the archive ends too early; copy or download it again")
	}
	return fmt.Errorf("the archive is damaged (%v); copy or download it again", err)
}

// entry checks one entry and keeps it where it is needed.
func (a *archive) entry(h *tar.Header, r io.Reader) error {
	if h.Typeflag == tar.TypeXGlobalHeader {
		return nil
	}
	if a.count++; a.count > a.limits.entries {
		return fmt.Errorf("the archive has more than %d entries, more than are read; give the archive of one release", a.limits.entries)
	}
	name, err := entryName(h)
	if err != nil {
		return err
	}
	if h.Size > a.limits.entry {
		return fmt.Errorf("entry %q claims %d GiB, more than the %d that are read; the archive is damaged or no release", h.Name, h.Size>>30, a.limits.entry>>30)
	}
	if h.Typeflag == tar.TypeDir {
		return nil
	}
	return a.keep(name, h, r)
}

// entryName refuses whatever is not a file or folder inside the archive.
func entryName(h *tar.Header) (string, error) {
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeDir:
	case tar.TypeSymlink, tar.TypeLink:
		return "", fmt.Errorf("entry %q is a link to %q; links in archives are not followed, so unpack it and give the folder", h.Name, h.Linkname)
	default:
		return "", fmt.Errorf("entry %q is a device or something else that is no file; the archive is no release", h.Name)
	}
	name := strings.ReplaceAll(h.Name, `\`, "/")
	if path.IsAbs(name) || len(name) > 1 && name[1] == ':' {
		return "", fmt.Errorf("entry %q has an absolute path; pack the release anew with relative paths", h.Name)
	}
	for _, part := range strings.Split(name, "/") {
		if part == ".." {
			return "", fmt.Errorf("entry %q leads out of the archive; pack the release anew", h.Name)
		}
	}
	return path.Clean(name), nil
}

func (a *archive) keep(name string, h *tar.Header, r io.Reader) error {
	top, inner, nested := strings.Cut(name, "/")
	if a.tops == nil {
		a.tops = map[string]bool{}
	}
	if !nested {
		top = "" // a file at the top: no leading folder
	}
	a.tops[top] = true
	content, nameOnly := csm.Wanted(name)
	if nested {
		c, n := csm.Wanted(inner)
		content, nameOnly = content || c, nameOnly || n
	}
	if name == NeutralName || inner == NeutralName {
		content = true
	}
	if nameOnly {
		a.names = append(a.names, name)
	}
	if !content {
		return nil
	}
	if a.kept += h.Size; h.Size > csm.MaxFileBytes || a.kept > a.limits.kept {
		return fmt.Errorf("entry %q has %d MiB; lists of a release are a thousand times smaller, so check that this is the right archive", h.Name, h.Size>>20)
	}
	data, err := io.ReadAll(io.LimitReader(r, h.Size))
	if err != nil {
		return damaged(err)
	}
	a.files[name] = data
	return nil
}

// tree is what was kept, without a folder that holds everything; top is that
// folder's name.
func (a *archive) tree() (t csm.Tree, top string) {
	t = csm.Tree{Files: map[string][]byte{}}
	prefix := ""
	if len(a.tops) == 1 {
		for only := range a.tops {
			if only != "" && !csm.IsFolder(only) {
				top, prefix = only, only+"/"
			}
		}
	}
	for name, data := range a.files {
		name = strings.TrimPrefix(name, prefix)
		if content, _ := csm.Wanted(name); content || name == NeutralName {
			t.Files[name] = data
		}
	}
	for _, name := range a.names {
		name = strings.TrimPrefix(name, prefix)
		if _, nameOnly := csm.Wanted(name); nameOnly {
			t.Add(name)
		}
	}
	return t, top
}
