package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/version"
	"planewise/planner/actions"
)

// Roads are the steps that a product's procedures allow between the releases of
// a catalogue.
type Roads struct {
	Product    string
	Versions   []string // of the product in the catalogue
	Procedures []model.Procedure
}

// Break is a step that no procedure allows.
type Break struct {
	Product string `json:"product"`
	From    string `json:"from"`
	To      string `json:"to"`
	// Asks are the starting versions of the procedures that lead to To: "core-1.5/manual
	// starts from >= 1.4.0, < 1.5.0".
	Asks []string `json:"asks"`
	// Via are the versions that complete the step; none where the catalogue has no way.
	Via []string `json:"via"`
}

// Says is the break as a sentence.
func (b Break) Says() string {
	s := fmt.Sprintf("No procedure allows %s %s to %s", b.Product, b.From, b.To)
	if len(b.Asks) > 0 {
		s += ": " + strings.Join(b.Asks, "; ")
	}
	if len(b.Via) == 0 {
		return s + ". None of the releases to choose from would complete it."
	}
	return s + ". Completed by way of " + strings.Join(b.Via, ", then ") + "."
}

// Allowed reports whether some procedure documents a single step.
func (r Roads) Allowed(from, to string) bool {
	return slices.ContainsFunc(r.Procedures, func(p model.Procedure) bool {
		return p.Product == r.Product && actions.Covers(p, from, to)
	})
}

// Complete puts releases of the catalogue between the steps of a path that no
// procedure allows. What cannot be completed stays as it is, and is a break too.
func (r Roads) Complete(path []string) ([]string, []Break) {
	var breaks []Break
	whole := path[:1:1]
	for i := 1; i < len(path); i++ {
		from, to := path[i-1], path[i]
		if from == to {
			continue
		}
		if !r.Allowed(from, to) {
			b := Break{Product: r.Product, From: from, To: to, Asks: r.asks(to), Via: r.between(from, to)}
			breaks = append(breaks, b)
			whole = append(whole, b.Via...)
		}
		whole = append(whole, to)
	}
	return whole, breaks
}

func (r Roads) asks(to string) []string {
	out := []string{}
	for _, p := range r.Procedures {
		if p.Product == r.Product && actions.Reaches(p, to) {
			out = append(out, fmt.Sprintf("%s starts from %s", p.Name, cmp.Or(p.From, "any version")))
		}
	}
	slices.Sort(out)
	return out
}

// between are the fewest versions by which procedures lead from one version to
// another; of several such ways the one by the higher versions, since the last
// patch of a line is what vendors ask for. Nil where there is none.
func (r Roads) between(from, to string) []string {
	far := r.distances(from, to)
	if _, ok := far[from]; !ok {
		return nil
	}
	var via []string
	for at := from; far[at] > 1; {
		next := ""
		for _, v := range r.Versions {
			if d, ok := far[v]; ok && d == far[at]-1 && r.Allowed(at, v) && (next == "" || higher(v, next)) {
				next = v
			}
		}
		via, at = append(via, next), next
	}
	return via
}

func higher(a, b string) bool {
	c, known := version.Compare(model.KindOther, a, b)
	return known && c > 0 || (!known || c == 0) && a > b
}

// distances are the fewest steps from each version to the target. The version
// from which one starts need not be in the catalogue.
func (r Roads) distances(from, to string) map[string]int {
	far := map[string]int{to: 0}
	all := append(slices.Clone(r.Versions), from)
	for frontier := []string{to}; len(frontier) > 0; {
		var next []string
		for _, v := range r.starts(all, frontier) {
			if _, seen := far[v]; !seen {
				far[v] = far[frontier[0]] + 1
				next = append(next, v)
			}
		}
		frontier = next
	}
	return far
}

// starts are the versions from which one step leads to one of the targets.
func (r Roads) starts(all, targets []string) []string {
	var out []string
	for _, v := range all {
		if slices.ContainsFunc(targets, func(t string) bool { return r.Allowed(v, t) }) {
			out = append(out, v)
		}
	}
	return out
}
