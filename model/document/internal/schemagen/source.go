package schemagen

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// source is what the schemas take from the text of package model.
type source struct {
	types  map[string]string    // type -> its comment
	fields map[string]string    // Type.Field -> its comment
	consts map[string][]meaning // type -> its constants in written order
	names  map[string][]string  // type -> Go name, JSON name, Go name, ... of its fields
}

type meaning struct{ word, text string }

func readSource(dir string) (source, error) {
	s := source{map[string]string{}, map[string]string{}, map[string][]meaning{}, map[string][]string{}}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		return s, fmt.Errorf("no Go source in %s", dir)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return s, err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ParseComments)
		if err != nil {
			return s, err
		}
		for _, d := range parsed.Decls {
			if decl, ok := d.(*ast.GenDecl); ok {
				s.declaration(decl)
			}
		}
	}
	return s, nil
}

func (s source) declaration(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			doc := spec.Doc
			if doc == nil {
				doc = decl.Doc
			}
			s.types[spec.Name.Name] = flow(doc)
			if st, ok := spec.Type.(*ast.StructType); ok {
				s.structFields(spec.Name.Name, st)
			}
		case *ast.ValueSpec:
			s.constant(spec)
		}
	}
}

func (s source) constant(spec *ast.ValueSpec) {
	typ, ok := spec.Type.(*ast.Ident)
	if !ok || len(spec.Values) != 1 {
		return
	}
	lit, ok := spec.Values[0].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	word, err := strconv.Unquote(lit.Value)
	if err != nil {
		return
	}
	text := flow(spec.Comment)
	if text == "" {
		// "Blocking: the plan must not ..." repeats the word.
		_, after, found := strings.Cut(flow(spec.Doc), ": ")
		if found {
			text = after
		}
	}
	s.consts[typ.Name] = append(s.consts[typ.Name], meaning{word, strings.TrimSuffix(text, ".")})
}

// structFields notes the comments of a struct's fields. A comment often speaks of
// the fields after it too ("PerUnit: one node. Duration: the whole stage."); a
// field without a comment has the last one that names it.
func (s source) structFields(typ string, st *ast.StructType) {
	group := ""
	for _, f := range st.Fields.List {
		if f.Doc != nil {
			group = flow(f.Doc)
		}
		text := flow(f.Doc)
		if text == "" {
			text = flow(f.Comment)
		} else if f.Comment != nil {
			text += " " + flow(f.Comment)
		}
		for _, name := range f.Names {
			if f.Tag != nil {
				tag, _ := strconv.Unquote(f.Tag.Value)
				jsonName, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
				if jsonName != "" && jsonName != "-" {
					s.names[typ] = append(s.names[typ], name.Name, jsonName)
				}
			}
			t := text
			if t == "" && regexp.MustCompile(`\b`+name.Name+`\b`).MatchString(group) {
				t = group
			}
			s.fields[typ+"."+name.Name] = t
		}
	}
}

// flow is a comment as one line of text; what stands after a blank line is left
// out, it is for readers of the source.
func flow(c *ast.CommentGroup) string {
	if c == nil {
		return ""
	}
	text, _, _ := strings.Cut(c.Text(), "\n\n")
	return strings.Join(strings.Fields(text), " ")
}

// say rewrites Go's field names in a comment to the names in the document.
func (s source) say(typ, text string) string {
	names := s.names[typ]
	for i := 0; i+1 < len(names); i += 2 {
		text = regexp.MustCompile(`\b`+names[i]+`\b`).ReplaceAllLiteralString(text, names[i+1])
	}
	return text
}

func (s source) typeDoc(t reflect.Type) string { return s.say(t.Name(), s.types[t.Name()]) }

func (s source) fieldDoc(owner reflect.Type, f reflect.StructField) string {
	return s.say(owner.Name(), s.fields[owner.Name()+"."+f.Name])
}

// enum is the words of a type's constants, and in one sentence what they mean.
func (s source) enum(t reflect.Type) (words []string, meanings string) {
	var parts []string
	for _, m := range s.consts[t.Name()] {
		words = append(words, m.word)
		if m.text != "" {
			parts = append(parts, m.word+": "+m.text)
		}
	}
	if len(parts) > 0 {
		meanings = strings.Join(parts, "; ") + "."
	}
	return words, meanings
}
