package bundle

// SolveTight is Solve with tables of at most limit rows per block, so that even
// small problems need sketches and a search.
func SolveTight(p Problem, o Options, limit int) (Solution, error) {
	return solve(p, o, limits{whole: limit, sketch: limit, search: true})
}

// SolveSearch is Solve by search, however few groups there are.
func SolveSearch(p Problem, o Options) (Solution, error) { return solve(p, o, limits{search: true}) }
