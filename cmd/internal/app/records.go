package app

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/document"
	"planewise/model/records"
	"planewise/model/records/csm"
	"planewise/model/yamldoc"
	"planewise/planner/impact"
)

// Taken is what a person reports of a bundle.
type Taken struct {
	Bundle     string
	Start, End time.Time
	Outcome    string
	Observed   []string
}

// Record keeps how a bundle of a plan went.
func (a *App) Record(plan string, taken Taken) (records.Record, []model.Diagnostic, error) {
	p, err := a.LoadPlan(plan)
	if err != nil {
		return records.Record{}, nil, err
	}
	outcome, err := records.ParseOutcome(taken.Outcome)
	if err != nil {
		return records.Record{}, nil, err
	}
	var seen []records.Observed
	for _, text := range taken.Observed {
		o, err := records.ParseObserved(text)
		if err != nil {
			return records.Record{}, nil, err
		}
		if !knows(p, o.Capability) {
			return records.Record{}, nil, fmt.Errorf("observation %q: the plan knows no capability %s; planewise mapping show lists them", text, o.Capability)
		}
		seen = append(seen, o)
	}
	r, err := records.FromPlan(p, taken.Bundle, taken.Start, taken.End, outcome, seen)
	if err != nil {
		return r, nil, err
	}
	notes, err := a.overlapping(r)
	if err != nil {
		return r, nil, err
	}
	return r, notes, a.keepRecord(recordName(r), r)
}

// recordName is what a report of a bundle is about, so that the same report twice is
// one record, and a corrected one takes its place.
func recordName(r records.Record) string {
	return strings.Join([]string{r.Start, r.Plan, string(r.Bundle)}, " ")
}

// overlapping looks for records at the same time on the same system. Of the same
// bundle of the same plan it is the same event with a corrected start: the older
// record goes. Anything else is said, since a system has one maintenance at a time.
func (a *App) overlapping(r records.Record) ([]model.Diagnostic, error) {
	h, err := a.History(r.System)
	if err != nil {
		return nil, err
	}
	var notes []model.Diagnostic
	for _, old := range h.Records {
		switch {
		case !old.Overlaps(r) || recordName(old) == recordName(r) || old.Bundle == "":
		case old.Plan == r.Plan && old.Bundle == r.Bundle:
			s, err := a.store()
			if err != nil {
				return nil, err
			}
			if err := s.Delete("record", storeName(recordName(old))); err != nil {
				return nil, err
			}
			notes = append(notes, model.Diagnostic{Severity: model.Warning, Code: "record-replaced", Subject: clean.Text(string(r.Bundle)),
				Summary: "it takes the place of the record that starts at " + old.Start + ", since a bundle cannot be done twice at once"})
		default:
			notes = append(notes, model.Diagnostic{Severity: model.Warning, Code: "overlapping-records", Subject: clean.Text(string(r.Bundle)),
				Summary: "the record of " + clean.Text(string(old.Bundle)) + ", " + old.Start + " to " + old.End + ", overlaps it", Hint: "see whether start and end are right"})
		}
	}
	return model.SortDiagnostics(notes), nil
}

// knows says whether a plan can name a capability: it does so where something
// happens to it, and its mapping where nothing does.
func knows(p model.Plan, id model.CapabilityID) bool {
	for _, b := range p.Bundles {
		for _, i := range b.Impact {
			for _, c := range i.Capabilities {
				if c.ID == id {
					return true
				}
			}
		}
	}
	for _, in := range p.Inputs {
		var m model.Mapping
		if in.Kind != string(Mappings) || len(in.Content) == 0 || json.Unmarshal(in.Content, &m) != nil {
			continue
		}
		for _, c := range m.Capabilities {
			if c.ID == id {
				return true
			}
		}
	}
	return false
}

