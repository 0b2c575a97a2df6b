package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"planewise/model/document/internal/schemagen"
)

// What the command would write is what is there: nobody forgot to run it.
func TestSchemasAreUpToDate(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := schemagen.Generate(filepath.Join(root, "model"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range schemagen.Roots() {
		file := filepath.Join(root, "fixtures", "schema", r.Kind+".schema.json")
		if data, err := os.ReadFile(file); err != nil || !bytes.Equal(data, schemas[r.Kind]) {
			t.Errorf("%s is not what the types say (%v): go run ./model/document/internal/genschema", file, err)
		}
	}
}

func TestOutsideOfTheModule(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := moduleRoot(); err == nil || !strings.Contains(err.Error(), "run it inside the module") {
		t.Errorf("%v", err)
	}
}
