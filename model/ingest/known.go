package ingest

import (
	"io/fs"
	"path"
	"strings"

	"planewise/fixtures"
	"planewise/model"
)

// embedded reads the releases the program knows from the start. A tree that does
// not say its version is compared with them.
func embedded() ([]model.Release, error) {
	entries, err := fs.ReadDir(fixtures.FS, "releases")
	if err != nil {
		return nil, err
	}
	var releases []model.Release
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".yaml") {
			continue
		}
		name := path.Join("releases", e.Name())
		data, err := fixtures.FS.ReadFile(name)
		if err != nil {
			return nil, err
		}
		r, _, err := ReadNeutral("fixtures/"+name, data)
		if err != nil {
			return nil, err
		}
		releases = append(releases, r)
	}
	return releases, nil
}
