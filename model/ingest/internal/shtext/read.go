package shtext

import "strings"

// reader walks over the tokens and collects commands.
type reader struct {
	tokens   []token
	commands []Command
	vars     map[string][]Word
	size     int // bytes of all collected words
}

func (r *reader) is(i int, word string) bool {
	return i < len(r.tokens) && r.tokens[i].op == "" && r.tokens[i].raw == word
}

func separates(op string) bool {
	switch op {
	case "\n", ";", ";;", "&&", "||", "|", "&", "(", ")":
		return true
	}
	return false
}

// block reads the tokens from i up to end. conditional is the number of
// surrounding constructs that may skip a command.
func (r *reader) block(i, end, conditional, depth int) error {
	if depth > maxDepth {
		return errTooMuch
	}
	maybe := false // after && or ||
	for i < end {
		t := r.tokens[i]
		if t.op != "" {
			if t.op != "\n" || i > 0 && r.tokens[i-1].op != "&&" && r.tokens[i-1].op != "||" {
				maybe = t.op == "&&" || t.op == "||"
			}
			i++
			continue
		}
		var err error
		switch t.raw {
		case "if", "while", "until", "case":
			conditional++
			i++
		case "fi", "esac":
			conditional = max(0, conditional-1)
			i++
		case "done":
			conditional = max(0, conditional-1) // of a while: a for's is consumed by it
			i++
		case "then", "else", "elif", "do", "{", "}", "!", "time":
			i++
		case "for":
			i, err = r.loop(i, end, conditional, depth)
		case "function":
			i = r.function(i+1, end)
		default:
			if !t.array && i+2 < end && r.tokens[i+1].op == "(" && r.tokens[i+2].op == ")" {
				i = r.function(i, end)
				continue
			}
			i, err = r.command(i, end, conditional > 0 || maybe)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// function skips a definition: NAME, perhaps (), and a body in braces. What a
// function would do depends on who calls it.
func (r *reader) function(i, end int) int {
	for i++; i < end && (r.tokens[i].op == "(" || r.tokens[i].op == ")" || r.tokens[i].op == "\n"); i++ {
	}
	if !r.is(i, "{") {
		return i
	}
	open := 0
	for ; i < end; i++ {
		if r.is(i, "{") {
			open++
		}
		if r.is(i, "}") {
			if open--; open == 0 {
				return i + 1
			}
		}
	}
	return end
}

// loop reads "for NAME in WORDS; do BODY done" once per word.
func (r *reader) loop(i, end, conditional, depth int) (int, error) {
	switch {
	case i+2 >= end || r.tokens[i+1].op != "": // an arithmetic for
		return i + 1, nil
	case !isName(r.tokens[i+1].raw) || !r.is(i+2, "in"): // one over arguments
		return i + 2, nil
	}
	name, from := r.tokens[i+1].raw, i+3
	i = from
	for i < end && r.tokens[i].op == "" {
		i++
	}
	words, err := r.expandAll(r.tokens[from:i])
	if err != nil {
		return 0, err
	}
	for i < end && !r.is(i, "do") {
		i++
	}
	body, after := i+1, r.done(i, end)
	if body > after-1 {
		return after, nil
	}
	for _, w := range words {
		r.vars[name] = []Word{w}
		if err := r.block(body, after-1, conditional, depth+1); err != nil {
			return 0, err
		}
	}
	return after, nil
}

// done is the index after the "done" that closes the "do" at i.
func (r *reader) done(i, end int) int {
	open := 0
	for ; i < end; i++ {
		if r.is(i, "do") {
			open++
		}
		if r.is(i, "done") {
			if open--; open <= 0 {
				return i + 1
			}
		}
	}
	return end
}

// command reads one simple command with its leading assignments.
func (r *reader) command(i, end int, conditional bool) (int, error) {
	c := Command{Line: r.tokens[i].line, Conditional: conditional}
	for i < end && !separates(r.tokens[i].op) {
		t := r.tokens[i]
		switch {
		case t.op != "": // a redirection: its target is no argument
			i += 2
			continue
		case t.array && i+1 < end && r.tokens[i+1].op == "(":
			next, err := r.array(i, end, conditional)
			if err != nil {
				return 0, err
			}
			i = next
			continue
		case len(c.Words) == 0 || declares(c.Name()):
			if name, value, ok := assignment(t.raw); ok {
				w, err := r.single(token{line: t.line, raw: value})
				if err != nil {
					return 0, err
				}
				if err := r.assign(name, []Word{w}, t.line, conditional); err != nil {
					return 0, err
				}
				i++
				continue
			}
		}
		words, err := r.expand(t)
		if err != nil {
			return 0, err
		}
		c.Words = append(c.Words, words...)
		i++
	}
	if len(c.Words) == 0 {
		return i, nil
	}
	return i, r.collect(c)
}

func declares(name string) bool {
	switch name {
	case "export", "declare", "local", "readonly", "typeset":
		return true
	}
	return false
}

// assignment splits NAME=VALUE.
func assignment(raw string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(raw, "=")
	return name, value, ok && isName(name)
}

// array reads NAME=( WORDS ).
func (r *reader) array(i, end int, conditional bool) (int, error) {
	t := r.tokens[i]
	name := strings.TrimSuffix(t.raw, "=")
	more := strings.HasSuffix(name, "+")
	name = strings.TrimSuffix(name, "+")
	var raws []token
	for i += 2; i < end && r.tokens[i].op != ")"; i++ {
		if r.tokens[i].op == "" {
			raws = append(raws, r.tokens[i])
		}
	}
	words, err := r.expandAll(raws)
	if err != nil {
		return 0, err
	}
	if more {
		words = append(append([]Word(nil), r.vars[name]...), words...)
	}
	return i + 1, r.assign(name, words, t.line, conditional)
}

func (r *reader) assign(name string, words []Word, line int, conditional bool) error {
	r.vars[name] = words
	return r.collect(Command{Line: line, Words: words, Assigns: name, Conditional: conditional})
}

func (r *reader) collect(c Command) error {
	for _, w := range c.Words {
		r.size += len(w.Text)
	}
	if len(r.commands) >= maxCommands || r.size > 16*MaxBytes {
		return &Error{Line: c.Line, Text: errTooMuch.Error()}
	}
	r.commands = append(r.commands, c)
	return nil
}
