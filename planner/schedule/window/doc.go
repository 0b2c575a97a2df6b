// Package window turns the windows and freezes of a policy into openings:
// stretches of real time between two instants.
//
// # Local time first
//
// A window is written in local time ("Fridays at 22:00 in Europe/Zurich"), and
// its recurrence is a matter of the local calendar alone. So a rule is expanded
// on the calendar, without any zone, and only then is each local start turned
// into an instant. This keeps the two questions apart that are easily mixed:
//
//   - Which days? Decided on the calendar, by the day on which the window
//     starts. A window that opens on Friday at 22:00 for six hours is a Friday
//     window, also at two on Saturday morning.
//   - Which instant? A local time that the clocks skip is read with the offset
//     before the gap, so 02:30 becomes 03:30; one that they show twice is the
//     first of the two (RFC 5545 section 3.3.5). From there the duration counts
//     elapsed seconds: four hours are four hours, whatever the clocks do.
//
// EXDATEs are compared with the local start, or with the local day where they
// name only a date. UNTIL is compared with the instant when it ends in Z, and
// with the local start otherwise; a mere date includes that day.
//
// # Doubt
//
// Doubt narrows a window and widens a freeze. A start that its own rule does not
// select (undefined in RFC 5545) opens no window but begins a freeze. A rule
// that opens so often that the list of openings would not end is refused.
//
// # Bounds
//
// The rules come from files, so nothing in them may take for ever. Every rule is
// checked against limits before a library sees it (see rule.go), expansion stops
// after MaxOpenings starts in the time asked for and after maxSteps starts in
// all, and the time asked for is bounded by MaxHorizon.
//
// A rule that never fires would keep the RFC 5545 library searching until the
// year 9999. The Gregorian calendar repeats every 400 years, week days included
// (146,097 days are 20,871 weeks), so a rule is expanded in the last cycle before
// 9999 and shifted back: the search ends within 400 years, a few milliseconds.
package window
