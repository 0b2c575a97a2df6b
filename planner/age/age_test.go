package age

import (
	"strings"
	"testing"
	"time"

	"planewise/model"
)

func TestAge(t *testing.T) {
	at := time.Date(2026, 1, 31, 20, 0, 0, 0, time.UTC)
	day := int64(24 * 3600)
	for _, c := range []struct {
		name string
		s    model.System
		max  int64
		at   time.Time
		want string
	}{
		{"a week to the second is allowed", model.System{TakenAt: "2026-01-24T20:00:00Z"}, 0, at, ""},
		{"a second more is not", model.System{TakenAt: "2026-01-24T19:59:59Z"}, 0, at, "snapshot-stale"},
		{"the policy allows a day", model.System{TakenAt: "2026-01-30T19:00:00Z"}, day, at, "snapshot-stale"},
		{"the policy allows a month", model.System{TakenAt: "2026-01-02T19:00:00Z"}, 30 * day, at, ""},
		{"other zones are the same time", model.System{TakenAt: "2026-01-24T21:00:00+01:00"}, 0, at, ""},
		{"taken after the time of planning", model.System{TakenAt: "2026-02-01T00:00:00Z"}, 0, at, "snapshot-age-unknown"},
		{"a snapshot without a time", model.System{Hosts: []model.Host{{Name: "w1"}}}, 0, at, "snapshot-age-unknown"},
		{"a time that is none", model.System{TakenAt: "yesterday"}, 0, at, "snapshot-age-unknown"},
		{"what a person wrote has no age", model.System{}, 0, at, ""},
		{"without a time of planning nothing is old", model.System{TakenAt: "2020-01-01T00:00:00Z"}, 0, time.Time{}, ""},
		{"a part of a site is one at any time", model.System{TakenAt: "2020-01-01T00:00:00Z", Partial: true}, 0, time.Time{}, "snapshot-partial"},
		{"old and partial", model.System{TakenAt: "2020-01-01T00:00:00Z", Partial: true}, 0, at, "snapshot-partial, snapshot-stale"},
	} {
		c.s.Name = "here"
		var got []string
		for _, d := range Check(c.s, model.Policy{SnapshotMaxAgeS: c.max}, c.at) {
			got = append(got, string(d.Code))
			if d.Severity != model.Warning || d.Subject != "system:here" || d.Hint == "" {
				t.Errorf("%s: %+v", c.name, d)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: got %v, want %s", c.name, got, c.want)
		}
	}
}
