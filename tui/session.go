package tui

import (
	"context"

	"planewise/model"
	"planewise/planner"
)

// Question says what to plan. Its zero value is the plan that opens first.
type Question struct {
	From, To, System, Policy string
}

// Base is all a plan is made from, as the session found it.
type Base struct {
	Question Question
	Input    planner.Input
}

// Entry is a document of the catalogue.
type Entry struct {
	Name   string
	Origin string // embedded or user
}

// File is one file that an export writes.
type File struct {
	Format, Path string
	Exists       bool
}

// Session is what the planner on the screen needs from outside. Its methods are
// called from commands, never from Update, and may take their time.
type Session interface {
	// Open finds everything a plan needs.
	Open(ctx context.Context, q Question) (Base, error)
	// Releases, Systems and Policies list the catalogue by name.
	Releases(ctx context.Context) ([]Entry, error)
	Systems(ctx context.Context) ([]Entry, error)
	Policies(ctx context.Context) ([]Entry, error)
	// Release reads one release or a set of them joined with "+".
	Release(ctx context.Context, name string) ([]model.Release, error)
	// Import reads a release into the catalogue and returns its name. It tells
	// progress in bytes; a total of 0 is not known.
	Import(ctx context.Context, path string, progress func(done, total int64)) (name string, notes []model.Diagnostic, err error)
	// SaveRules adds rules to the site's layer of the mapping.
	SaveRules(ctx context.Context, rules []model.Rule) error
	// SavePlan keeps a finished plan and returns the name to find it by.
	SavePlan(ctx context.Context, p model.Plan) (name string, err error)
	// Formats lists the formats a plan can be exported to.
	Formats() []Format
	// Export renders formats into files of a folder. With Write unset it only says
	// which files it would write; an existing file is replaced only with Replace set.
	Export(ctx context.Context, o ExportOrder) ([]File, error)
}

// ExportOrder is what to export where.
type ExportOrder struct {
	Plan    model.Plan
	Formats []string
	Dir     string
	Write   bool
	Replace bool
}

// Format is one that plans can be exported to.
type Format struct{ Name, What string }
