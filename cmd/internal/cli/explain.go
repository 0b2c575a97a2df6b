package cli

import (
	"github.com/spf13/cobra"

	"planewise/planner/explain"
	"planewise/planner/export/text"
)

func newExplain(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain PLAN SUBJECT",
		Short: "Say why a plan says what it says",
		Long: `explain prints the reasons behind a plan. SUBJECT is a capability (compute.boot), a
plane, a component (chart:services/cray-bos), an action (roll:worker) or a bundle
(B2); of a plan made with --resume also "standing": where the update stands. Every line
ends with its basis and source.

` + exitCodes,
		Example: `  planewise explain plan.json compute.boot
  planewise explain plan.json chart:services/cray-bos
  planewise explain plan.json B2`,
		Args: exactly("PLAN", "SUBJECT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			plan, err := r.app().LoadPlan(args[0])
			if err != nil {
				return err
			}
			report, err := explain.Of(plan, args[1])
			if err != nil {
				return err
			}
			if r.format == "json" {
				return r.printJSON(report)
			}
			return r.print(text.Explain(report, text.Options{Width: r.env.Width, Verbose: r.verbose}))
		},
	}
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func (r *run) print(s string) error {
	_, err := r.out.Write([]byte(s))
	return err
}

func (r *run) printJSON(v any) error {
	data, err := jsonText(v)
	if err != nil {
		return err
	}
	return r.print(string(data))
}
