package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/model"
	"planewise/model/clean"
)

func newPolicy(r *run) *cobra.Command {
	cmd := newDocuments(r, app.Policies, "policy", "policies")
	cmd.AddCommand(newPolicySet(r), newPolicyCalendar(r))
	return cmd
}

func newPolicySet(r *run) *cobra.Command {
	var as string
	cmd := &cobra.Command{
		Use:   "set NAME KEY=VALUE...",
		Short: "Change settings of a policy",
		Long: `set changes settings of a policy of the store. The key leads through the document by
dots, through lists by the plane or name of an entry. Nothing is kept unless the
policy as a whole is valid afterwards. To see what a setting does, keep the result
under another name and compare the two policies.

` + exitCodes,
		Example: `  planewise policy set jobs-first percentile=50 --as bold
  planewise policy set jobs-first rollout.compute=none costs.compute.rate=200
  planewise compare --from csm-1.5.0 --to csm-1.5.2 --policy jobs-first --policy bold`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usage("%s takes NAME and at least one KEY=VALUE; see '%s --help'", cmd.CommandPath(), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			entry, err := r.app().SetPolicy(args[0], as, args[1:])
			if err != nil {
				return err
			}
			r.keeps("the policy is kept")
			return r.print(fmt.Sprintf("%s  %s\n", clean.Text(entry.Name), short(entry.Digest)))
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "keep the result under this name, and NAME as it is")
	return cmd
}

func newPolicyCalendar(r *run) *cobra.Command {
	var as, zone string
	var grants []string
	var freezes bool
	cmd := &cobra.Command{
		Use:   "calendar NAME FILE.ics",
		Short: "Add windows or freezes from a calendar file to a policy",
		Long: `calendar adds the events of an iCalendar file to a policy: as windows that grant what
--grant says, or with --freeze as times in which nothing may run. Either all events
are taken or none.

` + exitCodes,
		Example: `  planewise policy calendar jobs-first windows.ics --grant control=disturbed --grant access=watched
  planewise policy calendar jobs-first holidays.ics --freeze --as holidays`,
		Args: exactly("NAME", "FILE.ics"),
		RunE: func(cmd *cobra.Command, args []string) error {
			granted := map[model.PlaneID]model.Footprint{}
			for _, g := range grants {
				plane, word, ok := strings.Cut(g, "=")
				var f model.Footprint
				if !ok || f.UnmarshalText([]byte(word)) != nil {
					return usage("--grant %s is no grant: write PLANE=none, PLANE=watched or PLANE=disturbed", g)
				}
				granted[model.PlaneID(plane)] = f
			}
			entry, diags, err := r.app().ImportCalendar(args[0], as, args[1], granted, freezes, zone)
			r.diagnostics(diags)
			if err != nil {
				return err
			}
			r.keeps("the policy is kept")
			return r.print(fmt.Sprintf("%s  %s\n", clean.Text(entry.Name), short(entry.Digest)))
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "keep the result under this name, and NAME as it is")
	cmd.Flags().StringVar(&zone, "zone", "", "the time zone of times that name none")
	cmd.Flags().StringArrayVar(&grants, "grant", nil, "PLANE=none|watched|disturbed: what the windows grant (repeatable)")
	cmd.Flags().BoolVar(&freezes, "freeze", false, "the events are times in which nothing may run")
	return cmd
}
