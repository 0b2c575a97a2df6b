package store

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

// withPlans is a store with a release and many plans of 2.5 MB, as those of real pairs
// are with their documents embedded: words that occur again and again.
func withPlans(b *testing.B, n int) *Store {
	b.Helper()
	s, err := Open(filepath.Join(b.TempDir(), "store.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := s.Put(Releases, "csm-1.5.2", release("1.5.2"), noon); err != nil {
		b.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		var text strings.Builder
		for text.Len() < 2_500_000 {
			fmt.Fprintf(&text, "chart:services/cray-%d ships %d ", rnd.IntN(300), rnd.IntN(5000))
		}
		if _, err := s.Put(Plans, fmt.Sprintf("plan-%d", i), fmt.Appendf(nil, `{"format":"planewise.plan/1","x":%q}`, text.String()), noon); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// What a command pays for the store does not depend on the plans that are kept.
func BenchmarkStore(b *testing.B) {
	for _, n := range []int{0, 1, 40} {
		s := withPlans(b, n)
		b.Run(fmt.Sprintf("open/plans=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() { // each as a process does: nothing is known of the file
				if _, err := Open(s.Path(), Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("get/plans=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Get(Releases, "csm-1.5.2"); err != nil {
					b.Fatal(err)
				}
			}
		})
		if n == 0 {
			continue
		}
		b.Run(fmt.Sprintf("get a plan/plans=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Get(Plans, "plan-0"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
