package actions

import "planewise/model"

// Covers reports whether a procedure documents the step from one version of its
// product to another.
func Covers(p model.Procedure, from, to string) bool { return fits(&p, from, to, satisfies) }

// Reaches reports whether a procedure ends at the version, wherever it starts.
func Reaches(p model.Procedure, to string) bool { return satisfies(p.To, to) }

// Applicable are the indices of the procedures that a plan between two sides may
// follow, whatever its edits and path: of each product of the target those that cover
// its step. Where none does, all of the product: the plan then borrows the order of
// the nearest, and says which documented steps there are. Of the procedures only what
// stands before the stages is looked at. A plan made with these alone is the plan made
// with all.
func Applicable(ps []model.Procedure, from, to []model.Release) []int {
	covered := map[string]bool{}
	fit := make([]bool, len(ps))
	for i, p := range ps {
		was, is := releaseOf(from, p.Product), releaseOf(to, p.Product)
		if fit[i] = was != nil && is != nil && Covers(p, was.Version, is.Version); fit[i] {
			covered[p.Product] = true
		}
	}
	var out []int
	for i, p := range ps {
		if fit[i] || !covered[p.Product] && releaseOf(to, p.Product) != nil {
			out = append(out, i)
		}
	}
	return out
}
