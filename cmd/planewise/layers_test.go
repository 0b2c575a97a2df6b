package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// layer says what the packages below a folder must not import. The first layer
// whose folder holds a package applies, so finer folders stand before coarser ones.
type layer struct {
	folder string
	bans   []ban
}

type ban struct {
	prefix string // import path, or the start of one when it ends in "/..."
	reason string
}

var pure = []ban{
	{"os", "the core reads no files and no environment"},
	{"os/...", "the core starts nothing"},
	{"net", "the core opens no connections"},
	{"net/...", "the core opens no connections"},
	{"math/rand", "the core is deterministic"},
	{"math/rand/...", "the core is deterministic"},
	{"crypto/rand", "the core is deterministic"},
	{"log", "the core says what it has to say in diagnostics"},
	{"log/...", "the core says what it has to say in diagnostics"},
}

var inward = []ban{
	{"planewise/tui", "the terminal program is outermost"},
	{"planewise/tui/...", "the terminal program is outermost"},
	{"planewise/cmd/...", "commands are outermost"},
	{"github.com/charmbracelet/...", "charm stays inside tui/"},
	{"charm.land/...", "charm stays inside tui/"},
	{"github.com/spf13/...", "command-line parsing stays inside cmd/"},
}

var noPlanner = []ban{
	{"planewise/planner", "nouns do not know verbs"},
	{"planewise/planner/...", "nouns do not know verbs"},
}

// oneClient: the client library of Kubernetes is large and changes often, so one
// package knows it.
var oneClient = []ban{
	{"k8s.io/...", "only model/collect/kube talks to a cluster"},
	{"sigs.k8s.io/...", "only model/collect/kube talks to a cluster"},
}

// noLive: what is read does not depend on a system that answers.
var noLive = []ban{
	{"planewise/model/collect", "only commands ask a running system"},
	{"planewise/model/collect/...", "only commands ask a running system"},
}

var noEdges = []ban{
	{"planewise/model/store", "planning never reads the store"},
	{"planewise/model/ingest", "planning never reads release trees"},
	{"planewise/model/ingest/...", "planning never reads release trees"},
	{"planewise/fixtures", "planning gets its data as arguments"},
	{"go.etcd.io/...", "planning never reads the store"},
}

func join(bans ...[]ban) []ban {
	var all []ban
	for _, b := range bans {
		all = append(all, b...)
	}
	return all
}

// The rules, outermost last. Packages of model that meet files (ingest, store, file) may
// use os, those that ask a running system (collect) also net and os/exec; nothing else
// of model and planner may.
var layers = []layer{
	{"model/collect/kube", join(inward, noPlanner)},
	{"model/collect", join(inward, noPlanner, oneClient)},
	{"model/ingest", join(inward, noPlanner, noLive, oneClient)},
	{"model/store", join(inward, noPlanner, noLive, oneClient)},
	{"model/file", join(inward, noPlanner, noLive, oneClient)},
	{"model/document/internal", join(inward, noPlanner, noLive, oneClient)},
	{"model", join(inward, noPlanner, pure, noLive, oneClient)},
	{"planner/resume", join(inward, noEdges, pure, noLive, oneClient, []ban{{"planewise/planner", "planner.Build goes on with an update, not the other way round"}})},
	{"planner", join(inward, noEdges, pure, noLive, oneClient)},
	{"tui", join(noLive, oneClient, []ban{
		{"planewise/cmd/...", "commands wire the terminal program, not the other way round"},
		{"planewise/model/store", "the terminal program reaches the store through its own interface"},
		{"planewise/model/ingest", "the terminal program reaches files through its own interface"},
		{"planewise/model/ingest/...", "the terminal program reaches files through its own interface"},
		{"go.etcd.io/...", "the terminal program reaches the store through its own interface"},
	})},
	{"fixtures", join(oneClient, []ban{{"planewise/...", "fixtures are data"}})},
	{"cmd", join(oneClient, []ban{
		{"github.com/charmbracelet/...", "charm stays inside tui/"},
		{"charm.land/...", "charm stays inside tui/"},
	})},
}

func (b ban) matches(importPath string) bool {
	if start, ok := strings.CutSuffix(b.prefix, "..."); ok {
		return strings.HasPrefix(importPath, start)
	}
	return importPath == b.prefix
}

func breach(folder, importPath string) (reason string, broken bool) {
	for _, l := range layers {
		if folder != l.folder && !strings.HasPrefix(folder, l.folder+"/") {
			continue
		}
		for _, b := range l.bans {
			if b.matches(importPath) {
				return b.reason, true
			}
		}
		return "", false
	}
	return "", false
}

func TestImportRules(t *testing.T) {
	root := moduleRoot(t)
	seen := 0
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, file)
		rel = filepath.ToSlash(rel)
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && rel != "." || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		seen++
		for _, spec := range parsed.Imports {
			importPath := strings.Trim(spec.Path.Value, `"`)
			if reason, broken := breach(path.Dir(rel), importPath); broken {
				t.Errorf("%s imports %s: %s", rel, importPath, reason)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Fatalf("looked at only %d files: the walk is broken", seen)
	}
}

// A rule that could not fail would be no rule.
func TestImportRulesBite(t *testing.T) {
	cases := []struct {
		folder, importPath string
		broken             bool
	}{
		{"planner/bundle", "os", true},
		{"planner/export/text", "net/http", true},
		{"planner", "planewise/model/store", true},
		{"model", "planewise/planner", true},
		{"model/ingest/csm", "os", false},
		{"model/catalog", "os", true},
		{"cmd/internal/cli", "github.com/charmbracelet/lipgloss", true},
		{"tui", "github.com/charmbracelet/lipgloss", false},
		{"tui", "planewise/model/store", true},
		{"model/collect/kube", "k8s.io/client-go/dynamic", false},
		{"model/collect/ceph", "k8s.io/client-go/dynamic", true},
		{"model/collect/ceph", "os/exec", false},
		{"model/snapshot/read", "k8s.io/api/core/v1", true},
		{"model/snapshot", "planewise/model/collect/kube", true},
		{"planner/inputs", "planewise/model/collect", true},
		{"planner/resume", "planewise/planner", true},
		{"planner/resume", "planewise/planner/actions", false},
		{"tui", "k8s.io/client-go/rest", true},
		{"cmd/internal/app", "k8s.io/client-go/rest", true},
		{"cmd/internal/app", "planewise/model/collect/kube", false},
		{"planner", "planewise/model/catalog", false},
	}
	for _, c := range cases {
		if _, broken := breach(c.folder, c.importPath); broken != c.broken {
			t.Errorf("%s importing %s: broken = %v, want %v", c.folder, c.importPath, broken, c.broken)
		}
	}
}

func TestTopLevelHoldsOnlyWhatTheDesignAllows(t *testing.T) {
	allowed := map[string]bool{"cmd": true, "model": true, "planner": true, "tui": true, "fixtures": true,
		"go.mod": true, "go.sum": true, "README.md": true, "LICENSE": true}
	entries, err := os.ReadDir(moduleRoot(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !allowed[e.Name()] && !strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s does not belong at the top level", e.Name())
		}
	}
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
}
