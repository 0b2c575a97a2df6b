package verify

import (
	"encoding/json"
	"fmt"
	"strings"
)

// singular are the words for one element of a list; of others it is the list's name.
var singular = map[string]string{
	"actions": "action", "after": "what comes before it,", "announce": "announcement", "answers": "answer", "bundles": "bundle", "capabilities": "effect on",
	"changes": "change", "diagnostics": "diagnostic", "effects": "effect on", "facts": "fact", "from": "start", "gates": "gate",
	"impact": "plane", "inputs": "input", "nodes": "node", "notes": "note", "parts": "part", "planes": "plane", "timeline": "time line of",
	"to": "target", "unknowns": "unknown", "workloads": "workload",
}

// where says in words where a path leads. What is the part of the last value that is
// meant, "" for all of it.
func where(path []step, what string) string {
	var parts []string
	for i, s := range path {
		switch {
		case s.element:
			parts = append(parts, listed(path[i-1].token)+" "+s.name)
		case i+1 == len(path) || !path[i+1].element:
			parts = append(parts, plain(s.token))
		}
	}
	if what != "" {
		parts = append(parts, what)
	}
	n := len(parts) - 1
	if n < 1 || path[len(path)-1].element && what == "" {
		return strings.Join(parts, ", ")
	}
	return strings.Join(parts[:n], ", ") + ": " + parts[n]
}

func listed(list string) string {
	if word := singular[list]; word != "" {
		return word
	}
	return plain(list)
}

// plain is the name of a field as words.
func plain(field string) string {
	switch field {
	case "p50s", "p90s":
		return field[:3] + " in seconds"
	}
	if s, ok := strings.CutSuffix(field, "_s"); ok {
		field = s + " in seconds"
	}
	return strings.ReplaceAll(field, "_", " ")
}

// String is the difference in a sentence, with the path.
func (d Difference) String() string {
	var s string
	switch {
	case d.element && d.Again == nil:
		s = d.Where + " is in the plan, made again there is none"
	case d.element && d.Said == nil:
		s = d.Where + " is not in the plan, made again there is one"
	case d.Said == nil:
		s = fmt.Sprintf("%s is not in the plan, made again it is %s", d.Where, brief(d.Again))
	case d.Again == nil:
		s = fmt.Sprintf("%s is said to be %s, made again there is none", d.Where, brief(d.Said))
	default:
		s = fmt.Sprintf("%s is said to be %s, made again it is %s", d.Where, brief(d.Said), brief(d.Again))
	}
	return s + " (" + d.Path + ")"
}

// brief is a value in one short line.
func brief(text json.RawMessage) string {
	const most = 100
	s := string(text)
	var word string
	if json.Unmarshal(text, &word) == nil && word != "" {
		s = word
	}
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return s
}
