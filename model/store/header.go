package store

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
)

const (
	metaSize    = 64
	metaChecked = 56 // bytes that the checksum covers
	metaMagic   = 0xED0CDAED
	metaVersion = 2
	minPageSize = 1 << 10
	maxPageSize = 1 << 24
)

// meta is what a header page says. The file has two of them, and a change writes the
// one that the change before did not, so that one that is cut off leaves the other.
type meta struct {
	pageSize, root, freelist, pages, tx uint64
	sum                                 uint64
	valid                               bool
}

// readMetas reads both header pages. The size of a page is what the first says, as the
// library has it; a second whose place is not known is taken where it is found.
func readMetas(f io.ReaderAt, size int64) (metas [2]meta, err error) {
	metas[0] = readMeta(f, size, 0)
	if metas[0].valid {
		metas[1] = readMeta(f, size, int64(metas[0].pageSize))
		metas[1].pageSize = metas[0].pageSize
		return metas, nil
	}
	for at := int64(minPageSize); at <= maxPageSize; at *= 2 {
		m := readMeta(f, size, at)
		if m.valid && int64(m.pageSize) == at {
			metas[1] = m
			return metas, nil
		}
		if m.valid { // the library would take this one
			break
		}
	}
	return metas, errors.New("it is no bbolt file, or both of its first pages are broken")
}

// newest is the header that the library goes by.
func newest(metas [2]meta) meta {
	if !metas[0].valid || metas[1].valid && metas[1].tx > metas[0].tx {
		return metas[1]
	}
	return metas[0]
}

func readMeta(f io.ReaderAt, size, at int64) meta {
	var b [pageHeader + metaSize]byte
	if at+int64(len(b)) > size {
		return meta{}
	}
	if _, err := f.ReadAt(b[:], at); err != nil {
		return meta{}
	}
	return parseMeta(b[pageHeader:])
}

func parseMeta(b []byte) meta {
	le := binary.LittleEndian
	h := fnv.New64a()
	h.Write(b[:metaChecked])
	m := meta{
		pageSize: uint64(le.Uint32(b[8:])),
		root:     le.Uint64(b[16:]),
		freelist: le.Uint64(b[32:]),
		pages:    le.Uint64(b[40:]),
		tx:       le.Uint64(b[48:]),
		sum:      le.Uint64(b[metaChecked:]),
	}
	m.valid = le.Uint32(b) == metaMagic && le.Uint32(b[4:]) == metaVersion && m.sum == h.Sum64() &&
		m.pageSize >= minPageSize && m.pageSize <= maxPageSize && m.pageSize&(m.pageSize-1) == 0
	return m
}
