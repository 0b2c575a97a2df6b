package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/model"
	"planewise/model/clean"
	"planewise/model/document"
	"planewise/model/file"
	"planewise/model/snapshot"
	"planewise/model/snapshot/diff"
	"planewise/planner/export/text"
)

const systemLong = `system keeps the systems that plans are made with: documents, or what was seen of a
site ('planewise system import --help'). What was seen beats the mapping, and explain
says both.

What was not up when the site was looked at (a pod, a node, a monitor, a host of storage
daemons) stays in the system. A plan says it first (starts-degraded), and since nobody
knows whether it is repaired by the time of the work, the level of losing one more is a
range: at least as if it were, at most as if it were not. Over all bundles in run order,
what may be down at the same time must leave each quorum and each pool's min_size
(quorum-at-stake, copies-at-stake); where only a wait or a gate is missing between two
steps the plan warns (recovery-not-assured).

Where node names are known, 'planewise explain PLAN roll:worker' lists node by node what
its drain disturbs, the worst first, with the workloads of which it has the only
instance. What is not known to run elsewhere may run on any node, and is unknown there,
never nothing. A budget that allows no eviction, two budgets over one pod, and pods that
nobody starts again are found before the drain that would hang on them, also for
workloads of which the mapping knows nothing.

A picture older than the policy's snapshot_max_age_s (7 days where it sets none) is
marked: in a plan with --at, on standard error without, and by 'planewise verify', for
which the plan is then stale.

A plan --from system:NAME starts from what runs there: installed charts, node images,
kubelets and Ceph, completed from the release that the system claims to run. The plan
lists how the two differ (drift), of what several versions run (mixed-versions), and what
is only assumed because no export shows it (not-seen).

Of a site's customizations.yaml only numbers of replicas and images are kept; templates
and what cannot be read are kept without a value, and plans say so. --customizations none
leaves it out.

`

// newSystem is the command for sites; beside documents it takes what a system's
// commands print.
func newSystem(r *run) *cobra.Command {
	cmd := newDocuments(r, app.Systems, "system", "systems")
	cmd.Long = systemLong + exitCodes
	for _, sub := range cmd.Commands() {
		if slices.Contains([]string{"import", "list", "show"}, sub.Name()) {
			cmd.RemoveCommand(sub)
		}
	}
	cmd.AddCommand(newSystemImport(r), newSystemList(r), newSystemShow(r), newSystemRole(r), newSystemDiff(r))
	return cmd
}

