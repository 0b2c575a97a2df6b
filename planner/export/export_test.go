package export_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner/export"
	"planewise/planner/export/internal/sample"
)

var update = flag.Bool("update", false, "write the golden files anew; look at the difference before you commit it")

// The sample in every format, file by file, is what testdata holds.
func TestGolden(t *testing.T) {
	for _, f := range export.Formats() {
		t.Run(f.Name, func(t *testing.T) {
			files, _, err := export.Write(f.Name, sample.Plan(), export.Options{})
			if err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join("testdata", f.Name)
			if *update {
				if err := os.RemoveAll(dir); err != nil {
					t.Fatal(err)
				}
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			for _, file := range files {
				path := filepath.Join(dir, file.Name+".golden")
				if *update {
					if err := os.WriteFile(path, file.Data, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(file.Data, want) {
					t.Errorf("%s differs from %s: first at %s", file.Name, path, firstDifference(file.Data, want))
				}
			}
			kept, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			if len(kept) != len(files) {
				t.Errorf("%d files were made, testdata holds %d", len(files), len(kept))
			}
		})
	}
}

func firstDifference(a, b []byte) string {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			return x[i]
		}
	}
	return "the end"
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,79}$`)

// Whatever a plan says, file names stay plain and different from each other, and
// making the files twice gives the same bytes.
func TestHostileNames(t *testing.T) {
	for name, attack := range sample.Attacks() {
		t.Run(name, func(t *testing.T) {
			for _, f := range export.Formats() {
				// The hostile plan's releases have other names than those it embeds.
				o := export.Options{}
				o.Loftsman.Releases = []model.Release{sample.Release()}
				files, _, err := export.Write(f.Name, sample.Hostile(attack), o)
				if err != nil {
					t.Fatalf("%s: %v", f.Name, err)
				}
				again, _, _ := export.Write(f.Name, sample.Hostile(attack), o)
				seen := map[string]bool{}
				for i, file := range files {
					if !plainName.MatchString(file.Name) || seen[file.Name] {
						t.Errorf("%s: file name %q", f.Name, file.Name)
					}
					seen[file.Name] = true
					if !bytes.Equal(file.Data, again[i].Data) {
						t.Errorf("%s: %s differs when made again", f.Name, file.Name)
					}
				}
			}
		})
	}
}

func TestUnknownFormat(t *testing.T) {
	_, _, err := export.Write("pdf", sample.Plan(), export.Options{})
	if err == nil || !strings.Contains(err.Error(), "html") {
		t.Errorf("%v does not name the formats", err)
	}
}
