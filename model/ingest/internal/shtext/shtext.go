// Package shtext reads shell scripts as text. Nothing is ever run.
//
// It finds the simple commands of a script in the order in which they stand, with
// those variables filled in whose values the script itself states. What only a run
// could tell (the output of a command, a variable from outside, arithmetic) stays
// marked as unknown in the word it occurs in. Loops over known lists are read once
// for each item, other loops once, both sides of a condition in their order.
// Functions are named, their bodies are not read: what one does depends on its call.
//
// Reading takes time linear in the script and in what its loops expand to, and both
// are bounded.
package shtext

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	// why: the parser of shfmt and of Go's most used shell; it reads bash as bash
	// does, and only its packages syntax and expand are linked, which run nothing.
	"mvdan.cc/sh/v3/syntax"
)

// Unknown stands in a word's text for a part that only a run could tell.
const Unknown = "\x00"

// Bounds of a script. Real ones have up to 40 kB and some 100 commands.
const (
	MaxBytes    = 256 << 10
	maxCommands = 50_000
	maxText     = 16 << 20 // bytes of all words after expansion
	maxWord     = 64 << 10
	maxItems    = 10_000 // words of one command
	maxDepth    = 50
	// maxBrackets bounds how deep the parser, which sets no bound, can be made to
	// recurse: 8 kB of stack a level, and a full stack ends the process.
	maxBrackets = 20_000
)

// Word is one word of a command after expansion.
type Word struct {
	Text string
	// From is the first command of the last substitution whose output is part of
	// the text; nil where there is none.
	From *Command
}

// Known reports whether the whole text is known.
func (w Word) Known() bool { return !strings.Contains(w.Text, Unknown) }

// Command is a simple command, or an assignment.
type Command struct {
	Line  int // of the script, from 1
	Words []Word
	// Assigns is the name of the variable where the command is an assignment;
	// Words are then its values.
	Assigns string
	// Conditional: it stands in an if, case, while or after && or ||.
	Conditional bool
	// Substitutions are the commands whose output the words, and the files that are
	// redirected to it, are made of; they run before it.
	Substitutions []Command
}

// Name is the command's first word, "" for an assignment.
func (c Command) Name() string {
	if c.Assigns != "" || len(c.Words) == 0 {
		return ""
	}
	return c.Words[0].Text
}

func (c Command) String() string {
	var texts []string
	for _, w := range c.Words {
		texts = append(texts, strings.ReplaceAll(w.Text, Unknown, "..."))
	}
	return strings.Join(texts, " ")
}

// Script is what was read.
type Script struct {
	Commands  []Command
	Functions map[string]bool // the names that it defines
	vars      map[string]variable
}

// Value is what the script's text leaves in a variable; the first value of an array.
func (s Script) Value(name string) (Word, bool) {
	v := s.vars[name]
	if len(v.values) == 0 {
		return Word{}, false
	}
	return Word{Text: v.values[0], From: v.from}, true
}

// Error is what is wrong with a script, and on which line.
type Error struct {
	Line int // 0 where no line can be named
	Text string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Text
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Text)
}

var errTooMuch = errors.New("the script expands to more than is read; list its files without loops")

// Read reads a script. Errors are an *Error.
func Read(data []byte) (Script, error) {
	if len(data) > MaxBytes {
		return Script{}, &Error{Text: fmt.Sprintf("the script has %d bytes, more than the %d that are read; check that this is the right file", len(data), MaxBytes)}
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return Script{}, &Error{Line: 1 + bytes.Count(data[:i], []byte("\n")), Text: "the script holds a zero byte; it is no text"}
	}
	if brackets(data) > maxBrackets {
		return Script{}, &Error{Text: fmt.Sprintf("the script has more than %d brackets; check that this is the right file", maxBrackets)}
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(bytes.NewReader(data), "")
	if err != nil {
		return Script{}, unparsed(err)
	}
	r := reader{script: Script{Functions: map[string]bool{}, vars: map[string]variable{}}}
	err = r.statements(file.Stmts, scope{})
	return r.script, err
}

func brackets(data []byte) (n int) {
	for _, open := range []string{"(", "{", "[", "`"} {
		n += bytes.Count(data, []byte(open))
	}
	return n
}

// unparsed is a parser's error with the line and what to do.
func unparsed(err error) error {
	out := &Error{Text: err.Error()}
	var wrong syntax.ParseError
	var dialect syntax.LangError
	switch {
	case errors.As(err, &wrong):
		out.Line, out.Text = int(wrong.Pos.Line()), wrong.Text
	case errors.As(err, &dialect):
		out.Line, out.Text = int(dialect.Pos.Line()), dialect.Feature+" is not a feature of bash"
	}
	out.Text = "not readable as a bash script: " + out.Text + "; check that the file is complete"
	return out
}
