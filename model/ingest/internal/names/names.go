// Package names checks the texts that identify things in releases. They are
// printed on terminals, written into calendars and used in ids, so a text that
// could move a cursor or hide itself is refused where it enters.
package names

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// maxLength of a name or version in bytes. Kubernetes allows 253; file names 255.
const maxLength = 1000

// Check says what is wrong with a name, "" if nothing is. An empty name passes.
func Check(s string) string {
	if len(s) > maxLength {
		return fmt.Sprintf("it has %d bytes, more than %d", len(s), maxLength)
	}
	for _, r := range s {
		if r < 0x20 || r == 0x7f || r > 0x7f && !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return fmt.Sprintf("it holds the control or invisible character %U", r)
		}
	}
	return ""
}

var product = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// IsProduct reports whether s can name a product.
func IsProduct(s string) bool { return product.MatchString(s) && Check(s) == "" }

// IsVersion reports whether s can be the version of a release. Slashes would make
// it a path, blanks split it on a command line.
func IsVersion(s string) bool {
	return s != "" && !strings.ContainsAny(s, " /\\") && Check(s) == ""
}
