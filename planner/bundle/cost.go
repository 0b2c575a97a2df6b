package bundle

// Cost is the objective: over all bundles the sum of sitting, and of each
// disturbed plane's fixed price and rate times the bundle's work, and of each
// watched plane's watch price times the bundle's work. It expects a problem that
// Solve would accept and bundles of its nodes.
func Cost(p Problem, bundles [][]int) int64 {
	worst := make([]uint8, len(p.Fixed))
	var total int64
	for _, b := range bundles {
		total += bundleCost(&p, b, worst)
	}
	return total
}

// bundleCost is the price of one bundle; worst is room for a footprint.
func bundleCost(p *Problem, nodes []int, worst []uint8) int64 {
	clear(worst)
	var work int64
	for _, v := range nodes {
		work += p.Nodes[v].Work
		raise(worst, p.Nodes[v].Foot)
	}
	cost := p.Sitting
	for plane, level := range worst {
		switch level {
		case Disturbed:
			cost += p.Fixed[plane] + p.Rate[plane]*work
		case Watched:
			cost += p.Watch[plane] * work
		}
	}
	return cost
}

// Ideal is a simple lower bound of every split: one sitting, one announcement
// for each plane that is disturbed at all, and each node at its own rates. In
// general no split attains it.
func Ideal(p Problem) int64 {
	if len(p.Nodes) == 0 {
		return 0
	}
	worst := make([]uint8, len(p.Fixed))
	total := p.Sitting
	for _, n := range p.Nodes {
		raise(worst, n.Foot)
		for plane, level := range n.Foot {
			switch level {
			case Disturbed:
				total += p.Rate[plane] * n.Work
			case Watched:
				total += p.Watch[plane] * n.Work
			}
		}
	}
	for plane, level := range worst {
		if level == Disturbed {
			total += p.Fixed[plane]
		}
	}
	return total
}

// raise makes worst the plane-wise worst of worst and foot.
func raise(worst, foot []uint8) {
	for plane, level := range foot {
		worst[plane] = max(worst[plane], level)
	}
}
