package verify

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/document"
)

// Difference is one place at which a plan is not what it is when it is made again.
type Difference struct {
	// Path is the place as a JSON pointer (RFC 6901) into the plan. What the plan lacks
	// in a list has the index "-".
	Path string `json:"path"`
	// Where is the place in words: "bundle B3, effect on compute.jobs: level".
	Where string `json:"where"`
	// Bundle is the label of the plan's bundle in which it is; "" outside of bundles.
	Bundle string `json:"bundle,omitempty"`
	// Said is what the plan says there, Again what it says when made again; nil where
	// there is nothing.
	Said  json.RawMessage `json:"said,omitempty"`
	Again json.RawMessage `json:"again,omitempty"`
	// element: the whole element of a list is meant.
	element bool
}

// free are the fields that may differ, and why; lists are passed through.
var free = map[string]string{
	"id":                  "it follows from the rest, and was compared with it when the plan was read",
	"tool":                "another build that reasons alike makes the same plan",
	"reasoning":           "it says what a difference means, and is compared by itself",
	"series":              "where a plan is kept does not follow from its inputs",
	"revision":            "as series",
	"parent":              "as series",
	"planned_at":          "it is an input; what follows from it is compared",
	"optimality/explored": "the effort of the search is no part of what is planned",
	"inputs/content":      "the digest beside it was compared with it when the plan was read, and is compared",
}

// first are the fields of a plan that a reader decides by; differences in them come
// before the others.
var first = []string{"answers", "bundles", "planes", "actions"}

// absent stands for a field that is not there. (null is a value.)
type absent struct{}

// tree is a plan as JSON, decoded only as far as needed: the two sides of a plan that
// is as it should be are equal texts.
type tree map[string]json.RawMessage

func treeOf(p model.Plan) (tree, error) {
	text, err := document.EncodePlan(p)
	if err != nil {
		return nil, err
	}
	var t tree
	err = json.Unmarshal(text, &t)
	return t, err
}

// differences compares two plans over their whole documents, so that a field that
// planewise gets later is compared too. home names the bundles of actions. The time is
// linear in the size of the plans.
func differences(said, again tree, home map[string]string) []Difference {
	c := comparer{home: home, out: []Difference{}}
	names := slices.DeleteFunc(keysOf(said, again), func(s string) bool { return slices.Contains(first, s) })
	for _, name := range slices.Concat(first, names) {
		a, b := said[name], again[name]
		if !bytes.Equal(a, b) {
			c.member(name, parsed(a), parsed(b))
		}
	}
	return c.out
}

func parsed(text json.RawMessage) any {
	if text == nil {
		return absent{}
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	_ = d.Decode(&v) // a part of what treeOf has decoded
	return v
}

func keysOf[V any](a, b map[string]V) []string {
	keys := make([]string, 0, len(a))
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

// comparer walks two trees at once.
type comparer struct {
	home map[string]string
	path []step
	out  []Difference
}

// step leads from a value into a part of it: a field, or the element of a list.
type step struct {
	token   string // in the JSON pointer
	name    string // of the element
	element bool
}

func (c *comparer) into(s step, said, again any) {
	c.path = append(c.path, s)
	c.value(said, again)
	c.path = c.path[:len(c.path)-1]
}

func (c *comparer) value(said, again any) {
	switch a := said.(type) {
	case map[string]any:
		if b, ok := again.(map[string]any); ok {
			c.object(a, b)
			return
		}
	case []any:
		if b, ok := again.([]any); ok {
			c.list(a, b)
			return
		}
	default:
		if said == again {
			return
		}
	}
	c.add("", said, again)
}

func (c *comparer) object(said, again map[string]any) {
	keys := keysOf(said, again)
	// What is said comes before why.
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(reason(a), reason(b)) })
	for _, k := range keys {
		a, ok := said[k]
		if !ok {
			a = absent{}
		}
		b, ok := again[k]
		if !ok {
			b = absent{}
		}
		c.member(k, a, b)
	}
}

