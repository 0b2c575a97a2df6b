package read_test

import (
	"bytes"
	"io"
	"planewise/model/snapshot/csm"
	. "planewise/model/snapshot/read"
	"strings"
	"testing"
	"time"

	"planewise/model"
	"planewise/model/snapshot"
)

// zero is the time of a file whose time is not known.
var zero time.Time

func reader(s string) io.Reader { return strings.NewReader(s) }

// read reads texts as files a.json, b.json ...
func read(t *testing.T, texts ...string) (snapshot.Snapshot, []model.Diagnostic) {
	t.Helper()
	r := New(csm.Answers())
	for i, text := range texts {
		if err := r.File(string(rune('a'+i))+".json", time.Time{}, reader(text)); err != nil {
			t.Fatal(err)
		}
	}
	return r.Snapshot()
}

func hasCode(notes []model.Diagnostic, code model.Code) bool {
	for _, n := range notes {
		if n.Code == code {
			return true
		}
	}
	return false
}

func expectCode(t *testing.T, notes []model.Diagnostic, code model.Code) {
	t.Helper()
	if !hasCode(notes, code) {
		t.Errorf("no diagnostic %s among %v", code, notes)
	}
}

func readBytes(t *testing.T, data []byte) (snapshot.Snapshot, []model.Diagnostic) {
	t.Helper()
	r := New(csm.Answers())
	if err := r.File("a.json", zero, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	return r.Snapshot()
}
