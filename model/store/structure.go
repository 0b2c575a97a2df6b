package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The file format of bbolt, version 2, as far as it is needed to find out whether
// the file can be handed to the library. All numbers are in the machine's byte
// order, which is little-endian wherever planewise is built.
const (
	pageHeader    = 16 // id uint64, flags uint16, count uint16, overflow uint32
	elementSize   = 16 // of branch and leaf elements alike
	bucketHeader  = 16 // root page uint64, sequence uint64
	flagBranch    = 0x01
	flagLeaf      = 0x02
	flagFreelist  = 0x10
	flagBucket    = 0x01 // of a leaf element
	noFreelist    = ^uint64(0)
	maxDepth      = 64 // pages from the root to a leaf, nested buckets included
	maxKey        = 1 << 15
	manyFreePages = 0xffff // a count that says: the real one follows
)

// structure verifies that every page which can be reached from a header lies inside
// the file, is of the right type, is reached once, and holds elements that lie inside
// it; and that the list of free pages names no page in use. It reads the headers of
// pages, keys and the free list, not the values: those are compared with their digests
// when they are read, so that what the check costs does not depend on their size.
func structure(f io.ReaderAt, size int64, m meta) error {
	if m.pages < 4 || m.pages > uint64(size)/m.pageSize {
		return fmt.Errorf("it says it has %d pages of %d bytes, and there are %d bytes", m.pages, m.pageSize, size)
	}
	w := walker{f: f, pageSize: m.pageSize, pages: m.pages, used: make([]bool, m.pages)}
	w.used[0], w.used[1] = true, true
	if err := w.tree(m.root, nil, 0); err != nil {
		return err
	}
	if m.freelist == noFreelist {
		return nil
	}
	return w.freelist(m.freelist)
}

type walker struct {
	f               io.ReaderAt
	pageSize, pages uint64
	used            []bool
}

// page is a page with the pages that continue it. head holds its start; the rest
// is read where it is needed.
type page struct {
	id    uint64
	flags uint16
	count int
	size  uint64
	head  []byte
	at    func(b []byte, off uint64) error
}

// claim reads the header of a page and notes that it is in use.
func (w *walker) claim(id uint64) (page, error) {
	if id < 2 || id >= w.pages {
		return page{}, fmt.Errorf("it refers to page %d of %d", id, w.pages)
	}
	start := int64(id * w.pageSize)
	head := make([]byte, w.pageSize)
	if _, err := w.f.ReadAt(head, start); err != nil {
		return page{}, fmt.Errorf("page %d cannot be read: %w", id, err)
	}
	le := binary.LittleEndian
	p := page{id: id, flags: le.Uint16(head[8:]), count: int(le.Uint16(head[10:])), head: head}
	overflow := uint64(le.Uint32(head[12:]))
	if le.Uint64(head) != id {
		return p, fmt.Errorf("page %d says it is page %d", id, le.Uint64(head))
	}
	if overflow >= w.pages-id {
		return p, fmt.Errorf("page %d runs over the end", id)
	}
	for i := id; i <= id+overflow; i++ {
		if w.used[i] {
			return p, fmt.Errorf("page %d is used twice", i)
		}
		w.used[i] = true
	}
	p.size = (overflow + 1) * w.pageSize
	p.at = func(b []byte, off uint64) error {
		if off+uint64(len(b)) <= uint64(len(head)) {
			copy(b, head[off:])
			return nil
		}
		_, err := w.f.ReadAt(b, start+int64(off))
		return err
	}
	return p, nil
}

// tree verifies the pages below one. Keys in them are not below least.
func (w *walker) tree(id uint64, least []byte, depth int) error {
	if depth > maxDepth {
		return errors.New("its pages nest too deep")
	}
	p, err := w.claim(id)
	if err != nil {
		return err
	}
	switch p.flags {
	case flagLeaf:
		return w.leaf(p, least, depth)
	case flagBranch:
		return w.branch(p, least, depth)
	}
	return fmt.Errorf("page %d is neither branch nor leaf", id)
}

