package resume

import (
	"fmt"
	"slices"

	"planewise/model"
)

// checkOrder finds what is done although something that comes first is not.
func (p *Progress) checkOrder(links []model.Link) []model.Diagnostic {
	var out []model.Diagnostic
	for _, l := range links {
		first, then := l.First, l.Then
		path := []string{string(first), string(then)}
		switch {
		case p.halfDone(l):
			out = append(out, model.Diagnostic{Severity: model.Warning, Code: "half-done-group", Subject: string(then), Path: path,
				Summary: fmt.Sprintf("%s and %s belong into one sitting, and they are not both done", first, then), Hint: "finish what is left of them: it is in the first bundle"})
		case l.Relation == model.Soak && p.done[first] && !p.done[then]:
			out = append(out, model.Diagnostic{Severity: model.Warning, Code: "soak-not-verified", Subject: string(then), Path: path,
				Summary: fmt.Sprintf("%s has to be over for %d s before it begins, and when that ended is not known here", first, l.SoakS), Hint: "wait that long before the bundle begins"})
		case (l.Relation == model.Before || l.Relation == model.Soak) && !p.done[first] && p.begun(then):
			d := model.Diagnostic{Severity: model.Blocking, Code: "done-out-of-order", Subject: string(then), Path: path,
				Summary: fmt.Sprintf("it is said to be done, but %s, which is documented to come first, is not", first), Hint: "correct what is done, or ask the vendor: no document describes this state"}
			if l.Kind != model.RequiredEdge {
				d.Severity = model.Warning
				d.Summary = fmt.Sprintf("it is said to be done, but %s, which the vendor does first, is not", first)
			}
			out = append(out, d)
		}
	}
	return append(out, p.checkRanks()...)
}

// halfDone reports whether a link joins two actions that belong into one sitting, which
// is begun and not over.
func (p *Progress) halfDone(l model.Link) bool {
	return l.Relation == model.With && (p.begun(l.First) || p.begun(l.Then)) && !(p.done[l.First] && p.done[l.Then])
}

// finishFirst puts what is left of groups that belong into one sitting into the first
// bundle: as near to what is done as can be.
func (p *Progress) finishFirst(links []model.Link) []model.Pin {
	var pins []model.Pin
	for _, l := range links {
		if !p.halfDone(l) {
			continue
		}
		for _, id := range []model.ActionID{l.First, l.Then} {
			if pin := (model.Pin{Action: id, Bundle: 1}); !p.done[id] && !slices.Contains(pins, pin) {
				pins = append(pins, pin)
			}
		}
	}
	return pins
}

// checkRanks finds what is done before something of a lower rank, and says it once.
func (p *Progress) checkRanks() []model.Diagnostic {
	var left, done *model.Task
	for i := range p.tasks {
		t := &p.tasks[i]
		switch {
		case !p.done[t.ID] && left == nil:
			left = t
		case p.begun(t.ID) && left != nil && t.Rank > left.Rank && done == nil:
			done = t
		}
	}
	if done == nil {
		return nil
	}
	return []model.Diagnostic{{Severity: model.Warning, Code: "done-out-of-order", Subject: string(done.ID), Path: []string{string(left.ID), string(done.ID)},
		Summary: fmt.Sprintf("it is said to be done, but %s, which the vendor does in an earlier stage, is not", left.ID),
		Hint:    "correct what is done; what is left is planned in the vendor's order"}}
}
