// Package csm reads what the deployment engine of a system run by Cray System
// Management wrote of its runs: the Install and Upgrade Framework (IUF), and the Argo
// workflows that it and the rebuild of management nodes are made of.
package csm

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/records"
	"planewise/model/yamldoc"
)

// Import reads what a deployment engine wrote, recognised by its content:
//
//   - stage_hist.yaml of IUF: per stage ran, succeeded, duration, is_partial
//   - activity_dict.yaml of IUF: the states of an activity by their time
//   - the history of an IUF activity as its API prints it: a list of entries with
//     activity_state and start_time, each going on until the next
//   - Argo workflows: one, or a list, of kubectl get workflows -o json
//
// Log texts, parameters and comments are not kept: they may hold secrets.
func Import(name string, data []byte) ([]records.Record, []model.Diagnostic, error) {
	doc, notes, err := yamldoc.Parse(name, data, yamldoc.Options{Duplicates: yamldoc.Merge})
	if err != nil {
		return nil, nil, err
	}
	i := &importer{name: name, doc: doc, notes: notes}
	root := doc.Root
	var out []records.Record
	switch {
	case root.Get("format").String() == records.Format:
		return nil, nil, doc.Errorf(root, "this is a record of planewise already; it need not be imported")
	case root.Get("status") != nil && root.Get("status").Kind == yamldoc.Map && root.Get("kind") == nil:
		out = i.stageHistory(root)
	case root.Kind == yamldoc.List:
		out = i.list(root)
	case root.Get("kind").String() == "Workflow":
		out = i.workflow(root)
	case root.Get("items") != nil:
		for _, item := range root.Get("items").Items {
			out = append(out, i.workflow(item)...)
		}
	case len(root.Entries) == 1 && root.Entries[0].Value.Get("states") != nil:
		out = i.states(root.Entries[0])
	case root.Get("operation_outputs") != nil:
		return nil, nil, doc.Errorf(root, "an activity itself holds no times; give its history (/apis/iuf/v1/activities/NAME/history), activity_dict.yaml or stage_hist.yaml")
	default:
		return nil, nil, doc.Errorf(root, "no known record of a deployment engine; give stage_hist.yaml, activity_dict.yaml, an activity's history or Argo workflows as JSON")
	}
	records.Sort(out)
	return out, model.SortDiagnostics(i.notes), nil
}

type importer struct {
	name  string
	doc   *yamldoc.Doc
	notes []model.Diagnostic
}

func (i *importer) note(code model.Code, at *yamldoc.Value, format string, args ...any) {
	where := i.name
	if at != nil && at.Line > 0 {
		where = fmt.Sprintf("%s:%d", i.name, at.Line)
	}
	i.notes = append(i.notes, model.Diagnostic{Severity: model.Warning, Code: code, Subject: clean.Text(where), Summary: clean.Text(fmt.Sprintf(format, args...)), Hint: "it is left out of what is learned"})
}

