package shtext

import (
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// unknownPart is a literal: it is never split, and no pattern.
var unknownPart = &syntax.SglQuoted{Value: Unknown}

// resolved is a word in which everything that only a run could tell has become
// Unknown, so that the library can expand the rest.
func (r *reader) resolved(w *syntax.Word, depth int) (*syntax.Word, error) {
	if w == nil {
		return nil, nil
	}
	if depth > maxDepth {
		return nil, tooMuch(w)
	}
	if braces(w) > maxBraces {
		return nil, tooMuch(w)
	}
	parts, err := r.parts(w.Parts, depth)
	return &syntax.Word{Parts: parts}, err
}

// maxBraces bounds {a,b}: what a word expands to multiplies with each.
const maxBraces = 3

func braces(w *syntax.Word) (n int) {
	for _, p := range w.Parts {
		if l, ok := p.(*syntax.Lit); ok {
			n += strings.Count(l.Value, "{")
		}
	}
	return n
}

func (r *reader) parts(parts []syntax.WordPart, depth int) ([]syntax.WordPart, error) {
	out := make([]syntax.WordPart, 0, len(parts))
	for _, p := range parts {
		switch part := p.(type) {
		case *syntax.Lit, *syntax.SglQuoted:
		case *syntax.DblQuoted:
			inner, err := r.parts(part.Parts, depth)
			if err != nil {
				return nil, err
			}
			p = &syntax.DblQuoted{Dollar: part.Dollar, Parts: inner}
		case *syntax.ParamExp:
			var err error
			if p, err = r.parameter(part, depth+1); err != nil {
				return nil, err
			}
		default: // the output of a command, a calculation
			p = unknownPart
		}
		out = append(out, p)
	}
	return out, nil
}

// parameter is a ${...} whose value the script's text tells, or Unknown.
func (r *reader) parameter(p *syntax.ParamExp, depth int) (syntax.WordPart, error) {
	if p.Param == nil || p.Excl || p.Length || p.Slice != nil || p.Names != 0 || !plainIndex(p.Index) {
		return unknownPart, nil
	}
	known := *p
	v, set := r.script.vars[p.Param.Value]
	if r.size += v.size(); r.size > maxText { // before the library makes the text
		return nil, tooMuch(p)
	}
	if !set && (p.Exp == nil || !givesDefault(p.Exp.Op) || !syntax.ValidName(p.Param.Value)) {
		return unknownPart, nil
	}
	switch {
	case p.Repl != nil:
		orig, err := r.resolved(p.Repl.Orig, depth)
		if err != nil {
			return nil, err
		}
		with, err := r.resolved(p.Repl.With, depth)
		if err != nil {
			return nil, err
		}
		if !r.tellsAll(orig) || r.grows(v, with) {
			return unknownPart, nil
		}
		known.Repl = &syntax.Replace{All: p.Repl.All, Orig: orig, With: with}
	case p.Exp != nil:
		if !computed(p.Exp.Op) {
			return unknownPart, nil
		}
		w, err := r.resolved(p.Exp.Word, depth)
		if err != nil {
			return nil, err
		}
		if !givesDefault(p.Exp.Op) && !r.tellsAll(w) {
			return unknownPart, nil
		}
		known.Exp = &syntax.Expansion{Op: p.Exp.Op, Word: w}
	}
	return &known, nil
}

// plainIndex: the whole variable, all of an array, or its first element.
func plainIndex(index syntax.ArithmExpr) bool {
	if index == nil {
		return true
	}
	w, ok := index.(*syntax.Word)
	return ok && (w.Lit() == "@" || w.Lit() == "*" || w.Lit() == "0")
}

func givesDefault(op syntax.ParExpOperator) bool {
	switch op {
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
		return true
	}
	return false
}

// computed are the operators whose result follows from the value's text.
func computed(op syntax.ParExpOperator) bool {
	switch op {
	case syntax.RemSmallPrefix, syntax.RemLargePrefix, syntax.RemSmallSuffix, syntax.RemLargeSuffix:
		return true
	}
	return givesDefault(op)
}

// tellsAll reports whether a resolved word has no unknown part.
func (r *reader) tellsAll(w *syntax.Word) bool {
	text, err := expand.Literal(r.config(), w)
	return err == nil && !strings.Contains(text, Unknown)
}

// grows reports whether replacing could make more of a value than is read.
func (r *reader) grows(v variable, with *syntax.Word) bool {
	text, err := expand.Literal(r.config(), with)
	return err != nil || v.size()*(1+len(text)) > 16*maxWord
}
