package tui

import (
	"planewise/model"
	"planewise/planner/explain"
	"planewise/planner/words"
)

// maxNodeNames are how many capabilities or workloads of one level or node are named.
const maxNodeNames = 6

// nodes are what each node's leaving disturbs, where the nodes of an action are known.
func (s *explainScreen) nodes(r *explain.Report) []row {
	n := r.Nodes
	if n == nil {
		return nil
	}
	p := words.PlacementOf(model.Action{Role: n.Role, Units: n.Units, Batch: n.Batch, Nodes: n.Nodes, Nameless: n.Nameless, Unplaced: n.Unplaced}, maxNodeNames)
	rows := []row{{text: "Node by node (" + itoa(len(p.Nodes)) + "), the worst first", tone: headTone}}
	for i, one := range p.Nodes {
		worst := model.Range{}
		for _, c := range n.Nodes[i].Capabilities {
			worst = worst.Worse(c.Range())
		}
		lines := paragraph(one.Name+": "+one.Levels, 1, s.w, levelTone)
		for k := range lines {
			lines[k].level, lines[k].unknown = worst.Least, worst.IsUnknown()
		}
		rows = append(rows, lines...)
		if one.Carries != "" {
			rows = append(rows, paragraph("carries "+one.Carries, 4, s.w, dimTone)...)
		}
		if one.Hint != "" {
			rows = append(rows, paragraph(one.Hint, 4, s.w, goodTone)...)
		}
	}
	if p.Everywhere != "" {
		rows = append(rows, paragraph("every node: "+p.Everywhere, 1, s.w, plainTone)...)
	}
	for _, open := range p.Open {
		rows = append(rows, paragraph(open, 1, s.w, dimTone)...)
	}
	return rows
}
