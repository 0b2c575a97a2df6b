package version

const (
	// shortHash is the length of git's abbreviated hashes; shorter runs of hex
	// digits are taken as words and numbers.
	shortHash = 7
	// longNumber is the number of digits from which a number is not a count any
	// more but a date (20221013), a time stamp or a hash without letters. Real
	// counters end at six digits: SUSE's 150500 is the largest seen.
	longNumber = 7
)

// isHash reports whether a piece (a run of letters and digits) reads as an
// abbreviated hash, with or without the g of git describe. It takes a digit to
// be one, so that words of the letters a to f are words; the texts differ in the
// word then and have no order for that reason.
func isHash(piece string) bool {
	if len(piece) > shortHash && piece[0]|0x20 == 'g' {
		piece = piece[1:]
	}
	if len(piece) < shortHash {
		return false
	}
	digit := false
	for i := 0; i < len(piece); i++ {
		switch c := piece[i]; {
		case isDigit(c):
			digit = true
		case c|0x20 < 'a' || c|0x20 > 'f':
			return false
		}
	}
	return digit
}

// hasLongNumber reports whether a text holds a run of longNumber digits or more.
func hasLongNumber(s string) bool {
	for i := 0; i < len(s); i++ {
		end := digitsAt(s, i)
		if end-i >= longNumber {
			return true
		}
		i = end
	}
	return false
}

// pieceAt is the end of the run of letters and digits of s that begins at i.
func pieceAt(s string, i int) int {
	for i < len(s) && isAlnum(s[i]) {
		i++
	}
	return i
}
