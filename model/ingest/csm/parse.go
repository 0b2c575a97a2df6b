package csm

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/ingest/internal/names"
	"planewise/model/ingest/internal/shtext"
	"planewise/model/yamldoc"
)

// Codes of this package's diagnostics.
const (
	CodeMissingNamespace = "missing-namespace"  // a chart without one
	CodeRepeatedChart    = "repeated-chart"     // the same chart and version twice
	CodeConflictingChart = "conflicting-chart"  // the same chart in two versions
	CodeMissingManifest  = "missing-manifest"   // shipped, but not in the tree
	CodeAssumedOrder     = "assumed-order"      // nothing says in which order manifests ship
	CodeConditional      = "conditional-step"   // a script decides at run time
	CodeUnreadStep       = "unread-step"        // a step of a script that is not understood
	CodeUnknownKey       = "unknown-key"        // a key nothing is known about
	CodeUnreadPackage    = "unread-package"     // a package name that does not split
	CodeUnresolvedAsset  = "unresolved-asset"   // a node image whose name a script makes up
	CodeUnknownNodeImage = "unknown-node-image" // an image nothing is known about
	CodeConflictingAsset = "conflicting-asset"  // two images for one role and arch
	CodeUnknownFormat    = "unknown-format"     // a manifest of another format
	CodeIncompleteTree   = "incomplete-tree"    // a list of a release is not there
	CodeInferredVersion  = "inferred-version"   // see the package comment
	CodeUnknownVersion   = "unknown-version"    // see the package comment
)

// parser holds the state of reading one tree.
type parser struct {
	tree        Tree
	paths       []string
	release     model.Release
	diagnostics []model.Diagnostic
	upgrade     shtext.Script
	reported    map[int]bool // its lines that are reported as unread
	charts      []chart
	iufVersion  string
	iufProduct  string
}

// ErrNotARelease is the error about a tree in which nothing was found.
var ErrNotARelease = errors.New("not a release tree: there is no manifests/*.yaml in it (nor a helm/index.yaml of older releases); " +
	"give the folder or archive of a release, such as csm-1.5.2, or a release.yaml")

// IsRelease reports whether the tree has a list of charts.
func (t Tree) IsRelease() bool {
	for name := range t.Files {
		if strings.HasPrefix(name, "manifests/") || name == "helm/index.yaml" {
			return true
		}
	}
	return false
}

func (p *parser) parse() error {
	p.release.Format = model.FormatRelease
	if !p.tree.IsRelease() {
		return ErrNotARelease
	}
	for _, step := range []func() error{
		p.readUpgrade, p.readManifests, p.readImages, p.readPackages, p.readAssets, p.readProductManifest,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	p.release.SortComponents()
	p.lacking()
	return nil
}

// lacking says which lists a tree that has the script of a whole release lacks:
// nothing is known then of what they would hold, and that is not the same as none.
func (p *parser) lacking() {
	if _, whole := p.tree.Files["upgrade.sh"]; !whole {
		return
	}
	under := func(folder string) func(string) bool {
		return func(file string) bool { return strings.HasPrefix(file, folder) }
	}
	var missing []string
	for _, list := range [...]struct {
		name  string
		there func(file string) bool
	}{
		{"the packages (rpm/)", under("rpm/")},
		{"the container images (docker/)", under("docker/")},
		{"the node images (assets.sh, or images/)", func(file string) bool { return file == "assets.sh" || isNodeAsset(path.Base(file)) }},
	} {
		if !slices.ContainsFunc(p.paths, list.there) && !slices.ContainsFunc(p.tree.Names, list.there) {
			missing = append(missing, list.name)
		}
	}
	if len(missing) > 0 {
		p.diagnose(model.Warning, CodeIncompleteTree, place{file: "."},
			"the tree has nothing of "+strings.Join(missing, ", nor of ")+"; what the release changes there is not known",
			"use a complete copy of the release")
	}
}

// document parses one of the vendor's files, if it is there: duplicate keys are
// merged and reported.
func (p *parser) document(file string) (*yamldoc.Doc, error) {
	data, ok := p.tree.Files[file]
	if !ok {
		return nil, nil
	}
	doc, ds, err := yamldoc.Parse(file, data, yamldoc.Options{Duplicates: yamldoc.Merge})
	p.diagnostics = append(p.diagnostics, ds...)
	return doc, err
}

// script reads one of the vendor's scripts as text, if it is there.
func (p *parser) script(file string) (shtext.Script, bool, error) {
	data, ok := p.tree.Files[file]
	if !ok {
		return shtext.Script{}, false, nil
	}
	s, err := shtext.Read(data)
	var e *shtext.Error
	if errors.As(err, &e) {
		return s, true, yamldoc.Errorf(file, e.Line, "%s", e.Text)
	}
	if err != nil {
		return s, true, yamldoc.Errorf(file, 0, "%v", err)
	}
	return s, true, nil
}

// place is a line of a file; line 0 is the file as a whole.
type place struct {
	file string
	line int
}

func (at place) String() string {
	if at.line == 0 {
		return at.file
	}
	return fmt.Sprintf("%s:%d", at.file, at.line)
}

func (p *parser) diagnose(severity model.Severity, code model.Code, at place, summary, hint string) {
	p.diagnostics = append(p.diagnostics, model.Diagnostic{
		Severity: severity, Code: code, Subject: at.file, Summary: summary, Hint: hint, Path: []string{at.String()},
	})
}

// named refuses a name that must not get into a release.
func named(at place, what, name string) error {
	if wrong := names.Check(name); wrong != "" {
		return yamldoc.Errorf(at.file, at.line, "%s %.80q cannot be used: %s; correct it", what, name, wrong)
	}
	return nil
}

// finished gives the diagnostics the release's name instead of the path of its
// folder, so that a copy elsewhere says the same.
func (p *parser) finished() []model.Diagnostic {
	ref := p.release.Ref()
	for i := range p.diagnostics {
		d := &p.diagnostics[i]
		d.Subject = path.Join(ref, d.Subject)
		d.Path = slices.Clone(d.Path)
		for j := range d.Path {
			d.Path[j] = path.Join(ref, d.Path[j])
		}
	}
	return model.SortDiagnostics(p.diagnostics)
}

func (p *parser) add(c model.Component) { p.release.Components = append(p.release.Components, c) }
