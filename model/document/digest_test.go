package document_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/document"
)

// A release is the same with and without its date; of everything else every byte counts.
func TestDigestLeavesOutTheDate(t *testing.T) {
	plain := model.Release{Format: model.FormatRelease, Product: "p", Version: "1.0.0\n  \"date\": 1", Components: []model.Component{
		{Kind: model.KindOther, Name: "date", Version: "2025-01-01"},
	}}
	dated, later := plain, plain
	dated.Date, later.Date = "2025-01-01", "2025-02-02"
	other := dated
	other.Version = "1.0.1"
	want := document.Digest(plain)
	if document.Digest(dated) != want || document.Digest(later) != want {
		t.Error("the date counts")
	}
	if document.Digest(other) == want {
		t.Error("the version does not count")
	}
	data, err := document.Canonical(dated)
	if err != nil {
		t.Fatal(err)
	}
	same, err := document.Canonical(plain)
	if err != nil || string(document.Undated(data)) != string(same) || string(document.Undated(same)) != string(same) {
		t.Errorf("undated it is %s, %v", document.Undated(data), err)
	}
	sum := sha256.Sum256(data)
	older := "sha256:" + hex.EncodeToString(sum[:])
	if !document.Matches(want, data) || !document.Matches(older, data) || document.Matches(older, same) || document.Matches(want, []byte(strings.Replace(string(data), "p", "q", 1))) {
		t.Error("a digest is matched wrongly")
	}
	policy := []byte("{\n  \"format\": \"planewise.policy/1\",\n  \"date\": \"2025-01-01\",\n  \"name\": \"p\"\n}\n")
	if string(document.Undated(policy)) != string(policy) {
		t.Error("the date of something else is left out")
	}
}
