package verify

import (
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/document"
	"planewise/planner"
	"planewise/planner/compare"
	"planewise/planner/inputs"
)

// What happened to an input.
const (
	Changed = "changed" // its digest is another
	Gone    = "gone"    // today's catalogue has it no more
	Appears = "new"     // the plan did not have it
)

// Move is an input that moved.
type Move struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	What string `json:"what"`
	// Planned and Now are the digests.
	Planned string `json:"planned,omitempty"`
	Now     string `json:"now,omitempty"`
	// Used: the plan rests on it.
	Used bool `json:"used"`
	// Effect: by itself it changes something, whatever it is; the bundles that it changes
	// for their users are these.
	Effect  bool     `json:"effect"`
	Bundles []string `json:"bundles"`
}

func (m Move) name() string { return m.Kind + " " + m.Name }

// move carries what replaces the input.
type move struct {
	Move
	apply func(*planner.Input)
}

// movesOf lists the inputs that moved, those that the plan rests on first.
func movesOf(in Input) []move {
	c := collector{in: in}
	c.side(in.Was.From, in.Is.From, func(p *planner.Input, set []model.Release) { p.From = set })
	c.side(in.Was.To, in.Is.To, func(p *planner.Input, set []model.Release) { p.To = set })
	c.known()
	c.one(inputs.Mapping, in.Was.Catalog.Mapping().Name, in.Was.Catalog.Mapping(), in.Is.Catalog.Mapping(), func(p *planner.Input) {
		p.Catalog = in.Is.Catalog
	})
	c.one(inputs.System, in.Is.System.Name, in.Was.System, in.Is.System, func(p *planner.Input) { p.System = in.Is.System })
	c.one(inputs.Policy, in.Is.Policy.Name, in.Was.Policy, in.Is.Policy, func(p *planner.Input) { p.Policy = in.Is.Policy })
	c.customizations()
	c.procedures()
	slices.SortStableFunc(c.moves, func(a, b move) int {
		switch {
		case a.Used == b.Used:
			return 0
		case a.Used:
			return -1
		}
		return 1
	})
	return c.moves
}

type collector struct {
	in    Input
	moves []move
}

func (c *collector) add(m Move, apply func(*planner.Input)) {
	m.Bundles = []string{}
	for _, have := range c.moves {
		if have.name() == m.name() && have.Planned == m.Planned && have.Now == m.Now {
			return // the same release on both sides
		}
	}
	c.moves = append(c.moves, move{m, apply})
}

// one compares a document of which a plan has exactly one.
func (c *collector) one(kind, name string, was, is any, apply func(*planner.Input)) {
	if a, b := document.Digest(was), document.Digest(is); a != b {
		c.add(Move{Kind: kind, Name: name, What: Changed, Planned: a, Now: b, Used: true}, apply)
	}
}

// customizations compares what the site sets in its charts. A plan that does without
// does not rest on them: it is stale only if they would change something.
func (c *collector) customizations() {
	was, is := c.in.Was.Customizations, c.in.Is.Customizations
	apply := func(p *planner.Input) { p.Customizations = is }
	switch {
	case was == nil && is == nil:
	case was == nil:
		c.add(Move{Kind: inputs.Customizations, Name: is.Name, What: Appears, Now: document.Digest(*is)}, apply)
	case is == nil:
		c.add(Move{Kind: inputs.Customizations, Name: was.Name, What: Gone, Planned: document.Digest(*was), Used: true}, apply)
	default:
		c.one(inputs.Customizations, is.Name, *was, *is, apply)
	}
}

// side compares the releases of one side by their names.
func (c *collector) side(was, is []model.Release, set func(*planner.Input, []model.Release)) {
	for i, r := range was {
		for _, now := range is {
			if now.Ref() != r.Ref() {
				continue
			}
			c.one(inputs.Release, r.Ref(), r, now, func(p *planner.Input) {
				replaced := slices.Clone(was)
				replaced[i] = now
				set(p, replaced)
			})
		}
	}
}

// known compares the releases in between, of which only the removals matter.
func (c *collector) known() {
	is := map[string]model.Release{}
	for _, r := range c.in.Is.Known {
		is[r.Ref()] = r
	}
	for i, r := range c.in.Was.Known {
		now, ok := is[r.Ref()]
		delete(is, r.Ref())
		planned := document.Digest(r)
		switch {
		case !ok:
			c.add(Move{Kind: inputs.Release, Name: r.Ref(), What: Gone, Planned: planned}, func(p *planner.Input) {
				p.Known = slices.Delete(slices.Clone(c.in.Was.Known), i, i+1)
			})
		case document.Digest(now) != planned:
			c.add(Move{Kind: inputs.Release, Name: r.Ref(), What: Changed, Planned: planned, Now: document.Digest(now)}, func(p *planner.Input) {
				p.Known = slices.Clone(c.in.Was.Known)
				p.Known[i] = now
			})
		}
	}
	for _, r := range c.in.Is.Known {
		if _, left := is[r.Ref()]; left {
			c.add(Move{Kind: inputs.Release, Name: r.Ref(), What: Appears, Now: document.Digest(r)}, func(p *planner.Input) {
				p.Known = append(slices.Clone(c.in.Was.Known), r)
			})
		}
	}
}

// procedures compares them by name. The plan rests on those that it follows.
func (c *collector) procedures() {
	is := map[string]model.Procedure{}
	for _, p := range c.in.Is.Procedures {
		is[p.Name] = p
	}
	for i, was := range c.in.Was.Procedures {
		now, ok := is[was.Name]
		delete(is, was.Name)
		m := Move{Kind: inputs.Procedure, Name: was.Name, What: Changed, Planned: document.Digest(was), Used: follows(c.in.Plan, was.Name)}
		if !ok {
			m.What = Gone
			c.add(m, func(p *planner.Input) { p.Procedures = slices.Delete(slices.Clone(c.in.Was.Procedures), i, i+1) })
			continue
		}
		if m.Now = document.Digest(now); m.Now != m.Planned {
			c.add(m, func(p *planner.Input) {
				p.Procedures = slices.Clone(c.in.Was.Procedures)
				p.Procedures[i] = now
			})
		}
	}
	for _, now := range c.in.Is.Procedures {
		if _, left := is[now.Name]; left {
			c.add(Move{Kind: inputs.Procedure, Name: now.Name, What: Appears, Now: document.Digest(now)}, func(p *planner.Input) {
				p.Procedures = append(slices.Clone(c.in.Was.Procedures), now)
			})
		}
	}
}

// trace plans with each move alone and notes which bundles come out differently.
func trace(moves []move, in Input, base model.Plan) error {
	for i := range moves {
		alone := in.Was
		moves[i].apply(&alone)
		made := planner.Build(alone)
		d := compare.Plans(base, made)
		moves[i].Effect = !d.Same
		if d.Same {
			// Warnings are in d; a remark that comes or goes is no effect.
			whole, err := between(base, made)
			if err != nil {
				return err
			}
			moves[i].Effect = slices.ContainsFunc(whole, func(w Difference) bool { return !strings.HasPrefix(w.Path, "/diagnostics/") })
		}
		for _, b := range d.Bundles {
			if b.Old != "" && b.Status != compare.Same {
				moves[i].Bundles = append(moves[i].Bundles, b.Old)
			}
		}
		order := func(label string) int {
			return slices.IndexFunc(base.Bundles, func(b model.Bundle) bool { return b.Label == label })
		}
		slices.SortFunc(moves[i].Bundles, func(a, b string) int { return order(a) - order(b) })
	}
	return nil
}