// element is one entry of a page: for a leaf flags, pos, key and value sizes, for a
// branch pos, key size and page.
func (p page) element(i int, leaf bool) (flags uint32, keyAt, keySize, valueSize, child uint64, err error) {
	off := uint64(pageHeader + elementSize*i)
	var b [elementSize]byte
	if off+elementSize > p.size {
		return 0, 0, 0, 0, 0, p.beyond(i)
	}
	if err := p.at(b[:], off); err != nil {
		return 0, 0, 0, 0, 0, err
	}
	le := binary.LittleEndian
	if leaf {
		flags, keyAt = le.Uint32(b[:]), off+uint64(le.Uint32(b[4:]))
		keySize, valueSize = uint64(le.Uint32(b[8:])), uint64(le.Uint32(b[12:]))
	} else {
		keyAt, keySize, child = off+uint64(le.Uint32(b[:])), uint64(le.Uint32(b[4:])), le.Uint64(b[8:])
	}
	if keySize == 0 || keySize > maxKey || keyAt+keySize+valueSize > p.size {
		return 0, 0, 0, 0, 0, p.beyond(i)
	}
	return flags, keyAt, keySize, valueSize, child, nil
}

func (p page) beyond(i int) error {
	return fmt.Errorf("entry %d of page %d lies outside of it", i, p.id)
}

func (w *walker) branch(p page, least []byte, depth int) error {
	if p.count == 0 {
		return fmt.Errorf("page %d has no entries", p.id)
	}
	for i := range p.count {
		_, keyAt, keySize, _, child, err := p.element(i, false)
		if err != nil {
			return err
		}
		key := make([]byte, keySize)
		if err := p.at(key, keyAt); err != nil {
			return err
		}
		if c := bytes.Compare(key, least); c < 0 || i > 0 && c == 0 {
			return fmt.Errorf("the keys of page %d are not in order", p.id)
		}
		least = key
		if err := w.tree(child, key, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) leaf(p page, least []byte, depth int) error {
	for i := range p.count {
		flags, keyAt, keySize, valueSize, _, err := p.element(i, true)
		if err != nil {
			return err
		}
		key := make([]byte, keySize)
		if err := p.at(key, keyAt); err != nil {
			return err
		}
		if c := bytes.Compare(key, least); c < 0 || i > 0 && c == 0 {
			return fmt.Errorf("the keys of page %d are not in order", p.id)
		}
		least = key
		if flags&^flagBucket != 0 {
			return fmt.Errorf("entry %d of page %d is of no known type", i, p.id)
		}
		if flags&flagBucket != 0 {
			if err := w.bucket(p, keyAt+keySize, valueSize, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// bucket verifies a nested bucket: one with pages of its own, or a small one whose
// single page stands in the value.
func (w *walker) bucket(p page, at, size uint64, depth int) error {
	if size < bucketHeader || size > w.pageSize && size > bucketHeader+pageHeader+maxKey {
		return fmt.Errorf("a bucket in page %d has %d bytes", p.id, size)
	}
	value := make([]byte, size)
	if err := p.at(value, at); err != nil {
		return err
	}
	if root := binary.LittleEndian.Uint64(value); root != 0 {
		return w.tree(root, nil, depth+1)
	}
	inline := value[bucketHeader:]
	if len(inline) < pageHeader {
		return fmt.Errorf("a bucket in page %d has no page", p.id)
	}
	le := binary.LittleEndian
	q := page{id: p.id, flags: le.Uint16(inline[8:]), count: int(le.Uint16(inline[10:])), size: uint64(len(inline)), head: inline}
	q.at = func(b []byte, off uint64) error { copy(b, inline[off:]); return nil }
	if q.flags != flagLeaf {
		return fmt.Errorf("a bucket in page %d is no leaf", p.id)
	}
	if depth+1 > maxDepth {
		return errors.New("its pages nest too deep")
	}
	return w.leaf(q, nil, depth+1)
}

// freelist verifies the list of pages that the next change may overwrite.
func (w *walker) freelist(id uint64) error {
	p, err := w.claim(id)
	if err != nil {
		return err
	}
	if p.flags != flagFreelist {
		return fmt.Errorf("page %d is no list of free pages", id)
	}
	n, off := uint64(p.count), uint64(pageHeader)
	var b [8]byte
	if p.count == manyFreePages {
		if err := p.at(b[:], off); err != nil {
			return err
		}
		n, off = binary.LittleEndian.Uint64(b[:]), off+8
	}
	if n > (p.size-off)/8 {
		return fmt.Errorf("the list of free pages is longer than its page")
	}
	list := make([]byte, 8*n)
	if err := p.at(list, off); err != nil {
		return err
	}
	for ; len(list) > 0; list = list[8:] {
		free := binary.LittleEndian.Uint64(list)
		if free < 2 || free >= w.pages || w.used[free] {
			return fmt.Errorf("page %d is listed as free and is not", free)
		}
		w.used[free] = true
	}
	return nil
}
