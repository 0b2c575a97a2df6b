package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// codeWord is the shape of a diagnostic code.
var codeWord = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// diagnosticCodes are the codes in the source below root, each with a place that
// uses it. A code is what reaches the field Code of a diagnostic: a literal, a
// constant, a variable, or an argument of a function that hands it on. An
// expression that cannot be followed fails the test, so that no code is missed.
func diagnosticCodes(t *testing.T, root string) map[string]string {
	t.Helper()
	s := &codeSearch{t: t, root: root, fset: token.NewFileSet(), found: map[string]string{}, busy: map[string]bool{}}
	s.parse()
	for _, f := range s.funcs {
		ast.Inspect(f.decl, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if code := diagnosticField(n); code != nil {
					s.take(f, code)
				}
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					if sel, ok := left.(*ast.SelectorExpr); ok && sel.Sel.Name == "Code" && i < len(n.Rhs) {
						s.take(f, n.Rhs[i])
					}
				}
			}
			return true
		})
	}
	return s.found
}

// diagnosticField is the value of Code in a literal that also has a Severity;
// other types with a field Code have none.
func diagnosticField(lit *ast.CompositeLit) (code ast.Expr) {
	severity := false
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			switch key, _ := kv.Key.(*ast.Ident); {
			case key == nil:
			case key.Name == "Code":
				code = kv.Value
			case key.Name == "Severity":
				severity = true
			}
		}
	}
	if !severity {
		return nil
	}
	return code
}

// codeFunc is a function and the folder of its package.
type codeFunc struct {
	decl *ast.FuncDecl
	dir  string
}

type codeSearch struct {
	t     *testing.T
	root  string
	fset  *token.FileSet
	funcs []codeFunc
	// consts are the string constants by package name and name.
	consts map[string]string
	found  map[string]string
	// busy are the names being followed.
	busy map[string]bool
}

func (s *codeSearch) parse() {
	s.consts = map[string]string{}
	err := filepath.WalkDir(s.root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && file != s.root && (d.Name() == "testdata" || d.Name() == "sample" || strings.HasPrefix(d.Name(), ".")):
			// Package sample makes plans for tests.
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		parsed, err := parser.ParseFile(s.fset, file, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				s.funcs = append(s.funcs, codeFunc{f, filepath.Dir(file)})
			}
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for i, name := range spec.Names {
					if i < len(spec.Values) {
						if word, ok := literal(spec.Values[i]); ok {
							s.consts[parsed.Name.Name+"."+name.Name] = word
						}
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	word, err := strconv.Unquote(lit.Value)
	return word, err == nil
}

// codeUse is a word and the place it was found at.
type codeUse struct {
	word string
	at   token.Pos
}

// take keeps the words that an expression in a function can be as codes.
func (s *codeSearch) take(f codeFunc, e ast.Expr) {
	if sel, ok := e.(*ast.SelectorExpr); ok && sel.Sel.Name == "Code" {
		return // of another diagnostic, which is taken itself
	}
	for _, use := range s.follow(f, e) {
		if !codeWord.MatchString(use.word) {
			s.t.Errorf("%s: %q is no diagnostic code", s.place(use.at), use.word)
			continue
		}
		s.found[use.word] = cmp.Or(s.found[use.word], s.place(use.at))
	}
}

// follow lists the words that an expression in a function can be.
func (s *codeSearch) follow(f codeFunc, e ast.Expr) (uses []codeUse) {
	switch e := e.(type) {
	case *ast.BasicLit:
		word, _ := literal(e)
		return []codeUse{{word, e.Pos()}}
	case *ast.BinaryExpr:
		for _, x := range s.follow(f, e.X) {
			for _, y := range s.follow(f, e.Y) {
				uses = append(uses, codeUse{x.word + y.word, e.Pos()})
			}
		}
	case *ast.SelectorExpr:
		if pkg, ok := e.X.(*ast.Ident); ok {
			if word, ok := s.consts[pkg.Name+"."+e.Sel.Name]; ok {
				return []codeUse{{word, e.Pos()}}
			}
		}
		uses = s.followField(f.dir, e.Sel.Name)
	case *ast.Ident:
		if word, ok := s.consts[filepath.Base(f.dir)+"."+e.Name]; ok {
			return []codeUse{{word, e.Pos()}}
		}
		// A function that calls itself adds no words.
		at := fmt.Sprint(f.decl.Pos(), e.Name)
		if s.busy[at] {
			return []codeUse{}
		}
		s.busy[at] = true
		uses = append(s.followCallers(f, e.Name), s.followVariable(f, e.Name)...)
		delete(s.busy, at)
	}
	if uses == nil {
		s.t.Errorf("%s: cannot see which word this is, and a diagnostic code is made of it", s.place(e.Pos()))
	}
	return uses
}

// followField lists what a package puts into fields of a name.
func (s *codeSearch) followField(dir, name string) (uses []codeUse) {
	for _, f := range s.funcs {
		if f.dir != dir {
			continue
		}
		ast.Inspect(f.decl, func(n ast.Node) bool {
			if kv, ok := n.(*ast.KeyValueExpr); ok {
				if key, ok := kv.Key.(*ast.Ident); ok && key.Name == name {
					uses = append(uses, s.follow(f, kv.Value)...)
				}
			}
			return true
		})
	}
	return uses
}

// followVariable lists what a function assigns to a variable.
func (s *codeSearch) followVariable(f codeFunc, name string) (uses []codeUse) {
	ast.Inspect(f.decl, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
			for i, left := range a.Lhs {
				if id, ok := left.(*ast.Ident); ok && id.Name == name {
					uses = append(uses, s.follow(f, a.Rhs[i])...)
				}
			}
		}
		return true
	})
	return uses
}

// followCallers lists the arguments that all calls of a function have for a
// parameter. Functions are compared by name and number of arguments, those of
// other packages only where the name is exported.
func (s *codeSearch) followCallers(f codeFunc, name string) (uses []codeUse) {
	index, count, variadic := parameter(f.decl, name)
	if index < 0 {
		return nil
	}
	for _, caller := range s.funcs {
		if caller.dir != f.dir && !f.decl.Name.IsExported() {
			continue
		}
		ast.Inspect(caller.decl, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || called(call) != f.decl.Name.Name {
				return true
			}
			if len(call.Args) == count || variadic && len(call.Args) >= count-1 {
				uses = append(uses, s.follow(caller, call.Args[index])...)
			}
			return true
		})
	}
	return uses
}

// parameter is the index of a function's parameter, or -1.
func parameter(f *ast.FuncDecl, name string) (index, count int, variadic bool) {
	index = -1
	for _, field := range f.Type.Params.List {
		_, variadic = field.Type.(*ast.Ellipsis)
		for _, n := range field.Names {
			if n.Name == name {
				index = count
			}
			count++
		}
	}
	return index, count, variadic
}

func called(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

func (s *codeSearch) place(pos token.Pos) string {
	at := s.fset.Position(pos)
	file, err := filepath.Rel(s.root, at.Filename)
	if err != nil {
		file = at.Filename
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(file), at.Line)
}
