// Command genreleases writes the neutral releases of fixtures/releases from a
// folder of release trees:
//
//	go run ./model/ingest/internal/genreleases -corpus ../shared/corpus/csm -out fixtures/releases
//
// Of a tree only names, versions, order and settings are kept. A test of package
// ingest derives the documents again and compares.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"planewise/model/ingest"
)

func main() {
	corpus := flag.String("corpus", "../shared/corpus/csm", "folder of release trees, each in a folder called vX.Y.Z")
	out := flag.String("out", "fixtures/releases", "folder to write to")
	flag.Parse()
	if err := run(*corpus, *out); err != nil {
		fmt.Fprintln(os.Stderr, "genreleases:", err)
		os.Exit(1)
	}
}

func run(corpus, out string) error {
	trees, err := os.ReadDir(corpus)
	if err != nil {
		return err
	}
	for _, t := range trees {
		if !t.IsDir() || !strings.HasPrefix(t.Name(), "v") {
			continue
		}
		r, diagnostics, err := ingest.Read(filepath.Join(corpus, t.Name()))
		if err != nil {
			return err
		}
		for _, d := range diagnostics {
			fmt.Fprintf(os.Stderr, "%s: %s: %s\n", d.Severity, d.Subject, d.Summary)
		}
		file := filepath.Join(out, r.Ref()+".yaml")
		if r.Date, err = dateIn(file); err != nil {
			return err
		}
		data, err := ingest.WriteNeutral(r)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// dateIn is the date of a release as its file has it, which no tree says; "" where
// there is no file yet.
func dateIn(file string) (string, error) {
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	r, _, err := ingest.ReadNeutral(file, data)
	return r.Date, err
}
