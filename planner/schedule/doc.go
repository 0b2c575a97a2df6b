// Package schedule puts the bundles of a split into the windows of a policy,
// announces them, and says where one can stop.
//
// # What is asked
//
// The split has decided which actions are done together, and at what cost; here
// only time is decided. In this order, earlier matters more:
//
//  1. every bundle has a date before the horizon,
//  2. no edge is broken,
//  3. the cost is least: the split's cost is given, and cutting a roll that fits
//     no window adds the announcements of its parts,
//  4. the last bundle ends as early as possible.
//
// A bundle needs a window that grants its footprint on every plane and is open
// long enough for the bundle's duration at the policy's percentile and the
// reserve for the way back. A window limits either the run (the whole bundle
// lies inside) or only the start. Freezes are cut out of both: nothing runs in a
// freeze, whatever window is open. A bundle that disturbs and watches nothing
// needs no window, but keeps clear of freezes. Bundles never run side by side.
//
// Windows that each grant a bundle's footprint add up in time, where they overlap
// or touch; what such a run is granted is the least that each of them grants.
// Grants of several windows do not add up: what one group of users agreed to for
// one night says nothing about another group.
//
// # A fixed order
//
// For bundles in a fixed order, taking each at its earliest possible start is
// best, for all of them at once. The starts that a bundle's window, pin and
// length allow are a fixed set S of times. Edges add only lower bounds: after the
// end of the bundle before, and of those it waits for, plus soak times and
// tails. Let e(t) be the least start in S not before t. It never falls as t
// grows, so when every bundle before ends as early as it can, this one's bound
// is as low as it can be, and so is its start; by induction, its end too. A pin
// to a window only makes S smaller, which the argument does not mind.
//
// # Where one has to branch
//
// Two choices are left. The edges often allow several orders: a bundle that
// waits for the monthly window need not hold up one that could run tonight. And
// a bundle that fits no window may be cut in several ways.
//
// Orders are searched by dynamic programming over the set of bundles done. Of
// the ways to do the same set only those are kept that no other beats in the
// number of bundles without a date, the cost, the end and every bound that is
// still to come; by the argument above nothing is lost. With n bundles that is
// at most 2^n sets, in practice far fewer, since edges hold most of the order.
// When the search exceeds its effort, or there are more than 63 bundles, the
// split's own order is used, which was solved first in any case, and the result
// says that it is not Exact. An order is changed only when that dates more
// bundles, costs less or ends earlier.
//
// A roll is cut between its batches, and beside it, only where the bundle fits
// nowhere any more in one piece. The best cuts are a shortest path, see split.
// Parts follow one another without another bundle between them.
//
// Not promised: a bundle that would fit is not cut to end earlier, and parts of
// two bundles are not interleaved.
//
// # Lanes
//
// With several lanes a bundle's elapsed time is shorter than its work. It is list
// scheduled, a heuristic (Elapsed), and changes what fits a window, never the
// cost.
//
// # Diagnostics
//
// Blocking: no-window, does-not-fit, no-window-in-time, freeze-covers-all,
// waits-for-undated, tail-without-end, pin-contradiction, order-broken,
// edge-broken; from the windows themselves bad-window, bad-freeze, unknown-zone,
// bad-recurrence, window-never-opens, window-too-often (and the same of
// freezes). Warnings: split-roll, fit-by-guess, announcement-late,
// window-frozen, window-too-short, exdate-unmatched, pin-unmatched, bad-horizon,
// percentile-unknown. Infos: windows-unused, freezes-unused, window-not-ahead,
// start-off-rule, order-not-searched.
package schedule
