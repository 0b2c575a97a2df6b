package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
)

// Change of a bundle between two plans.
type Change string

// The changes, most serious first. A bundle may have several; its status is the
// first of them.
const (
	Gone    Change = "gone"    // no bundle of the second plan does any of it
	New     Change = "new"     // the first plan had nothing of it
	Worse   Change = "worse"   // somebody feels more, or for longer
	Longer  Change = "longer"  // it takes longer
	Later   Change = "later"   // it starts later, or has lost its date
	Changed Change = "changed" // it does other work, or has other conditions
	Earlier Change = "earlier"
	Shorter Change = "shorter"
	Milder  Change = "milder"
	Same    Change = "same"
)

var seriousness = []Change{Gone, New, Worse, Longer, Later, Changed, Earlier, Shorter, Milder, Same}

// Diff is what a second plan changes for the bundles of a first.
type Diff struct {
	Old string `json:"old"` // ids of the plans
	New string `json:"new"`
	// Same: nothing that either plan says of what is done, when and to whom differs.
	Same bool `json:"same"`
	// Bundles in the run order of the second plan, those that are gone last.
	Bundles []BundleDiff `json:"bundles"`
	// Inputs that differ.
	Inputs []InputDiff `json:"inputs"`
	// Appeared and Settled are blocking diagnostics and warnings, by code and subject.
	Appeared []string `json:"appeared"`
	Settled  []string `json:"settled"`
}

// BundleDiff is one bundle in both plans.
type BundleDiff struct {
	Key    model.ActionID `json:"key"`
	Old    string         `json:"old"` // labels; empty where it is in one plan only
	New    string         `json:"new"`
	Status Change         `json:"status"`
	// Changes has all words that hold, most serious first.
	Changes []Change `json:"changes"`
	// Details say each of them, in sentences.
	Details []string `json:"details"`
}

// InputDiff is one document that differs.
type InputDiff struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Old and New are the digests, empty where a plan has no such document.
	Old string `json:"old"`
	New string `json:"new"`
}

// Plans says what the second plan changes since the first. Bundles are matched by
// their keys, then by the actions they share: both come from content, so a bundle
// that only moved is recognised.
func Plans(before, after model.Plan) Diff {
	d := Diff{Old: before.ID, New: after.ID, Bundles: []BundleDiff{}, Inputs: Inputs(before.Inputs, after.Inputs)}
	partner := match(before.Bundles, after.Bundles)
	used := map[int]bool{}
	for i, b := range after.Bundles {
		j, ok := partner[i]
		if !ok {
			d.Bundles = append(d.Bundles, BundleDiff{Key: b.Key, New: b.Label, Status: New, Changes: []Change{New},
				Details: []string{fmt.Sprintf("The first plan has nothing of it: %s.", tasks(b.Actions))}})
			continue
		}
		used[j] = true
		d.Bundles = append(d.Bundles, bundle(before, after, before.Bundles[j], b))
	}
	for j, b := range before.Bundles {
		if !used[j] {
			d.Bundles = append(d.Bundles, BundleDiff{Key: b.Key, Old: b.Label, Status: Gone, Changes: []Change{Gone},
				Details: []string{fmt.Sprintf("No bundle of the second plan is its counterpart: %s.", tasks(b.Actions))}})
		}
	}
	old, fresh := traitsOfDiagnostics(before), traitsOfDiagnostics(after)
	d.Appeared, d.Settled = without(fresh, old), without(old, fresh)
	d.Same = len(d.Appeared)+len(d.Settled) == 0 && !slices.ContainsFunc(d.Bundles, func(b BundleDiff) bool { return b.Status != Same })
	return d
}

// match pairs the bundles of two plans, by place: those of one key, then those
// that share most actions. The time is linear in the actions but for the sorting.
func match(before, after []model.Bundle) map[int]int {
	pairs, taken := map[int]int{}, map[int]bool{}
	byKey := map[model.ActionID]int{}
	for j, b := range slices.Backward(before) {
		byKey[b.Key] = j
	}
	for i, b := range after {
		if j, ok := byKey[b.Key]; ok && !taken[j] {
			pairs[i], taken[j] = j, true
		}
	}
	for _, c := range alike(before, after, pairs, taken) {
		if _, done := pairs[c.i]; !done && !taken[c.j] {
			pairs[c.i], taken[c.j] = c.j, true
		}
	}
	return pairs
}

// likeness is a bundle of the second plan and one of the first, with the number
// of actions that they share.
type likeness struct{ i, j, shared int }

// alike are the pairs of bundles that are left, most shared actions first.
func alike(before, after []model.Bundle, pairs map[int]int, taken map[int]bool) []likeness {
	home := map[model.ActionID]int{}
	for j, b := range before {
		if !taken[j] {
			for _, a := range b.Actions {
				home[a] = j
			}
		}
	}
	var rest []likeness
	for i, b := range after {
		if _, done := pairs[i]; done {
			continue
		}
		shared := map[int]int{}
		for _, a := range b.Actions {
			if j, ok := home[a]; ok {
				shared[j]++
			}
		}
		for j, n := range shared {
			rest = append(rest, likeness{i, j, n})
		}
	}
	slices.SortFunc(rest, func(a, b likeness) int {
		return cmp.Or(cmp.Compare(b.shared, a.shared), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j))
	})
	return rest
}

// Inputs are the documents that two plans do not share, by kind and name.
func Inputs(before, after []model.Input) []InputDiff {
	type key struct{ kind, name string }
	collect := func(list []model.Input) map[key][]string {
		m := map[key][]string{}
		for _, in := range list {
			m[key{in.Kind, in.Name}] = append(m[key{in.Kind, in.Name}], in.Digest)
		}
		return m
	}
	a, b := collect(before), collect(after)
	out := []InputDiff{}
	for k := range a {
		if !slices.Equal(a[k], b[k]) {
			out = append(out, InputDiff{k.kind, k.name, strings.Join(a[k], " "), strings.Join(b[k], " ")})
		}
	}
	for k := range b {
		if a[k] == nil {
			out = append(out, InputDiff{k.kind, k.name, "", strings.Join(b[k], " ")})
		}
	}
	slices.SortFunc(out, func(x, y InputDiff) int { return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Name, y.Name)) })
	return out
}

func traitsOfDiagnostics(p model.Plan) map[string]bool {
	out := map[string]bool{}
	for _, d := range p.Diagnostics {
		if d.Severity != model.Info {
			for _, subject := range append([]string{d.Subject}, d.Also...) {
				out[fmt.Sprintf("%s %s: %s", d.Code, subject, strings.ReplaceAll(d.Summary, d.Subject, subject))] = true
			}
		}
	}
	return out
}

func without(a, b map[string]bool) []string {
	out := []string{}
	for x := range a {
		if !b[x] {
			out = append(out, x)
		}
	}
	slices.Sort(out)
	return out
}
