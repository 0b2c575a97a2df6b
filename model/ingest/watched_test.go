package ingest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"planewise/model/file"
)

func TestArchivesAreWatched(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	tw := tar.NewWriter(z)
	doc := "format: planewise.release/1\nproduct: toy\nversion: 1.0.0\ncomponents:\n  - {kind: chart, name: api, namespace: ns, version: 1.0.0}\n"
	if err := tw.WriteHeader(&tar.Header{Name: NeutralName, Mode: 0o644, Size: int64(len(doc))}); err != nil {
		t.Fatal(err)
	}
	if _, err := tw.Write([]byte(doc)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(tw.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(dir, "toy.tar.gz")
	if err := os.WriteFile(archive, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var last, total int64
	r, _, err := ReadWith(nil, archive, func(done, all int64) {
		if done < last {
			t.Errorf("it went back from %d to %d", last, done)
		}
		last, total = done, all
	})
	if err != nil || r.Ref() != "toy-1.0.0" {
		t.Fatalf("read %s: %v", r.Ref(), err)
	}
	if size := int64(b.Len()); last != size || total != size {
		t.Errorf("watched %d of %d bytes, the file has %d", last, total, size)
	}
	stop := errors.New("enough")
	ctx, end := context.WithCancelCause(context.Background())
	if _, _, err := ReadWith(file.NewReader(ctx, nil), archive, func(int64, int64) { end(stop) }); !errors.Is(err, stop) {
		t.Errorf("stopped, it gave %v", err)
	}
	document := filepath.Join(dir, NeutralName)
	if err := os.WriteFile(document, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, _, err := ReadWith(nil, document, func(int64, int64) {}); err != nil || r.Ref() != "toy-1.0.0" {
		t.Errorf("a document gave %s: %v", r.Ref(), err)
	}
	if _, _, err := ReadWith(nil, filepath.Join(dir, "missing"), nil); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a missing file gave %v", err)
	}
}
