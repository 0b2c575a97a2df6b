package words

import (
	"fmt"
	"strings"

	"planewise/model"
)

// Placement is what an action says of single nodes, in words. Names are as they are in
// the plan: who prints them cleans them.
type Placement struct {
	// Nodes, the worst first.
	Nodes []NodeLine
	// Everywhere is what is the same whichever node goes; "" for nothing.
	Everywhere string
	// Open says what is not known about the nodes.
	Open []string
}

// NodeLine is one node.
type NodeLine struct {
	Name, Worst string
	// Levels are its capabilities by level, without those that are the same everywhere.
	Levels string
	// Carries are the workloads of which much is on it.
	Carries string
	// Hint is what to do about it, "" where the facts support nothing.
	Hint string
}

// PlacementOf says what each node's leaving disturbs. Of each level and each node so
// many names are given, 0 for all.
func PlacementOf(a model.Action, names int) Placement {
	common := commonOf(a.Nodes)
	p := Placement{Everywhere: levels(common, nil, names)}
	for _, n := range a.Nodes {
		p.Nodes = append(p.Nodes, nodeLine(n, common, names))
	}
	if a.Nameless > 0 {
		what := "neither their names nor what is on them is known."
		if a.Nameless == 1 {
			what = "neither its name nor what is on it is known."
		}
		p.Open = append(p.Open, Count(a.Nameless, "more "+a.Role+" node")+": "+what)
	}
	if len(a.Unplaced) > 0 {
		p.Open = append(p.Open, "It is not known on which nodes these run, so that any node may carry them: "+some(a.Unplaced, names)+".")
	}
	if len(a.Nodes) > 0 && a.Units < len(a.Nodes)+a.Nameless {
		p.Open = append(p.Open, fmt.Sprintf("The action takes %d of them; the procedure says which.", a.Units))
	}
	return p
}

// commonOf are the capabilities that every node disturbs alike.
func commonOf(nodes []model.NodeImpact) []model.NodeCapability {
	if len(nodes) < 2 {
		return nil
	}
	times := map[model.CapabilityID]int{}
	first := map[model.CapabilityID]model.Range{}
	for _, c := range nodes[0].Capabilities {
		first[c.ID] = c.Range()
	}
	for _, n := range nodes {
		for _, c := range n.Capabilities {
			if r, ok := first[c.ID]; ok && r == c.Range() {
				times[c.ID]++
			}
		}
	}
	var out []model.NodeCapability
	for _, c := range nodes[0].Capabilities {
		if times[c.ID] == len(nodes) {
			out = append(out, c)
		}
	}
	return out
}

func nodeLine(n model.NodeImpact, common []model.NodeCapability, names int) NodeLine {
	line := NodeLine{Name: n.Name, Levels: levels(n.Capabilities, common, names)}
	var worst model.Range
	for _, c := range n.Capabilities {
		worst = worst.Worse(c.Range())
	}
	line.Worst = worst.String()
	if line.Levels == "" {
		line.Levels = "nothing beside what every node disturbs"
		if len(common) == 0 {
			line.Levels = "nothing"
		}
	}
	var carries, single []string
	for _, w := range n.Workloads {
		switch {
		case w.Single:
			carries, single = append(carries, w.Name+" (the only instance)"), append(single, w.Name)
		case w.Here > 1 || w.Here == w.Instances:
			carries = append(carries, fmt.Sprintf("%s (%d of %d)", w.Name, w.Here, w.Instances))
		}
	}
	line.Carries = some(carries, names)
	if n.Last && len(single) > 0 {
		move := "they move once only, to nodes that are done; taken earlier they may land on a node that is still to come"
		if len(single) == 1 {
			move = "it moves once only, to a node that is done; taken earlier it may land on one that is still to come"
		}
		line.Hint = "Take it last, or move " + some(single, names) + " off it first: " + move + "."
	}
	return line
}

// levels lists capabilities by level, the worst first, without some.
func levels(all, without []model.NodeCapability, names int) string {
	left := map[model.CapabilityID]bool{}
	for _, c := range without {
		left[c.ID] = true
	}
	var parts []string
	var run []string
	var at model.Range
	flush := func() {
		if run != nil {
			parts = append(parts, at.String()+": "+some(run, names))
		}
		run = nil
	}
	for _, c := range all {
		if left[c.ID] {
			continue
		}
		if c.Range().String() != at.String() {
			flush()
		}
		at = c.Range()
		run = append(run, string(c.ID))
	}
	flush()
	return strings.Join(parts, "; ")
}

func some(list []string, most int) string {
	if most > 0 && len(list) > most+1 {
		return strings.Join(list[:most], ", ") + fmt.Sprintf(" and %d more", len(list)-most)
	}
	return strings.Join(list, ", ")
}

// ShortPlacement is a placement in one line a node, for lists of steps: the worst nodes
// with what is worst there.
func ShortPlacement(a model.Action, nodes int) []string {
	p := PlacementOf(a, 3)
	var out []string
	for i, n := range p.Nodes {
		if i == nodes && len(p.Nodes) > nodes+1 {
			out = append(out, fmt.Sprintf("%d more nodes (planewise explain PLAN %s)", len(p.Nodes)-nodes, a.ID))
			break
		}
		line := n.Name + ": " + n.Levels
		if n.Carries != "" {
			line += "; carries " + n.Carries
		}
		if n.Hint != "" {
			line += ". " + n.Hint
		}
		out = append(out, line)
	}
	if len(p.Nodes) > 0 && p.Everywhere != "" {
		out = append(out, "Every node: "+p.Everywhere)
	}
	if len(p.Nodes) > 0 {
		out = append(out, p.Open...)
	}
	return out
}
