package schedule

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/planner/schedule/window"
	"planewise/planner/words"
)

// explain says why bundles have no date, and what is odd about the windows.
func (p *placer) explain(dated map[int]*label) {
	for i, j := range p.jobs {
		l := dated[i]
		switch {
		case l.placed():
			p.explainPlaced(j, l)
		case j.hopeless != nil:
			p.said = append(p.said, *j.hopeless)
		default:
			p.explainMissed(i, dated)
		}
	}
	p.explainWindows()
}

func (p *placer) explainPlaced(j *job, l *label) {
	if l.parts != nil {
		parts := l.parts.path()
		p.say(model.Warning, "split-roll", string(j.bundle.Key),
			fmt.Sprintf("%s needs %s and fits no window in one piece: it is done in %d parts, each with its own announcement",
				j.name, words.Duration(j.need), len(parts)), "a longer window would save the announcements")
	}
	if j.bundle.DurationUnknown {
		p.say(model.Warning, "fit-by-guess", string(j.bundle.Key),
			fmt.Sprintf("%s fits its window only if it takes no longer than %s, and its duration is not known", j.name, words.Duration(j.need)),
			"measure it, or keep a longer window free")
	}
}

// explainMissed finds the first reason that holds.
func (p *placer) explainMissed(i int, dated map[int]*label) {
	j := p.jobs[i]
	for _, first := range j.first {
		if !dated[first].placed() {
			p.blame(j, "waits-for-undated", fmt.Sprintf("%s has no date because %s, which comes first, has none", j.name, p.jobs[first].name), "",
				string(p.jobs[first].bundle.Key), string(j.bundle.Key))
			return
		}
	}
	ready := p.calendar.bounds.Start
	waits := ""
	for first := range p.jobs {
		l := dated[first]
		if !l.placed() || first == i {
			continue
		}
		g, gapped := j.gap[first]
		if g.never {
			p.blame(j, "tail-without-end",
				fmt.Sprintf("%s must not run during %s, which goes on after %s for an unknown time (%s and %s)", j.name, g.by, p.jobs[first].name, g.of, g.by),
				"bound the tail, or do it last", string(g.by), string(g.of))
			return
		}
		if (gapped || slices.Contains(j.first, first)) && l.end+g.seconds > ready {
			ready, waits = l.end+g.seconds, p.jobs[first].name+pinned(p.jobs[first])
		}
	}
	p.explainRoom(j, ready, waits)
}

func (p *placer) blame(j *job, code model.Code, summary, hint string, path ...string) {
	p.said = append(p.said, *p.verdict(j, code, summary, hint, path...))
}

// explainRoom is for a bundle that no edge holds up for ever: its windows are
// missing, too short, or too early.
func (p *placer) explainRoom(j *job, ready int64, waits string) {
	c := p.calendar
	wants := p.wants(j)
	all := j.room.longest(c.bounds.Start)
	switch {
	case len(c.free) == 0:
		p.blame(j, "freeze-covers-all",
			fmt.Sprintf("%s has no date: %s leave no time from %s to %s", j.name, p.freezeNames(), when(c.bounds.Start, c.home), when(c.bounds.End, c.home)),
			"shorten the freeze, or look further ahead with horizon_s")
	case len(j.room.eligible) == 0 && !p.unbound(j):
		code := model.Code("no-window")
		if j.pin != "" {
			code = "pin-contradiction"
		}
		p.blame(j, code, fmt.Sprintf("no window %s before %s", wants, when(c.bounds.End, c.home)), p.nearest(j, c.bounds.Start))
	case all.Len() == 0 && len(c.ice) > 0:
		p.blame(j, "no-window", fmt.Sprintf("every window that %s lies inside %s", wants, p.freezeNames()), p.nearest(j, c.bounds.Start))
	case all.Len() < j.need:
		p.blame(j, "does-not-fit",
			fmt.Sprintf("%s needs %s%s; the longest time that %s is %s, on %s: %d min missing",
				j.name, words.Duration(j.need), p.smallest(j), wants, words.Duration(all.Len()), when(all.Start, c.home), ceilDiv(j.need-all.Len(), 60)),
			p.nearest(j, c.bounds.Start))
	case waits != "" && j.room.longest(ready).Len() < j.need:
		p.blame(j, "no-window-in-time",
			fmt.Sprintf("%s%s needs %s and could run on %s, but has to wait for %s until %s; no window after that is long enough",
				j.name, pinned(j), words.Duration(j.need), when(all.Start, c.home), waits, when(ready, c.home)),
			p.nearest(j, ready))
	default:
		p.blame(j, "no-window-in-time",
			fmt.Sprintf("%s needs %s; other bundles take every time that %s before %s", j.name, words.Duration(j.need), wants, when(c.bounds.End, c.home)),
			p.nearest(j, c.bounds.End))
	}
}

// unbound: the bundle disturbs nobody and is not pinned, so it needs no window.
func (p *placer) unbound(j *job) bool { return j.pin == "" && isEmpty(j.bundle.Footprint) }

