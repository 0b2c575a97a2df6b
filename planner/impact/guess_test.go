package impact

import (
	"testing"

	"planewise/model"
)

// What this program assumes where nothing is known never passes for more than that.
func TestGuessesSayThatTheyAre(t *testing.T) {
	if e := guess(60, 300, "the restart"); e.Basis != model.BasisDefault || e.Source != "" || e.P50s != 60 || e.P90s != 300 {
		t.Errorf("%+v", e)
	}
}
