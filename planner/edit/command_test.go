package edit

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A command is read from the line that it writes.
func TestCommandsAreReadAsWritten(t *testing.T) {
	word := rapid.StringMatching(`[a-z][a-z0-9:/_.*-]{0,12}`).Filter(func(s string) bool { return s != ToWindow && s != ToBundle && s != With })
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom(Forms()).Draw(t, "form")
		c := Command{Verb: form.Verb, Subject: word.Draw(t, "subject")}
		switch c.Verb {
		case Move:
			c.To = word.Draw(t, "to")
		case Pin:
			c.How = strings.Fields(form.Args)[1]
			c.To = word.Draw(t, "to")
			if c.How == ToWindow {
				c.To += " " + word.Draw(t, "more of the name")
			}
		case Leave:
			if rapid.Bool().Draw(t, "plane") {
				c.Subject = Plane(c.Subject)
			}
		}
		got, err := Parse("  " + c.String() + " ")
		if err != nil || got != c {
			t.Fatalf("%q is read as %+v, %v; want %+v", c, got, err, c)
		}
	})
}

// What cannot be read says what to write.
func TestParseRefuses(t *testing.T) {
	cases := map[string]string{
		"":                "use leave, take, move, pin, unpin, done, relax and keep",
		"shake B2":        `no edit "shake"`,
		"leave":           "write leave WHAT",
		"move B2":         "write move ACTION BUNDLE",
		"pin a":           "write pin BUNDLE window NAME or pin ACTION bundle N",
		"pin window late": "write pin",
		"pin a window":    "write pin",
		"LEAVE B2":        `no edit "LEAVE"`,
	}
	for line, want := range cases {
		if _, err := Parse(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", line, err, want)
		}
	}
}
