package brief

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"planewise/model"
)

// Stable is a name that stays the same when the plan is made again, for programs
// that update what they have by its name: 24 hex digits of the series, the
// bundle's key and what else tells two things apart.
func (b *Brief) Stable(bundle model.ActionID, more ...string) string {
	parts := append([]string{b.Series(), string(bundle)}, more...)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// Word is a name as a part of a file or object name: at most n lower-case
// letters, digits and dashes, none at its ends; "unnamed" where nothing is left.
func Word(s string, n int) string {
	word := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, s[:min(len(s), n)])
	if word = strings.Trim(word, "-"); word == "" {
		return "unnamed"
	}
	return word
}
