package diff

import (
	"fmt"
	"strings"
	"testing"

	"planewise/model"
)

// Of a release without its lists nobody knows what left it.
func TestMissingLists(t *testing.T) {
	side := func(product, version string, images, packages int) model.Release {
		r := model.Release{Product: product, Version: version, Manifests: []model.Manifest{{Name: "a", Deployed: true}}}
		r.Components = append(r.Components, model.Component{Kind: model.KindChart, Namespace: "s", Name: product, Version: version, Manifest: "a"})
		for i := range images {
			r.Components = append(r.Components, model.Component{Kind: model.KindImage, Name: fmt.Sprint(product, "i", i), Version: version})
		}
		for i := range packages {
			r.Components = append(r.Components, model.Component{Kind: model.KindRPM, Name: fmt.Sprint(product, "p", i), Arch: "noarch", Version: version})
		}
		return r
	}
	for _, c := range []struct {
		name             string
		images, packages int // of the target; the start has 20 and 12
		changes          int
		says             []string
	}{
		{"both lists", 0, 0, 1, []string{"12 packages", "20 container images", "p-2"}},
		{"packages", 20, 0, 21, []string{"12 packages"}},
		{"images", 0, 12, 13, []string{"20 container images"}},
		{"one is left", 1, 12, 33, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			other := side("q", "1", 3, 3)
			changes, ds := Between([]model.Release{side("p", "1", 20, 12), other}, []model.Release{side("p", "2", c.images, c.packages), side("q", "2", 0, 3)}, nil)
			own := 0
			for _, ch := range changes {
				if strings.Contains(string(ch.ID), "p") && !strings.Contains(string(ch.ID), "q") {
					own++
				}
			}
			if own != c.changes {
				t.Errorf("%d changes, want %d", own, c.changes)
			}
			text := ""
			for _, d := range ds {
				if d.Code == CodeMissingList {
					text += d.Subject + ": " + d.Summary + "; "
				}
			}
			if (len(c.says) == 0) != (text == "") || strings.Contains(text, "q:") {
				t.Errorf("said %q", text)
			}
			for _, want := range c.says {
				if !strings.Contains(text, want) {
					t.Errorf("said %q, want %q", text, want)
				}
			}
		})
	}
}
