package shtext

import (
	"strings"
)

// piece is a part of a word.
type piece struct {
	words   []Word
	quoted  bool // not split at blanks
	literal bool // its words belong to the piece alone, and can grow
}

func (r *reader) expandAll(ts []token) ([]Word, error) {
	var all []Word
	for _, t := range ts {
		words, err := r.expand(t)
		if err != nil {
			return nil, err
		}
		if all = append(all, words...); len(all) > maxItems {
			return nil, &Error{Line: t.line, Text: errTooMuch.Error()}
		}
	}
	return all, nil
}

// single expands a word to one value, as in an assignment.
func (r *reader) single(t token) (Word, error) {
	pieces, err := r.pieces(t.raw, false, 0)
	if err != nil {
		return Word{}, &Error{Line: t.line, Text: err.Error()}
	}
	var all Word
	for _, p := range pieces {
		all = join(all, spaced(p.words))
		if err := bounded(all, t.line); err != nil {
			return Word{}, err
		}
	}
	return all, nil
}

// expand expands a word to none, one or several words.
func (r *reader) expand(t token) ([]Word, error) {
	pieces, err := r.pieces(t.raw, false, 0)
	if err != nil {
		return nil, &Error{Line: t.line, Text: err.Error()}
	}
	if len(pieces) == 1 && !pieces[0].quoted {
		pieces[0].words = split(pieces[0].words)
	}
	words := []Word{{}}
	if len(pieces) == 1 && len(pieces[0].words) != 1 {
		words = nil // "${empty[@]}" is no word at all
	}
	for _, p := range pieces {
		for i, w := range p.words {
			if i > 0 || len(words) == 0 {
				words = append(words, w)
				continue
			}
			words[len(words)-1] = join(words[len(words)-1], w)
			if err := bounded(words[len(words)-1], t.line); err != nil {
				return nil, err
			}
		}
		if len(words) > maxItems {
			return nil, &Error{Line: t.line, Text: errTooMuch.Error()}
		}
	}
	return words, nil
}

func bounded(w Word, line int) error {
	if len(w.Text) > maxWord {
		return &Error{Line: line, Text: errTooMuch.Error()}
	}
	return nil
}

func join(a, b Word) Word {
	a.Text += b.Text
	if b.Hint != "" {
		a.Hint, a.Inner = b.Hint, b.Inner
	}
	return a
}

func spaced(words []Word) Word {
	if len(words) == 1 {
		return words[0]
	}
	var all Word
	for _, w := range words {
		if all.Text != "" {
			all.Text += " "
		}
		if all = join(all, w); len(all.Text) > maxWord {
			break // whoever uses it finds it too long
		}
	}
	return all
}

// split splits at blanks, as a shell does with a variable outside quotes.
func split(words []Word) []Word {
	var all []Word
	for _, w := range words {
		fields := strings.Fields(w.Text)
		if len(fields) <= 1 {
			all = append(all, w)
			continue
		}
		for _, f := range fields {
			all = append(all, Word{Text: f, Hint: w.Hint, Inner: w.Inner})
		}
	}
	return all
}

// pieces takes a raw word apart. Inside double quotes (quoted) apostrophes are
// characters.
func (r *reader) pieces(raw string, quoted bool, depth int) ([]piece, error) {
	if depth > maxDepth {
		return nil, errTooMuch
	}
	var out []piece
	text := func(s string) {
		if n := len(out); n > 0 && out[n-1].literal {
			out[n-1].words[0].Text += s
			return
		}
		out = append(out, piece{words: []Word{{Text: s}}, quoted: true, literal: true})
	}
	for i := 0; i < len(raw); {
		if n := len(out); n > 0 && out[n-1].literal && len(out[n-1].words[0].Text) > maxWord {
			return nil, errTooMuch
		}
		if raw[i] == '\'' && quoted || strings.IndexByte("\\'\"`$", raw[i]) < 0 {
			j := i + 1
			for j < len(raw) && strings.IndexByte("\\'\"`$", raw[j]) < 0 {
				j++
			}
			text(raw[i:j]) // literal text is never split
			i = j
			continue
		}
		end, err := pieceEnd(raw, i, depth)
		if err != nil {
			return nil, err
		}
		p := raw[i:end]
		switch p[0] {
		case '\\':
			text(unescape(p, quoted))
		case '\'':
			text(p[1 : len(p)-1])
		case '"':
			inner, err := r.pieces(p[1:len(p)-1], true, depth+1)
			if err != nil {
				return nil, err
			}
			if len(inner) == 0 {
				text("")
			}
			for _, q := range inner {
				q.quoted = true
				out = append(out, q)
			}
		case '`':
			out = append(out, piece{words: []Word{substitution(strings.Trim(p, "`"))}, quoted: quoted})
		case '$':
			words, n, err := r.dollar(raw[i:], p, depth)
			if err != nil {
				return nil, err
			}
			if n == 0 {
				text("$")
				n = 1
			} else {
				out = append(out, piece{words: words, quoted: quoted})
			}
			end = i + n
		}
		i = end
	}
	return out, nil
}

func unescape(p string, quoted bool) string {
	switch {
	case len(p) < 2:
		return p
	case p[1] == '\n':
		return ""
	case quoted && strings.IndexByte("$`\"\\", p[1]) < 0:
		return p
	}
	return p[1:]
}

