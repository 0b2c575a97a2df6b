package store

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
)

const (
	// packFrom is the size in bytes from which a document is compressed. What comes
	// with the program is smaller, and is read by every command.
	packFrom = 256 << 10
	// maxRatio is how much smaller a text can become by DEFLATE (RFC 1951).
	maxRatio = 1032
)

// gzipMagic begins a compressed value (RFC 1952), and no JSON.
var gzipMagic = []byte{0x1f, 0x8b}

// pack makes the value that a document, or a value, is kept as.
func pack(data []byte) ([]byte, error) {
	if len(data) < packFrom || bytes.HasPrefix(data, gzipMagic) {
		return data, nil
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpack makes the document of a value, without more memory than a document may have.
func unpack(v []byte) ([]byte, error) {
	if !bytes.HasPrefix(v, gzipMagic) {
		return bytes.Clone(v), nil
	}
	r, err := gzip.NewReader(bytes.NewReader(v))
	if err != nil {
		return nil, fmt.Errorf("%w: a compressed document is broken: %w", ErrDamaged, err)
	}
	// Its length stands at its end, which may lie.
	size := min(int(binary.LittleEndian.Uint32(v[len(v)-4:])), len(v)*maxRatio, MaxDocument)
	b := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	switch _, err := b.ReadFrom(io.LimitReader(r, MaxDocument+1)); {
	case err != nil:
		return nil, fmt.Errorf("%w: a compressed document is broken: %w", ErrDamaged, err)
	case b.Len() > MaxDocument:
		return nil, fmt.Errorf("%w: a compressed document has more than %d MiB", ErrDamaged, MaxDocument>>20)
	}
	return b.Bytes(), nil
}
