package cli

import (
	"strings"
	"testing"

	"planewise/model"
)

// The topic of words has each word that a plan can hold for a level, a basis, a
// footprint, a direction of change, an importance, a status or a severity.
func TestHelpHasAllWords(t *testing.T) {
	var words []string
	for l := model.None; l <= model.Outage; l++ {
		words = append(words, l.String())
	}
	for b := model.Basis(0); !strings.Contains(b.String(), "("); b++ { // past the last it is "basis(7)"
		words = append(words, b.String())
	}
	for f := model.Footprint(0); !strings.Contains(f.String(), "("); f++ {
		words = append(words, f.String())
	}
	for _, d := range []model.Direction{model.Upgrade, model.Downgrade, model.Added, model.Removed, model.Orphaned, model.Moved, model.ValuesOnly, model.Changed} {
		words = append(words, string(d))
	}
	for _, word := range append(words, string(model.Critical), string(model.Major), string(model.Minor),
		string(model.StaySupported), string(model.StayNotSupported), string(model.StayUnknown),
		string(model.Blocking), string(model.Warning), string(model.Info)) {
		if !strings.Contains(topicWords, word) {
			t.Errorf("planewise help words does not say what %q is", word)
		}
	}
}
