package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"testing"

	"golang.org/x/tools/go/packages" // why: the program with its types, as the compiler sees it

	"planewise/model"
)

// Every code that the program can say is in the table of codes, and every row of the
// table can be said. A code is a constant of type model.Code; words that are made
// while the program runs become none.
func TestCodes(t *testing.T) {
	rows := map[model.Code]bool{}
	for _, group := range model.Codes() {
		for _, row := range group.Rows {
			if _, twice := rows[row.Code]; twice || !severities.MatchString(row.Severity) || row.Meaning == "" || row.Do == "" {
				t.Errorf("the row of %s stands twice or is not filled in", row.Code)
			}
			rows[row.Code] = false
		}
	}
	for _, p := range program(t) {
		if p.PkgPath == "planewise/planner/export/internal/sample" {
			continue // makes plans for tests
		}
		asked := compared(p.Syntax)
		for expr, tv := range p.TypesInfo.Types {
			at := p.Fset.Position(expr.Pos())
			switch {
			case !isCode(tv.Type) || tv.IsType() || asked[expr]:
			case tv.Value != nil:
				code := model.Code(constant.StringVal(tv.Value))
				if _, ok := rows[code]; !ok && code != "" {
					t.Errorf("%s: the code %s is not in the table (model/codes.go)", at, code)
				}
				rows[code] = true
			case madeOf(p.TypesInfo, expr):
				t.Errorf("%s: a diagnostic code is made of a word that nobody can see", at)
			}
		}
	}
	for code, used := range rows {
		if !used {
			t.Errorf("the table has %s, which nothing says (model/codes.go)", code)
		}
	}
}

var severities = regexp.MustCompile(`^(blocking|warning|info)($|; | (where|in) )`)

// program is the module's packages without their tests; the table itself is none of
// those that say something.
func program(t *testing.T) []*packages.Package {
	t.Helper()
	ps, err := packages.Load(&packages.Config{
		Dir:  moduleRoot(t),
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports,
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	out := ps[:0]
	for _, p := range ps {
		if len(p.Errors) > 0 {
			t.Fatal(fmt.Errorf("%s: %v", p.PkgPath, p.Errors))
		}
		if p.PkgPath != "planewise/model" {
			out = append(out, p)
		}
	}
	return out
}

func isCode(x types.Type) bool {
	named, ok := types.Unalias(x).(*types.Named)
	return ok && named.Obj().Name() == "Code" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "planewise/model"
}

// compared are the two sides of all comparisons: to ask for a code is not to say it.
func compared(files []*ast.File) map[ast.Expr]bool {
	out := map[ast.Expr]bool{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if b, ok := n.(*ast.BinaryExpr); ok && (b.Op == token.EQL || b.Op == token.NEQ) {
				out[b.X], out[b.Y] = true, true
			}
			return true
		})
	}
	return out
}

// madeOf reports whether an expression makes a code of something that is none: a
// conversion, or a sum.
func madeOf(info *types.Info, e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return true
	case *ast.CallExpr:
		return info.Types[e.Fun].IsType()
	}
	return false
}
