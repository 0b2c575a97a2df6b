package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/model/clean"
	"planewise/model/records"
	"planewise/planner/export/text"
	"planewise/planner/words"
)

func newRecord(r *run) *cobra.Command {
	var start, end string
	var taken app.Taken
	cmd := &cobra.Command{
		Use:   "record PLAN BUNDLE --start T --end T",
		Short: "Keep how a bundle of a plan went",
		Long: `record keeps when a bundle of a plan really started and ended, how it ended, and what
people noticed. Times are RFC 3339 (2026-01-10T20:00:00+01:00). See 'planewise history'.

` + exitCodes,
		Example: `  planewise record plan.json B2 --start 2026-01-10T20:00:00Z --end 2026-01-10T21:40:00Z
  planewise record plan.json B3 --start ... --end ... --outcome rolled-back --observed compute.boot=outage:90s
  planewise record import stage_hist.yaml --plan plan.json`,
		Args: exactly("PLAN", "BUNDLE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if taken.Start, err = moment("start", start); err != nil {
				return err
			}
			if taken.End, err = moment("end", end); err != nil {
				return err
			}
			taken.Bundle = args[1]
			kept, notes, err := r.app().Record(args[0], taken)
			r.diagnostics(notes)
			if err != nil {
				return err
			}
			r.keeps("the record is kept")
			if r.format == "json" {
				return r.printJSON(kept)
			}
			return r.print(recordsText([]records.Record{kept}))
		},
	}
	cmd.Flags().StringVar(&start, "start", "", "when it started")
	cmd.Flags().StringVar(&end, "end", "", "when it ended")
	cmd.Flags().StringVar(&taken.Outcome, "outcome", "ok", "ok, partial, rolled-back or failed")
	cmd.Flags().StringArrayVar(&taken.Observed, "observed", nil, "what people noticed: capability=level:time (repeatable)")
	r.outputFlag(cmd, "text", "json")
	cmd.AddCommand(newRecordImport(r))
	return cmd
}

func moment(flag, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, usage("--%s is needed", flag)
	}
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return t, usage("--%s %q is no time: write it as 2026-01-10T20:00:00+01:00", flag, value)
	}
	return t, nil
}

func newRecordImport(r *run) *cobra.Command {
	var plan string
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Keep what a deployment engine wrote",
		Long: `import reads stage_hist.yaml and activity_dict.yaml of IUF, the history of an IUF activity
as JSON, and Argo workflows (kubectl get workflows -n argo -o json). With --plan the
stages are named by the plan's actions, so that their durations can be learned.

` + exitCodes,
		Args: atLeastOne("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var all []records.Record
			for _, file := range args {
				some, notes, err := r.app().ImportRecords(file, plan)
				r.diagnostics(notes)
				if err != nil {
					return err
				}
				r.keeps("the records of " + clean.Text(file) + " are kept")
				all = append(all, some...)
			}
			if r.format == "json" {
				return r.printJSON(map[string]any{"records": all})
			}
			return r.print(recordsText(all))
		},
	}
	cmd.Flags().StringVar(&plan, "plan", "", "the plan whose actions the stages are")
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func newHistory(r *run) *cobra.Command {
	var system, learn string
	cmd := &cobra.Command{
		Use:   "history",
		Short: "Show what past maintenances took against what was planned",
		Long: `history lists the records, how often the truth lay where the plans had said, per kind of
action, and what is learned of them. With --learn the learned durations become those of
a system: its plans then use them, with the basis measured and the number of samples.
Few samples move a default only a little: it counts as much as four samples, so with n
samples of median m the p50 is (4 default + n m) / (4 + n), and the p90 likewise. Rolls
of nodes are learned per batch, waits included; failed runs teach nothing.

` + exitCodes,
		Example: `  planewise history --system demo
  planewise history --learn demo`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var h app.History
			var err error
			if learn != "" {
				if system != "" && system != learn {
					return usage("--learn %s and --system %s are two systems", learn, system)
				}
				if _, h, err = r.app().Learn(learn); err == nil {
					r.keeps("what was learned is kept")
				}
			} else {
				h, err = r.app().History(system)
			}
			if err != nil {
				return err
			}
			if r.format == "json" {
				return r.printJSON(h)
			}
			return r.print(historyText(h))
		},
	}
	cmd.Flags().StringVar(&system, "system", "", "only records of this system")
	cmd.Flags().StringVar(&learn, "learn", "", "write the learned durations into this system of the store")
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func recordsText(all []records.Record) string {
	if len(all) == 0 {
		return "no records\n"
	}
	rows := [][]string{{"START", "WHAT", "PLANNED", "TOOK", "OUTCOME", "NOTICED"}}
	for _, r := range all {
		what := r.Plan + " " + string(r.Bundle)
		if r.Bundle == "" {
			what = r.Source
		}
		var seen []string
		for _, o := range r.Observed {
			seen = append(seen, fmt.Sprintf("%s %s %s (%s)", o.Capability, o.Level, long(o.S), againstText(r, o)))
		}
		planned := "-"
		if r.Planned.P90s > 0 {
			planned = long(r.Planned.P50s) + " to " + long(r.Planned.P90s)
		}
		rows = append(rows, []string{orNone(r.Start), clean.Text(strings.TrimSpace(what)), planned, long(r.TookS), string(r.Outcome), orNone(clean.Text(strings.Join(seen, ", ")))})
	}
	return text.Table(rows)
}

// againstText is what the plan had said of what was noticed.
func againstText(r records.Record, o records.Observed) string {
	switch {
	case r.Plan == "":
		return "no plan"
	case o.Planned == nil && o.Worse():
		return "planned none: WORSE"
	case o.Planned == nil:
		return "planned none"
	}
	text := "planned " + words.Level(o.Planned.Level, o.Planned.Unknown) + " " + long(o.Planned.P50s) + " to " + long(o.Planned.P90s)
	if o.Worse() {
		text += ": WORSE"
	}
	return text
}

func historyText(h app.History) string {
	var b strings.Builder
	b.WriteString(recordsText(h.Records))
	if len(h.Coverage) > 0 {
		rows := [][]string{{"KIND", "SAMPLES", "UP TO P50", "P50 TO P90", "ABOVE P90", "WITHIN P90"}}
		for _, c := range h.Coverage {
			rows = append(rows, []string{clean.Text(c.Kind), strconv.Itoa(c.Samples), strconv.Itoa(c.Within50), strconv.Itoa(c.Between), strconv.Itoa(c.Above), text.Permille(int64(c.Within90Permille))})
		}
		b.WriteString("\nWhere the truth lay; of honest plans half is up to p50, and 90 % within p90:\n" + text.Table(rows))
	}
	if len(h.Measured) > 0 {
		rows := [][]string{{"ACTION", "P50", "P90", "SAMPLES", "PER"}}
		for _, m := range h.Measured {
			per := "action"
			if m.PerUnit {
				per = "batch of nodes"
			}
			rows = append(rows, []string{clean.Text(m.Action), long(m.P50s), long(m.P90s), strconv.Itoa(m.Samples), per})
		}
		b.WriteString("\nLearned:\n" + text.Table(rows))
	}
	return b.String()
}

// long is a length of time as people write it: "2h5m", "45s".
func long(s int64) string {
	if s < 0 {
		return "-"
	}
	d := (time.Duration(s) * time.Second).String()
	if strings.HasSuffix(d, "m0s") {
		d = strings.TrimSuffix(d, "0s")
	}
	if strings.HasSuffix(d, "h0m") {
		d = strings.TrimSuffix(d, "0m")
	}
	return d
}