// ImportRecords keeps what a deployment engine wrote. Plan names the actions of its
// stages; "" leaves them unnamed, and nothing is learned of them.
func (a *App) ImportRecords(file, plan string) ([]records.Record, []model.Diagnostic, error) {
	data, err := a.Files.Read(file, yamldoc.DefaultMaxBytes)
	if err != nil {
		return nil, nil, fmt.Errorf("read records: %w", err)
	}
	all, notes, err := csm.Import(file, data)
	if err != nil {
		return nil, nil, err
	}
	names := make([]string, len(all))
	for i, r := range all {
		if names[i], err = importedName(r); err != nil {
			return nil, nil, err
		}
	}
	if plan != "" {
		p, err := a.LoadPlan(plan)
		if err != nil {
			return nil, nil, err
		}
		for i := range all {
			all[i] = all[i].Resolve(p, csm.StagePrefix)
			all[i].Plan, all[i].System = p.ID, p.System
		}
	}
	for i, r := range all {
		if err := a.keepRecord(names[i], r); err != nil {
			return nil, notes, err
		}
	}
	return all, notes, nil
}

// importedName is what an imported record is about, whatever its file is called, and
// with or without a plan: a workflow by its name and start, anything else by its content.
func importedName(r records.Record) (string, error) {
	if strings.HasPrefix(r.Source, csm.WorkflowSource) {
		return r.Start + " " + r.Source, nil
	}
	r.Source = ""
	doc, err := document.Canonical(r)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(r.Start + " imported " + document.DigestBytes(doc)[len("sha256:"):][:12]), nil
}

func (a *App) keepRecord(name string, r records.Record) error {
	if err := r.Check(); err != nil {
		return err
	}
	doc, err := document.Canonical(r)
	if err != nil {
		return err
	}
	_, err = a.put(Records, storeName(name), doc)
	return err
}

// storeName is a name no longer than the store takes.
func storeName(name string) string { return name[:min(len(name), 512)] }

// History is what is known of past maintenances.
type History struct {
	Records  []records.Record   `json:"records"`
	Coverage []records.Coverage `json:"coverage"`
	Measured []model.Measured   `json:"measured"`
}

// History reads all records. System limits them to one; "" is all.
func (a *App) History(system string) (History, error) {
	out := History{Records: []records.Record{}, Measured: []model.Measured{}}
	lib, err := a.open()
	if err != nil {
		return out, err
	}
	if err := together(lib, func(lib library) error { return out.read(lib, system) }); err != nil {
		return out, err
	}
	records.Sort(out.Records)
	out.Coverage = records.CoverageOf(out.Records)
	out.Measured = append(out.Measured, records.Learn(out.Records, defaults(out.Records))...)
	return out, nil
}

func (h *History) read(lib library, system string) error {
	names, err := lib.names(Records)
	if err != nil {
		return err
	}
	for _, name := range names {
		d, err := lib.document(Records, name)
		if err != nil {
			return err
		}
		var r records.Record
		if err := json.Unmarshal(d.data, &r); err != nil || r.Check() != nil {
			return fmt.Errorf("the record %q of the store cannot be read; planewise store check says more", name)
		}
		if system == "" || r.System == "" || r.System == system {
			h.Records = append(h.Records, r)
		}
	}
	return nil
}

// defaults are what plans had said of an action before it was measured, else what they
// would assume: without either, one odd night would replace all that is documented.
func defaults(all []records.Record) records.Default {
	planned := records.Planned(all)
	return func(action string, perUnit bool) (model.Span, bool) {
		if span, ok := planned(action, perUnit); ok {
			return span, true
		}
		return impact.Assumed(action, perUnit)
	}
}

// Learn writes what the records teach into a system as its measured durations.
func (a *App) Learn(system string) (Entry, History, error) {
	h, err := a.History(system)
	if err != nil {
		return Entry{}, h, err
	}
	lib, err := a.open()
	if err != nil {
		return Entry{}, h, err
	}
	sys, err := get[model.System](lib, Systems, system)
	if err != nil {
		return Entry{}, h, err
	}
	learned := map[string]bool{}
	for _, m := range h.Measured {
		learned[m.Action] = true
	}
	measured := h.Measured
	for _, m := range sys.Measured { // what a person wrote for other actions stays
		if !learned[m.Action] {
			measured = append(measured, m)
		}
	}
	sys.Measured = measured
	doc, err := document.Canonical(sys)
	if err != nil {
		return Entry{}, h, err
	}
	entry, err := a.put(Systems, sys.Name, doc)
	return entry, h, err
}
