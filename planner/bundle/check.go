package bundle

import (
	"fmt"
	"math/bits"
)

const (
	// maxPlanes is what a footprint's code holds, at two bits per plane.
	maxPlanes = 32
	// maxNodes keeps indices within 32 bits, with room for helper vertices.
	maxNodes = 1 << 24
	// maxTotal bounds every sum of scaled costs, so that adding two of them cannot
	// overflow.
	maxTotal = uint64(1) << 61
)

// check reports what makes a problem malformed. A problem that passes can be
// solved without overflow.
func check(p *Problem, o *Options) error {
	if err := checkPrices(p); err != nil {
		return err
	}
	if len(p.Nodes) > maxNodes {
		return fmt.Errorf("%d nodes: more than %d", len(p.Nodes), maxNodes)
	}
	for i, n := range p.Nodes {
		if err := checkNode(p, i, n); err != nil {
			return err
		}
	}
	for _, list := range []struct {
		name  string
		pairs [][2]int
	}{{"before", p.Before}, {"with", p.With}, {"apart", p.Apart}, {"soak", p.Soak}} {
		for i, e := range list.pairs {
			if e[0] < 0 || e[0] >= len(p.Nodes) || e[1] < 0 || e[1] >= len(p.Nodes) {
				return fmt.Errorf("%s[%d]: nodes %d and %d: the problem has %d nodes", list.name, i, e[0], e[1], len(p.Nodes))
			}
		}
	}
	if o != nil && o.Order != nil && len(o.Order) != len(p.Nodes) {
		return fmt.Errorf("order has %d entries for %d nodes", len(o.Order), len(p.Nodes))
	}
	if o != nil && o.Effort < 0 {
		return fmt.Errorf("effort %d is negative", o.Effort)
	}
	return checkTotal(p)
}

func checkPrices(p *Problem) error {
	planes := len(p.Fixed)
	if len(p.Rate) != planes || len(p.Watch) != planes {
		return fmt.Errorf("prices: fixed has %d planes, rate %d, watch %d: they must agree", planes, len(p.Rate), len(p.Watch))
	}
	if planes > maxPlanes {
		return fmt.Errorf("%d planes: more than %d", planes, maxPlanes)
	}
	if p.Sitting < 0 {
		return fmt.Errorf("sitting %d is negative", p.Sitting)
	}
	for i := range planes {
		if p.Fixed[i] < 0 || p.Rate[i] < 0 || p.Watch[i] < 0 {
			return fmt.Errorf("plane %d: a price is negative", i)
		}
		// A bundle's footprint is the worst of its nodes, never chosen. Were being
		// disturbed the cheaper state, adding a disturbance would pay, and none of
		// the arguments of this package would hold.
		if p.Rate[i] < p.Watch[i] {
			return fmt.Errorf("plane %d: a second disturbed costs %d, less than the %d of a second watched", i, p.Rate[i], p.Watch[i])
		}
	}
	return nil
}

func checkNode(p *Problem, i int, n Node) error {
	if n.Work < 0 {
		return fmt.Errorf("node %d: work %d is negative", i, n.Work)
	}
	if n.Pin < 0 {
		return fmt.Errorf("node %d: pin %d is negative", i, n.Pin)
	}
	if len(n.Foot) != len(p.Fixed) {
		return fmt.Errorf("node %d: footprint of %d planes, the problem has %d", i, len(n.Foot), len(p.Fixed))
	}
	for plane, level := range n.Foot {
		if level > Disturbed {
			return fmt.Errorf("node %d, plane %d: level %d: want 0, 1 or 2", i, plane, level)
		}
	}
	return nil
}

// checkTotal refuses problems whose worst split, scaled as the search scales it,
// does not fit. The worst split has a bundle per node, all planes disturbed.
func checkTotal(p *Problem) error {
	n := uint64(len(p.Nodes))
	open, rate := counter{}, counter{}
	open.add(uint64(p.Sitting))
	for i := range p.Fixed {
		open.add(uint64(p.Fixed[i]))
		rate.add(uint64(p.Rate[i]))
	}
	work := counter{}
	for _, node := range p.Nodes {
		work.add(uint64(node.Work))
	}
	total := counter{over: open.over || rate.over || work.over}
	total.addProduct(open.sum, n+1)
	total.addProduct(rate.sum, work.sum)
	total.add(1)
	scaled := counter{over: total.over}
	scaled.addProduct(total.sum, n+2)
	if scaled.over || scaled.sum >= maxTotal {
		return fmt.Errorf("costs are too large to add up in 64 bits: work of %d seconds at prices of up to %d per second", work.sum, rate.sum)
	}
	return nil
}

// counter adds up and remembers an overflow.
type counter struct {
	sum  uint64
	over bool
}

func (c *counter) add(x uint64) {
	sum, carry := bits.Add64(c.sum, x, 0)
	c.sum, c.over = sum, c.over || carry != 0
}

func (c *counter) addProduct(x, y uint64) {
	high, low := bits.Mul64(x, y)
	c.over = c.over || high != 0
	c.add(low)
}
