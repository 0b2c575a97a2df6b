package planner

import (
	"sync/atomic"
	"testing"
)

func TestSideBySideDoesEachPieceOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 100} {
		done := make([]atomic.Int32, n)
		sideBySide(n, func(i int) { done[i].Add(1) })
		for i := range done {
			if got := done[i].Load(); got != 1 {
				t.Errorf("piece %d of %d was done %d times", i, n, got)
			}
		}
	}
}

func TestSideBySidePassesAPanicOn(t *testing.T) {
	defer func() {
		if p := recover(); p != "broken" {
			t.Errorf("recovered %v", p)
		}
	}()
	sideBySide(50, func(i int) {
		if i == 17 {
			panic("broken")
		}
	})
	t.Error("nothing was passed on")
}
