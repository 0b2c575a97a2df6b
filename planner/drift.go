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
// the release that the system claims to run, and what of them was not seen.
func (b *build) drift() {
	for i := range b.in.From {
		r := &b.in.From[i]
		if r.Running == nil {
			continue
		}
		b.otherSystem(r)
		b.mixed(r)
		b.unfinished(r)
		if r.Running.Unclaimed {
			b.unclaimed(r)
			continue
		}
		b.differences(r)
		b.notSeen(r)
	}
}

func (b *build) warn(severity model.Severity, code model.Code, subject, hint, format string, args ...any) {
	b.note([]model.Diagnostic{{Severity: severity, Code: code, Subject: subject, Summary: fmt.Sprintf(format, args...), Hint: hint}})
}

func (b *build) otherSystem(r *model.Release) {
	if r.Running.System != b.in.System.Name {
		b.warn(model.Warning, "other-system", "system:"+b.in.System.Name, "plan for the system it was read from: --system "+r.Running.System,
			"what runs was read from %s, and the plan is for %s", r.Running.System, b.in.System.Name)
	}
}

func (b *build) mixed(r *model.Release) {
	for _, m := range r.Running.Mixed {
		b.warn(model.Warning, "mixed-versions", string(m.Component), "finish the update that was begun, or see that the plan begins with what is left of it",
			"several versions run: %s; the plan starts from %s", strings.Join(m.Versions, ", "), m.Versions[0])
	}
}

func (b *build) unfinished(r *model.Release) {
	for _, u := range r.Running.Unfinished {
		b.warn(model.Warning, "helm-not-deployed", string(u.Component), "repair or roll back the release first: helm history",
			"its last installation is %s, so that another version than the one listed may run", u.Status)
	}
}

func (b *build) differences(r *model.Release) {
	for n, d := range inOrder(r.Running.Drift) {
		severity := model.Warning
		if n >= driftListed {
			severity = model.Info
		}
		switch {
		case d.Runs == "":
			b.warn(severity, "drift", string(d.Component), "find out who removed it, or whether it was ever installed; the plan installs it anew where the target ships it", "%s ships %s, and it does not run", r.Ref(), d.Claimed)
		case d.Runs == snapshot.Unknown:
			b.warn(severity, "drift", string(d.Component), "export helm list -A -o json and import again", "which version runs is not known, and %s ships %s", r.Ref(), d.Claimed)
		case d.Claimed == "":
			b.warn(severity, "drift", string(d.Component), "the target may not know it; see whether it has to stay", "%s runs, which %s does not ship", d.Runs, r.Ref())
		default:
			b.warn(severity, "drift", string(d.Component), "the plan starts from what runs", "%s runs, and %s ships %s", d.Runs, r.Ref(), d.Claimed)
		}
	}
}

// inOrder puts what says most first: another version runs, something runs that the
// release does not have, something of the release does not run.
func inOrder(all []model.Drift) []model.Drift {
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
func (b *build) notSeen(r *model.Release) {
	counts := map[string]int{}
	var kinds []string
	for _, id := range r.Running.NotSeen {
		kind, _, _ := strings.Cut(id, ":")
		if counts[kind]++; counts[kind] == 1 {
			kinds = append(kinds, kind)
		}
	}
	for _, kind := range kinds { // sorted, since the ids are
		b.warn(model.Warning, "not-seen", r.Ref()+" "+kind, seenBy(model.Kind(kind)),
			"of kind %s the exports of %s do not show %s; the versions of %s are assumed to run", kind, r.Running.System, countOf(counts[kind]), r.Ref())
	}
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
func (b *build) unclaimed(r *model.Release) {
	if len(r.Running.NotSeen) > 0 {
		b.warn(model.Blocking, "not-seen", r.Ref(), "export them (planewise system import --help), or import the release that the system claims to run",
			"which components of these kinds run on %s is not known, and would count as new: %s", r.Running.System, strings.Join(r.Running.NotSeen, ", "))
	}
	b.warn(model.Warning, "claim-unknown", r.Ref(), "import that release (planewise release import), then the exports again",
		"the catalogue has no %s, so that drift is not known, and packages and images of the target all count as new", r.Ref())
}
