package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	docs "planewise/model/document"
)

// seedFolders are the folders of the embedded documents, with the kind of what is in
// them. A document's name is its file's, without the extension.
var seedFolders = [...]struct {
	folder string
	kind   Kind
}{
	{"releases", Releases},
	{"mapping", Mappings},
	{"procedures", Procedures},
	{"systems", Systems},
	{"policies", Policies},
}

// Seed puts the documents that the program carries into the store: all of them into
// a new store, and after a change of the program what has changed. A document that
// the user put under the same name stays as it is, one that the user deleted stays
// away, and one that the program no longer carries goes. changed counts the names
// that point to something else afterwards. It does nothing, and reads the store
// only, when the same documents were seeded last.
func (s *Store) Seed(embedded fs.FS, at time.Time) (changed int, err error) {
	mark, err := fingerprint(embedded)
	if err != nil {
		return 0, err
	}
	seeded := ""
	if err := s.view(func(tx *bolt.Tx) error {
		seeded = string(tx.Bucket([]byte(bucketMeta)).Get([]byte(keySeed)))
		return nil
	}); err != nil || seeded == mark {
		return 0, err
	}
	carried, err := readEmbedded(embedded)
	if err != nil {
		return 0, err
	}
	err = s.update(func(tx *bolt.Tx) error {
		changed = 0
		for _, c := range carried {
			n, err := seed(tx, c, stamp(at))
			if err != nil {
				return err
			}
			changed += n
		}
		n, err := withdraw(tx, carried)
		if err != nil {
			return err
		}
		changed += n
		return tx.Bucket([]byte(bucketMeta)).Put([]byte(keySeed), []byte(mark))
	})
	return changed, err
}

// carried is a document of the program.
type carried struct {
	kind Kind
	name string
	data []byte
}

// fingerprint tells one set of embedded files from another. The schemas are a part
// of it: when the types change, the same file may have another canonical form.
func fingerprint(embedded fs.FS) (string, error) {
	sum := sha256.New()
	folders := []string{"schema"}
	for _, f := range seedFolders {
		folders = append(folders, f.folder)
	}
	for _, folder := range folders {
		files, err := embeddedFiles(embedded, folder)
		if err != nil {
			return "", err
		}
		for _, file := range files {
			text, err := fs.ReadFile(embedded, file)
			if err != nil {
				return "", fmt.Errorf("read embedded %s: %w", file, err)
			}
			fmt.Fprintf(sum, "%s %d\n", file, len(text))
			sum.Write(text)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// embeddedFiles lists the documents of a folder; one that does not exist has none.
func embeddedFiles(embedded fs.FS, folder string) ([]string, error) {
	entries, err := fs.ReadDir(embedded, folder)
	if err != nil {
		if _, statErr := fs.Stat(embedded, folder); statErr != nil {
			return nil, nil
		}
		return nil, fmt.Errorf("read embedded %s: %w", folder, err)
	}
	var files []string
	for _, e := range entries {
		switch path.Ext(e.Name()) {
		case ".yaml", ".yml", ".json":
			files = append(files, path.Join(folder, e.Name()))
		}
	}
	return files, nil
}

func readEmbedded(embedded fs.FS) ([]carried, error) {
	var all []carried
	for _, f := range seedFolders {
		files, err := embeddedFiles(embedded, f.folder)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := fs.ReadFile(embedded, file)
			if err != nil {
				return nil, fmt.Errorf("read embedded %s: %w", file, err)
			}
			data, err := docs.Recode(f.kind.document(), file, text)
			if err != nil {
				return nil, fmt.Errorf("internal error: an embedded document is broken: %w", err)
			}
			name := strings.TrimSuffix(path.Base(file), path.Ext(file))
			all = append(all, carried{f.kind, name, data})
		}
	}
	return all, nil
}

func seed(tx *bolt.Tx, c carried, at string) (changed int, err error) {
	old, known, err := lookup(tx, c.kind, c.name)
	if err != nil {
		return 0, err
	}
	r := record{Digest: hexOf(c.data), Origin: Embedded, At: at, Version: header(c.data).Version}
	if known && (old.Origin != Embedded || old.Digest == "" || old.Digest == r.Digest) {
		return 0, nil
	}
	return 1, put(tx, c.kind, c.name, r, c.data)
}

// withdraw removes the embedded documents that the program does not carry any more.
func withdraw(tx *bolt.Tx, all []carried) (changed int, err error) {
	keep := map[Kind]map[string]bool{}
	for _, c := range all {
		if keep[c.kind] == nil {
			keep[c.kind] = map[string]bool{}
		}
		keep[c.kind][c.name] = true
	}
	for _, f := range seedFolders {
		es, err := list(tx, f.kind)
		if err != nil {
			return 0, err
		}
		for _, e := range es {
			if e.Origin != Embedded || keep[f.kind][e.Name] {
				continue
			}
			if err := remove(tx, f.kind, e.Name); err != nil {
				return 0, err
			}
			changed++
		}
	}
	return changed, nil
}
