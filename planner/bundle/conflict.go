package bundle

// clash looks for constraints that no split can meet, as far as single groups
// and pins tell; it also sets the groups' earliest and latest bundles.
func (c *contraction) clash(p *Problem, o *order) []Constraint {
	for _, e := range p.Soak {
		if c.of[e[0]] == c.of[e[1]] {
			t := newTrail(p)
			return tidy(append([]Constraint{{KindSoak, e[0], e[1]}}, t.path(e[1], e[0])...))
		}
	}
	for _, e := range p.Apart {
		if c.of[e[0]] == c.of[e[1]] {
			t := newTrail(p)
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
		t := newTrail(p)
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
	t := newTrail(p)
	r, last := t.earliest(), t.latest()
	for v := range p.Nodes {
		if pin := p.Nodes[v].Pin; pin > 0 && int(r.first[v]) > pin {
			return t.tooLate(v, r)
		}
		g := &c.groups[c.of[v]]
		g.earliest = max(g.earliest, int(r.first[v]))
		g.latest = min(g.latest, int(last[v]))
	}
	return nil
}

// tooLate explains why node v cannot be as early as its pin: the chain back to
// the pin, or to the first bundle, that pushes it.
func (t *trail) tooLate(v int, r reach) []Constraint {
	origin := v
	for r.via[origin] != 0 {
		origin = int(r.from[origin])
	}
	out := []Constraint{{KindPin, v, t.p.Nodes[v].Pin}}
	if origin < len(t.p.Nodes) && t.p.Nodes[origin].Pin > 1 {
		out = append(out, Constraint{KindPin, origin, t.p.Nodes[origin].Pin})
	}
	return tidy(append(out, t.tell(origin, v, r.from, r.via)...))
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
