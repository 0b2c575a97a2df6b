package read_test

import (
	"io/fs"
	"planewise/model/snapshot/csm"
	. "planewise/model/snapshot/read"
	"strings"
	"testing"
	"testing/fstest"
)

// What lies behind a link or too deep may be an answer: it is not followed, and not
// passed over in silence.
func TestTreeSaysWhatItDoesNotRead(t *testing.T) {
	deep := strings.Repeat("d/", 40) + "nodes.json"
	const nodes = `{"kind":"NodeList","apiVersion":"v1","items":[{"metadata":{"name":"ncn-w001"}}]}`
	r := New(csm.Answers())
	err := r.Tree(fstest.MapFS{
		"nodes.json":          {Data: []byte(nodes)},
		"li\x1bnk.json":       {Data: []byte("elsewhere"), Mode: fs.ModeSymlink},
		deep:                  {Data: []byte(nodes)},
		".hidden/nodes.json":  {Data: []byte("{")},
		"socket":              {Mode: fs.ModeSocket},
		"sub/.hidden-too.txt": {Mode: fs.ModeSymlink},
	}, ".")
	if err != nil {
		t.Fatal(err)
	}
	s, notes := r.Snapshot()
	var said []string
	for _, n := range notes {
		if n.Code == "not-read" {
			said = append(said, n.Subject)
		}
	}
	if len(said) != 3 || strings.ContainsRune(strings.Join(said, ""), '\x1b') || !s.Partial || len(s.Nodes) != 1 {
		t.Errorf("said of %q, partial %v, %d nodes", said, s.Partial, len(s.Nodes))
	}
}
