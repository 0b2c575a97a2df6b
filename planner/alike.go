package planner

import (
	"cmp"
	"slices"
	"strings"

	"planewise/model"
)

// manyAlike is how many things a plan says the same of one by one; what it says alike of
// more is said once for all of them, so that a plan of thousands of components does not
// repeat itself. No known release has as many actions.
const manyAlike = 128

// joinAlike says once what is said alike of very many actions, or of the one change
// that each carries: the fact's subject is then "ship:*". What comes back are the
// actions, copies where they differ, and the facts, each as it is to be named.
func joinAlike(e effects, facts []*model.Fact, retired []model.Retired) ([]model.Action, []*model.Fact) {
	own := ownFacts(e, facts, retired)
	count, seen := map[model.Fact]int{}, map[model.FactID]bool{}
	for _, f := range facts {
		if own[f.ID] && !seen[f.ID] {
			seen[f.ID] = true
			count[likeness(f)]++
		}
	}
	once := map[model.Fact]*model.Fact{}
	same := map[model.FactID]model.FactID{}
	out := slices.Clone(facts)
	for i, f := range facts {
		like := likeness(f)
		if !own[f.ID] || count[like] <= manyAlike {
			continue
		}
		if once[like] == nil {
			all := model.NewFact(like.Subject, like.Relation, like.Object, like.Level, model.Evidence{Basis: like.Basis, Source: like.Source, Text: like.Text})
			once[like] = &all
		}
		same[f.ID] = once[like].ID
		out[i] = once[like]
	}
	if len(same) == 0 {
		return e.actions, facts
	}
	acts := make([]model.Action, len(e.actions))
	for i := range acts {
		acts[i] = renamed(e.actions[i], same)
	}
	return acts, out
}

// likeness is what a fact says, whichever of its kind it says it of.
func likeness(f *model.Fact) model.Fact {
	like := *f
	kind, _, _ := strings.Cut(f.Subject, ":")
	like.ID, like.Subject = "", kind+":*"
	return like
}

// ownFacts are the facts that nothing names but actions, and these of themselves or
// the one change that they carry, so that "ship:*" is no loss.
func ownFacts(e effects, facts []*model.Fact, retired []model.Retired) map[model.FactID]bool {
	subjects := make(map[model.FactID]string, len(facts))
	for _, f := range facts {
		subjects[f.ID] = f.Subject
	}
	own := map[model.FactID]bool{}
	for i := range e.actions {
		a := &e.actions[i]
		for _, list := range factLists(a) {
			for _, id := range *list {
				subject := subjects[id]
				mine := strings.Contains(subject, ":") && (subject == string(a.ID) || len(a.Changes) == 1 && subject == string(a.Changes[0]))
				if before, named := own[id]; !named || before {
					own[id] = mine
				}
			}
		}
	}
	for _, r := range retired {
		for _, id := range r.Facts {
			own[id] = false
		}
	}
	for i := range e.done {
		for _, list := range factLists(&e.done[i]) {
			for _, id := range *list {
				own[id] = false
			}
		}
	}
	return own
}

// factLists are the lists of facts in an action, but for those of its edges.
func factLists(a *model.Action) []*[]model.FactID {
	out := []*[]model.FactID{&a.Facts, &a.Rollback.Facts}
	for i := range a.Effects {
		out = append(out, &a.Effects[i].Facts)
	}
	if a.Tail != nil {
		out = append(out, &a.Tail.Facts)
	}
	for i := range a.Nodes {
		out = append(out, &a.Nodes[i].Facts)
	}
	return out
}

// renamed is an action that names other facts instead of some.
func renamed(a model.Action, same map[model.FactID]model.FactID) model.Action {
	a.Effects, a.Nodes = slices.Clone(a.Effects), slices.Clone(a.Nodes)
	if a.Tail != nil {
		tail := *a.Tail
		a.Tail = &tail
	}
	for _, list := range factLists(&a) {
		*list = slices.Clone(*list)
		for i, id := range *list {
			(*list)[i] = cmp.Or(same[id], id)
		}
	}
	slices.Sort(a.Facts)
	return a
}

// Condense says once what is said alike of very many subjects. The list is sorted, as
// model.SortDiagnostics does, and stays so.
func Condense(ds []model.Diagnostic) []model.Diagnostic {
	type likeness struct {
		severity      model.Severity
		code          model.Code
		summary, hint string
	}
	ds = slices.Clone(ds)
	for i := range ds {
		ds[i].Also = slices.Clip(ds[i].Also) // others may have it too
	}
	out := alike(ds, func(d model.Diagnostic) (likeness, int) {
		if len(d.Path) > 0 {
			return likeness{}, 0
		}
		return likeness{d.Severity, d.Code, pattern(d.Summary, d.Subject), pattern(d.Hint, d.Subject)}, 1 + len(d.Also)
	}, func(first *model.Diagnostic, other model.Diagnostic) {
		first.Also = append(append(first.Also, other.Subject), other.Also...)
	})
	for i := range out {
		slices.Sort(out[i].Also)
	}
	return out
}

// alikeUnknowns says once what is not known alike of very many actions. What settles it
// is what settles the first.
func alikeUnknowns(us []model.UnknownThing) []model.UnknownThing {
	type likeness struct{ what, planes string }
	return alike(us, func(u model.UnknownThing) (likeness, int) {
		return likeness{u.What, strings.Join(u.Planes, " ")}, 1 + u.More
	},
		func(first *model.UnknownThing, other model.UnknownThing) { first.More += 1 + other.More })
}

// alike joins all others to the first of more than manyAlike things of one likeness. of
// is the likeness of an element and how many things it stands for, 0 where it has to
// stand alone.
func alike[T any, K comparable](list []T, of func(T) (K, int), join func(first *T, other T)) []T {
	count := map[K]int{}
	for _, x := range list {
		k, n := of(x)
		count[k] += n
	}
	first := map[K]int{}
	out := list[:0:0]
	for _, x := range list {
		k, n := of(x)
		at, begun := first[k]
		switch {
		case n == 0 || count[k] <= manyAlike:
			out = append(out, x)
		case begun:
			join(&out[at], x)
		default:
			first[k] = len(out)
			out = append(out, x)
		}
	}
	return out
}

// pattern is a sentence with marks in place of its subject and of the parts of its id
// ("chart:NAMESPACE/NAME") where these are words of their own.
func pattern(sentence, subject string) string {
	sentence = strings.ReplaceAll(sentence, subject, "\x00")
	_, id, _ := strings.Cut(subject, ":")
	namespace, name, _ := strings.Cut(id, "/")
	words := strings.Split(sentence, " ")
	for i, word := range words {
		switch bare := strings.TrimRight(word, ".,;:"); {
		case bare == "":
		case bare == id, bare == name:
			words[i] = "\x01" + word[len(bare):]
		case bare == namespace:
			words[i] = "\x02" + word[len(bare):]
		}
	}
	return strings.Join(words, " ")
}
