package read

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
)

// IsArchive says whether a name is that of an archive.
func IsArchive(name string) bool {
	return strings.HasSuffix(name, ".tar.gz") || strings.HasSuffix(name, ".tgz")
}

var errInflated = errors.New("the archive unpacks to far more than its size; it is damaged or hostile")

// isArchiveError tells damage of an archive from a failing disk.
func isArchiveError(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt) || errors.Is(err, errInflated) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, tar.ErrHeader)
}

// unpacked ends with an error where an archive inflates beyond measure.
type unpacked struct {
	in     io.Reader
	packed *passed
	limits limits
	n      int64
}

type passed struct {
	in io.Reader
	n  int64
}

func (p *passed) Read(b []byte) (int, error) {
	n, err := p.in.Read(b)
	p.n += int64(n)
	return n, err
}

func (u *unpacked) Read(b []byte) (int, error) {
	n, err := u.in.Read(b)
	u.n += int64(n)
	if u.n > u.limits.floor && u.n/u.limits.ratio > u.packed.n {
		return n, errInflated
	}
	return n, err
}

// Archive reads the files of a gzip-compressed tar. Nothing is unpacked to a disk,
// and links and devices are passed over.
func (r *Reader) Archive(name string, in io.Reader) error {
	packed := &passed{in: bufio.NewReaderSize(in, 64<<10)}
	z, err := gzip.NewReader(packed)
	if err != nil {
		return fmt.Errorf("%s: no gzip-compressed archive, whatever its name says; give a .tar.gz made by tar -czf", name)
	}
	defer z.Close()
	return r.tar(name, &unpacked{in: z, packed: packed, limits: r.limits})
}

func (r *Reader) tar(name string, in io.Reader) error {
	t := tar.NewReader(in)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return r.damaged(name, err)
		}
		if h.Typeflag != tar.TypeReg || strings.HasPrefix(path.Base(h.Name), ".") {
			continue
		}
		if err := r.File(path.Clean(name+"/"+h.Name), h.ModTime, t); err != nil {
			return err
		}
	}
}

// packed reads a file that is compressed or an archive by its content, whatever its
// name; false where it is none. Archives within archives are read, so deep and no
// deeper.
func (r *Reader) packed(name string, modified time.Time, in *bufio.Reader) (is bool, err error) {
	head, _ := in.Peek(tarMagicAt + len(tarMagic))
	zipped := bytes.HasPrefix(head, []byte("\x1f\x8b"))
	tarred := len(head) == tarMagicAt+len(tarMagic) && string(head[tarMagicAt:]) == tarMagic
	if !zipped && !tarred {
		return false, nil
	}
	if r.nested++; r.nested > maxNested {
		r.nested--
		f := &file{Reader: r, name: name, kinds: map[string]bool{}}
		f.bad("unreadable", "unpack it first", "an archive in an archive in an archive")
		r.sources = append(r.sources, f.source())
		return true, nil
	}
	defer func() { r.nested-- }()
	if tarred {
		return true, r.tar(name, in)
	}
	packed := &passed{in: in}
	z, err := gzip.NewReader(packed)
	if err != nil {
		return true, r.damaged(name, err)
	}
	defer z.Close()
	return true, r.File(name, modified, &unpacked{in: z, packed: packed, limits: r.limits})
}

// Where a tar says that it is one.
const (
	tarMagic   = "ustar"
	tarMagicAt = 257
	maxNested  = 4 // a compressed tar is two
)

// damaged notes that an archive ends early; what was read stays.
func (r *Reader) damaged(name string, err error) error {
	f := &file{Reader: r, name: name, kinds: map[string]bool{}}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		f.bad("truncated", "copy the archive again", "the archive ends too early; what stands before is used")
	} else {
		f.bad("unreadable", "pack and copy the archive again", "the archive is damaged: %v; what stands before is used", err)
	}
	r.sources = append(r.sources, f.source())
	return nil
}