func newSystemImport(r *run) *cobra.Command {
	var name, keep, taken string
	var force bool
	var asked liveFlags
	cmd := &cobra.Command{
		Use:   "import [PATH...] [--kube] [--ceph]",
		Short: "Read a system document, what a system's commands print, or a running system",
		Long: `import keeps a system to plan for. PATH is a system document, or a snapshot: a folder,
an archive (.tar.gz) or files with what these commands print, recognised by content:

  kubectl get nodes,deploy,sts,ds,pods,pdb,pvc,cronjobs,postgresql -A -o json
  kubectl get cm -n loftsman -o json --show-managed-fields
  kubectl get cm -n services cray-product-catalog -o json
  helm list -A --max 0 -o json
  ceph status|versions|health detail|osd tree|osd dump|osd pool ls detail|
       osd crush rule dump|fs status|orch ls|orch ps -f json
  cray hsm state components list --type Node --format json
  cray bss bootparameters list, cray bos v2 sessiontemplates list, cray sls dumpstate list --format json
  sat showrev --format json; sat status --format json

With --kube the cluster itself is asked for what kubectl prints above, and with --ceph
the storage cluster; PATHs given beside make one snapshot with them. Asking is
read-only: it lists, never Secrets ('planewise system role' prints the rights that it
needs). Helm keeps its releases in Secrets, so give the output of helm list beside;
without it the manifests that were shipped last stand for what runs. What is refused or
does not answer in time (30 s each; --timeout) is said, and the snapshot is marked
partial.

Whatever is missing stays as it was described before, and is said. Values of Secrets,
boot parameters and chart settings are not kept. What runs is kept as a release too:
plan from it with --from system:NAME.

PATH may also be the site's customizations.yaml, with --name for the system that it is
of: the replicas and images that it sets in charts are kept, and nothing else of it.

` + exitCodes,
		Example: `  planewise system import site.yaml
  planewise system import ./export-2026-01-10 --name demo2 --keep before.json
  planewise system import customizations.yaml --name demo2
  planewise system import --kube --context alpha --ceph helm.json --name alpha
  planewise system import --ceph --ceph-command 'cephadm shell -- ceph' ./export --name alpha
  planewise plan --from system:demo2 --to csm-1.5.2 --system demo2`,
		Args: func(cmd *cobra.Command, args []string) error {
			if asked.kube || asked.ceph {
				return nil
			}
			return atLeastOne("PATH, or --kube or --ceph")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if at := slices.IndexFunc(args, r.app().IsCustomizations); at >= 0 {
				if asked.kube || asked.ceph {
					return usage("%s sets values in charts and is imported by itself: leave out --kube and --ceph", args[at])
				}
				return r.importCustomizations(name, args, args[at])
			}
			live, err := asked.live(cmd, r)
			if err != nil {
				return err
			}
			documents, exports := r.sortPaths(args)
			if len(documents) > 0 && live.Any() {
				return usage("%s is a system document, which is imported by itself: leave out --kube and --ceph", documents[0])
			}
			if len(documents) > 0 && len(exports) > 0 {
				return usage("%s is a system document and %s is not: import them one after the other", documents[0], exports[0])
			}
			if len(documents) > 0 {
				return r.importDocuments(app.Systems, documents)
			}
			switch {
			case name == "" && len(exports) == 0 && !asked.kube:
				return usage("a storage cluster has no name of its own: give --name")
			case name == "" && len(exports) > 0 && file.IsStream(exports[0]) && !asked.kube:
				return usage("what is read from %s has no name of its own: give --name", exports[0])
			}
			if keep != "" && !isStdout(keep) {
				if err := r.writable(file.Check(keep, force)); err != nil {
					return err
				}
			}
			var at time.Time
			if taken != "" {
				if live.Any() {
					return usage("--taken is for exports: what is asked now is taken now")
				}
				if at, err = moment("taken", taken); err != nil {
					return err
				}
			}
			say, end := r.progress()
			live.Progress = say
			result, err := r.app().ImportSnapshot(cmd.Context(), app.SnapshotRequest{Name: name, Paths: exports, Taken: at, Live: live})
			end()
			r.diagnostics(result.Notes)
			if err != nil {
				return err
			}
			r.keeps("the system is kept")
			if keep != "" {
				if err := r.keepSnapshot(result.Snapshot, keep, force); err != nil || isStdout(keep) {
					return err
				}
			}
			if r.format == "json" {
				return r.printJSON(result)
			}
			return r.print(importedText(result))
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "the system's name (default: with --kube the cluster's, else that of the first PATH)")
	cmd.Flags().StringVar(&keep, "keep", "", "write the snapshot to this file, for a later 'system diff'")
	cmd.Flags().BoolVar(&force, "force", false, "let --keep replace an existing file")
	cmd.Flags().StringVar(&taken, "taken", "", "when the exports were made (default: the time of the latest file)")
	asked.add(cmd)
	r.outputFlag(cmd, "text", "json")
	return cmd
}

// keepSnapshot writes a snapshot to a file.
func (r *run) keepSnapshot(s snapshot.Snapshot, to string, force bool) error {
	data, err := document.Canonical(s)
	if err != nil {
		return err
	}
	return r.write(data, to, force)
}

// sortPaths tells documents from exports. YAML is always a document: no command
// that is read here prints it.
func (r *run) sortPaths(args []string) (documents, exports []string) {
	for _, p := range args {
		switch ext := filepath.Ext(p); {
		case ext == ".yaml", ext == ".yml", r.app().IsDocument(app.Systems, p):
			documents = append(documents, p)
		default:
			exports = append(exports, p)
		}
	}
	return documents, exports
}

func (r *run) importDocuments(kind app.Kind, paths []string) error {
	for _, path := range paths {
		entry, err := r.app().ImportDocument(kind, path)
		if err != nil {
			return err
		}
		r.keeps(clean.Text(entry.Name) + " is kept")
		if err := r.print(fmt.Sprintf("%s  %s\n", clean.Text(entry.Name), short(entry.Digest))); err != nil {
			return err
		}
	}
	return nil
}

func importedText(i app.SystemImport) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n\n", clean.Text(i.Entry.Name), short(i.Entry.Digest))
	var groups []string
	for _, g := range i.System.Nodes {
		what := strings.Trim(g.Role+"/"+g.SubRole, "/")
		if g.Arch != "" {
			what += " (" + g.Arch + ")"
		}
		groups = append(groups, strconv.Itoa(g.Count)+" "+clean.Text(what))
	}
	taken := i.System.TakenAt
	if taken == "" {
		taken = "at a time that is not known"
	}
	if i.System.Partial {
		taken += ", partial: see the warnings"
	}
	rows := [][]string{
		{"taken", taken},
		{"nodes", strings.Join(groups, ", ")},
		{"features", orNone(clean.Text(strings.Join(i.System.Features, ", ")))},
		{"workloads", strconv.Itoa(len(i.System.Workloads))},
		{"ceph", cephText(i.System.Ceph)},
		{"sources", strconv.Itoa(len(i.Sources))},
	}
	b.WriteString(text.Table(rows))
	if len(i.Releases) > 0 {
		b.WriteString("\nWhat runs, to plan from:\n")
	}
	for _, rel := range i.Releases {
		fmt.Fprintf(&b, "  %s  %s-%s  %s\n", clean.Text(rel.Name), clean.Text(rel.Product), clean.Text(rel.Version), driftText(rel))
		for n, d := range telling(rel.Drift) {
			if n == maxDrift {
				fmt.Fprintf(&b, "    and %d more: -o json lists all\n", len(rel.Drift)-maxDrift)
				break
			}
			fmt.Fprintf(&b, "    %s  claimed %s, runs %s\n", clean.Text(string(d.Component)), orNone(clean.Text(d.Claimed)), orNone(clean.Text(d.Runs)))
		}
	}
	return b.String()
}

