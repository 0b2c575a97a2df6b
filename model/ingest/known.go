package ingest

import (
	"fmt"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/document"
)

// embedded reads the releases the program knows from the start. A tree that does
// not say its version is compared with them.
func embedded() ([]model.Release, error) {
	var releases []model.Release
	for _, d := range fixtures.Documents("release") {
		data, err := d.Content()
		if err != nil {
			return nil, err
		}
		r, err := document.Kept[model.Release](data)
		if err != nil {
			return nil, fmt.Errorf("internal error: the release %s that the program carries: %w", d.Name, err)
		}
		releases = append(releases, r)
	}
	return releases, nil
}
