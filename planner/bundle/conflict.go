package bundle

// clash looks for constraints that no split can meet, as far as single groups
// and pins tell; it also sets the groups' earliest and latest bundles.
func (c *contraction) clash(p *Problem) []Constraint {
	for _, e := range p.Soak {
		if c.of[e[0]] == c.of[e[1]] {
			t := newTrail(p, false)
			return tidy(append([]Constraint{{KindSoak, e[0], e[1]}}, t.path(e[1], e[0])...))
		}
	}
	for _, e := range p.Apart {
		if c.of[e[0]] == c.of[e[1]] {
			t := newTrail(p, false)
			out := append([]Constraint{{KindApart, e[0], e[1]}}, t.path(e[0], e[1])...)
			return tidy(append(out, t.path(e[1], e[0])...))
		}
	}
	for _, g := range c.groups {
		for _, v := range g.nodes {
			if pin := p.Nodes[v].Pin; pin > 0 && pin != g.pin {
				return pinClash(p, g)
			}
		}
	}
	if c.lastPin > len(p.Nodes) {
		return c.tooFew(p)
	}
	if c.lastPin > 0 {
		return c.windows(p)
	}
	return nil
}

// pinClash explains a group whose nodes are pinned to different bundles.
func pinClash(p *Problem, g group) []Constraint {
	first := -1
	for _, v := range g.nodes {
		pin := p.Nodes[v].Pin
		if pin == 0 {
			continue
		}
		if first < 0 {
			first = v
			continue
		}
		if pin == p.Nodes[first].Pin {
			continue
		}
		t := newTrail(p, false)
		out := []Constraint{{KindPin, first, p.Nodes[first].Pin}, {KindPin, v, pin}}
		// The later pin is broken by what forces it to be no later than the earlier.
		if pin > p.Nodes[first].Pin {
			return tidy(append(out, t.path(v, first)...))
		}
		return tidy(append(out, t.path(first, v)...))
	}
	return nil
}

// tooFew explains a pin to a bundle that cannot exist, as there are not enough
// nodes to fill the ones before it: it names the first that stays empty.
func (c *contraction) tooFew(p *Problem) []Constraint {
	for v, n := range p.Nodes {
		if n.Pin == c.lastPin {
			return []Constraint{{KindPin, v, n.Pin}, {KindFilled, -1, len(p.Nodes)}}
		}
	}
	return nil
}

// windows sets earliest and latest of each group, and reports a group that has
// no bundle left.
func (c *contraction) windows(p *Problem) []Constraint {
	forth := newTrail(p, false)
	first, last := forth.push(), newTrail(p, true).push()
	for v := range p.Nodes {
		if pin := p.Nodes[v].Pin; pin > 0 && int(first.bound[v]) > pin {
			return c.tooLate(forth, v, first)
		}
		g := &c.groups[c.of[v]]
		g.earliest = max(g.earliest, int(first.bound[v]))
		if latest := -int(last.bound[v]); latest <= c.lastPin {
			g.latest = min(g.latest, latest)
		}
	}
	return nil
}

// tooLate explains why node v cannot be as early as its pin: two pins in the wrong order,
// or the chain back to the pin, or to the first bundle, that pushes it.
func (c *contraction) tooLate(t *trail, v int, r reach) []Constraint {
	out := []Constraint{{KindPin, v, t.p.Nodes[v].Pin}}
	for u, n := range t.p.Nodes {
		if n.Pin <= t.p.Nodes[v].Pin {
			continue
		}
		path := []Constraint{{KindRank, u, v}}
		if !t.ranked(u, v) {
			path = t.path(u, v)
		}
		if path != nil {
			return tidy(append(append(out, Constraint{KindPin, u, n.Pin}), path...))
		}
	}
	return tidy(append(out, t.pushed(v, r)...))
}

// tidy drops doubles and keeps the order.
func tidy(list []Constraint) []Constraint {
	known := make(map[Constraint]bool, len(list))
	var out []Constraint
	for _, c := range list {
		if !known[c] {
			known[c] = true
			out = append(out, c)
		}
	}
	return out
}
