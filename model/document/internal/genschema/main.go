// Command genschema writes the JSON Schemas of planewise's documents:
//
//	go run ./model/document/internal/genschema
//
// It is run after a change to the types of package model, or to the table of
// limits in package schemagen.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"planewise/model/document/internal/schemagen"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "genschema:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	schemas, err := schemagen.Generate(filepath.Join(root, "model"))
	if err != nil {
		return err
	}
	for _, r := range schemagen.Roots() {
		file := filepath.Join(root, "fixtures", "schema", r.Kind+".schema.json")
		if err := os.WriteFile(file, schemas[r.Kind], 0o644); err != nil {
			return err
		}
	}
	return nil
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no go.mod here or above; run it inside the module")
		}
		dir = parent
	}
}
