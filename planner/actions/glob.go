package actions

import "strings"

// glob reports whether text matches a pattern in which "*" stands for any text,
// slashes included, and "?" for any one byte; "" matches everything. It takes
// time linear in the text for each "*".
func glob(pattern, text string) bool {
	if pattern == "" || pattern == "*" {
		return true
	}
	if !strings.ContainsAny(pattern, "*?") {
		return pattern == text
	}
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

// plain reports whether a pattern stands for itself alone.
func plain(pattern string) bool { return pattern != "" && !strings.ContainsAny(pattern, "*?") }