// telling puts the differences that say most first: another version runs, something
// runs that the release does not have, something of the release does not run.
func telling(drift []model.Drift) []model.Drift {
	rank := func(d model.Drift) int {
		switch {
		case d.Claimed != "" && d.Runs != "":
			return 0
		case d.Runs != "":
			return 1
		}
		return 2
	}
	out := slices.Clone(drift)
	slices.SortStableFunc(out, func(a, b model.Drift) int { return rank(a) - rank(b) })
	return out
}

// maxDrift differences are listed; a system far from its release has hundreds.
const maxDrift = 20

func driftText(rel app.RunningRelease) string {
	switch {
	case !rel.Known:
		return "not in the catalogue, so that drift is not known"
	case len(rel.Drift) == 0 && len(rel.NotSeen) == 0:
		return "as released"
	case len(rel.Drift) == 0:
		return "as released, as far as it was seen" + notSeenText(rel)
	case len(rel.Drift) == 1:
		return "1 difference to the release" + notSeenText(rel)
	}
	return fmt.Sprintf("%d differences to the release", len(rel.Drift)) + notSeenText(rel)
}

func notSeenText(rel app.RunningRelease) string {
	if len(rel.NotSeen) == 0 {
		return ""
	}
	return fmt.Sprintf("; %d not seen and taken from it", len(rel.NotSeen))
}

