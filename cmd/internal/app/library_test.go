package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"planewise/fixtures"
)

const mine = `{"format":"planewise.policy/1","name":"mine"}`

// What the program carries is there beside what the user keeps, gives way to it, and
// comes back when that is removed; removed itself, it stays away.
func TestCarriedBesideKept(t *testing.T) {
	a := testApp(t)
	list := func(want string) {
		t.Helper()
		entries, err := a.List(Policies)
		var got []string
		for _, e := range entries {
			got = append(got, e.Name+" "+e.Origin)
		}
		if err != nil || strings.Join(got, ", ") != want {
			t.Errorf("got %v, %v; want %s", got, err, want)
		}
	}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	list("fewest-windows embedded, jobs-first embedded, shortest-total embedded")
	ok(a.Remove(Policies, "fewest-windows"))
	_, err := a.put(Policies, "jobs-first", []byte(mine))
	ok(err)
	list("jobs-first user, shortest-total embedded")
	if doc, err := a.Document(Policies, "jobs-first"); err != nil || !strings.Contains(string(doc), `"mine"`) {
		t.Errorf("got %s, %v", doc, err)
	}
	if _, err := a.Document(Policies, "fewest-windows"); err == nil || !strings.Contains(err.Error(), "jobs-first, shortest-total") {
		t.Errorf("what was removed is there, or the error does not say what is: %v", err)
	}
	if err := a.Remove(Policies, "fewest-windows"); err == nil {
		t.Error("removed twice")
	}
	ok(a.Remove(Policies, "jobs-first"))
	list("jobs-first embedded, shortest-total embedded")
	_, err = a.put(Policies, "fewest-windows", []byte(mine))
	ok(err)
	list("fewest-windows user, jobs-first embedded, shortest-total embedded")
}

// An older planewise copied what it carried into the store. The copies count for
// nothing, and what was removed then stays away.
func TestCopiesOfAnOlderProgram(t *testing.T) {
	a := testApp(t)
	db, err := bolt.Open(a.StorePath, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		names, err := tx.Bucket([]byte("names")).CreateBucket([]byte("policy"))
		if err != nil {
			return err
		}
		documents, err := tx.Bucket([]byte("documents")).CreateBucket([]byte("policy"))
		if err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(mine))
		digest := hex.EncodeToString(sum[:])
		copied := fmt.Appendf(nil, `{"digest":%q,"origin":"embedded"}`, digest)
		for _, name := range []string{"jobs-first", "no-longer-carried"} {
			if err := names.Put([]byte(name), copied); err != nil {
				return err
			}
		}
		if err := names.Put([]byte("shortest-total"), []byte(`{"digest":"","origin":"embedded"}`)); err != nil {
			return err
		}
		return documents.Put([]byte(digest), []byte(mine))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := a.List(Policies)
	if err != nil || len(entries) != 2 || entries[0].Name != "fewest-windows" || entries[1].Name != "jobs-first" {
		t.Fatalf("got %v, %v", entries, err)
	}
	carried := fixtures.Documents(string(Policies))
	i := slices.IndexFunc(carried, func(d fixtures.Document) bool { return d.Name == "jobs-first" })
	doc, err := a.Document(Policies, "jobs-first")
	if want, _ := carried[i].Content(); err != nil || string(doc) != string(want) {
		t.Errorf("got %s, %v", doc, err)
	}
	if err := a.Remove(Policies, "jobs-first"); err != nil {
		t.Error(err)
	}
	if entries, err := a.List(Policies); err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v", entries, err)
	}
}
