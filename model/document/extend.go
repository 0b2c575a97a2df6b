package document

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/yamldoc"
)

// Lookup finds the text of a document by the name that it gives itself; ok is false
// where there is none. File is for messages.
type Lookup func(name string) (file string, text []byte, ok bool)

// DecodeProcedure reads a procedure as Decode does, and the one that it extends from
// base. What it returns is complete: the stages of the base with the changes made,
// the defaults filled in, and nothing left that says how it was written. It depends
// on the text and on what base finds alone.
func DecodeProcedure(name string, data []byte, base Lookup) (model.Procedure, error) {
	var p, none model.Procedure
	if err := decode(name, data, reflect.ValueOf(&p).Elem(), base); err != nil {
		return none, err
	}
	return p, nil
}

// embeddedProcedure is the Lookup of the procedures that the program carries.
func embeddedProcedure(name string) (string, []byte, bool) {
	for _, d := range fixtures.Documents("procedure") {
		text, err := d.Content()
		if err != nil {
			return "", nil, false
		}
		if head, err := Head[model.Procedure](text); err == nil && head.Name == name {
			return d.Name, text, true
		}
	}
	return "", nil, false
}

// extender makes complete procedures of those that say only what differs.
type extender struct {
	find  Lookup
	chain []string // the procedures on the way to here: each extends the next
}

// partial reports whether a procedure leaves anything to be filled in.
func partial(root *yamldoc.Value) bool {
	placed := func(s *yamldoc.Value) bool { return s.Get("after") != nil || s.Get("before") != nil }
	return root.Get("extends") != nil || root.Get("defaults") != nil || root.Get("drop") != nil || slices.ContainsFunc(items(root.Get("stages")), placed)
}

// complete returns a procedure's tree without "extends", "drop", "defaults", "after"
// and "before". The tree was validated.
func (x extender) complete(file string, root *yamldoc.Value) (*yamldoc.Value, error) {
	stages := &stageList{file: file, taken: map[string]bool{}}
	base := yamldoc.Mapping()
	if ref := root.Get("extends"); !ref.IsNull() {
		var err error
		if base, err = x.base(file, root.Get("name").String(), ref); err != nil {
			return nil, err
		}
		stages.base = ref.Text
		stages.items = slices.Clone(base.Get("stages").Items)
	}
	stages.apply(root)
	whole := overlay(base, without(root, "extends", "drop", "defaults", "stages"))
	return overlay(whole, &yamldoc.Value{
		Kind: yamldoc.Map, Line: root.Line, Entries: []yamldoc.Entry{{Key: "stages", Value: yamldoc.ListOf(stages.items...)}},
	}), failure(file, stages.problems)
}

// base is the complete tree of the procedure that another one extends.
func (x extender) base(file, name string, ref *yamldoc.Value) (*yamldoc.Value, error) {
	chain := x.chain
	if chain == nil {
		chain = []string{name}
	}
	next := append(slices.Clone(chain), ref.Text)
	if slices.Contains(chain, ref.Text) {
		return nil, problem(file, ref.Line, "extends", "the procedure extends itself (%s); name another, or write its stages here", strings.Join(next, ", which extends "))
	}
	baseFile, text, ok := x.find(ref.Text)
	if !ok {
		return nil, problem(file, ref.Line, "extends", "there is no procedure %q; correct the name, or write the stages here", ref.Text)
	}
	k, err := kindNamed("procedure")
	if err != nil {
		return nil, err
	}
	tree, err := k.tree(baseFile, text, extender{x.find, next})
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, problem(file, ref.Line, "extends", "procedure %q cannot be extended: %s", ref.Text, first)
	}
	return tree, nil
}

// stageList is the list of a procedure's stages while it is changed.
type stageList struct {
	file, base string
	items      []*yamldoc.Value
	// taken are the ids of the document's stages, and the places of new ones.
	taken    map[string]bool
	problems []Problem
}

// apply makes the changes of a document, in the order in which it has them.
func (l *stageList) apply(root *yamldoc.Value) {
	dropped := items(root.Get("drop"))
	for _, id := range dropped {
		l.drop(id)
	}
	for _, s := range items(root.Get("stages")) {
		l.change(s, root.Get("defaults"))
	}
	for _, id := range dropped {
		l.checkDropped(id)
	}
}

func items(list *yamldoc.Value) []*yamldoc.Value {
	if list == nil {
		return nil
	}
	return list.Items
}

func idOf(stage *yamldoc.Value) string { return stage.Get("id").String() }

func (l *stageList) wrong(at *yamldoc.Value, path, format string, args ...any) {
	l.problems = append(l.problems, Problem{at.Line, path, fmt.Sprintf(format, args...)})
}

