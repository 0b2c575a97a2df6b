package shtext

import (
	"errors"
	"strings"
)

// token is a word as it was written, or an operator.
type token struct {
	line int
	op   string // "\n", ";", "&&", "||", "|", "&", "(", ")", "<", ">" ...; "" for a word
	raw  string // a word with its quotes
	// array: the word is NAME= or NAME+= and an opening parenthesis follows at once.
	array bool
}

type lexer struct {
	src     string
	at      int
	line    int
	tokens  []token
	pending []heredoc
}

type heredoc struct {
	word string
	tabs bool // leading tabs before the end word do not count
}

const blanks = " \t\r"

// lex splits a script into words and operators.
func lex(src string) ([]token, error) {
	l := lexer{src: src, line: 1}
	for l.at < len(l.src) {
		if err := l.step(); err != nil {
			return nil, err
		}
	}
	return l.tokens, nil
}

func (l *lexer) step() error {
	rest := l.src[l.at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "\\\n"):
		l.at, l.line = l.at+2, l.line+1
	case strings.HasPrefix(rest, "\\\r\n"):
		l.at, l.line = l.at+3, l.line+1
	case strings.IndexByte(blanks, c) >= 0:
		l.at++
	case c == '\n':
		l.emit("\n")
		l.at, l.line = l.at+1, l.line+1
		l.skipHeredocs()
	case c == '#':
		if i := strings.IndexByte(rest, '\n'); i >= 0 {
			l.at += i
		} else {
			l.at = len(l.src)
		}
	case strings.IndexByte(";&|()<>", c) >= 0:
		l.operator(rest)
	default:
		return l.word()
	}
	return nil
}

func (l *lexer) emit(op string) { l.tokens = append(l.tokens, token{line: l.line, op: op}) }

var operators = []string{"<<<", "<<-", ";;", "&&", "||", "<<", ">>", ">&", "<&", "&>", ";", "&", "|", "(", ")", "<", ">"}

func (l *lexer) operator(rest string) {
	for _, op := range operators {
		if !strings.HasPrefix(rest, op) {
			continue
		}
		l.at += len(op)
		if op == "<<" || op == "<<-" {
			l.heredoc(op == "<<-")
			return
		}
		l.emit(op)
		return
	}
}

// heredoc notes the end word; the body begins on the next line.
func (l *lexer) heredoc(tabs bool) {
	for l.at < len(l.src) && strings.IndexByte(blanks, l.src[l.at]) >= 0 {
		l.at++
	}
	end, err := wordEnd(l.src, l.at)
	if err != nil {
		return // the word itself will be reported
	}
	raw := l.src[l.at:end]
	l.at, l.line = end, l.line+strings.Count(raw, "\n")
	word := strings.NewReplacer(`"`, "", `'`, "", `\`, "").Replace(raw)
	if word != "" {
		l.pending = append(l.pending, heredoc{word, tabs})
	}
}

func (l *lexer) skipHeredocs() {
	for _, h := range l.pending {
		for l.at < len(l.src) {
			text, _, _ := strings.Cut(l.src[l.at:], "\n")
			l.at = min(len(l.src), l.at+len(text)+1)
			l.line++
			text = strings.TrimSuffix(text, "\r")
			if h.tabs {
				text = strings.TrimLeft(text, "\t")
			}
			if text == h.word {
				break
			}
		}
	}
	l.pending = nil
}

// word reads up to the next blank or operator outside quotes.
func (l *lexer) word() error {
	start, line := l.at, l.line
	end, err := wordEnd(l.src, l.at)
	if err != nil {
		return &Error{Line: line, Text: err.Error()}
	}
	raw := l.src[start:end]
	l.line += strings.Count(raw, "\n")
	l.at = end
	if end < len(l.src) && (l.src[end] == '<' || l.src[end] == '>') && strings.Trim(raw, "0123456789") == "" {
		return nil // the number of a redirected stream
	}
	t := token{line: line, raw: raw}
	if strings.HasSuffix(raw, "=") && end < len(l.src) && l.src[end] == '(' {
		name := strings.TrimSuffix(strings.TrimSuffix(raw, "="), "+")
		t.array = isName(name)
	}
	l.tokens = append(l.tokens, t)
	return nil
}

var errOpen = errors.New("a quote or bracket is not closed; the script is incomplete")

// wordEnd is the offset after the word that starts at i.
func wordEnd(s string, i int) (int, error) {
	for i < len(s) {
		switch c := s[i]; {
		case strings.IndexByte(blanks+"\n;&|()<>", c) >= 0:
			return i, nil
		default:
			next, err := pieceEnd(s, i, 0)
			if err != nil {
				return 0, err
			}
			i = next
		}
	}
	return i, nil
}

// pieceEnd is the offset after the quote, substitution or character at i.
func pieceEnd(s string, i, depth int) (int, error) {
	if depth > maxDepth {
		return 0, errTooMuch
	}
	switch s[i] {
	case '\\':
		return min(i+2, len(s)), nil
	case '\'':
		j := strings.IndexByte(s[i+1:], '\'')
		if j < 0 {
			return 0, errOpen
		}
		return i + j + 2, nil
	case '"':
		return closing(s, i+1, '"', depth)
	case '`':
		return closing(s, i+1, '`', depth)
	case '$':
		if i+1 < len(s) && s[i+1] == '{' {
			return closing(s, i+2, '}', depth)
		}
		if i+1 < len(s) && s[i+1] == '(' {
			return closing(s, i+2, ')', depth)
		}
	}
	return i + 1, nil
}

// closing is the offset after the closing character, nested pieces skipped.
func closing(s string, i int, end byte, depth int) (int, error) {
	if depth > maxDepth {
		return 0, errTooMuch
	}
	for i < len(s) {
		switch {
		case s[i] == end:
			return i + 1, nil
		case s[i] == '\'' && (end == '"' || strings.IndexByte(s[i+1:], '\'') < 0):
			i++ // an apostrophe, not a quote
		case end == ')' && s[i] == '(':
			next, err := closing(s, i+1, ')', depth+1)
			if err != nil {
				return 0, err
			}
			i = next
		default:
			next, err := pieceEnd(s, i, depth+1)
			if err != nil {
				return 0, err
			}
			i = next
		}
	}
	return 0, errOpen
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
