package resume

import (
	"testing"

	"planewise/model"
)

// What is left of a roll takes as long as the batches that are left: nodes that go all
// at once take no less time when they are fewer.
func TestRemainderTakesItsTurns(t *testing.T) {
	for _, c := range []struct {
		units, batch, done int
		want               int64 // of 6000 s
	}{
		{6, 1, 4, 2000}, {6, 1, 5, 1000}, {6, 2, 4, 2000}, {6, 2, 3, 4000}, {6, 6, 5, 6000}, {512, 512, 500, 6000}, {7, 3, 3, 4000}, {6, 0, 3, 3000},
	} {
		whole := model.Task{ID: "roll:a", Title: "Roll", Units: c.units, Batch: c.batch, Duration: &model.Estimate{P50s: 6000, P90s: 6000}}
		left := remainder(whole, c.done)
		if left.Duration.P50s != c.want || left.Duration.P90s != c.want || left.Units != c.units-c.done || left.Batch > left.Units {
			t.Errorf("%d of %d, %d at a time: %d s to %d s for %d, want %d s", c.done, c.units, c.batch, left.Duration.P50s, left.Duration.P90s, left.Units, c.want)
		}
		if whole.Duration.P90s != 6000 {
			t.Error("the whole was changed")
		}
	}
}
