package actions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/catalog"
)

// rank numbers the groups. A relaxed boundary joins two ranks.
func (b *builder) rank() {
	rank := 0
	for i, g := range b.groups {
		if i > 0 && !b.relaxed(g.id) {
			rank++
			prev := b.groups[i-1]
			why := g.why
			if prev.product != g.product {
				why = model.Evidence{Basis: model.BasisDefault, Text: "No document orders the products; one follows the other."}
			}
			f := model.NewFact(g.id, "after", prev.id, "", why)
			b.bounds = append(b.bounds, Boundary{ID: g.id, Rank: rank, Fact: f})
		}
		for _, id := range g.tasks {
			b.tasks[id].Rank = rank
		}
	}
}

// relaxed reports whether the policy gives up the vendor's order of that id.
func (b *builder) relaxed(id string) bool {
	return slices.ContainsFunc(b.in.Policy.Relax, func(p string) bool { return p != "" && catalog.Fits(p, id) })
}

// link makes all relations that ranks do not express, then looks for circles.
func (b *builder) link(runs []*run) {
	b.rank()
	for _, p := range runs {
		b.stageLinks(p)
	}
	b.orders()
	if b.in.Policy.UntestedCuts == "forbid" {
		b.whole()
	}
	b.resolve()
	b.until()
	slices.SortFunc(b.links, byLinkID)
}

func byLinkID(x, y model.Link) int { return strings.Compare(x.ID, y.ID) }

// addLink keeps one link per relation and pair of tasks: a required one before a
// vendor-order one, the first that is found otherwise. A vendor-order link that the
// policy relaxes, and one of a task to itself, is none.
func (b *builder) addLink(l model.Link) {
	if l.First == l.Then || l.Kind == model.VendorOrder && b.relaxed(l.ID) {
		return
	}
	key := pairOf(l)
	at, has := b.linked[key]
	if !has {
		b.linked[key] = len(b.links)
		b.links = append(b.links, l)
		return
	}
	old := &b.links[at]
	l.SoakS, old.SoakS = max(l.SoakS, old.SoakS), max(l.SoakS, old.SoakS)
	if l.Kind == model.RequiredEdge && old.Kind != model.RequiredEdge {
		*old = l
	}
}

// stageLinks are what the stages themselves require of earlier stages. A stage
// that was skipped requires nothing and is required by nothing.
func (b *builder) stageLinks(p *run) {
	byID := map[string]*stage{}
	for _, s := range p.stages {
		byID[s.ID] = s
		for _, name := range s.Required {
			e := byID[name]
			if e == nil {
				b.noStage(p, s, name)
				continue
			}
			for _, first := range e.tasks {
				for _, then := range s.tasks {
					b.requires(p, s, model.Before, first, then)
				}
			}
		}
		for _, name := range s.With {
			e := byID[name]
			if e == nil {
				b.noStage(p, s, name)
				continue
			}
			if len(e.tasks) == 0 || len(s.tasks) == 0 {
				continue
			}
			for _, first := range e.tasks {
				b.requires(p, s, model.With, first, s.tasks[0])
			}
			for _, then := range s.tasks[1:] {
				b.requires(p, s, model.With, e.tasks[0], then)
			}
		}
	}
}

func (b *builder) noStage(p *run, s *stage, name string) {
	b.note(model.Warning, "unknown-stage", p.proc.Name+"/"+s.ID,
		fmt.Sprintf("the stage %q refers to %q, which is no earlier stage of %s", s.ID, name, p.proc.Name), "correct the procedure")
}

func (b *builder) requires(p *run, s *stage, rel model.Relation, first, then model.ActionID) {
	why := p.evidence(s.Evidence)
	why.Text = fmt.Sprintf("%s requires it for the stage %q.", p.proc.Name, s.ID)
	if rel == model.With {
		why.Text = fmt.Sprintf("%s must not be left between the two: the stage %q belongs to the one before.", p.proc.Name, s.ID)
	}
	b.addLink(model.Link{
		ID: linkID(string(rel), first, then), First: first, Then: then, Kind: model.RequiredEdge, Relation: rel,
		Fact: model.NewFact(string(first), string(rel), string(then), "", why),
	})
}

// pair is what a link says about whom.
type pair struct {
	relation    model.Relation
	first, then model.ActionID
}

func pairOf(l model.Link) pair { return pair{l.Relation, l.First, l.Then} }

func linkID(name string, first, then model.ActionID) string {
	return name + ":" + string(first) + ">" + string(then)
}