func cephText(c *model.Ceph) string {
	if c == nil {
		return "not known"
	}
	return fmt.Sprintf("%d mon, %d mgr, %d+%d mds, %d rgw, %d hosts with OSDs, %d pools", c.Mons, c.Mgrs, c.MDSActive, c.MDSStandby, c.RGW, c.OSDHosts, len(c.Pools))
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func newSystemDiff(r *run) *cobra.Command {
	var plan string
	var bundles []string
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Show what changed on a system between two snapshots",
		Long: `diff compares two snapshots by plane: exports (folder or archive), or files written with
'system import --keep'. With --plan it says whether everything planned happened and
nothing else did: whether what the plan updates or removes has the planned version, and
whether another version changed, a node was left cordoned or not ready, a machine did
not come back, or the storage cluster is not as it was. Only what both snapshots show
is compared; packages and settings are not shown by any export and are counted apart.

Without --plan it exits 0, whatever changed. With --plan it exits 0 when everything
happened as planned, and 5 when something is missing or was not planned.

` + exitCodes,
		Example: `  planewise system diff before.json ./export-after
  planewise system diff before.json after.json --plan plan.json --bundle B1`,
		Args: exactly("OLD", "NEW"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if plan == "" && len(bundles) > 0 {
				return usage("--bundle needs --plan")
			}
			result, notes, err := r.app().DiffSnapshots(args[0], args[1], plan, bundles)
			if err != nil {
				return err
			}
			r.diagnostics(notes)
			if r.format == "json" {
				err = r.printJSON(result)
			} else {
				err = r.print(diffText(result))
			}
			if err == nil && result.Checked != nil && !result.Checked.AsPlanned() {
				err = coded{code: exitStale}
			}
			return err
		},
	}
	cmd.Flags().StringVar(&plan, "plan", "", "check against this plan file")
	cmd.Flags().StringArrayVar(&bundles, "bundle", nil, "only this bundle of the plan, by label (repeatable)")
	r.outputFlag(cmd, "text", "json")
	return cmd
}

func diffText(d app.SystemDiff) string {
	var b strings.Builder
	if len(d.Changes) == 0 {
		b.WriteString("no difference\n")
	} else {
		rows := [][]string{{"PLANES", "KIND", "SUBJECT", "WHAT", "BEFORE", "AFTER"}}
		for _, c := range d.Changes {
			rows = append(rows, []string{planesText(c.Planes), c.Kind, clean.Text(c.Subject), c.What, orNone(clean.Text(c.Before)), orNone(clean.Text(c.After))})
		}
		b.WriteString(text.Table(rows))
	}
	if len(d.NotCompared) > 0 {
		fmt.Fprintf(&b, "\nNot compared, since only one snapshot shows it undamaged: %s\n", strings.Join(d.NotCompared, ", "))
	}
	if c := d.Checked; c != nil {
		b.WriteString(checkedText(*c))
	}
	return b.String()
}

func checkedText(c diff.Checked) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nAgainst the plan: %d happened, %d missing, %d not planned, %d that exports do not show.\n", len(c.Happened), len(c.Missing), len(c.Unplanned), len(c.NotShown))
	var lines []string
	for _, m := range c.Missing {
		lines = append(lines, fmt.Sprintf("  missing      %s (%s): %s runs, %s was planned\n", clean.Text(m.Subject), planesText(m.Planes), orNone(clean.Text(m.Before)), orNone(clean.Text(m.After))))
	}
	for _, u := range c.Unplanned {
		what := u.What
		if u.Kind == "component" || what == "" {
			what = "" // the version, or whether it is there
		} else {
			what = " " + what
		}
		lines = append(lines, fmt.Sprintf("  not planned  %s%s (%s): from %s to %s\n", clean.Text(u.Subject), what, planesText(u.Planes), orNone(clean.Text(u.Before)), orNone(clean.Text(u.After))))
	}
	for n, line := range lines {
		if n == maxChecked {
			fmt.Fprintf(&b, "  and %d more: -o json lists all\n", len(lines)-maxChecked)
			break
		}
		b.WriteString(line)
	}
	return b.String()
}

// maxChecked lines say what is not as planned; a night that failed has thousands.
const maxChecked = 60

func planesText(planes []model.PlaneID) string {
	if len(planes) == 0 {
		return "-"
	}
	var out []string
	for _, p := range planes {
		out = append(out, string(p))
	}
	return clean.Text(strings.Join(out, ","))
}
