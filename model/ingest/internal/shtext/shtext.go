// Package shtext reads shell scripts as text. Nothing is ever run.
//
// It finds the simple commands of a script in the order in which they stand, with
// comments and here-documents gone and those variables filled in whose values
// the script itself states. What only a run could tell (the output of a command,
// a variable from outside) stays marked as unknown in the word it occurs in.
//
// It is not a shell: it understands what the scripts of releases use
// (assignments, arrays, quotes, ${VAR}, defaults, replacement, trimming, for
// loops over known lists, functions) and reads on past everything else. Reading
// takes time linear in the script and in what its loops expand to, and both are
// bounded.
package shtext

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Unknown stands in a word's text for a part that only a run could tell.
const Unknown = "\x00"

// Bounds of a script. Real ones have up to 12 kB and 100 commands.
const (
	MaxBytes    = 1 << 20
	maxCommands = 50_000
	maxWord     = 64 << 10
	maxItems    = 10_000
	maxDepth    = 50
)

// Word is one word of a command after expansion.
type Word struct {
	Text string
	// Hint is the text of the last command substitution in the word, which may
	// tell a person, or a careful reader, what it is about.
	Hint string
	// Inner are the words of the substitution's command.
	Inner []string
}

// Known reports whether the whole text is known.
func (w Word) Known() bool { return !strings.Contains(w.Text, Unknown) }

// Command is a simple command, or an assignment.
type Command struct {
	Line  int
	Words []Word
	// Assigns is the name of the variable where the command is an assignment;
	// Words are then its values.
	Assigns string
	// Conditional: it stands in an if, case, while or after && or ||.
	Conditional bool
}

// Name is the command's first word.
func (c Command) Name() string {
	if c.Assigns != "" || len(c.Words) == 0 {
		return ""
	}
	return c.Words[0].Text
}

// Script is what was read.
type Script struct {
	Commands []Command
	vars     map[string][]Word
}

// Value is what the script's text leaves in a variable.
func (s Script) Value(name string) (Word, bool) {
	if v := s.vars[name]; len(v) > 0 {
		return v[0], true
	}
	return Word{}, false
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

// Read reads a script.
func Read(data []byte) (Script, error) {
	if len(data) > MaxBytes {
		return Script{}, &Error{Text: fmt.Sprintf("the script has %d bytes, more than the %d that are read; check that this is the right file", len(data), MaxBytes)}
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return Script{}, &Error{Line: 1 + bytes.Count(data[:i], []byte("\n")), Text: "the script holds a zero byte; it is no text"}
	}
	tokens, err := lex(string(data))
	if err != nil {
		return Script{}, err
	}
	r := reader{tokens: tokens, vars: map[string][]Word{}}
	err = r.block(0, len(tokens), 0, 0)
	return Script{Commands: r.commands, vars: r.vars}, err
}
