package planner

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// sideBySide does n pieces of work that do not touch each other, on as many
// processors as there are. What comes out must not depend on their order. A panic
// in one of them is the caller's, as if it had done the work itself.
func sideBySide(n int, work func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers < 2 {
		for i := range n {
			work(i)
		}
		return
	}
	var (
		next   atomic.Int64
		all    sync.WaitGroup
		failed atomic.Pointer[any]
	)
	for range workers {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					failed.CompareAndSwap(nil, &p)
				}
			}()
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				work(int(i - 1))
			}
		})
	}
	all.Wait()
	if p := failed.Load(); p != nil {
		panic(*p)
	}
}
