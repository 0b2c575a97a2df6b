package diff

import (
	"fmt"
	"strings"

	"planewise/model"
	"planewise/model/snapshot"
)

// The codes of what Done notes.
const (
	CodeDoneNotSeen = "done-not-seen"
	CodeSeenNotSaid = "seen-not-said"
)

// Done compares what is said to be done of a plan with what a snapshot shows, and
// notes where the two contradict each other. What the snapshot cannot show (packages,
// settings, scripts) contradicts nothing. It goes by versions: those of the changes
// that an action carries, and for nodes the kernels that they run.
func Done(plan model.Plan, done []model.Done, seen snapshot.Snapshot, p snapshot.Profile) []model.Diagnostic {
	d := doneCheck{seen: seen, runs: versions(seen, p), said: map[model.ActionID]model.Done{}}
	for _, one := range done {
		d.said[one.Action] = one
	}
	units := map[model.ActionID]int{}
	for _, a := range plan.Actions {
		units[a.ID] = max(a.Units, 1)
	}
	for i := range plan.Changes {
		c := &plan.Changes[i]
		if c.Action == nil || c.Delivery || c.From == c.To {
			continue
		}
		switch {
		case c.Kind == model.KindKernel:
			d.kernel(c, units[*c.Action])
		case c.Kind == model.KindKubernetes:
			// As in Check: kubelets are no control plane.
		case visible(c.Kind) && shown(seen, c.ID, d.runs):
			d.version(c)
		}
	}
	return model.SortDiagnostics(d.notes)
}

type doneCheck struct {
	seen  snapshot.Snapshot
	runs  map[model.ComponentID]string
	said  map[model.ActionID]model.Done
	notes []model.Diagnostic
}

func (d *doneCheck) note(code model.Code, c *model.Change, format, hint string, args ...any) {
	d.notes = append(d.notes, model.Diagnostic{Severity: model.Warning, Code: code, Subject: string(*c.Action), Summary: fmt.Sprintf(format, args...), Hint: hint, Path: []string{string(*c.Action), string(c.ID)}})
}

const (
	hintSaid = "correct what is said to be done, or find out why it is not there"
	hintSeen = "say that it is done, or find out who did it"
)

// version looks at a component of which there is one.
func (d *doneCheck) version(c *model.Change) {
	said, named := d.said[*c.Action]
	runs, there := d.runs[c.ID]
	word := runs
	if !there {
		word = "nothing"
	}
	wanted := c.To
	switch {
	case named && said.Whole() && runs != wanted:
		d.note(CodeDoneNotSeen, c, "it is said to be done, but of %s the snapshot shows %s, not %s", hintSaid, c.ID, word, orNothing(wanted))
	case !named && runs == wanted:
		d.note(CodeSeenNotSaid, c, "the snapshot shows %s of %s as after it, and it is not said to be done", hintSeen, orNothing(wanted), c.ID)
	}
}

func orNothing(version string) string {
	if version == "" {
		return "nothing"
	}
	return version
}

// kernel counts the nodes of a role that run the target's kernel.
func (d *doneCheck) kernel(c *model.Change, units int) {
	role, arch, _ := strings.Cut(strings.TrimPrefix(string(c.ID), string(model.KindKernel)+":"), ".")
	nodes, there := 0, 0
	for _, n := range d.seen.Nodes {
		if n.Role != role || n.Kernel == "" || n.Arch != "" && n.Arch != arch {
			continue
		}
		there++
		if n.Kernel == c.To {
			nodes++
		}
	}
	said, named := d.said[*c.Action]
	want := 0
	switch {
	case there == 0:
		return
	case named && said.Whole():
		want = units
	case named:
		want = said.Units
	}
	// A roll may be of some of the role's nodes only: more than that many may run it. Of
	// nodes that the snapshot does not show nothing is said.
	switch {
	case nodes < want-max(0, units-there):
		d.note(CodeDoneNotSeen, c, "%d of its nodes are said to be done, but %d of %d %s nodes run the kernel %s", hintSaid, want, nodes, there, role, c.To)
	case nodes > want && there == units:
		d.note(CodeSeenNotSaid, c, "%d of %d %s nodes run the kernel %s, and %d are said to be done", hintSeen, nodes, there, role, c.To, want)
	}
}
