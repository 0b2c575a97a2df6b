package diff

import (
	"testing"

	"planewise/model"
)

func TestUndeployedAfterwards(t *testing.T) {
	r := &model.Release{Manifests: []model.Manifest{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
	for _, c := range []struct {
		own, before string
		want        bool
	}{{"b", "a", false}, {"b", "b", false}, {"b", "c", true}, {"b", "", true}, {"b", "?", false}, {"?", "c", false}} {
		if got := (undeploy{release: r, before: c.before}).afterwards(c.own); got != c.want {
			t.Errorf("a chart of %q, removed before %q is shipped: %v", c.own, c.before, got)
		}
	}
}