// substitution is the unknown output of a command, with the command's words.
func substitution(command string) Word {
	command = strings.TrimSpace(command)
	w := Word{Text: Unknown, Hint: command}
	tokens, err := lex(command)
	if err != nil {
		return w
	}
	for _, t := range tokens {
		if t.op != "" {
			break
		}
		w.Inner = append(w.Inner, strings.Trim(t.raw, `"'`))
	}
	return w
}

// dollar expands what begins with $; n is its length, 0 where the $ is just a $.
// braced is the whole text where it is ${...} or $(...).
func (r *reader) dollar(s, braced string, depth int) (words []Word, n int, err error) {
	switch {
	case strings.HasPrefix(s, "$("):
		return []Word{substitution(strings.TrimSuffix(braced[2:], ")"))}, len(braced), nil
	case strings.HasPrefix(s, "${"):
		words, err = r.parameter(strings.TrimSuffix(braced[2:], "}"), depth)
		return words, len(braced), err
	case len(s) > 1 && strings.IndexByte("@*#?$!-0123456789", s[1]) >= 0:
		return []Word{{Text: Unknown}}, 2, nil
	}
	n = nameLength(s[1:])
	if n == 0 {
		return nil, 0, nil
	}
	return r.scalar(s[1 : 1+n]), n + 1, nil
}

func nameLength(s string) int {
	n := 0
	for n < len(s) && isName(s[:1]) && (isName(s[n:n+1]) || s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

// scalar is $NAME: the first value.
func (r *reader) scalar(name string) []Word {
	if v := r.vars[name]; len(v) > 0 {
		return v[:1]
	}
	return []Word{{Text: Unknown, Hint: "$" + name}}
}

// parameter expands the inside of ${...}.
func (r *reader) parameter(s string, depth int) ([]Word, error) {
	n := nameLength(s)
	name, op := s[:n], s[n:]
	if n == 0 {
		return []Word{{Text: Unknown, Hint: "${" + s + "}"}}, nil
	}
	values := r.scalar(name)
	if strings.HasPrefix(op, "[") {
		index, rest, _ := strings.Cut(op[1:], "]")
		if index == "@" || index == "*" {
			values = append([]Word(nil), r.vars[name]...)
		} else if index != "0" {
			values = []Word{{Text: Unknown, Hint: "${" + s + "}"}}
		}
		op = rest
	}
	if op == "" {
		return values, nil
	}
	return r.operate(name, op, values, depth)
}

func (r *reader) operate(name, op string, values []Word, depth int) ([]Word, error) {
	_, set := r.vars[name]
	for _, o := range []string{":-", ":=", ":+", ":?", "-", "=", "//", "/", "%%", "%", "##", "#"} {
		if !strings.HasPrefix(op, o) {
			continue
		}
		arg := op[len(o):]
		switch o {
		case ":-", "-", ":=", "=":
			if set {
				return values, nil
			}
			w, err := r.inner(arg, depth)
			if err != nil {
				return nil, err
			}
			if strings.HasSuffix(o, "=") {
				r.vars[name] = []Word{w}
			}
			return []Word{w}, nil
		case "//", "/":
			return r.replace(values, arg, o == "//", depth)
		case "%", "%%", "#", "##":
			return r.trim(values, arg, o[0] == '%', depth)
		}
		break
	}
	return []Word{{Text: Unknown, Hint: "${" + name + op + "}"}}, nil
}

func (r *reader) inner(raw string, depth int) (Word, error) {
	pieces, err := r.pieces(raw, false, depth+1)
	if err != nil {
		return Word{}, err
	}
	var all Word
	for _, p := range pieces {
		if all = join(all, spaced(p.words)); len(all.Text) > maxWord {
			return Word{}, errTooMuch
		}
	}
	return all, nil
}

// isPattern reports whether a text has a meaning beyond its characters.
func isPattern(w Word) bool { return !w.Known() || strings.ContainsAny(w.Text, "*?[") || w.Text == "" }

func unknown(values []Word) []Word {
	out := make([]Word, len(values))
	for i, v := range values {
		out[i] = Word{Text: Unknown, Hint: v.Hint, Inner: v.Inner}
	}
	return out
}

func (r *reader) replace(values []Word, arg string, all bool, depth int) ([]Word, error) {
	i := 0
	for i < len(arg) && arg[i] != '/' {
		next, err := pieceEnd(arg, i, depth)
		if err != nil {
			return nil, err
		}
		i = next
	}
	old, err := r.inner(arg[:i], depth)
	if err != nil {
		return nil, err
	}
	with, err := r.inner(strings.TrimPrefix(arg[i:], "/"), depth)
	if err != nil {
		return nil, err
	}
	if isPattern(old) {
		return unknown(values), nil
	}
	times := 1
	if all {
		times = -1
	}
	out := make([]Word, len(values))
	for i, v := range values {
		out[i] = v
		if len(v.Text)*(1+len(with.Text)) > 16*maxWord {
			return nil, errTooMuch
		}
		out[i].Text = strings.Replace(v.Text, old.Text, with.Text, times)
	}
	return out, nil
}

func (r *reader) trim(values []Word, arg string, end bool, depth int) ([]Word, error) {
	cut, err := r.inner(arg, depth)
	if err != nil {
		return nil, err
	}
	if isPattern(cut) {
		return unknown(values), nil
	}
	out := make([]Word, len(values))
	for i, v := range values {
		out[i] = v
		if end {
			out[i].Text = strings.TrimSuffix(v.Text, cut.Text)
		} else {
			out[i].Text = strings.TrimPrefix(v.Text, cut.Text)
		}
	}
	return out, nil
}
