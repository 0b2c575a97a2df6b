// Command gendocuments writes the folder fixtures/canonical, the documents that the
// program carries in the form in which it reads them: checked, canonical JSON, with
// their digests. It is run by
//
//	go generate ./fixtures
//
// after a change to the YAML in fixtures, or to the types of package model. The parts
// of the default mapping become one document, merged.
package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/model/yamldoc"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gendocuments:", err)
		os.Exit(1)
	}
}

// run works in the folder fixtures, where go generate starts it.
func run() error {
	files, err := generate(os.DirFS("."))
	if err != nil {
		return err
	}
	if err := os.RemoveAll("canonical"); err != nil {
		return err
	}
	for name, data := range files {
		file := filepath.Join("canonical", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// folders of the sources, with the kind of document in each but the mapping's.
var folders = map[string]string{
	"releases": "release", "procedures": "procedure", "systems": "system", "policies": "policy",
}

// generate makes the files by their path below fixtures/canonical.
func generate(sources fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	for folder, kind := range folders {
		err := each(sources, folder, func(file string, text []byte) (err error) {
			name := strings.TrimSuffix(path.Base(file), ".yaml")
			files[kind+"/"+name+".json"], err = canonical(sources, kind, file, text)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	var err error
	if files["mapping/default.json"], err = mapping(sources); err != nil {
		return nil, err
	}
	var sums strings.Builder
	for _, file := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&sums, "%s  %s\n", strings.TrimPrefix(document.DigestBytes(files[file]), "sha256:"), file)
	}
	files["DIGESTS"] = []byte(sums.String())
	return files, nil
}

// canonical is a document's canonical form. Procedures extend the sources of others, not
// what was made of them before.
func canonical(sources fs.FS, kind, file string, text []byte) ([]byte, error) {
	if kind != "procedure" {
		return document.Recode(kind, file, text)
	}
	p, err := document.DecodeProcedure(file, text, func(name string) (string, []byte, bool) {
		return procedure(sources, name)
	})
	if err != nil {
		return nil, err
	}
	return document.Canonical(p)
}

// procedure finds the source that calls itself name.
func procedure(sources fs.FS, name string) (file string, text []byte, ok bool) {
	// No source is one that cannot be read: each of them is read in its turn.
	_ = each(sources, "procedures", func(f string, t []byte) error {
		if doc, _, err := yamldoc.Parse(f, t, yamldoc.Options{}); err == nil && doc.Root.Get("name").String() == name {
			file, text, ok = f, t, true
		}
		return nil
	})
	return file, text, ok
}

// mapping is the default mapping as plans carry it. Nothing may be wrong with it: what
// is to be said of it would be said here, and not to the user.
func mapping(sources fs.FS) ([]byte, error) {
	var parts []model.Mapping
	err := each(sources, "mapping", func(file string, text []byte) error {
		part, err := document.Decode[model.Mapping](file, text)
		parts = append(parts, part)
		return err
	})
	if err != nil {
		return nil, err
	}
	merged, said := catalog.New(catalog.Join("default", parts...))
	if len(said) > 0 {
		return nil, fmt.Errorf("the default mapping: %s: %s (%d in all)", said[0].Subject, said[0].Summary, len(said))
	}
	return document.Canonical(merged.Mapping())
}

// each calls do for the YAML files of a folder, by name.
func each(sources fs.FS, folder string, do func(file string, text []byte) error) error {
	files, err := fs.Glob(sources, folder+"/*.yaml")
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := fs.ReadFile(sources, file)
		if err == nil {
			err = do(file, text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
