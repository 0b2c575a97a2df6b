package snapshot

import (
	"fmt"

	"planewise/model"
	"planewise/model/clean"
)

// Notes collects diagnostics. Texts from exports are made safe to show.
type Notes struct{ list []model.Diagnostic }

// Add adds one. Hint says what to do about it.
func (n *Notes) Add(severity model.Severity, code model.Code, subject, hint, format string, args ...any) {
	n.list = append(n.list, model.Diagnostic{
		Severity: severity, Code: code, Subject: clean.Text(subject),
		Summary: clean.Text(fmt.Sprintf(format, args...)), Hint: clean.Text(hint),
	})
}

// Take adds one that was made elsewhere.
func (n *Notes) Take(d model.Diagnostic) {
	d.Subject, d.Summary, d.Hint = clean.Text(d.Subject), clean.Text(d.Summary), clean.Text(d.Hint)
	n.list = append(n.list, d)
}

// Sorted are all of them, each once.
func (n *Notes) Sorted() []model.Diagnostic { return model.SortDiagnostics(n.list) }
