package text

import (
	"planewise/planner/standing"
)

// standing is where the system stands in an update that has begun; the answers have
// said it in short.
func (w *writer) standing() {
	l, ok := standing.Of(w.plan, nil)
	if !ok {
		return
	}
	w.line("%s:", standing.Title)
	w.listed("Goes on now", l.Now, "nothing that the plan knows of")
	w.listed("Done in part", l.Partly, "")
	if w.Verbose {
		w.listed("Way back, the last first", l.Back, "nothing has to be undone")
	}
	w.b.WriteByte('\n')
}

// listed is a heading with sentences below it; empty stands where there are none.
func (w *writer) listed(heading string, list []string, empty string) {
	switch {
	case len(list) > 0:
		w.line("  %s:", heading)
	case empty != "":
		w.line("  %s: %s", heading, empty)
	}
	for _, s := range list {
		w.para("    ", s)
	}
}
