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

// lesser knows which bundle needs which.
type lesser struct {
	plan model.Plan
	then [][]bool // then[i][j]: by the plan, j cannot be done without i
	now  [][]bool // by today's orders
}

func newLess(p, today model.Plan) lesser {
	return lesser{p, needs(p.Bundles, p.Actions), needs(p.Bundles, today.Actions)}
}

// needs is the transitive closure of the required edges between bundles.
func needs(bundles []model.Bundle, actions []model.Action) [][]bool {
	home := map[model.ActionID]int{}
	out := make([][]bool, len(bundles))
	for i, b := range bundles {
		out[i] = make([]bool, len(bundles))
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
				out[i][j] = true
			case model.With:
				out[i][j], out[j][i] = true, true
			}
		}
	}
	for k := range out {
		for i := range out {
			for j := range out {
				out[i][j] = out[i][j] || out[i][k] && out[k][j]
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
		case l.now[i][j] || l.then[i][j]:
			less.NeededBy = append(less.NeededBy, b.Label)
			if !l.then[i][j] {
				less.Since = append(less.Since, b.Label)
			}
		case slices.Contains(b.After, l.plan.Bundles[i].Key):
			less.OrderOnly = append(less.OrderOnly, b.Label)
		}
	}
	return less
}