// find is the place of a stage, -1 for none.
func (l *stageList) find(id string) int {
	return slices.IndexFunc(l.items, func(s *yamldoc.Value) bool { return idOf(s) == id })
}

// unknown says that a stage is not there, and which one may be meant.
func (l *stageList) unknown(at *yamldoc.Value, path string) {
	var ids []string
	for _, s := range l.items {
		ids = append(ids, idOf(s))
	}
	hint := "correct the id"
	if near := nearest(at.Text, ids); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	l.wrong(at, path, "there is no stage %q here; %s", at.Text, hint)
}

func (l *stageList) drop(id *yamldoc.Value) {
	i := l.find(id.Text)
	if i < 0 {
		l.unknown(id, "drop")
		return
	}
	l.items = slices.Delete(l.items, i, i+1)
}

// change gives a stage of the base the fields of s, or puts s where it says.
func (l *stageList) change(s, defaults *yamldoc.Value) {
	id, place := s.Get("id"), l.find(idOf(s))
	if id.IsNull() {
		l.wrong(s, "stages", "the stage has no id; add one")
		return
	}
	after, before := s.Get("after"), s.Get("before")
	anchor, path := after, "after"
	if anchor.IsNull() {
		anchor, path = before, "before"
	}
	stage := without(s, "after", "before")
	switch {
	case l.twice(id, id.Text):
	case !after.IsNull() && !before.IsNull():
		l.wrong(before, "stages", "stage %q stands after one stage and before another; keep one of the two", id.Text)
	case l.base == "" && !anchor.IsNull():
		l.wrong(anchor, path, "%q is for a procedure that extends another; write stage %q where it belongs", path, id.Text)
	case l.base == "":
		l.items = append(l.items, filled(stage, defaults))
	case place >= 0 && !anchor.IsNull():
		l.wrong(anchor, path, "there is a stage %q already; remove %q to change it, or drop the one of %s to put this one in its stead", id.Text, path, l.base)
	case place >= 0:
		l.items[place] = overlay(l.items[place], stage)
	case anchor.IsNull():
		l.wrong(id, "stages", "%s has no stage %q; correct the id, or say with \"after\" or \"before\" where the new stage belongs", l.base, id.Text)
	case l.find(anchor.Text) < 0:
		l.unknown(anchor, path)
	case !l.twice(anchor, path+" "+anchor.Text):
		l.insert(filled(stage, defaults), path, anchor.Text)
	}
}

func (l *stageList) insert(stage *yamldoc.Value, path, anchor string) {
	at := l.find(anchor)
	if path == "after" {
		at++
	}
	l.items = slices.Insert(l.items, at, stage)
}

// twice reports, and says, that a document has two stages of one id or of one place:
// which one is meant, or comes first, would be a guess.
func (l *stageList) twice(at *yamldoc.Value, what string) bool {
	if l.taken[what] {
		l.wrong(at, "stages", "two stages of this document are %q; correct one of them", what)
	}
	defer func() { l.taken[what] = true }()
	return l.taken[what]
}

// checkDropped refuses to drop what a stage that stays asks for.
func (l *stageList) checkDropped(id *yamldoc.Value) {
	for _, s := range l.items {
		for _, field := range []string{"required", "with"} {
			asks := func(v *yamldoc.Value) bool { return v.Text == id.Text }
			if l.find(id.Text) < 0 && slices.ContainsFunc(items(s.Get(field)), asks) {
				l.wrong(id, "drop", "stage %q names the dropped stage %q in %q; say there what it needs instead", idOf(s), id.Text, field)
			}
		}
	}
}

// filled gives a stage the fields that its kind of work has by default.
func filled(stage, defaults *yamldoc.Value) *yamldoc.Value {
	if defaults == nil {
		return stage
	}
	common := defaults.Get(stage.Get("does").String())
	if common.IsNull() {
		return stage
	}
	return overlay(without(common, "id", "after", "before"), stage)
}

// overlay is a mapping with the fields of another one put over its own, each as a
// whole: a claim never keeps half of another claim's evidence. A field without a value
// takes that of below away. The lines are those of over, where people correct things.
func overlay(below, over *yamldoc.Value) *yamldoc.Value {
	out := &yamldoc.Value{Kind: yamldoc.Map, Line: over.Line}
	for _, e := range below.Entries {
		if over.Get(e.Key) == nil {
			out.Entries = append(out.Entries, e)
		}
	}
	out.Entries = append(out.Entries, over.Entries...)
	return out
}

// without is a mapping without some of its keys.
func without(m *yamldoc.Value, keys ...string) *yamldoc.Value {
	out := &yamldoc.Value{Kind: yamldoc.Map, Line: m.Line}
	for _, e := range m.Entries {
		if !slices.Contains(keys, e.Key) {
			out.Entries = append(out.Entries, e)
		}
	}
	return out
}
