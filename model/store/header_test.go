package store

import (
	"os"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// Each header page is reported by itself, and what its damage took with it.
func TestCheckLooksAtBothHeaders(t *testing.T) {
	size := os.Getpagesize()
	for _, c := range []struct {
		name   string
		broken func(newest, older []byte)
		want   string
		last   bool // what was put last is there
	}{
		{"none", func(_, _ []byte) {}, "", true},
		{"the older", func(_, older []byte) { older[pageHeader+metaChecked]++ }, "it was the older of the two, and nothing is lost", true},
		{"the newest", func(newest, _ []byte) { newest[pageHeader+metaChecked]++ }, "it held the last change (number 5), which is gone", false},
		{"the newest beyond reading", func(newest, _ []byte) { clear(newest) }, "it may have held the last change (number 5), which is gone then", false},
		{"the older beyond reading", func(_, older []byte) { clear(older) }, "it may have held the last change (number 6), which is gone then", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := edit(t, func(*bolt.Tx) error { return nil })
			if err := s.SetNote("last", "x", noon); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(s.path)
			if err != nil {
				t.Fatal(err)
			}
			first, second := b[:size], b[size:2*size]
			if parseMeta(first[pageHeader:]).tx > parseMeta(second[pageHeader:]).tx {
				c.broken(first, second)
			} else {
				c.broken(second, first)
			}
			if err := os.WriteFile(s.path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			ds, err := s.Check()
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case c.want == "" && len(ds) > 0, c.want != "" && (len(ds) != 1 || !strings.Contains(ds[0].Summary, c.want)):
				t.Errorf("got %v, want %q", ds, c.want)
			}
			if ns, err := s.Notes(); err != nil || (len(ns) == 1) != c.last {
				t.Errorf("notes %v, %v", ns, err)
			}
			// The next change heals it.
			if err := s.SetNote("next", "x", noon); err != nil {
				t.Fatal(err)
			}
			if ds, err := s.Check(); err != nil || len(ds) > 0 {
				t.Errorf("after the next change: %v, %v", ds, err)
			}
		})
	}
}
