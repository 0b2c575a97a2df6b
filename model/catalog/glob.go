package catalog

import "strings"

// Glob reports whether text matches a pattern in which "*" stands for any text,
// slashes included, and "?" for any one byte. path.Match will not do: its "*"
// stops at the slashes that names of images and actions have.
func Glob(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// Literal is the number of characters of a pattern that stand for themselves.
func Literal(pattern string) int {
	return len(pattern) - strings.Count(pattern, "*") - strings.Count(pattern, "?")
}

// Exact reports whether a pattern stands for itself alone.
func Exact(pattern string) bool { return pattern != "" && !strings.ContainsAny(pattern, "*?") }
