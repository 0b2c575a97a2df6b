// Package slurm writes the reservations that keep jobs away from the dated bundles
// of a plan, as scontrol commands for a person to read and run.
//
// Bundles that disturb the compute plane get a maintenance reservation of nodes;
// bundles that disturb the storage plane and not the compute plane get one of
// licences alone, which holds back only the jobs that asked for the file system.
//
// Names of a plan never stand in a command: a reservation is named by a hash, and
// what it is for stands in a comment line above it. What comes from the options is
// checked and refused, not quoted.
package slurm

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/brief"
)

// Codes of the diagnostics.
const (
	CodeNoDate     = "no-date"
	CodeNoLicences = "no-licences"
)

// Options of the reservations.
type Options struct {
	// Nodes is a Slurm host list ("nid[001-512]"); "" is ALL.
	Nodes string
	// Users who may use the reserved nodes, joined with commas; "" is root.
	Users string
	// Licences that stand for the storage plane ("scratch:100"); without them
	// storage bundles get no reservation.
	Licences string
	// Watched: bundles that only touch the compute plane get a reservation too.
	Watched bool
	// IgnoreJobs: make the reservation although jobs will still run at its start.
	// Without it Slurm refuses such a reservation, which is the safer answer.
	IgnoreJobs bool
	// Compute and Storage are the ids of the two planes; "" is "compute", "storage".
	Compute, Storage model.PlaneID
}

var (
	hostList = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.,-]*(\[[0-9,-]+\][A-Za-z0-9_.,-]*)*$`)
	userList = regexp.MustCompile(`^[a-z_][a-z0-9_.-]*(,[a-z_][a-z0-9_.-]*)*$`)
	licences = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*(@[A-Za-z0-9_.-]+)?:[1-9][0-9]*(,[A-Za-z_][A-Za-z0-9_.-]*(@[A-Za-z0-9_.-]+)?:[1-9][0-9]*)*$`)
)

func (o Options) checked() (Options, error) {
	set := func(p *string, fallback string) {
		if *p == "" {
			*p = fallback
		}
	}
	set(&o.Nodes, "ALL")
	set(&o.Users, "root")
	set((*string)(&o.Compute), "compute")
	set((*string)(&o.Storage), "storage")
	switch {
	case !hostList.MatchString(o.Nodes):
		return o, fmt.Errorf("%q is no host list: write it as nid[001-512] or ALL", o.Nodes)
	case !userList.MatchString(o.Users):
		return o, fmt.Errorf("%q are no user names: write them as root,operator", o.Users)
	case o.Licences != "" && !licences.MatchString(o.Licences):
		return o, fmt.Errorf("%q are no licences: write them as scratch:100", o.Licences)
	}
	return o, nil
}

// Plan is the text, and a diagnostic for each bundle that should have a
// reservation and has none.
func Plan(p model.Plan, o Options) ([]byte, []model.Diagnostic, error) {
	o, err := o.checked()
	if err != nil {
		return nil, nil, err
	}
	w := writer{Brief: brief.New(p), Options: o}
	w.comment("Slurm reservations for plan " + p.ID + ": " + w.Title())
	w.comment("Text for a person: read each command before you run it. Times are in UTC, so the")
	w.comment("commands mean the same on every host. Delete a reservation with")
	w.comment("scontrol delete reservationname=NAME; moved bundles keep their names.")
	if n := w.Blocking(); n > 0 {
		w.comment("DRAFT: the plan has blocking findings and must not be carried out as it stands.")
	}
	before := w.b.Len()
	for _, b := range p.Bundles {
		for _, s := range brief.Sittings(b) {
			w.sitting(b, s)
		}
	}
	if w.b.Len() == before {
		w.b.WriteByte('\n')
		w.comment("No bundle needs a reservation.")
	}
	return []byte(w.b.String()), w.diags, nil
}

type writer struct {
	*brief.Brief
	Options
	b     strings.Builder
	diags []model.Diagnostic
}

// comment writes a line that no shell runs: clean text has no line breaks.
func (w *writer) comment(s string) { w.b.WriteString("# " + clean.Text(s) + "\n") }

func (w *writer) sitting(b model.Bundle, s brief.Sitting) {
	compute, storage := s.Footprint[w.Compute], s.Footprint[w.Storage]
	var what string
	switch {
	case compute == model.Disturbed || compute == model.Watched && w.Watched:
		what = "flags=maint"
		if w.IgnoreJobs {
			what += ",ignore_jobs"
		}
		what += " nodes=" + w.Nodes
	case storage == model.Disturbed && w.Licences == "":
		w.skip(b, CodeNoLicences, s.Name+" disturbs storage, and no licences are named that stand for it", "Name them, for example scratch:100, to hold back the jobs that use it.")
		return
	case storage == model.Disturbed:
		what = "flags=license_only licenses=" + w.Licences
	default:
		return
	}
	if s.Window == nil {
		w.skip(b, CodeNoDate, s.Name+" has no date, so there is no reservation for it", "Give the policy windows and --at, or a pin, and plan again.")
		return
	}
	start, startErr := time.Parse(time.RFC3339, s.Window.Start)
	end, endErr := time.Parse(time.RFC3339, s.Window.End)
	if startErr != nil || endErr != nil || !end.After(start) {
		w.skip(b, CodeNoDate, fmt.Sprintf("%s runs from %q to %q, which is no stretch of time", s.Name, s.Window.Start, s.Window.End), "Plan again.")
		return
	}
	// Slurm counts reservations in minutes.
	start, end = start.UTC().Truncate(time.Minute), end.UTC().Add(time.Minute-time.Second).Truncate(time.Minute)
	const local = "2006-01-02T15:04:05"
	w.b.WriteByte('\n')
	w.comment(s.Name + ": " + b.Title)
	w.comment(brief.Slot(s.Window) + "; " + w.Footprint(s.Footprint))
	fmt.Fprintf(&w.b, "TZ=UTC scontrol create reservation reservationname=planewise-%s starttime=%s endtime=%s %s users=%s\n",
		w.Stable(b.Key, s.Part)[:16], start.Format(local), end.Format(local), what, w.Options.Users)
}

func (w *writer) skip(b model.Bundle, code model.Code, summary, hint string) {
	w.diags = append(w.diags, model.Diagnostic{Severity: model.Warning, Code: code, Subject: string(b.Key), Summary: summary, Hint: hint})
	w.b.WriteByte('\n')
	w.comment(summary + ".")
}
