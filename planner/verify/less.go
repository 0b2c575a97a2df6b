package verify

import (
	"slices"

	"planewise/model"
)

// Less says what doing less than planned means for one bundle: leaving it out,
// and stopping after it.
type Less struct {
	// NeededBy are later bundles that a documented order, or a demand to do two
	// things together, ties to this one: they cannot be done without it.
	NeededBy []string `json:"needed_by"`
	// OrderOnly are later bundles that only the vendor's order puts behind it.
	OrderOnly []string `json:"order_only"`
	// Since are those of NeededBy that need it only since the inputs moved.
	Since []string `json:"since"`
	// StopAfter says whether the system may stay in the state after it.
	StopAfter model.StayStatus `json:"stop_after"`
}

// MaxBundles bounds the bundles of a plan that is verified. Real plans have
// dozens; without a bound a file made to do so could ask for hours.
const MaxBundles = 2000

// lesser knows which bundle needs which.
type lesser struct {
	plan model.Plan
	then []set // then[i] holds j: by the plan, j cannot be done without i
	now  []set // by today's orders
}

// set is a set of bundles, one bit each.
type set []uint64

func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) has(i int) bool { return s[i/64]>>(i%64)&1 == 1 }

func newLess(p, today model.Plan) lesser {
	return lesser{p, needs(p.Bundles, p.Actions), needs(p.Bundles, today.Actions)}
}

// needs is the transitive closure of the required edges between bundles.
func needs(bundles []model.Bundle, actions []model.Action) []set {
	home := map[model.ActionID]int{}
	out := make([]set, len(bundles))
	for i, b := range bundles {
		out[i] = make(set, (len(bundles)+63)/64)
		for _, a := range b.Actions {
			home[a] = i
		}
	}
	for _, a := range actions {
		j, ok := home[a.ID]
		for _, e := range a.After {
			i, also := home[e.Action]
			if !ok || !also || i == j || e.Kind != model.RequiredEdge {
				continue
			}
			switch e.Relation {
			case model.Before, model.Soak:
				out[i].add(j)
			case model.With:
				out[i].add(j)
				out[j].add(i)
			}
		}
	}
	for k := range out {
		for i := range out {
			if out[i].has(k) {
				for w := range out[i] {
					out[i][w] |= out[k][w]
				}
			}
		}
	}
	return out
}

func (l lesser) of(i int) Less {
	less := Less{NeededBy: []string{}, OrderOnly: []string{}, Since: []string{}, StopAfter: l.plan.Bundles[i].Stay.Status}
	for j, b := range l.plan.Bundles {
		switch {
		case j == i:
		case l.now[i].has(j) || l.then[i].has(j):
			less.NeededBy = append(less.NeededBy, b.Label)
			if !l.then[i].has(j) {
				less.Since = append(less.Since, b.Label)
			}
		case slices.Contains(b.After, l.plan.Bundles[i].Key):
			less.OrderOnly = append(less.OrderOnly, b.Label)
		}
	}
	return less
}
