package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// site is one small change to a file: the bytes from begin to end become text.
type site struct {
	file       string // from the module's root
	line       int
	function   string
	begin, end int
	was, text  string
	// nth of the same change in the function, so that moving a line is no other site.
	nth int
}

// String says what changes, without the line: "planner/impact/x.go with: < becomes <=".
func (s site) String() string {
	out := s.file + " " + s.function + ": " + oneLine(s.was) + " becomes " + oneLine(s.text)
	if s.nth > 0 {
		out += " (" + strconv.Itoa(s.nth+1) + ")"
	}
	return out
}

// oneLine is a change's text as it is listed.
func oneLine(s string) string {
	if s = strings.Join(strings.Fields(s), " "); s == "" {
		return "nothing"
	}
	return s
}

func (s site) apply(source []byte) []byte {
	return slices.Concat(source[:s.begin], []byte(s.text), source[s.end:])
}

// finder collects the sites of one file.
type finder struct {
	file   string
	source []byte
	set    *token.FileSet
	sites  []site
	name   string // of the function at hand
	seen   map[string]int
}

// findSites are the changes that can be made to the functions of a file, in the
// order of the text.
func findSites(file string, source []byte) ([]site, error) {
	f := &finder{file: file, source: source, set: token.NewFileSet(), seen: map[string]int{}}
	parsed, err := parser.ParseFile(f.set, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range parsed.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil || fn.Name.Name == "String" {
			continue
		}
		f.name = fn.Name.Name
		ast.Inspect(fn.Body, func(n ast.Node) bool { f.look(n); return true })
	}
	return f.sites, nil
}

func (f *finder) offset(p token.Pos) int { return f.set.Position(p).Offset }

func (f *finder) code(n ast.Node) string {
	return string(f.source[f.offset(n.Pos()):f.offset(n.End())])
}

// add notes that was, which begins at p, becomes text; where says what around it
// tells it from others in the list.
func (f *finder) add(p token.Pos, was, text, before, after string) {
	begin := f.offset(p)
	s := site{file: f.file, line: f.set.Position(p).Line, function: f.name, begin: begin, end: begin + len(was), was: before + was + after, text: text}
	s.nth = f.seen[s.String()]
	f.seen[s.String()]++
	f.sites = append(f.sites, s)
}

// opposite of an operator, such that the change is small and still compiles.
var opposite = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL,
}

func (f *finder) look(n ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		to, ok := opposite[n.Op]
		texts := n.Op == token.ADD && strings.Contains(f.code(n), `"`) // has no difference
		if ok && !texts {
			f.add(n.OpPos, n.Op.String(), to.String(), f.code(n.X)+" ", " "+f.code(n.Y))
		}
	case *ast.IfStmt:
		if _, ok := n.Cond.(*ast.BinaryExpr); !ok {
			cond := f.code(n.Cond)
			f.add(n.Cond.Pos(), cond, "!("+cond+")", "", "")
		}
	case *ast.Ident:
		f.word(n)
	case *ast.BasicLit:
		if i, err := strconv.Atoi(n.Value); err == nil && n.Kind == token.INT {
			f.add(n.Pos(), n.Value, strconv.Itoa(i+1), "", "")
		}
	case *ast.SelectorExpr:
		if to, ok := map[string]string{"Least": "Most", "Most": "Least"}[n.Sel.Name]; ok {
			f.add(n.Sel.Pos(), n.Sel.Name, to, f.code(n.X)+".", "")
		}
	case *ast.CompositeLit:
		f.claim(n)
	case *ast.CaseClause:
		if n.List != nil {
			f.add(n.Pos(), f.code(n), "", "", "")
		}
	case *ast.ExprStmt, *ast.IncDecStmt:
		f.add(n.Pos(), f.code(n), "", "", "")
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			f.add(n.Pos(), f.code(n), "", "", "")
		}
	case *ast.BranchStmt:
		if n.Tok == token.CONTINUE && n.Label == nil {
			f.add(n.Pos(), "continue", "break", "", "")
		}
	}
}

// word changes what a single word means.
func (f *finder) word(n *ast.Ident) {
	to, ok := map[string]string{"true": "false", "false": "true", "min": "max", "max": "min"}[n.Name]
	if ok {
		f.add(n.Pos(), n.Name, to, "", "")
	}
}

// claim makes of an interval its lower end: what is not known becomes a claim.
func (f *finder) claim(n *ast.CompositeLit) {
	if n.Type == nil || !strings.HasSuffix(f.code(n.Type), "Range") || len(n.Elts) != 2 {
		return
	}
	value := func(e ast.Expr) ast.Expr {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			return kv.Value
		}
		return e
	}
	least, most := value(n.Elts[0]), value(n.Elts[1])
	if f.code(least) == f.code(most) {
		return
	}
	f.add(most.Pos(), f.code(most), f.code(least), f.code(n.Type)+"{"+f.code(least)+", ", "}")
}
