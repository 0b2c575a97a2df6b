package read

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/snapshot"
)

// file is one file while it is read.
type file struct {
	*Reader
	name    string
	kinds   map[string]bool
	partial bool
	in      *meter
	dec     *json.Decoder
	docs    int
	// helmRows of the list of installed charts.
	helmRows int
	odd      map[string]int // diagnostics of one code and field, counted
}

// inputError is an error of the input itself, not of what it holds.
type inputError struct{ error }

func (e *inputError) Unwrap() error { return e.error }

var (
	errTooLarge = errors.New("one value is larger than 64 MiB; no command prints such a value, so check the file")
	errTooLong  = errors.New("the file is larger than what is read; export fewer kinds per file")
)

// meter counts what is read, and ends reading where a value gets too large.
type meter struct {
	in    io.Reader
	n     int64
	until int64 // bytes that may be read for the present value
	limit int64
}

func (m *meter) Read(p []byte) (int, error) {
	if m.n > m.limit {
		return 0, errTooLong
	}
	if m.until > 0 && m.n > m.until {
		return 0, errTooLarge
	}
	n, err := m.in.Read(p)
	m.n += int64(n)
	if err != nil && err != io.EOF && !isArchiveError(err) {
		err = &inputError{err}
	}
	return n, err
}

func (f *file) source() snapshot.Source {
	return snapshot.Source{Name: clean.Text(f.name), Kinds: slices.Sorted(maps.Keys(f.kinds)), Partial: f.partial}
}

func sortedSources(all []snapshot.Source) []snapshot.Source {
	out := slices.Clone(all)
	slices.SortFunc(out, func(a, b snapshot.Source) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (f *file) note(severity model.Severity, code model.Code, hint, format string, args ...any) {
	f.notes.Add(severity, code, f.name, hint, format, args...)
}

// bad notes that a part of the file could not be used.
func (f *file) bad(code model.Code, hint, format string, args ...any) {
	f.partial = true
	f.note(model.Warning, code, hint, format, args...)
}

// read reads the documents of a file, one after another.
func (f *file) read(in io.Reader) error {
	f.in = &meter{in: in, limit: f.limits.file}
	buffered := bufio.NewReaderSize(f.in, 64<<10)
	first, err := skipChatter(buffered)
	if errors.Is(err, io.EOF) {
		f.bad("empty-answer", "run the command again; an error may have gone to the terminal", "the file is empty")
		return nil
	}
	if err != nil {
		return err
	}
	if first != '{' && first != '[' {
		return f.text(buffered)
	}
	f.dec = json.NewDecoder(buffered)
	for {
		err := f.document()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		f.docs++
	}
	if f.docs > 1 && !f.kinds[snapshot.KindRevisions] && !f.kinds[snapshot.KindInventory] {
		f.note(model.Info, "several-documents", "", "the file holds %d JSON documents; all were read", f.docs)
	}
	return nil
}

// document reads one JSON document; io.EOF where there is none.
func (f *file) document() error {
	f.allow()
	tok, err := f.dec.Token()
	if err != nil {
		return err
	}
	switch tok {
	case json.Delim('{'):
		err = f.object()
	case json.Delim('['):
		err = f.list()
	default:
		f.bad("unknown-kind", "give the JSON answers of the system's commands", "a single value stands where an object or a list is expected")
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// allow lets the next value be as large as one may be.
func (f *file) allow() { f.in.until = f.dec.InputOffset() + f.limits.element + 128<<10 }

// decode reads the next value. A value of another type than expected is noted, and
// what fits is kept; known is false where the kind of the value is not certain, so
// that nothing can be expected of it.
func (f *file) decode(v any, what string) error {
	f.allow()
	err := f.dec.Decode(v)
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		f.mistyped(mismatch, what)
		return nil
	}
	return err
}

// unpack decodes a value that was kept as text.
func (f *file) unpack(raw json.RawMessage, v any, what string) bool {
	if len(raw) == 0 {
		return false
	}
	err := json.Unmarshal(raw, v)
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		f.mistyped(mismatch, what)
	}
	return true
}

// mistyped notes each field once per file, never its value: that may be a secret.
func (f *file) mistyped(e *json.UnmarshalTypeError, what string) {
	key := what + "." + e.Field
	if f.odd == nil {
		f.odd = map[string]int{}
	}
	if f.odd[key]++; f.odd[key] > 1 {
		return
	}
	f.bad("wrong-type", "export it again with -o json; do not edit it by hand", "%s: field %s is a %s, which is not what it holds; it was left out", what, e.Field, e.Value)
}

// broken says why a file could not be read to its end.
func (f *file) broken(err error) {
	f.partial = true
	offset := int64(0)
	if f.dec != nil {
		offset = f.dec.InputOffset()
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		f.bad("truncated", "export it again and copy the whole file", "the JSON ends too early, after byte %d; what stands before is used", offset)
	case errors.As(err, &syntax):
		f.bad("bad-json", "export it again with -o json, without other output in the file", "no valid JSON near byte %d: %v; what stands before is used", max(offset, syntax.Offset), syntaxText(syntax))
	default:
		f.bad("unreadable", "", "after byte %d: %v", offset, err)
	}
}

// syntaxText is the reason without the characters of the file that it quotes.
func syntaxText(e *json.SyntaxError) string {
	text := e.Error()
	if _, after, ok := strings.Cut(text, "' "); ok && strings.HasPrefix(text, "invalid character") {
		return "an unexpected character " + after
	}
	return text
}

// chatter is what commands print before their answer when both streams go into
// one file.
var chatter = []string{"dumped ", "Inferring ", "Using recent ", "Using ceph image", "Defaulted container", "Warning: ", "W1", "I1", "W0", "I0", "---"}

// skipChatter goes to the first byte of the answer and returns it.
func skipChatter(in *bufio.Reader) (byte, error) {
	if bom, _ := in.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3)
	}
	for lines := 0; ; {
		c, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		}
		if err := in.UnreadByte(); err != nil {
			return 0, err
		}
		if c == '{' || c == '[' || lines >= 20 || !isChatter(in) {
			return c, nil
		}
		if _, err := in.ReadSlice('\n'); err != nil {
			return c, nil
		}
		lines++
	}
}

// isChatter looks at the line ahead, which counts only when JSON follows soon.
func isChatter(in *bufio.Reader) bool {
	ahead, _ := in.Peek(16 << 10)
	if !bytes.Contains(ahead, []byte("\n{")) && !bytes.Contains(ahead, []byte("\n[")) {
		return false
	}
	for _, start := range chatter {
		if bytes.HasPrefix(ahead, []byte(start)) {
			return true
		}
	}
	return false
}

// plural makes "1 node" and "2 nodes".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
