package impact

import "strings"

// literal counts the characters of a glob that stand for themselves.
func literal(pattern string) int {
	return len(pattern) - strings.Count(pattern, "*") - strings.Count(pattern, "?")
}
