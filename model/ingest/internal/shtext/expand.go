package shtext

import (
	"io"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// variable is what a name stands for: one value, or those of an array. from is the
// first command of the last substitution in it.
type variable struct {
	values []string
	array  bool
	from   *Command
}

func asVariable(words []Word) variable {
	v := variable{values: []string{}, array: len(words) != 1}
	for _, w := range words {
		v.values = append(v.values, w.Text)
		if w.From != nil {
			v.from = w.From
		}
	}
	return v
}

func (v variable) words() []Word {
	var out []Word
	for _, t := range v.values {
		out = append(out, Word{Text: t, From: v.from})
	}
	return out
}

func (v variable) size() (bytes int) {
	for _, t := range v.values {
		bytes += len(t)
	}
	return bytes
}

// joined is NAME+=TEXT.
func (v variable) joined(w variable) variable {
	first := func(v variable) string { return strings.Join(v.values[:min(1, len(v.values))], "") }
	return variable{values: []string{first(v) + first(w)}, from: lastOf(v.from, w.from)}
}

// longer is NAME+=(WORDS).
func (v variable) longer(w variable) variable {
	return variable{values: slices.Concat(v.values, w.values), array: true, from: lastOf(v.from, w.from)}
}

func lastOf(a, b *Command) *Command {
	if b != nil {
		return b
	}
	return a
}

// environment gives the library the script's variables. A name that the script
// does not set is unset for it; resolved has taken out those of which that would
// be a claim.
type environment struct{ vars map[string]variable }

func (e environment) Get(name string) expand.Variable {
	v, ok := e.vars[name]
	switch {
	case !ok:
		return expand.Variable{}
	case v.array || len(v.values) == 0:
		return expand.Variable{Set: true, Kind: expand.Indexed, List: v.values}
	}
	return expand.Variable{Set: true, Kind: expand.String, Str: v.values[0]}
}

func (e environment) Each(func(string, expand.Variable) bool) {}

// Set is ${NAME:=VALUE}.
func (e environment) Set(name string, v expand.Variable) error {
	e.vars[name] = variable{values: []string{v.String()}}
	return nil
}

func (r *reader) config() *expand.Config {
	unknown := func(w io.Writer, _ *syntax.CmdSubst) error {
		_, err := io.WriteString(w, Unknown)
		return err
	}
	return &expand.Config{Env: environment{r.script.vars}, CmdSubst: unknown}
}

// expand expands words as those of a command, each to none, one or several.
func (r *reader) expand(words []*syntax.Word, in scope) (out []Word, subst []Command, err error) {
	for _, w := range words {
		from, inner, err := r.sources(w, in)
		if err != nil {
			return nil, nil, err
		}
		subst = append(subst, inner...)
		known, err := r.resolved(w, in.depth)
		if err != nil {
			return nil, nil, err
		}
		for text, err := range expand.FieldsSeq(r.config(), known) {
			if err != nil {
				text = Unknown // what the library does not expand, a run has to
			}
			if r.size += len(text); r.size > maxText || len(text) > maxWord || len(out) > maxItems {
				return nil, nil, tooMuch(w)
			}
			out = append(out, Word{Text: text, From: from})
		}
	}
	return out, subst, nil
}

// value expands the right side of an assignment to one word.
func (r *reader) value(w *syntax.Word, in scope) ([]Word, []Command, error) {
	if w == nil {
		return []Word{{}}, nil, nil
	}
	from, subst, err := r.sources(w, in)
	if err != nil {
		return nil, nil, err
	}
	known, err := r.resolved(w, in.depth)
	if err != nil {
		return nil, nil, err
	}
	text, err := expand.Literal(r.config(), known)
	if err != nil {
		text = Unknown
	}
	return []Word{{Text: text, From: from}}, subst, nil
}

// sources are the commands that are substituted in a word, and the first command
// of the last substitution in it or in the variables that it names.
func (r *reader) sources(w *syntax.Word, in scope) (from *Command, subst []Command, err error) {
	for n := range syntax.Preorder(w) {
		p, ok := n.(*syntax.ParamExp)
		if ok && p.Param != nil {
			from = lastOf(from, r.script.vars[p.Param.Value].from)
		}
	}
	subst, err = r.inside(w, in)
	if len(subst) > 0 {
		from = &subst[0]
	}
	return from, subst, err
}

// inside are the commands of all substitutions in a node, in their order. They are
// read like the script, and what they assign ends with them.
func (r *reader) inside(n syntax.Node, in scope) (commands []Command, err error) {
	outer := r.script.Commands
	r.script.Commands = nil
	syntax.Walk(n, func(n syntax.Node) bool {
		switch s := n.(type) {
		case *syntax.CmdSubst:
			if err == nil {
				err = r.apart(s.Stmts, in.inner())
			}
			return false // read with their statement
		case *syntax.ProcSubst:
			if err == nil {
				err = r.apart(s.Stmts, in.inner())
			}
			return false
		}
		return err == nil
	})
	commands, r.script.Commands = r.script.Commands, outer
	return commands, err
}
