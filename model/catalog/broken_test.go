package catalog_test

import (
	"testing"

	"planewise/model"
	"planewise/model/catalog"
)

// Who reads the mapping has to learn that something was cut out of a need.
func TestWhatIsCutOutOfNeedsIsMarked(t *testing.T) {
	a := model.Need{Service: "a"}
	for name, c := range map[string]struct {
		need   model.Need
		broken bool
	}{
		"in order":     {a, false},
		"unknown name": {model.Need{All: []model.Need{a, {Service: "made-up"}}}, true},
		"2 of 1":       {model.Need{Of: []model.Need{a}, AtLeast: 2}, true},
		"needs itself": {model.Need{All: []model.Need{a, {Capability: "p.x"}}}, true},
	} {
		x := model.Capability{ID: "p.x", Plane: "p", Importance: model.Major, Needs: &c.need}
		s := model.Service{ID: "s", Needs: &c.need}
		got, _ := catalog.New(model.Mapping{Planes: []model.Plane{{ID: "p"}}, Capabilities: []model.Capability{x}, Services: []model.Service{{ID: "a"}, s}})
		if b := got.Capabilities()[0].Broken; b != c.broken {
			t.Errorf("%s: the capability is marked %v", name, b)
		}
		if b := got.Services()[1].Broken; b != c.broken && name != "needs itself" {
			t.Errorf("%s: the service is marked %v", name, b)
		}
	}
}
