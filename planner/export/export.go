// Package export turns a plan into files for people and other programs. Every
// format is a pure function of the plan and a few options: equal plans give equal
// bytes, and nothing is run, sent or written here.
//
// Formats that hold commands hold them as text for a person to read.
package export

import (
	"fmt"
	"strings"

	"planewise/model"
	"planewise/model/document"
	"planewise/planner/export/alertmanager"
	"planewise/planner/export/argo"
	"planewise/planner/export/csv"
	"planewise/planner/export/html"
	"planewise/planner/export/ics"
	"planewise/planner/export/internal/brief"
	"planewise/planner/export/loftsman"
	"planewise/planner/export/markdown"
	"planewise/planner/export/slurm"
	"planewise/planner/export/text"
	"planewise/planner/export/yaml"
)

// Format is one way to write a plan.
type Format struct {
	// Name is the word on the command line; Title says what it is for.
	Name, Title string
	// Extension of the files, with its dot.
	Extension string
	// Single: the first file alone is the plan in this format, fit for standard
	// output. Others make a folder of files.
	Single bool
}

// File is one file of an export. Names are plain: no folders, letters, digits,
// dots, dashes.
type File struct {
	Name string
	Data []byte
}

// Options hold what a plan does not say. The zero value is useful for every format.
type Options struct {
	// Width of text output in columns; 0 is 100.
	Width int
	// Verbose text: every action and change.
	Verbose bool
	// Of the formats for other programs.
	Loftsman     loftsman.Options
	Slurm        slurm.Options
	Alertmanager alertmanager.Options
	Argo         argo.Options
}

type writer struct {
	Format
	write func(model.Plan, Options) ([]File, []model.Diagnostic, error)
}

// writers in the order in which they are offered.
func writers() []writer {
	return []writer{
		{Format{"text", "what a person sees first", ".txt", true}, func(p model.Plan, o Options) ([]File, []model.Diagnostic, error) {
			return one("plan.txt", []byte(text.Plan(p, text.Options{Width: o.Width, Verbose: o.Verbose})), nil)
		}},
		{Format{"json", "the plan file", ".json", true}, func(p model.Plan, _ Options) ([]File, []model.Diagnostic, error) {
			data, err := document.EncodePlan(p)
			return one("plan.json", data, err)
		}},
		{Format{"yaml", "the plan file as YAML", ".yaml", true}, func(p model.Plan, _ Options) ([]File, []model.Diagnostic, error) {
			data, err := yaml.Plan(p)
			return one("plan.yaml", data, err)
		}},
		{Format{"md", "document for a change board, and a notice for each plane", ".md", true}, writeMarkdown},
		{Format{"html", "one page with time lines, for browsers and paper", ".html", true}, func(p model.Plan, _ Options) ([]File, []model.Diagnostic, error) {
			data, err := html.Plan(p)
			return one("plan.html", data, err)
		}},
		{Format{"csv", "changes and effects as tables", ".csv", true}, writeCSV},
		{Format{"ics", "calendar with an event for each dated bundle", ".ics", true}, func(p model.Plan, _ Options) ([]File, []model.Diagnostic, error) {
			data, diags := ics.Plan(p)
			return []File{{"plan.ics", data}}, diags, nil
		}},
		{Format{"loftsman", "a manifest for each bundle that ships charts, and the steps around it", ".yaml", false}, writeLoftsman},
		{Format{"slurm", "reservations for bundles that disturb jobs, as commands to read", ".txt", true}, func(p model.Plan, o Options) ([]File, []model.Diagnostic, error) {
			data, diags, err := slurm.Plan(p, o.Slurm)
			return []File{{"reservations.txt", data}}, diags, err
		}},
		{Format{"alertmanager", "silences for each plane and dated bundle", ".json", true}, func(p model.Plan, o Options) ([]File, []model.Diagnostic, error) {
			data, diags, err := alertmanager.Plan(p, o.Alertmanager)
			return []File{{"silences.json", data}}, diags, err
		}},
		{Format{"argo", "a workflow that prints each bundle's steps and waits for a person between them", ".yaml", true}, func(p model.Plan, o Options) ([]File, []model.Diagnostic, error) {
			data, diags, err := argo.Plan(p, o.Argo)
			return []File{{"workflow.yaml", data}}, diags, err
		}},
	}
}

// Formats are the formats, in the order in which they are offered.
func Formats() []Format {
	all := writers()
	out := make([]Format, len(all))
	for i, w := range all {
		out[i] = w.Format
	}
	return out
}

// Write writes a plan in the format. Diagnostics say what the format could not
// carry: bundles without a date in a calendar, names that a program would refuse.
func Write(name string, p model.Plan, o Options) ([]File, []model.Diagnostic, error) {
	all := writers()
	names := make([]string, len(all))
	for i, w := range all {
		if w.Name == name {
			files, diags, err := w.write(p, o)
			if err != nil {
				return nil, nil, fmt.Errorf("export plan %s as %s: %w", p.ID, name, err)
			}
			return files, model.SortDiagnostics(diags), nil
		}
		names[i] = w.Name
	}
	return nil, nil, fmt.Errorf("no export format %q: use one of %s", name, strings.Join(names, ", "))
}

func one(name string, data []byte, err error) ([]File, []model.Diagnostic, error) {
	return []File{{name, data}}, nil, err
}

func writeMarkdown(p model.Plan, _ Options) ([]File, []model.Diagnostic, error) {
	files := []File{{"plan.md", markdown.Plan(p)}}
	for i, notice := range markdown.Notices(p) {
		files = append(files, File{fmt.Sprintf("notice-%d-%s.md", i+1, brief.Word(string(p.Planes[i].ID), 40)), notice})
	}
	return files, nil, nil
}

func writeCSV(p model.Plan, _ Options) ([]File, []model.Diagnostic, error) {
	changes, err := csv.Changes(p)
	if err != nil {
		return nil, nil, err
	}
	effects, err := csv.Effects(p)
	return []File{{"changes.csv", changes}, {"effects.csv", effects}}, nil, err
}

func writeLoftsman(p model.Plan, o Options) ([]File, []model.Diagnostic, error) {
	made, diags, err := loftsman.Plan(p, o.Loftsman)
	files := make([]File, len(made))
	for i, f := range made {
		files[i] = File(f)
	}
	return files, diags, err
}
