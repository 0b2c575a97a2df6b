package bundle_test

import (
	"testing"

	"planewise/planner/bundle"
)

// FuzzSolve reads a problem out of bytes, hostile ones too: whatever comes, Solve
// returns an error or a result that is what it says.
func FuzzSolve(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{4, 2, 9, 3, 2, 1, 7, 5, 1, 0, 10, 20, 0, 30, 1, 1, 40, 2, 0, 5, 8, 0, 1, 1, 2, 2, 3})
	f.Add([]byte{5, 1, 1, 0, 0, 0, 5, 0, 0, 1, 1, 0, 2, 2, 3, 0, 1, 1, 2, 0, 2, 0, 1, 3, 4, 9, 9})
	f.Add([]byte{8, 3, 200, 255, 1, 0, 3, 3, 3, 2, 2, 2, 1, 1, 1, 255, 254, 253, 8, 7, 6, 5, 4, 3, 2, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		p := fromBytes(data)
		sol, err := bundle.Solve(p, bundle.Options{Effort: 5000})
		if err != nil {
			return
		}
		switch sol.Status {
		case bundle.Infeasible:
			if len(sol.Conflict) == 0 {
				t.Error("infeasible without a reason")
			}
		case bundle.NotFound:
			if len(p.Apart) == 0 || sol.Bundles != nil {
				t.Errorf("not found, with %d apart and %d bundles", len(p.Apart), len(sol.Bundles))
			}
		case bundle.Optimal, bundle.Bounded:
			if err := bundle.Valid(p, sol.Bundles); err != nil {
				t.Error(err)
			}
			if sol.Cost != bundle.Cost(p, sol.Bundles) || sol.LowerBound > sol.Cost || sol.Ideal > sol.LowerBound {
				t.Errorf("ideal %d, bound %d, cost %d", sol.Ideal, sol.LowerBound, sol.Cost)
			}
			if (sol.Status == bundle.Optimal) != (sol.LowerBound == sol.Cost) && sol.Status == bundle.Optimal {
				t.Errorf("optimal with bound %d, cost %d", sol.LowerBound, sol.Cost)
			}
		}
	})
}

// fromBytes makes a problem of up to 12 nodes; most bytes give a well-formed one.
func fromBytes(data []byte) bundle.Problem {
	next := func() int {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return int(b)
	}
	nodes, planes := next()%13, next()%5
	p := bundle.Problem{Sitting: price(next())}
	for range planes {
		p.Fixed = append(p.Fixed, price(next()))
		watch := price(next() % 8)
		p.Watch = append(p.Watch, watch)
		p.Rate = append(p.Rate, watch+price(next()))
	}
	for range nodes {
		n := bundle.Node{Work: price(next()), Rank: next() % 4}
		for range planes {
			n.Foot = append(n.Foot, uint8(next()%13%4)) // now and then a 3
		}
		if next()%8 == 0 {
			n.Pin = next() % 6
		}
		p.Nodes = append(p.Nodes, n)
	}
	lists := []*[][2]int{&p.Before, &p.Before, &p.Before, &p.With, &p.Apart, &p.Soak}
	for len(data) > 2 && nodes > 0 {
		list := lists[next()%len(lists)]
		*list = append(*list, [2]int{next() % nodes, next() % nodes})
	}
	return p
}

// price stretches a byte: small ones are themselves, the largest ones huge.
func price(b int) int64 {
	if b > 250 {
		return 1 << (8 * (b - 248))
	}
	return int64(b)
}
