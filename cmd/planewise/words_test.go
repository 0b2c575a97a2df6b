package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// vendorWords are words of one vendor's systems: products, services, parts of their
// names, kinds of nodes.
var vendorWords = words(`cray hpe csm shasta cos uss cpe sma shs cfs iuf ims smd hsm sls bss bos showrev capmc
	loftsman nexus spire keycloak slingshot dvs sbps cps craycps ncn ncns pit uan uai uas xname xnames chn`)

func words(list string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(list) {
		all[w] = true
	}
	return all
}

// rooms are where such words may stand. A folder called csm is one wherever it lies.
var rooms = []struct{ folder, reason string }{
	{"fixtures", "data of the systems that are known"},
	{"planner/export/loftsman", "its format is the vendor's"},
	{"planner/export/argo", "its format is the vendor's"},
	{"cmd/internal/cli", "examples that a person types, and the exports that help asks for"},
}

// wordExceptions are files outside of the rooms, with the words that they may hold.
var wordExceptions = []struct{ file, words, reason string }{
	{"cmd/internal/app/app.go", "csm uan", "the releases of the demo, by their names in the fixtures"},
	{"planner/export/export.go", "loftsman", "the table of formats names it"},
	{"cmd/internal/app/mapping.go", "cray bos", "the example in an error that a person reads"},
	{"planner/explain/explain.go", "cray bos", "the example in a hint that a person reads"},
	{"model/ingest/neutral.go", "uan", "the example in an error that a person reads"},
	{"model/system.go", "dvs sbps uai uan chn", "published in the schema of systems: the words that a person may write there"},
	{"model/procedure.go", "iuf", "published in the schema of procedures, likewise"},
	{"model/ingest/internal/genreleases/main.go", "csm", "the folder of the trees that the fixtures are made from"},
}

// roomGuests may use what a csm folder has; everything else gets it as a value.
var roomGuests = []struct{ folder, reason string }{
	{"cmd/internal/app", "it wires the program"},
	{"model/ingest", "it tells which layout a folder or archive has, and there is one besides the neutral document"},
}

// No word of one vendor's systems stands in the core: what is special about them comes
// in as data or as a value of a csm package. Tests may use them, as examples.
func TestVendorWordsStayInTheirRooms(t *testing.T) {
	seen := 0
	eachSource(t, func(file string, fset *token.FileSet, parsed *ast.File) {
		if inRoom(file) {
			return
		}
		seen++
		for _, f := range findWords(fset, parsed) {
			if !excepted(file, f.word) {
				t.Errorf("%s:%d says %q: it belongs into a csm folder or into data", file, f.line, f.word)
			}
		}
	})
	if seen < 100 {
		t.Fatalf("looked at only %d files: the walk is broken", seen)
	}
}

func TestOnlyGuestsEnterTheRooms(t *testing.T) {
	eachSource(t, func(file string, _ *token.FileSet, parsed *ast.File) {
		for _, spec := range parsed.Imports {
			importPath := strings.Trim(spec.Path.Value, `"`)
			if path.Base(importPath) == "csm" && !inRoom(file) && !slices.ContainsFunc(roomGuests, func(g struct{ folder, reason string }) bool { return path.Dir(file) == g.folder }) {
				t.Errorf("%s imports %s: it should be given what it needs as a value", file, importPath)
			}
		}
	})
}

// An exception that nothing needs any more goes.
func TestWordExceptionsAreNeeded(t *testing.T) {
	used := map[string]bool{}
	eachSource(t, func(file string, fset *token.FileSet, parsed *ast.File) {
		for _, f := range findWords(fset, parsed) {
			used[file+" "+f.word] = true
		}
	})
	for _, e := range wordExceptions {
		for _, w := range strings.Fields(e.words) {
			if !used[e.file+" "+w] {
				t.Errorf("%s says %q no longer: take it out of the exceptions", e.file, w)
			}
		}
	}
}

// A guard that could not fail would be no guard.
func TestVendorWordsAreFound(t *testing.T) {
	const source = `package a

import "planewise/model/ingest/csm"

// An example: chart:services/cray-bos.
var readHSMRows = csm.Read("csm-1.5.2") // of bosses and canvas
var SLSDump, ncnW001 int
`
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, "a.go", source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range findWords(fset, parsed) {
		got = append(got, strconv.Itoa(f.line)+" "+f.word)
	}
	want := []string{"5 bos", "5 cray", "6 csm", "6 hsm", "7 ncn", "7 sls"}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	for file, want := range map[string]bool{"model/ingest/csm/x.go": true, "model/csmish/x.go": false, "fixtures/x.go": true, "planner/export/argonaut/x.go": false} {
		if inRoom(file) != want {
			t.Errorf("%s: in a room is %v", file, !want)
		}
	}
}

func eachSource(t *testing.T, see func(file string, fset *token.FileSet, parsed *ast.File)) {
	t.Helper()
	root := moduleRoot(t)
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
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err == nil {
			see(rel, fset, parsed)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func inRoom(file string) bool {
	dir := path.Dir(file)
	if slices.Contains(strings.Split(dir, "/"), "csm") {
		return true
	}
	for _, r := range rooms {
		if dir == r.folder || strings.HasPrefix(dir, r.folder+"/") {
			return true
		}
	}
	return false
}

func excepted(file, word string) bool {
	for _, e := range wordExceptions {
		if e.file == file && slices.Contains(strings.Fields(e.words), word) {
			return true
		}
	}
	return false
}

type foundWord struct {
	line int
	word string
}

// findWords finds the words in comments, texts and names. The name of a package that is
// used is none: who may use it is another question.
func findWords(fset *token.FileSet, parsed *ast.File) []foundWord {
	var out []foundWord
	add := func(at token.Pos, text string) {
		for n, line := range strings.Split(text, "\n") {
			for _, w := range wordsOf(line) {
				if vendorWords[w] {
					out = append(out, foundWord{fset.Position(at).Line + n, w})
				}
			}
		}
	}
	for _, group := range parsed.Comments {
		for _, c := range group.List {
			add(c.Pos(), c.Text)
		}
	}
	packages := map[string]bool{}
	for _, spec := range parsed.Imports {
		packages[path.Base(strings.Trim(spec.Path.Value, `"`))] = true
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && packages[x.Name] {
				add(n.Sel.Pos(), n.Sel.Name)
				return false
			}
		case *ast.Ident:
			add(n.Pos(), n.Name)
		case *ast.BasicLit:
			add(n.Pos(), n.Value)
		}
		return true
	})
	return out
}

var notLetters = regexp.MustCompile(`[^\pL]+`)

// wordsOf splits a text at whatever is no letter, and where a small letter meets a
// capital or a word of capitals another word ("readHSMRows").
func wordsOf(text string) []string {
	var out []string
	for _, run := range notLetters.Split(text, -1) {
		letters, start := []rune(run), 0
		for i := 1; i < len(letters); i++ {
			if unicode.IsUpper(letters[i]) && (unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
				out = append(out, strings.ToLower(string(letters[start:i])))
				start = i
			}
		}
		out = append(out, strings.ToLower(string(letters[start:])))
	}
	return out
}
