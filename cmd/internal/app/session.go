package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"planewise/model"
	"planewise/model/document"
	"planewise/model/file"
	"planewise/model/ingest"
	"planewise/model/store"
	"planewise/planner/export"
	"planewise/tui"
)

// Session is what the terminal program sees of the world. It implements
// tui.Session.
type Session struct {
	app   *App
	start Request
}

var _ tui.Session = (*Session)(nil)

// NewSession makes a session whose first plan is start; an empty start is the
// embedded demo, which needs no store.
func NewSession(a *App, start Request) *Session { return &Session{a, start} }

// request fills a question with what was asked on the command line, or the demo.
func (s *Session) request(q tui.Question) Request {
	r, demo := s.start, DemoRequest()
	r.From, r.To = first(q.From, r.From, demo.From), first(q.To, r.To, demo.To)
	r.System, r.Policy = first(q.System, r.System, demo.System), first(q.Policy, r.Policy, demo.Policy)
	if r.At.IsZero() {
		r.At = s.app.Now()
	}
	return r
}

func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// Open finds everything a plan needs. The demo is opened without the store, so
// that it is there at once and whatever state the store is in.
func (s *Session) Open(ctx context.Context, q tui.Question) (tui.Base, error) {
	r := s.request(q)
	demo := DemoRequest()
	var lib library = embedded{}
	if q != (tui.Question{}) || r.From != demo.From || r.To != demo.To || r.System != demo.System || r.Policy != demo.Policy || len(r.Mappings) > 0 || s.storeExists() {
		var err error
		if lib, err = s.app.open(); err != nil {
			return tui.Base{}, err
		}
	}
	in, err := newShelf(s.app, lib).gather(ctx, r)
	if err != nil {
		return tui.Base{}, err
	}
	return tui.Base{
		Question: tui.Question{From: r.From, To: r.To, System: r.System, Policy: r.Policy}, Input: in,
	}, nil
}

func (s *Session) storeExists() bool {
	_, err := os.Stat(s.app.StorePath)
	return err == nil
}

// Releases lists the catalogue.
func (s *Session) Releases(context.Context) ([]tui.Entry, error) { return s.list(Releases) }

// Systems lists the catalogue.
func (s *Session) Systems(context.Context) ([]tui.Entry, error) { return s.list(Systems) }

// Policies lists the catalogue.
func (s *Session) Policies(context.Context) ([]tui.Entry, error) { return s.list(Policies) }

func (s *Session) list(kind Kind) ([]tui.Entry, error) {
	entries, err := s.app.List(kind)
	out := make([]tui.Entry, len(entries))
	for i, e := range entries {
		out[i] = tui.Entry{Name: e.Name, Origin: e.Origin}
	}
	return out, err
}

// Release reads a release, or a set of them.
func (s *Session) Release(ctx context.Context, name string) ([]model.Release, error) {
	set, _, err := s.app.Resolve(ctx, name)
	return set, err
}

// Import reads a release into the catalogue. Of archives it tells how far it is,
// and they may be given up on the way.
func (s *Session) Import(ctx context.Context, path string, progress func(done, total int64)) (string, []model.Diagnostic, error) {
	r, diags, err := ingest.ReadWith(s.app.Files.Within(ctx), path, progress)
	if err != nil {
		return "", nil, err
	}
	data, err := document.Canonical(r)
	if err != nil {
		return "", nil, err
	}
	_, err = s.app.put(Releases, r.Ref(), data)
	return r.Ref(), diags, err
}

// editsName is the store's name of the layer that holds what was edited here.
const editsName = "site"

// SaveRules puts rules into the site's layer, over those of the same key.
func (s *Session) SaveRules(_ context.Context, rules []model.Rule) error {
	st, err := s.app.store()
	if err != nil {
		return err
	}
	m := model.Mapping{Format: model.FormatMapping, Name: editsName}
	old, err := st.Get(store.Edits, editsName)
	switch {
	case err == nil:
		if err := json.Unmarshal(old.Data, &m); err != nil {
			return fmt.Errorf("read the site's mapping layer: %w", err)
		}
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	for _, r := range rules {
		m.Rules = replaceRule(m.Rules, r)
	}
	data, err := document.Canonical(m)
	if err != nil {
		return err
	}
	_, err = st.Put(store.Edits, editsName, data, s.app.Now())
	return err
}

func replaceRule(rules []model.Rule, r model.Rule) []model.Rule {
	for i := range rules {
		if rules[i].Match == r.Match && rules[i].Version == r.Version {
			rules[i] = r
			return rules
		}
	}
	return append(rules, r)
}

// Formats lists the formats a plan can be exported to.
func (s *Session) Formats() []tui.Format {
	var out []tui.Format
	for _, f := range export.Formats() {
		out = append(out, tui.Format{Name: f.Name, What: f.Title})
	}
	return out
}

// SavePlan keeps a plan in the store under its id.
func (s *Session) SavePlan(_ context.Context, p model.Plan) (string, error) {
	data, err := document.EncodePlan(p)
	if err != nil {
		return "", err
	}
	_, err = s.app.put(Plans, p.ID, data)
	return p.ID, err
}

// Export writes a plan's files, or only says which.
func (s *Session) Export(ctx context.Context, o tui.ExportOrder) ([]tui.File, error) {
	var files []tui.File
	var out []file.Output
	for _, name := range o.Formats {
		rendered, _, err := export.Write(name, o.Plan, export.Options{Verbose: true})
		if err != nil {
			return nil, err
		}
		for _, f := range rendered {
			path := filepath.Join(o.Dir, f.Name)
			_, err := os.Lstat(path)
			files, out = append(files, tui.File{Format: name, Path: path, Exists: !errors.Is(err, fs.ErrNotExist)}), append(out, file.Output{Path: f.Name, Data: f.Data})
		}
	}
	if !o.Write || ctx.Err() != nil {
		return files, ctx.Err()
	}
	err := file.Export(o.Dir, out, o.Replace)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, fmt.Errorf("%w: choose another folder, or say that it may be replaced", err)
	case err != nil:
		return nil, err
	}
	return files, nil
}
