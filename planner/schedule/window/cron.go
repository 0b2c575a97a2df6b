package window

import (
	"errors"
	"fmt"
	"strings"
	"time"

	// why: cron lines have their own corners (steps, names, day of month or week
	// day); this parser is the one most Go programs use.
	"github.com/robfig/cron/v3"

	"planewise/model/wall"
)

const maxCronLength = 256

// parseCron reads the five fields minute, hour, day of month, month, week day.
func parseCron(text string) (cron.Schedule, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxCronLength {
		return nil, fmt.Errorf("longer than %d characters", maxCronLength)
	}
	// The library would load a zone by itself; a window has its own field for it.
	if strings.Contains(text, "=") {
		return nil, errors.New("a zone does not belong into the line: set the window's zone")
	}
	line, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(text)
	if err != nil {
		return nil, err
	}
	if s, ok := line.(*cron.SpecSchedule); ok {
		s.Location = time.UTC // as wall.Time is held
	}
	return line, nil
}

// cronStarts calls yield with the line's starts from first on, until
// yield returns false or there is none within five years of the last.
func cronStarts(line cron.Schedule, first wall.Time, yield func(wall.Time) bool) {
	for t := line.Next(first.Add(-time.Second)); !t.IsZero(); t = line.Next(t) {
		if !yield(wall.Time{Time: t}) {
			return
		}
	}
}
