package document

import (
	"fmt"
	"strings"
)

// typeWord says in plain words what JSON calls a type.
func typeWord(t string) string {
	switch t {
	case "object":
		return "a mapping"
	case "array":
		return "a list"
	case "string":
		return "a text"
	case "integer":
		return "a whole number"
	case "number":
		return "a number"
	case "boolean":
		return "true or false"
	case "null":
		return "nothing (null)"
	}
	return t
}

func typeWords(ts []string) string {
	var words []string
	for _, t := range ts {
		words = append(words, typeWord(t))
	}
	return strings.Join(words, " or ")
}

// formWords says what a text of this pattern looks like.
func formWords(pattern string) string {
	switch pattern {
	case `^[a-z0-9][a-z0-9._-]*$`, `^[a-z0-9][a-z0-9_.-]*$`:
		return "write lower-case letters, digits, dots, dashes and underscores"
	case `^([a-z0-9][a-z0-9._-]*|\*)$`:
		return `write lower-case letters, digits, dots, dashes and underscores, or "*" for all`
	case `^!?[a-z0-9][a-z0-9_.-]*$`:
		return `write the name of a feature, or "!" and the name of one that must be absent`
	case `^[0-9]{1,6}%?$`:
		return `write a number or a percentage in quotes, such as "1" or "25%"`
	case `^([0-9]{1,6}|quorum|all)$`:
		return `write a number, "quorum" or "all"`
	case `^(nodes:[a-z0-9._-]*|ceph:(mons|mgrs|mds|rgw|osd-hosts))$`:
		return `write "nodes:" and a role ("nodes:" alone for all), or one of ceph:mons, ceph:mgrs, ceph:mds, ceph:rgw, ceph:osd-hosts`
	case `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`:
		return "write a date such as 2024-10-24"
	case `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$`:
		return "write a local time such as 2024-10-24T20:00:00"
	case `^[!-~]+( +[!-~]+){4}$`:
		return `write five fields, such as "0 20 * * 6"`
	case `^sha256:[0-9a-f]{64}$`:
		return `it is "sha256:" and 64 hex digits`
	case `^[0-9a-f]{12}$`:
		return "it is 12 hex digits"
	}
	return "it has to match " + pattern
}

func quoted(v any) string {
	if s, ok := v.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(v)
}

func list(vs []any) string {
	var words []string
	for _, v := range vs {
		words = append(words, fmt.Sprint(v))
	}
	return strings.Join(words, ", ")
}

// nearest is the one of the words that is most like s, "" where none is close: at
// most a third of the letters differ.
func nearest(s string, words []string) string {
	best, bestDistance := "", len(s)/3+1
	for _, w := range words {
		if d := distance(s, w); d < bestDistance {
			best, bestDistance = w, d
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements between two words.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := last
			if a[i] != b[j] {
				replace++
			}
			last = row[j+1]
			row[j+1] = min(replace, row[j]+1, last+1)
		}
	}
	return row[len(b)]
}
