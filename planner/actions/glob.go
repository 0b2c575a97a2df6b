package actions

import (
	"strings"

	"planewise/model/catalog"
)

// glob reports whether text matches a pattern in which "*" stands for any text,
// slashes included, and "?" for any one byte; "" matches everything.
func glob(pattern, text string) bool {
	if pattern == "" || pattern == "*" {
		return true
	}
	if !strings.ContainsAny(pattern, "*?") {
		return pattern == text
	}
	return catalog.Glob(pattern, text)
}

// plain reports whether a pattern stands for itself alone.
func plain(pattern string) bool { return pattern != "" && !strings.ContainsAny(pattern, "*?") }
