package app

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/document"
	"planewise/model/records"
)

// Taken is what a person reports of a bundle.
type Taken struct {
	Bundle     string
	Start, End time.Time
	Outcome    string
	Observed   []string
}

// Record keeps how a bundle of a plan went.
func (a *App) Record(plan string, taken Taken) (records.Record, error) {
	p, err := a.LoadPlan(plan, strings.NewReader(""))
	if err != nil {
		return records.Record{}, err
	}
	outcome, err := records.ParseOutcome(taken.Outcome)
	if err != nil {
		return records.Record{}, err
	}
	var seen []records.Observed
	for _, text := range taken.Observed {
		o, err := records.ParseObserved(text)
		if err != nil {
			return records.Record{}, err
		}
		if !knows(p, o.Capability) {
			return records.Record{}, fmt.Errorf("observation %q: the plan knows no capability %s; planewise mapping show lists them", text, o.Capability)
		}
		seen = append(seen, o)
	}
	r, err := records.FromPlan(p, taken.Bundle, taken.Start, taken.End, outcome, seen)
	if err != nil {
		return r, err
	}
	return r, a.keepRecord(r)
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
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, fmt.Errorf("read records: %w", err)
	}
	all, notes, err := records.Import(file, data)
	if err != nil {
		return nil, nil, err
	}
	if plan != "" {
		p, err := a.LoadPlan(plan, strings.NewReader(""))
		if err != nil {
			return nil, nil, err
		}
		for i := range all {
			all[i] = all[i].Resolve(p)
			all[i].Plan, all[i].System = p.ID, p.System
		}
	}
	for _, r := range all {
		if err := a.keepRecord(r); err != nil {
			return nil, notes, err
		}
	}
	return all, notes, nil
}

// keepRecord keeps a record under a name made of what it is about, so that the same
// report twice is one record, and a corrected one takes its place.
func (a *App) keepRecord(r records.Record) error {
	if err := r.Check(); err != nil {
		return err
	}
	doc, err := document.Canonical(r)
	if err != nil {
		return err
	}
	name := strings.Join([]string{r.Start, r.Plan, string(r.Bundle), r.Source}, " ")
	if r.Start == "" {
		name = document.DigestBytes(doc)[len("sha256:"):][:12] + name
	}
	_, err = a.put(Records, name[:min(len(name), 512)], doc)
	return err
}

// History is what is known of past maintenances.
type History struct {
	Records  []records.Record   `json:"records"`
	Coverage []records.Coverage `json:"coverage"`
	Measured []model.Measured   `json:"measured"`
}

// History reads all records. System limits them to one; "" is all.
func (a *App) History(system string) (History, error) {
	s, err := a.store()
	if err != nil {
		return History{}, err
	}
	entries, err := s.List("record")
	if err != nil {
		return History{}, err
	}
	out := History{Records: []records.Record{}, Measured: []model.Measured{}}
	for _, e := range entries {
		d, err := s.Get("record", e.Name)
		if err != nil {
			return out, err
		}
		var r records.Record
		if err := json.Unmarshal(d.Data, &r); err != nil || r.Check() != nil {
			return out, fmt.Errorf("the record %q of the store cannot be read; planewise store check says more", e.Name)
		}
		if system == "" || r.System == "" || r.System == system {
			out.Records = append(out.Records, r)
		}
	}
	records.Sort(out.Records)
	out.Coverage = records.CoverageOf(out.Records)
	out.Measured = append(out.Measured, records.Learn(out.Records, records.Planned(out.Records))...)
	return out, nil
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