func reason(key string) int {
	if key == "facts" {
		return 1
	}
	return 0
}

func (c *comparer) member(name string, said, again any) {
	if len(c.path) <= 2 {
		path := name
		for _, s := range slices.Backward(c.path) {
			if !s.element {
				path = s.token + "/" + path
			}
		}
		if free[path] != "" {
			return
		}
	}
	c.into(step{token: name}, said, again)
}

// list compares elements by what they are, not by their place, and then the order.
func (c *comparer) list(said, again []any) {
	names, others := identities(said), identities(again)
	at := make(map[named]int, len(again))
	for i, name := range others {
		at[name] = i
	}
	last, ordered := -1, true
	for i, name := range names {
		j, ok := at[name]
		s := step{token: strconv.Itoa(i), name: shown(said[i], name), element: true}
		if !ok {
			c.into(s, said[i], absent{})
			continue
		}
		delete(at, name)
		ordered = ordered && j > last
		last = j
		c.into(s, said[i], again[j])
	}
	for j, name := range others {
		if _, left := at[name]; left {
			c.into(step{token: "-", name: shown(again[j], name), element: true}, absent{}, again[j])
		}
	}
	if !ordered {
		c.add("the order", orderOf(names), orderOf(others))
	}
}

func orderOf(names []named) any {
	out := make([]any, 0, len(names))
	for _, n := range names {
		out = append(out, n.String())
	}
	return out
}

func (c *comparer) add(what string, said, again any) {
	d := Difference{Path: pointer(c.path), Where: where(c.path, what), Said: written(said), Again: written(again)}
	d.element = what == "" && c.path[len(c.path)-1].element
	if len(c.path) > 1 && (c.path[0].token == "bundles" || c.path[0].token == "actions") {
		d.Bundle = c.home[c.path[1].name]
	}
	c.out = append(c.out, d)
}

func written(v any) json.RawMessage {
	if _, none := v.(absent); none {
		return nil
	}
	text, _ := json.Marshal(v) // of a tree that was JSON
	return text
}

func pointer(path []step) string {
	var b strings.Builder
	for _, s := range path {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(s.token))
	}
	return b.String()
}

// naming are the fields that tell the elements of a list apart; the first group that an
// element has counts.
var naming = [][]string{
	{"id"}, {"key"}, {"kind", "name"}, {"name"}, {"product", "version"}, {"code", "subject"}, {"subject", "what"},
	{"bundle", "plane"}, {"capability", "action"}, {"capability"}, {"action", "relation"}, {"action"}, {"plane"}, {"stage"}, {"topic"}, {"label"},
}

// named is an element of a list: what tells it from the others, and which of those that
// have the same name it is.
type named struct {
	name string
	nth  int
}

func identities(list []any) []named {
	out := make([]named, 0, len(list))
	times := make(map[string]int, len(list))
	for _, v := range list {
		id := identity(v)
		times[id]++
		out = append(out, named{id, times[id]})
	}
	return out
}

func identity(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case map[string]any:
		for _, group := range naming {
			if id, ok := joined(v, group); ok {
				return id
			}
		}
	}
	return ""
}

func joined(v map[string]any, fields []string) (string, bool) {
	parts := make([]string, 0, len(fields))
	for _, f := range fields {
		s, ok := v[f].(string)
		if !ok {
			return "", false
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " "), true
}

// shown is the name of an element for a person: its label where it has one.
func shown(v any, n named) string {
	if m, ok := v.(map[string]any); ok {
		if label, ok := m["label"].(string); ok {
			return label
		}
	}
	return n.String()
}

func (n named) String() string {
	if n.nth > 1 || n.name == "" {
		return strings.TrimSpace(fmt.Sprintf("%s #%d", n.name, n.nth))
	}
	return n.name
}
