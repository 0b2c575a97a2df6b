package read

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"planewise/model/clean"
	"planewise/model/snapshot"
)

// Fields are the members of an object that were not read on the fly.
type Fields map[string]json.RawMessage

func (m Fields) Has(keys ...string) bool {
	for _, k := range keys {
		if _, ok := m[k]; !ok {
			return false
		}
	}
	return true
}

// text is a member that is a string, "" where it is none.
func (m Fields) text(key string) string {
	var s string
	if json.Unmarshal(m[key], &s) != nil {
		return ""
	}
	return s
}

// object reads an object after its opening brace. The long lists that commands
// print as a member are read element by element.
func (f *file) object() error {
	rest := Fields{}
	size := int64(0)
	list := listState{}
	for f.dec.More() {
		tok, err := f.dec.Token()
		if err != nil {
			return err
		}
		key, _ := tok.(string)
		own, long := f.own.Lists[key]
		switch {
		case key == "items" && !rest.Has("_id"):
			list.read = true // also where it is empty
			err = f.elements('[', func() error { return f.kubernetes(&list) })
		case long:
			err = f.ownList(own)
		default:
			var raw json.RawMessage
			if err = f.decode(&raw, key); err == nil {
				rest[key] = raw
				size += int64(len(raw))
				if key == "kind" {
					list.kind = strings.TrimSuffix(rest.text(key), "List")
				}
			}
		}
		if err != nil {
			return err
		}
		if size > f.limits.element {
			return errTooLarge
		}
	}
	if _, err := f.dec.Token(); err != nil {
		return err
	}
	return f.classify(rest, &list)
}

var errNoList = errors.New("not a list")

// elements reads an array ('[') or an object ('{'), one element or member at a time. Of
// something else nothing is read but noted.
func (f *file) elements(open json.Delim, each func() error) error {
	f.allow()
	tok, err := f.dec.Token()
	if err != nil {
		return err
	}
	if tok == nil {
		return nil
	}
	if tok != open {
		return f.skipRest(tok)
	}
	for f.dec.More() {
		if err := each(); err != nil {
			return err
		}
	}
	_, err = f.dec.Token()
	return err
}

// skipRest passes over a value whose first token was read, and notes that it is not
// the expected list.
func (f *file) skipRest(first json.Token) error {
	f.bad("wrong-type", "export it again; do not edit it by hand", "%v", errNoList)
	depth := 0
	if first == json.Delim('{') {
		depth = 1
	}
	for depth > 0 {
		tok, err := f.dec.Token()
		if err != nil {
			return err
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

// classify says what an object is, by the members it has.
func (f *file) classify(m Fields, list *listState) error {
	switch {
	case list.read || m.Has("items"):
		return f.endOfList(m, list)
	case f.kinds[snapshot.KindInventory] && len(m) == 0:
		return nil // {"Components": [...]}
	case m.Has("kind", "apiVersion"):
		return f.single(m)
	case f.ceph(m), f.ownObject(m):
	case f.kinds[snapshot.KindInventory]:
	case len(m) == 0:
		f.bad("empty-answer", "run the command again", "the answer is an empty object")
	case m.Has("error") || m.Has("status", "title", "detail"):
		f.bad("failed-command", "run the command by hand, then export again", "the service answered with an error")
	case strings.HasPrefix(m.text("format"), "planewise."):
		f.bad("own-document", "import it by itself", "it is a document of planewise, not an export")
	default:
		f.bad("unknown-kind", "planewise system import --help lists what is read", "no known answer of a system's command; it has the members %s", someKeys(m))
	}
	return nil
}

// someKeys names the first members of an object, which are no secrets but may be
// anything else.
func someKeys(m Fields) string {
	var keys []string
	for k := range m {
		if len(k) > 40 {
			k = k[:40]
		}
		keys = append(keys, fmt.Sprintf("%q", clean.Text(strings.ToValidUTF8(k, "?"))))
	}
	slices.Sort(keys)
	if len(keys) > 5 {
		keys = append(keys[:5], "...")
	}
	return strings.Join(keys, ", ")
}

// list reads an array that is a document of its own; its first element decides
// what it is.
func (f *file) list() error {
	var read func(json.RawMessage)
	n := 0
	for f.dec.More() {
		var raw json.RawMessage
		if err := f.decode(&raw, "element"); err != nil {
			return err
		}
		if n++; n == 1 {
			read = f.listOf(raw)
		}
		if read != nil {
			read(raw)
		}
	}
	if _, err := f.dec.Token(); err != nil {
		return err
	}
	f.endOfHelm()
	if n == 0 {
		// Which command had nothing to say cannot be seen.
		f.kinds[snapshot.KindOther] = true
	}
	return nil
}

// listOf is the reader of the elements of a list that begins with raw.
func (f *file) listOf(raw json.RawMessage) func(json.RawMessage) {
	var m Fields
	if json.Unmarshal(raw, &m) != nil {
		f.bad("unknown-kind", "planewise system import --help lists what is read", "a list of something else than objects")
		return nil
	}
	switch {
	case m.Has("name", "namespace", "chart"):
		f.kinds[snapshot.KindHelm] = true
		return f.helm
	case m.Has("kind", "apiVersion"):
		return func(raw json.RawMessage) {
			var o object
			if f.unpack(raw, &o, "object") {
				f.keep(&o)
			}
		}
	}
	if read, known := f.cephList(m); known {
		return read
	}
	if read, known := f.ownRow(m); known {
		return read
	}
	f.bad("unknown-kind", "planewise system import --help lists what is read", "no known answer of a system's command; its elements have the members %s", someKeys(m))
	return nil
}

// single is one Kubernetes object that is no list.
func (f *file) single(m Fields) error {
	if m.text("kind") == "Status" {
		f.status(m)
		return nil
	}
	whole, err := json.Marshal(m)
	if err != nil {
		return err
	}
	var o object
	f.unpack(whole, &o, "object")
	f.keep(&o)
	return nil
}

// listState is a Kubernetes list while it is read.
type listState struct {
	read bool
	// kind of the elements, where the list says it before them, as the API does.
	kind string
	// nameless are elements without a kind, until the list's own is known.
	nameless []object
}

// endOfList looks at what stands beside the elements of a Kubernetes list.
func (f *file) endOfList(m Fields, list *listState) error {
	kind := strings.TrimSuffix(m.text("kind"), "List")
	if kind == "" && len(list.nameless) > 0 {
		f.bad("unknown-kind", "export it with kubectl get -o json", "a list whose elements do not say what they are")
	}
	for i := range list.nameless {
		if kind == "" {
			break
		}
		list.nameless[i].Kind = kind
		f.keep(&list.nameless[i])
	}
	if len(f.kinds) == 0 && (kind != "" || len(list.nameless) == 0) {
		f.markEmpty(kind)
	}
	var meta struct {
		Continue  string `json:"continue"`
		Remaining number `json:"remainingItemCount"`
	}
	f.unpack(m["metadata"], &meta, "metadata")
	if meta.Continue != "" {
		f.bad("half-a-list", "export it without --limit or --chunk-size", "the list is only the first part: %s follow", orSome(meta.Remaining))
	}
	return nil
}

func orSome(n number) string {
	if n.known && n.n > 0 {
		return plural(int(min(n.n, 1<<30)), "more element", "more elements")
	}
	return "more elements"
}

// markEmpty remembers that a list of a kind was asked for and is empty.
func (f *file) markEmpty(kind string) {
	for _, k := range kindsOf(kind) {
		f.kinds[k] = true
	}
	if kind == "" || len(kindsOf(kind)) == 0 {
		f.kinds[snapshot.KindOther] = true
	}
}
