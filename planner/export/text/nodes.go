package text

import (
	"fmt"
	"strings"

	"planewise/model"
	"planewise/planner/explain"
	"planewise/planner/words"
)

// nodes is the table of an action's nodes, the worst first.
func (w *writer) nodes(n *explain.Nodes) {
	if n == nil {
		return
	}
	p := words.PlacementOf(model.Action{Role: n.Role, Units: n.Units, Batch: n.Batch, Nodes: n.Nodes, Nameless: n.Nameless, Unplaced: n.Unplaced}, 6)
	w.line("  What each node's leaving disturbs, the worst first:")
	wide := 0
	for _, one := range p.Nodes {
		wide = max(wide, len([]rune(one.Name)))
	}
	wide = min(wide, 24)
	for _, one := range p.Nodes {
		w.para("    ", fmt.Sprintf("%-*s  %s", wide, one.Name, one.Levels))
		if one.Carries != "" {
			w.para("      ", "carries "+one.Carries)
		}
		if one.Hint != "" {
			w.para("      ", one.Hint)
		}
	}
	if p.Everywhere != "" {
		w.para("    ", "every node: "+p.Everywhere)
	}
	for _, s := range p.Open {
		w.para("    ", s)
	}
}

// shortNodes is the same in a line a node, under the table of a bundle's actions.
func (w *writer) shortNodes(b model.Bundle, actions map[model.ActionID]model.Action) {
	for _, id := range b.Actions {
		lines := words.ShortPlacement(actions[id], 6)
		if lines == nil {
			continue
		}
		w.para("    ", "nodes of "+strings.TrimSpace(string(id))+", the worst first:")
		for _, line := range lines {
			w.para("      ", line)
		}
	}
}
