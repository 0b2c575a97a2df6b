package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/text"
)

func newSystemList(r *run) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the systems of the store, and which have customizations",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			entries, err := r.app().Systems()
			if err != nil {
				return err
			}
			if r.format == "json" {
				return r.printJSON(map[string]any{"entries": entries})
			}
			rows := [][]string{{"NAME", "ORIGIN", "DIGEST", "CUSTOMIZATIONS"}}
			for _, e := range entries {
				rows = append(rows, []string{clean.Text(e.Name), e.Origin, short(e.Digest), orNone(short(e.Customizations))})
			}
			return r.print(text.Table(rows))
		},
	}
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func newSystemShow(r *run) *cobra.Command {
	var own bool
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Print a system, or what it sets in its charts, as JSON",
		Args:  exactly("one NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := r.app().CustomizationsOf(args[0])
			if err != nil {
				return err
			}
			kind := app.Systems
			if own {
				kind = app.Customizations
			}
			if own && c == nil {
				return fmt.Errorf("no customizations are kept of a system %q: import them (planewise system import FILE --name SYSTEM)", clean.Text(args[0]))
			}
			doc, err := r.app().Document(kind, args[0])
			if err != nil {
				return err
			}
			if err = r.print(string(doc)); err != nil || own {
				return err
			}
			switch c {
			case nil:
				r.note("no customizations are kept of it: plans say that site values were not considered")
			default:
				r.note("its customizations set %s; show them with --customizations", settingsText(*c))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&own, "customizations", false, "print what is kept of its customizations instead")
	return cmd
}

// settingsText counts what is kept of customizations.
func settingsText(c model.Customizations) string {
	var replicas, images, unknown, charts int
	for _, chart := range c.Charts {
		if len(chart.Overrides) > 0 {
			charts++
		}
		for _, o := range chart.Overrides {
			switch {
			case o.Template || o.LeftOut != "":
				unknown++
			case o.Kind == model.OverrideReplicas:
				replicas++
			default:
				images++
			}
		}
	}
	var parts []string
	for _, p := range []struct {
		n         int
		one, many string
	}{{replicas, "number of replicas", "numbers of replicas"}, {images, "image", "images"}, {unknown, "value that is not known", "values that are not known"}} {
		switch p.n {
		case 0:
		case 1:
			parts = append(parts, "1 "+p.one)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.many))
		}
	}
	switch {
	case parts == nil:
		return "no replicas or images"
	case charts == 1:
		return strings.Join(parts, ", ") + " in 1 chart"
	}
	return fmt.Sprintf("%s in %d charts", strings.Join(parts, ", "), charts)
}

func (r *run) importCustomizations(system string, args []string, file string) error {
	if len(args) > 1 {
		return usage("%s are a system's customizations: import them alone", file)
	}
	if system == "" {
		return usage("whose customizations are these? Name the system: planewise system import %s --name SYSTEM", file)
	}
	result, err := r.app().ImportCustomizations(system, file)
	if err != nil {
		return err
	}
	r.keeps("the customizations are kept")
	r.diagnostics(result.Notes)
	if r.format == "json" {
		return r.printJSON(result)
	}
	others := 0
	for _, c := range result.Customizations.Charts {
		others += c.Others
	}
	return r.print(fmt.Sprintf("%s  %s\n\nkept      %s\nnot kept  %d other settings of charts, and everything outside them\n",
		clean.Text(result.Entry.Name), short(result.Entry.Digest), settingsText(result.Customizations), others))
}