// wants says what a bundle asks of a window.
func (p *placer) wants(j *job) string {
	if p.unbound(j) {
		return "is free of freezes"
	}
	grants := "grants " + words.List(lacking(nil, j.bundle.Footprint))
	switch {
	case j.pin == "":
		return grants + " for " + j.name
	case isEmpty(j.bundle.Footprint):
		return fmt.Sprintf("is named %q, to which %s is pinned", j.pin, j.name)
	default:
		return fmt.Sprintf("is named %q, to which %s is pinned, and %s", j.pin, j.name, grants)
	}
}

func pinned(j *job) string {
	if j.pin == "" {
		return ""
	}
	return fmt.Sprintf(" (pinned to window %q)", j.pin)
}

// smallest says what the least part of a bundle needs, where it could be split.
func (p *placer) smallest(j *job) string {
	longest := slices.Max(append(p.pieceNeeds(j), 0))
	if longest == 0 || longest >= j.need {
		return ""
	}
	return fmt.Sprintf(" (cut beside and between the units of its roll, the longest piece still needs %s)", words.Duration(longest))
}

// pieceNeeds is what each piece needs when the bundle is cut wherever it may be.
func (p *placer) pieceNeeds(j *job) (needs []int64) {
	from := 0
	for i := 1; i <= len(j.atoms); i++ {
		if i == len(j.atoms) || j.cuts[i] {
			needs = append(needs, fit(p.span(j, from, i), p.in.Policy))
			from = i
		}
	}
	return needs
}

func (p *placer) freezeNames() string {
	var names []string
	for _, f := range p.calendar.frozen {
		if name := fmt.Sprintf("freeze %q", f.Name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return words.List(names)
}

// nearest names up to three windows that would do, and what they lack: grants,
// an earlier date, or freedom from a freeze.
func (p *placer) nearest(j *job, from int64) string {
	if p.unbound(j) {
		return "shorten the freeze, or look further ahead with horizon_s"
	}
	var found []string
	seen := make(map[int]bool)
	beyond := time.Unix(p.calendar.bounds.End, 0)
	later, _ := window.Open(p.in.Policy.Windows, beyond, beyond.Add(defaultHorizon), p.in.Zones)
	for _, o := range slices.Concat(p.calendar.openings, later) {
		if seen[o.Window] || !o.StartsOnly && o.Len() < j.need || o.Start < from || len(found) == 3 {
			continue
		}
		if text := p.wouldDo(j, o); text != "" {
			seen[o.Window] = true
			found = append(found, text)
		}
	}
	if found == nil {
		return fmt.Sprintf("no window of the policy is %s long: add one, or lengthen one", words.Duration(j.need))
	}
	return "nearest that would do: " + strings.Join(found, "; ")
}

func (p *placer) wouldDo(j *job, o window.Opening) string {
	var ifs []string
	if lack := lacking(o.Grants, j.bundle.Footprint); len(lack) > 0 {
		ifs = append(ifs, "if it granted "+words.List(lack))
	}
	if j.pin != "" && o.Name != j.pin {
		ifs = append(ifs, "without the pin")
	}
	for _, f := range p.calendar.frozen {
		if f.Start < o.End && o.Start < f.End {
			ifs = append(ifs, fmt.Sprintf("without freeze %q", f.Name))
			break
		}
	}
	if o.Start >= p.calendar.bounds.End {
		ifs = append(ifs, "with a longer horizon_s")
	}
	return strings.TrimSpace(fmt.Sprintf("%q on %s %s", o.Name, when(o.Start, o.Zone), words.List(ifs)))
}

// explainWindows reports windows that cannot help: wholly frozen, or shorter
// than every bundle that needs one.
func (p *placer) explainWindows() {
	least, shortest := int64(0), ""
	for _, j := range p.jobs {
		need := slices.Min(append(p.pieceNeeds(j), j.need))
		if !p.unbound(j) && (least == 0 || need < least) {
			least, shortest = need, j.name
		}
	}
	c := p.calendar
	best := make(map[int]int64)
	var all []stretch
	for _, o := range c.openings {
		all = append(all, o.Stretch)
	}
	open := window.Union(all)
	for _, o := range c.openings {
		best[o.Window] = max(best[o.Window], 0)
		for _, s := range window.Without(window.Within([]stretch{o.Stretch}, c.bounds), c.ice) {
			i := after(open, s.Start)
			whole := window.Without(window.Within(open[i:i+1], c.bounds), c.ice)
			best[o.Window] = max(best[o.Window], whole[after(whole, s.Start)].Len())
		}
	}
	for i, w := range p.in.Policy.Windows {
		length, opens := best[i]
		switch {
		case !opens:
		case length == 0:
			p.say(model.Warning, "window-frozen", "window:"+w.Name, fmt.Sprintf("window %q lies inside %s whenever it opens", w.Name, p.freezeNames()), "move the window, or shorten the freeze")
		case w.Limits != window.LimitsStarts && least > 0 && length < least:
			p.say(model.Warning, "window-too-short", "window:"+w.Name,
				fmt.Sprintf("window %q is open for %s; the shortest bundle, %s, needs %s", w.Name, words.Duration(length), shortest, words.Duration(least)),
				"lengthen the window")
		}
	}
}
