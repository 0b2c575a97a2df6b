package csm

import (
	"strconv"
	"strings"
	"time"

	"planewise/model/records"
)

// parseElapsed reads the lengths of time that deployment engines write: "0:12:34",
// "0:12:34.567890", "1 day, 2:03:04", or a number of seconds. Parts of a second are
// rounded up. False: it is none ("N/A", nothing).
func parseElapsed(s string) (seconds int64, ok bool) {
	s = strings.TrimSpace(s)
	days := int64(0)
	if before, rest, found := strings.Cut(s, ","); found {
		number, word, _ := strings.Cut(strings.TrimSpace(before), " ")
		n, err := strconv.ParseInt(number, 10, 32)
		if err != nil || n < 0 || word != "day" && word != "days" {
			return 0, false
		}
		days, s = n, strings.TrimSpace(rest)
	}
	parts := strings.Split(s, ":")
	if len(parts) != 1 && len(parts) != 3 || len(parts) == 1 && days > 0 {
		return 0, false
	}
	total := days * 86400
	for i, part := range parts {
		last := i == len(parts)-1
		n, ok := wholePart(part, last)
		if !ok || len(parts) == 3 && i > 0 && n > 60 {
			return 0, false
		}
		switch {
		case len(parts) == 1:
			total += n
		default:
			total += n * [...]int64{3600, 60, 1}[i]
		}
	}
	if total > records.Longest {
		return 0, false
	}
	return total, true
}

// wholePart is a number; a fraction, where allowed, rounds it up.
func wholePart(s string, fraction bool) (int64, bool) {
	whole, frac, has := strings.Cut(s, ".")
	if has && !fraction || whole == "" || len(whole) > 9 {
		return 0, false
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 0 || whole[0] == '+' {
		return 0, false
	}
	if has && strings.Trim(frac, "0") != "" {
		if _, err := strconv.ParseUint(frac, 10, 64); err != nil || len(frac) > 18 {
			return 0, false
		}
		n++
	}
	return n, true
}

// parseTime reads the times that deployment engines write.
func parseTime(s string) (time.Time, bool) {
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02t15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, t.Year() > 1970 && t.Year() < 10000
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 && n < 1<<36 {
		return time.Unix(n, 0).UTC(), true
	}
	return time.Time{}, false
}
