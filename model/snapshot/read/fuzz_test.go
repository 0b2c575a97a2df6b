package read_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"planewise/model/snapshot/csm"
	. "planewise/model/snapshot/read"
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/document"
)

// FuzzFile reads anything as a file. Whatever it is: no panic, the same answer
// twice, texts that are safe to show, and documents that can be written.
func FuzzFile(f *testing.F) {
	seeds, err := filepath.Glob("testdata/site/*")
	if err != nil || len(seeds) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range seeds {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, seed := range []string{"", "[]", "{}", "[1]", "No services reported", `{"items":[{}]}`, `{"items":{"a":1}}`, `{"Components":5}`, `{"Hardware":[]}`, `{"fsmap":{}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, notes := readBytes(t, data)
		again, _ := readBytes(t, data)
		a, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := json.Marshal(again); string(a) != string(b) {
			t.Errorf("read twice: %s and %s", a, b)
		}
		for _, n := range notes {
			if text := n.Subject + n.Summary + n.Hint; clean.Text(text) != text {
				t.Errorf("unsafe text %q", text)
			}
		}
		sys, more := s.System("x", nil, csm.Profile())
		if _, err := document.Canonical(sys); err != nil {
			t.Error(err)
		}
		releases, _ := s.Running(csm.Profile())
		for _, r := range releases {
			if _, err := document.Canonical(r); err != nil {
				t.Error(err)
			}
		}
		if model.HasBlocking(append(notes, more...)) {
			t.Error("an export cannot block a plan")
		}
	})
}

// FuzzArchive reads anything as an archive.
func FuzzArchive(f *testing.F) {
	f.Add([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0})
	f.Add([]byte("no archive"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := New(csm.Answers())
		r.BoundFloor(1 << 20)
		_ = r.Archive("a.tgz", strings.NewReader(string(data)))
		r.Snapshot()
	})
}
