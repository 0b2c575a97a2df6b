// Package document reads and writes planewise's own documents: releases,
// mappings, procedures, systems, policies, customizations and plans.
//
// What people write (YAML or JSON) is read strictly: the format word first, then
// the whole document against its published JSON Schema, and every problem is
// reported at once with its line and a remedy. What planewise writes has one
// canonical form (see Canonical), so that equal content has equal bytes and one
// digest.
//
// The schemas in fixtures/schema are derived from the types of package model, and the
// documents in fixtures/canonical are written from them.
// After a change to those types, or to the table of limits in
// internal/schemagen, bring both up to date with
//
//	go run ./model/document/internal/genschema
//	go generate ./fixtures
//
// A plan is different from the documents that people write: it has to open for
// ever. A reader keeps the fields it does not know and writes them again, and
// opens plans of a newer format for reading (see DecodePlan).
package document

import (
	"fmt"
	"reflect"

	"planewise/model/yamldoc"
)

// Decode reads one document that a person may have written: a release, mapping,
// procedure, system or policy, by its Go type. Name is the file's name, for
// messages; nothing is opened. A procedure may extend one that the program carries
// (see DecodeProcedure). The error is an *Error, or one of package yamldoc
// where the text cannot be read at all. Plans are read with DecodePlan.
func Decode[T any](name string, data []byte) (T, error) {
	var v, none T
	if err := decode(name, data, reflect.ValueOf(&v).Elem(), embeddedProcedure); err != nil {
		return none, err
	}
	return v, nil
}

// Recode reads a document of the named kind and returns its canonical form.
func Recode(kindName, name string, data []byte) ([]byte, error) {
	k, err := kindNamed(kindName)
	if err != nil {
		return nil, err
	}
	v := reflect.New(k.typ).Elem()
	if err := decode(name, data, v, embeddedProcedure); err != nil {
		return nil, err
	}
	return Canonical(v.Interface())
}

func decode(name string, data []byte, v reflect.Value, base Lookup) error {
	k, err := kindOf(v.Type())
	if err != nil {
		return err
	}
	if k.name == "plan" {
		return fmt.Errorf("internal error: %s: a plan is read with DecodePlan", name)
	}
	root, err := k.tree(name, data, extender{find: base})
	if err != nil {
		return err
	}
	b := binder{}
	b.bind(root, v)
	return failure(name, b.problems)
}

// tree is the document's tree, checked and, of a procedure, complete.
func (k kind) tree(name string, data []byte, x extender) (*yamldoc.Value, error) {
	doc, _, err := yamldoc.Parse(name, data, yamldoc.Options{})
	if err != nil {
		return nil, err
	}
	newer, err := k.checkFormat(doc)
	if err != nil {
		return nil, err
	}
	if newer {
		return nil, k.tooNew(doc)
	}
	root := doc.Root
	if err := k.check(name, root); err != nil || k.name != "procedure" || !partial(root) {
		return root, err
	}
	if root, err = x.complete(name, root); err != nil {
		return nil, err
	}
	return root, k.check(name, root)
}

func (k kind) check(name string, root *yamldoc.Value) error {
	breaches, err := k.validate(root)
	if err != nil {
		return err
	}
	return failure(name, problems(breaches))
}

func problems(bs []breach) []Problem {
	var ps []Problem
	for _, b := range bs {
		ps = append(ps, b.Problem)
	}
	return ps
}