// chain keeps the order of a list chart by chart (policy order "list").
func (b *builder) chain(s *stage, listID string, ids []model.ActionID) {
	for i := 1; i < len(ids); i++ {
		why := s.run.evidence(s.Evidence)
		why.Text = fmt.Sprintf("The list %q names it in this order; the policy keeps that.", listID)
		b.addLink(model.Link{
			ID: linkID("list", ids[i-1], ids[i]), First: ids[i-1], Then: ids[i], Kind: model.VendorOrder, Relation: model.Before,
			Fact: model.NewFact(string(ids[i-1]), string(model.Before), string(ids[i]), "", why),
		})
	}
}

// whole keeps the actions of one vendor script in one bundle.
func (b *builder) whole() {
	last := map[string]model.ActionID{}
	for _, g := range b.groups {
		for _, id := range g.tasks {
			t := b.tasks[id]
			if t.Script == "" {
				continue
			}
			key := t.Product + "\x00" + t.Script
			if prev, has := last[key]; has {
				b.addLink(model.Link{
					ID: linkID("script", prev, id), First: prev, Then: id, Kind: model.RequiredEdge, Relation: model.With,
					Fact: model.NewFact(string(prev), string(model.With), string(id), "", model.Evidence{
						Basis: model.BasisInferred, Source: t.Script, Text: "Both are parts of one script of the vendor, and the policy forbids cuts inside it."}),
				})
			}
			last[key] = id
		}
	}
}

// orders makes links of the mapping's documented relations.
func (b *builder) orders() {
	ids := make([]model.ActionID, 0, len(b.tasks))
	for id := range b.tasks {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for i := range b.tables.orders {
		o := &b.tables.orders[i]
		if !b.in.System.Has(o.When) || !b.crosses(o.Crossing) {
			continue
		}
		firsts, thens := b.selected(ids, o.First), b.selected(ids, o.Then)
		for _, first := range firsts {
			for _, then := range thens {
				b.order(o, first, then)
			}
		}
	}
}

// selected lists the tasks a glob over action ids means. "roll:worker" and
// "rollout:compute" also mean their parts where the work was split.
func (b *builder) selected(ids []model.ActionID, pattern string) []model.ActionID {
	if catalog.Exact(pattern) {
		if _, has := b.tasks[model.ActionID(pattern)]; has {
			return []model.ActionID{model.ActionID(pattern)}
		}
		pattern += "/*"
		if !strings.HasPrefix(pattern, "roll:") && !strings.HasPrefix(pattern, "rollout:") {
			return nil
		}
	}
	var out []model.ActionID
	for _, id := range ids {
		if catalog.Fits(pattern, string(id)) {
			out = append(out, id)
		}
	}
	return out
}

func (b *builder) order(o *model.OrderRule, first, then model.ActionID) {
	kind := model.VendorOrder
	if o.Required {
		kind = model.RequiredEdge
	}
	if kind == model.VendorOrder && o.Relation == model.Before {
		// The procedure's own order is about this very transition: it implies the
		// rule, or it knows better.
		switch d := cmp.Compare(b.tasks[first].Rank, b.tasks[then].Rank); {
		case d < 0:
			return
		case d > 0:
			b.note(model.Info, "order-ignored", o.ID, fmt.Sprintf("the mapping puts %s before %s, the procedure the other way round; the procedure counts", first, then), "")
			return
		}
	}
	b.addLink(model.Link{
		ID: linkID(cmp.Or(o.ID, string(o.Relation)), first, then), First: first, Then: then, Kind: kind, Relation: o.Relation, SoakS: o.SoakS,
		Fact: model.NewFact(string(first), string(o.Relation), string(then), "", o.Evidence),
	})
}

// until looks up the actions at which effects end. An effect whose ending action
// is not part of the plan has no known end.
func (b *builder) until() {
	for _, t := range b.tasks {
		for i := range t.Effects {
			e := &t.Effects[i]
			id, isAction := strings.CutPrefix(e.Until, "action:")
			if !isAction {
				continue
			}
			if _, has := b.tasks[model.ActionID(id)]; has {
				continue
			}
			if _, has := b.tasks[model.ActionID(id+"/rest")]; has {
				e.Until += "/rest"
				continue
			}
			e.Until, e.Unknown = "", true
			e.Text = strings.TrimSpace(e.Text + " What would end it (" + id + ") is not part of this plan.")
		}
	}
}
