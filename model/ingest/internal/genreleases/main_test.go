package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A folder that is no tree is named; what is no folder of a version is passed over,
// and nothing is written for it.
func TestRun(t *testing.T) {
	corpus, out := t.TempDir(), t.TempDir()
	if err := run(filepath.Join(corpus, "none"), out); err == nil {
		t.Error("a corpus that is not there was read")
	}
	for _, d := range []string{"notes", ".git"} {
		if err := os.Mkdir(filepath.Join(corpus, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(corpus, "v1.0.0"), []byte("a file"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(corpus, out); err != nil {
		t.Error(err)
	}
	if err := os.Mkdir(filepath.Join(corpus, "v2.0.0"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := run(corpus, out); err == nil || !strings.Contains(err.Error(), "v2.0.0") {
		t.Errorf("an empty tree: %v", err)
	}
	if made, _ := os.ReadDir(out); len(made) > 0 {
		t.Errorf("%d files were written", len(made))
	}
}
