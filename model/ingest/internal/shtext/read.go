package shtext

import (
	"maps"

	"mvdan.cc/sh/v3/syntax"
)

// reader walks over the statements and collects commands.
type reader struct {
	script Script
	count  int // commands, those of substitutions included
	size   int // bytes of their words
}

// scope is what surrounds a statement.
type scope struct {
	conditional bool
	depth       int
}

func (s scope) inner() scope { return scope{s.conditional, s.depth + 1} }

func (s scope) maybe() scope { return scope{true, s.depth + 1} }

func (r *reader) statements(stmts []*syntax.Stmt, in scope) error {
	for _, s := range stmts {
		if err := r.statement(s, in); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) statement(s *syntax.Stmt, in scope) error {
	if in.depth > maxDepth {
		return tooMuch(s)
	}
	begins := len(r.script.Commands)
	if err := r.command(s, in); err != nil || len(s.Redirs) == 0 {
		return err
	}
	return r.redirections(s, begins, in)
}

func (r *reader) command(s *syntax.Stmt, in scope) error {
	switch c := s.Cmd.(type) {
	case *syntax.CallExpr:
		return r.call(c, in)
	case *syntax.DeclClause:
		return r.declaration(c, in)
	case *syntax.Block:
		return r.statements(c.Stmts, in.inner())
	case *syntax.Subshell:
		return r.apart(c.Stmts, in.inner())
	case *syntax.BinaryCmd:
		return r.binary(c, in)
	case *syntax.IfClause:
		return r.branches(c, in.maybe())
	case *syntax.WhileClause:
		return r.all(in.maybe(), c.Cond, c.Do)
	case *syntax.ForClause:
		return r.loop(c, in)
	case *syntax.CaseClause:
		if err := r.substitutionsOf(c.Word, in); err != nil {
			return err
		}
		for _, item := range c.Items {
			if err := r.statements(item.Stmts, in.maybe()); err != nil {
				return err
			}
		}
	case *syntax.FuncDecl:
		r.script.Functions[c.Name.Value] = true
	case *syntax.TimeClause:
		if c.Stmt != nil {
			return r.statement(c.Stmt, in.inner())
		}
	case *syntax.CoprocClause:
		return r.statement(c.Stmt, in.inner())
	case *syntax.TestClause, *syntax.ArithmCmd, *syntax.LetClause:
		return r.substitutionsOf(c, in) // a test changes nothing but by what it runs
	}
	return nil
}

func (r *reader) all(in scope, parts ...[]*syntax.Stmt) error {
	for _, stmts := range parts {
		if err := r.statements(stmts, in); err != nil {
			return err
		}
	}
	return nil
}

// apart reads statements whose assignments end with them.
func (r *reader) apart(stmts []*syntax.Stmt, in scope) error {
	outside := maps.Clone(r.script.vars)
	err := r.statements(stmts, in)
	r.script.vars = outside
	return err
}

func (r *reader) binary(c *syntax.BinaryCmd, in scope) error {
	// A chain of "|" and "&&" nests to the left: its length is no depth.
	if err := r.statement(c.X, in); err != nil {
		return err
	}
	if c.Op == syntax.AndStmt || c.Op == syntax.OrStmt {
		in.conditional = true
	}
	return r.statement(c.Y, in)
}

func (r *reader) branches(c *syntax.IfClause, in scope) error {
	for ; c != nil; c = c.Else {
		if err := r.all(in, c.Cond, c.Then); err != nil {
			return err
		}
	}
	return nil
}

// loop reads the body of "for NAME in WORDS" once for each word, that of other
// loops once.
func (r *reader) loop(c *syntax.ForClause, in scope) error {
	items, ok := c.Loop.(*syntax.WordIter)
	if !ok || !items.InPos.IsValid() {
		return r.statements(c.Do, in.inner())
	}
	words, subst, err := r.expand(items.Items, in)
	if err != nil {
		return err
	}
	if len(subst) > 0 {
		if err := r.collect(Command{Line: line(items), Assigns: items.Name.Value, Words: words, Conditional: in.conditional, Substitutions: subst}); err != nil {
			return err
		}
	}
	for _, w := range words {
		r.script.vars[items.Name.Value] = variable{values: []string{w.Text}, from: w.From}
		if err := r.statements(c.Do, in.inner()); err != nil {
			return err
		}
	}
	return nil
}

// call reads a simple command with its leading assignments.
func (r *reader) call(c *syntax.CallExpr, in scope) error {
	for _, a := range c.Assigns {
		if err := r.assign(a, in); err != nil {
			return err
		}
	}
	if len(c.Args) == 0 {
		return nil
	}
	words, subst, err := r.expand(c.Args, in)
	if err != nil {
		return err
	}
	return r.collect(Command{Line: line(c.Args[0]), Words: words, Conditional: in.conditional, Substitutions: subst})
}

// declaration reads export, declare, local, readonly and their assignments.
func (r *reader) declaration(c *syntax.DeclClause, in scope) error {
	words := []*syntax.Word{{Parts: []syntax.WordPart{c.Variant}}}
	for _, a := range c.Args {
		switch {
		case !a.Naked:
			if err := r.assign(a, in); err != nil {
				return err
			}
		case a.Name != nil:
			words = append(words, &syntax.Word{Parts: []syntax.WordPart{a.Name}})
		case a.Value != nil:
			words = append(words, a.Value)
		}
	}
	expanded, subst, err := r.expand(words, in)
	if err != nil {
		return err
	}
	return r.collect(Command{Line: line(c), Words: expanded, Conditional: in.conditional, Substitutions: subst})
}

func (r *reader) assign(a *syntax.Assign, in scope) error {
	var words []Word
	var subst []Command
	var err error
	if a.Array != nil {
		var elements []*syntax.Word
		for _, e := range a.Array.Elems {
			elements = append(elements, e.Value)
		}
		words, subst, err = r.expand(elements, in)
	} else {
		words, subst, err = r.value(a.Value, in)
	}
	if err != nil {
		return err
	}
	was := r.script.vars[a.Name.Value]
	switch v := asVariable(words); {
	case a.Index != nil: // one element of an array: which one is not followed
		r.script.vars[a.Name.Value] = variable{values: []string{Unknown}, from: v.from}
	case a.Append && a.Array == nil:
		r.script.vars[a.Name.Value] = was.joined(v)
	case a.Append:
		r.script.vars[a.Name.Value] = was.longer(v)
	default:
		r.script.vars[a.Name.Value] = v
	}
	now := r.script.vars[a.Name.Value]
	return r.collect(Command{Line: line(a), Words: now.words(), Assigns: a.Name.Value, Conditional: in.conditional, Substitutions: subst})
}

// redirections adds what the targets and here-documents of a statement substitute
// to its first command.
func (r *reader) redirections(s *syntax.Stmt, begins int, in scope) error {
	for _, redirect := range s.Redirs {
		for _, w := range []*syntax.Word{redirect.Word, redirect.Hdoc} {
			if w == nil {
				continue
			}
			subst, err := r.inside(w, in)
			if err != nil {
				return err
			}
			if len(r.script.Commands) > begins {
				c := &r.script.Commands[begins]
				c.Substitutions = append(c.Substitutions, subst...)
			}
		}
	}
	return nil
}

// substitutionsOf collects what a test or calculation runs.
func (r *reader) substitutionsOf(n syntax.Node, in scope) error {
	subst, err := r.inside(n, in)
	if err == nil && len(subst) > 0 {
		err = r.collect(Command{Line: line(n), Words: []Word{{Text: "test"}}, Conditional: in.conditional, Substitutions: subst})
	}
	return err
}

func (r *reader) collect(c Command) error {
	r.count++
	for _, w := range c.Words {
		if r.size += len(w.Text); len(w.Text) > maxWord {
			return &Error{Line: c.Line, Text: errTooMuch.Error()}
		}
	}
	if r.count > maxCommands || r.size > maxText {
		return &Error{Line: c.Line, Text: errTooMuch.Error()}
	}
	r.script.Commands = append(r.script.Commands, c)
	return nil
}

func line(n syntax.Node) int { return int(n.Pos().Line()) }

func tooMuch(n syntax.Node) error { return &Error{Line: line(n), Text: errTooMuch.Error()} }
