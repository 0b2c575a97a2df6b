package planner

import (
	"fmt"
	"strings"

	"planewise/model"
	"planewise/model/snapshot"
)

// driftListed bounds the differences that are warnings of their own in a plan; a
// system far from its release has hundreds, and the rest is information.
const driftListed = 20

// drift says of releases that were read from a running system how they differ from
// the release that the system claims to run, and what of them was not seen. system is
// the one that is planned for.
func drift(from []model.Release, system string) []model.Diagnostic {
	var out []model.Diagnostic
	for i := range from {
		r := &from[i]
		if r.Running == nil {
			continue
		}
		out = append(out, otherSystem(r, system)...)
		out = append(out, mixed(r)...)
		out = append(out, unfinished(r)...)
		if r.Running.Unclaimed {
			out = append(out, unclaimed(r)...)
			continue
		}
		out = append(out, differences(r)...)
		out = append(out, notSeen(r)...)
	}
	return out
}

func driftNote(severity model.Severity, code model.Code, subject, hint, format string, args ...any) model.Diagnostic {
	return model.Diagnostic{Severity: severity, Code: code, Subject: subject, Summary: fmt.Sprintf(format, args...), Hint: hint}
}

func otherSystem(r *model.Release, system string) []model.Diagnostic {
	if r.Running.System == system {
		return nil
	}
	return []model.Diagnostic{driftNote(model.Warning, "other-system", "system:"+system, "plan for the system it was read from: --system "+r.Running.System,
		"what runs was read from %s, and the plan is for %s", r.Running.System, system)}
}

func mixed(r *model.Release) []model.Diagnostic {
	var out []model.Diagnostic
	for _, m := range r.Running.Mixed {
		out = append(out, driftNote(model.Warning, "mixed-versions", string(m.Component), "finish the update that was begun, or see that the plan begins with what is left of it",
			"several versions run: %s; the plan starts from %s", strings.Join(m.Versions, ", "), m.Versions[0]))
	}
	return out
}

func unfinished(r *model.Release) []model.Diagnostic {
	var out []model.Diagnostic
	for _, u := range r.Running.Unfinished {
		out = append(out, driftNote(model.Warning, "helm-not-deployed", string(u.Component), "repair or roll back the release first: helm history",
			"its last installation is %s, so that another version than the one listed may run", u.Status))
	}
	return out
}

func differences(r *model.Release) []model.Diagnostic {
	var out []model.Diagnostic
	for n, d := range driftInOrder(r.Running.Drift) {
		severity := model.Warning
		if n >= driftListed {
			severity = model.Info
		}
		switch {
		case d.Runs == "":
			out = append(out, driftNote(severity, "drift", string(d.Component), "find out who removed it, or whether it was ever installed; the plan installs it anew where the target ships it", "%s ships %s, and it does not run", r.Ref(), d.Claimed))
		case d.Runs == snapshot.Unknown:
			out = append(out, driftNote(severity, "drift", string(d.Component), "export helm list -A -o json and import again", "which version runs is not known, and %s ships %s", r.Ref(), d.Claimed))
		case d.Claimed == "":
			out = append(out, driftNote(severity, "drift", string(d.Component), "the target may not know it; see whether it has to stay", "%s runs, which %s does not ship", d.Runs, r.Ref()))
		default:
			out = append(out, driftNote(severity, "drift", string(d.Component), "the plan starts from what runs", "%s runs, and %s ships %s", d.Runs, r.Ref(), d.Claimed))
		}
	}
	return out
}

// driftInOrder puts what says most first: another version runs, something runs that the
// release does not have, something of the release does not run.
func driftInOrder(all []model.Drift) []model.Drift {
	out := make([]model.Drift, 0, len(all))
	for rank := range 3 {
		for _, d := range all {
			if (rank == 0) == (d.Claimed != "" && d.Runs != "") && (rank == 2) == (d.Runs == "") {
				out = append(out, d)
			}
		}
	}
	return out
}

// notSeen says what is only assumed to run, in words for each kind.
func notSeen(r *model.Release) []model.Diagnostic {
	var out []model.Diagnostic
	counts := map[string]int{}
	var kinds []string
	for _, id := range r.Running.NotSeen {
		kind, _, _ := strings.Cut(id, ":")
		if counts[kind]++; counts[kind] == 1 {
			kinds = append(kinds, kind)
		}
	}
	for _, kind := range kinds { // sorted, since the ids are
		out = append(out, driftNote(model.Warning, "not-seen", r.Ref()+" "+kind, seenBy(model.Kind(kind)),
			"of kind %s the exports of %s do not show %s; the versions of %s are assumed to run", kind, r.Running.System, countOf(counts[kind]), r.Ref()))
	}
	return out
}

// seenBy says which export shows components of a kind, and what none does.
func seenBy(kind model.Kind) string {
	switch kind {
	case model.KindChart:
		return "export helm list -A --max 0 -o json and import again"
	case model.KindKubernetes:
		return "export kubectl get nodes -o json and import again"
	case model.KindCeph:
		return "export ceph versions and import again"
	case model.KindKernel:
		return "kubectl get nodes -o json shows the kernels of its own nodes; those of other nodes are in no export, so look at them by hand"
	case model.KindNodeImage:
		return "boot parameters and the product catalogue show the images that nodes boot as they were shipped; customised images and that of the installer are in no export"
	}
	return "planewise system import --help lists the exports that are read"
}

func countOf(n int) string {
	if n == 1 {
		return "1 component"
	}
	return fmt.Sprintf("%d components", n)
}

// unclaimed is a start of which nothing but what was seen is known. Where even the
// exports are not whole, everything that was not seen would count as new, and what
// is installed anew disturbs nobody: such a plan must not be used.
func unclaimed(r *model.Release) []model.Diagnostic {
	var out []model.Diagnostic
	if len(r.Running.NotSeen) > 0 {
		out = append(out, driftNote(model.Blocking, "not-seen", r.Ref(), "export them (planewise system import --help), or import the release that the system claims to run",
			"which components of these kinds run on %s is not known, and would count as new: %s", r.Running.System, strings.Join(r.Running.NotSeen, ", ")))
	}
	out = append(out, driftNote(model.Warning, "claim-unknown", r.Ref(), "import that release (planewise release import), then the exports again",
		"the catalogue has no %s, so that drift is not known, and packages and images of the target all count as new", r.Ref()))
	return out
}
