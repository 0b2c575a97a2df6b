package app

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"planewise/model/document"
	"planewise/tui"
)

// What is kept of a system's customizations is part of the plans on the screen, and
// only of that system's.
func TestScreenUsesStoredCustomizations(t *testing.T) {
	ctx, s := context.Background(), session(t)
	file := filepath.Join(t.TempDir(), "customizations.yaml")
	text := "apiVersion: customizations/v1\nspec: {kubernetes: {services: {cray-bos: {cray-service: {replicaCount: 1}}}}}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if !new(App).IsCustomizations(file) || new(App).IsCustomizations(filepath.Dir(file)) {
		t.Error("the file is not told from others")
	}
	kept, err := s.app.ImportCustomizations("demo", file)
	if err != nil {
		t.Fatal(err)
	}
	base, err := s.Open(ctx, tui.Question{})
	if err != nil {
		t.Fatal(err)
	}
	if c := base.Input.Customizations; c == nil || document.Digest(*c) != kept.Entry.Digest {
		t.Errorf("planned with %+v", c)
	}
	if base, err = s.Open(ctx, tui.Question{System: "large"}); err != nil || base.Input.Customizations != nil {
		t.Errorf("the large system is planned with those of the demo (%v)", err)
	}
}
