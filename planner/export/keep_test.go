package export_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var keepIn = flag.String("keep", "", "write the real plan's files into this folder, to look at them in a browser or an editor")

func exportTo() string { return *keepIn }

func keep(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}
