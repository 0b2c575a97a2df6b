package csm

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/records"
	"planewise/model/yamldoc"
)

// WorkflowSource begins the source of records of workflows; the name follows.
const WorkflowSource = "workflow "

// workflow makes a record of one Argo workflow. A rebuild of nodes is a roll of
// their role, with as many units as it has target nodes.
func (i *importer) workflow(v *yamldoc.Value) []records.Record {
	name := clean.Text(v.Path("metadata", "name").String())
	r := i.record()
	start, ok1 := parseTime(v.Path("status", "startedAt").String())
	end, ok2 := parseTime(v.Path("status", "finishedAt").String())
	if !ok1 || !ok2 || end.Before(start) {
		i.note("no-duration", v, "workflow %s has no start and end; it may still run", name)
		return nil
	}
	r.Start, r.End, r.Source = stamp(start), stamp(end), WorkflowSource+name
	r.TookS = min(records.Longest, seconds(start, end))
	r.Outcome = outcomeOf(v.Path("status", "phase").String())
	run := records.Run{Stage: stageOf(name), TookS: r.TookS, Outcome: r.Outcome}
	if role := label(v, "node-type"); role != "" || strings.Contains(name, "rebuild") {
		run.Stage = cmp.Or(run.Stage, "rebuild")
		run.Units = len(targets(v))
		run.Batch = 1 // masters and storage nodes go one after the other
		if role == "worker" {
			run.Batch = run.Units // the workers of one request go together
		}
		if role != "" && run.Units > 0 {
			run.Action = model.ActionID("roll:" + role)
		} else {
			i.note("unknown-targets", v, "workflow %s does not say which nodes it rebuilt", name)
		}
	}
	r.Runs = append(r.Runs, run)
	r.Runs = append(r.Runs, i.steps(v)...)
	return []records.Record{r}
}

// seconds between two times, rounded up.
func seconds(from, to time.Time) int64 { return int64((to.Sub(from) + time.Second - 1) / time.Second) }

// steps are the pods of a workflow: what took how long inside. They name no action.
func (i *importer) steps(v *yamldoc.Value) []records.Run {
	nodes := v.Path("status", "nodes")
	if nodes == nil {
		if v.Path("status", "compressedNodes") != nil {
			i.note("compressed-workflow", v, "the steps of the workflow are compressed and were not read; its whole length counts")
		}
		return nil
	}
	var out []records.Run
	for _, e := range nodes.Entries {
		if e.Value.Get("type").String() != "Pod" {
			continue
		}
		from, ok1 := parseTime(e.Value.Get("startedAt").String())
		to, ok2 := parseTime(e.Value.Get("finishedAt").String())
		if !ok1 || !ok2 || to.Before(from) || seconds(from, to) > records.Longest {
			continue
		}
		out = append(out, records.Run{Stage: "step " + clean.Text(e.Value.Get("displayName").String()), TookS: seconds(from, to), Outcome: outcomeOf(e.Value.Get("phase").String())})
	}
	slices.SortStableFunc(out, func(a, b records.Run) int {
		return cmp.Or(strings.Compare(a.Stage, b.Stage), cmp.Compare(a.TookS, b.TookS))
	})
	return out
}

func label(v *yamldoc.Value, name string) string {
	role := strings.ToLower(v.Path("metadata", "labels").Get(name).String())
	switch role {
	case "master", "worker", "storage":
		return role
	}
	return ""
}

// targets are the nodes that a rebuild was told to take: a parameter whose value is
// a list of names.
func targets(v *yamldoc.Value) []string {
	for _, p := range list(v.Path("spec", "arguments", "parameters")) {
		if key := strings.ToLower(p.Get("name").String()); key != "targetncns" && key != "targetncn" {
			continue
		}
		var names []string
		for name := range strings.FieldsFuncSeq(p.Get("value").String(), func(r rune) bool { return strings.ContainsRune(`[]", `, r) }) {
			names = append(names, name)
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	return nil
}

func list(v *yamldoc.Value) []*yamldoc.Value {
	if v == nil {
		return nil
	}
	return v.Items
}