func (i *importer) record() records.Record {
	return records.Record{Format: records.Format, Outcome: records.OK, Observed: []records.Observed{}, Runs: []records.Run{}, Source: clean.Text(path.Base(strings.ReplaceAll(i.name, `\`, "/")))}
}

// stageHistory has no times of the clock, only lengths.
func (i *importer) stageHistory(root *yamldoc.Value) []records.Record {
	r := i.record()
	for _, e := range root.Get("status").Entries {
		stage, v := clean.Text(e.Key), e.Value
		ran := v.Get("ran").String()
		if ran == "" || strings.EqualFold(ran, "false") && !strings.EqualFold(v.Get("succeeded").String(), "paused") || strings.EqualFold(ran, "skipped") {
			continue
		}
		run := records.Run{Stage: stage, TookS: -1, Outcome: records.OK}
		switch {
		case !strings.EqualFold(v.Get("succeeded").String(), "true"):
			run.Outcome = records.Failed
		case strings.EqualFold(v.Get("is_partial").String(), "true"):
			run.Outcome = records.Partial
		}
		took, ok := parseElapsed(v.Get("duration").String())
		if ok {
			run.TookS = took
			r.TookS += took
		} else {
			i.note("no-duration", v, "stage %s ran, but its duration is no length of time", stage)
		}
		r.Outcome = worse(r.Outcome, run.Outcome)
		r.Runs = append(r.Runs, run)
	}
	if len(r.Runs) == 0 {
		i.note("nothing-ran", root, "no stage of it ran")
		return nil
	}
	r.TookS = min(r.TookS, records.Longest)
	return []records.Record{r}
}

func worse(a, b records.Outcome) records.Outcome {
	order := []records.Outcome{records.OK, records.Partial, records.RolledBack, records.Failed}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// moment is an entry of a history: it goes on until the next.
type moment struct {
	at     time.Time
	state  string
	stage  string
	status string
}

// states reads activity_dict.yaml.
func (i *importer) states(activity yamldoc.Entry) []records.Record {
	var all []moment
	for _, e := range activity.Value.Get("states").Entries {
		at, ok := parseTime(e.Key)
		if !ok {
			i.note("no-time", e.Value, "a state whose key is no time")
			continue
		}
		all = append(all, moment{at, e.Value.Get("state").String(), stageOf(e.Value.Get("sessionid").String()), e.Value.Get("status").String()})
	}
	return i.history(all)
}

// list reads a bare list: the history of an activity, or workflows.
func (i *importer) list(root *yamldoc.Value) []records.Record {
	var all []moment
	var out []records.Record
	for _, e := range root.Items {
		if e.Get("kind").String() == "Workflow" {
			out = append(out, i.workflow(e)...)
			continue
		}
		at, ok := parseTime(e.Get("start_time").String())
		if !ok {
			i.note("no-time", e, "an entry without start_time")
			continue
		}
		all = append(all, moment{at, e.Get("activity_state").String(), stageOf(cmp.Or(e.Get("session_name").String(), e.Get("name").String())), e.Get("status").String()})
	}
	return append(out, i.history(all)...)
}

// history makes one record of what was in progress.
func (i *importer) history(all []moment) []records.Record {
	slices.SortStableFunc(all, func(a, b moment) int { return a.at.Compare(b.at) })
	r := i.record()
	for n, m := range all {
		if m.state != "in_progress" || n+1 == len(all) {
			continue
		}
		took := int64(all[n+1].at.Sub(m.at) / time.Second)
		if took < 0 || took > records.Longest {
			continue
		}
		run := records.Run{Stage: clean.Text(m.stage), TookS: took, Outcome: outcomeOf(cmp.Or(m.status, "Succeeded"))}
		if all[n+1].state == "debug" || all[n+1].state == "blocked" {
			run.Outcome = records.Failed
		}
		r.TookS += took
		r.Outcome = worse(r.Outcome, run.Outcome)
		r.Runs = append(r.Runs, run)
	}
	if len(r.Runs) == 0 {
		return nil
	}
	r.Start, r.End = stamp(all[0].at), stamp(all[len(all)-1].at)
	r.TookS = min(r.TookS, records.Longest)
	return []records.Record{r}
}

func outcomeOf(status string) records.Outcome {
	switch strings.ToLower(status) {
	case "succeeded", "n/a":
		return records.OK
	}
	return records.Failed
}

// stages of the deployment engine, in its order; a workflow's name holds one.
func stages() []string {
	return []string{"process-media", "pre-install-check", "deliver-product", "update-vcs-config", "update-cfs-config", "prepare-images",
		"management-nodes-rollout", "deploy-product", "post-install-service-check", "managed-nodes-rollout", "post-install-check"}
}

// StagePrefix may stand before a stage's name in a procedure ("iuf-process-media").
const StagePrefix = "iuf-"

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// stageOf finds a stage in the name of a workflow ("admin-05-15-a5osq-deliver-product-p7rt6").
func stageOf(name string) string {
	best := ""
	for _, s := range stages() {
		if strings.Contains(name, s) && len(s) > len(best) {
			best = s
		}
	}
	return best
}
