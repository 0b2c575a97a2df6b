// Package records keeps what past maintenances really took, and learns from it.
//
// A Record is one bundle of a plan (or one run of a deployment engine) with its
// start, end, outcome, and what people noticed. Records are made from a plan
// (FromPlan), or imported from what a deployment engine wrote.
//
// # Learning
//
// Learn makes measured durations of the runs of single actions. Runs that failed,
// were rolled back or were done in part are left out: they took another time than
// the action does. A record of several actions without a time for each says nothing
// about any one of them; it counts for the coverage of bundles only. Nothing is
// shared out. Where a person reported a bundle and the deployment engine wrote a run
// of the same action at the same time, the engine's counts alone.
//
// Rolls of nodes are learned per turn, that is, per node or per batch of nodes that go
// together: a run of u nodes in batches of b is one sample, its time divided by u/b
// turns and rounded up. It goes from the start of one turn to the start of the next,
// so it holds the waits between them.
//
// With n samples, m50 is their upper median and m90 their 90th percentile by nearest
// rank (the largest of fewer than ten). What is measured is shrunk towards the
// default span (d50, d90) as if the default were Weight samples more:
//
//	p50 = (Weight*d50 + n*m50) / (Weight + n), rounded up; p90 likewise
//
// with Weight = 4: one odd night moves a default by a fifth, four nights by half,
// forty count nine tenths. Where there is no default, fewer than five samples cannot
// show the tail: p90 is then at least one and a half times p50. p90 is never below
// p50. All arithmetic is in whole seconds, and the order of the records does not
// matter.
//
// # Coverage
//
// CoverageOf counts per kind of action how often the truth lay at or below the p50
// of its plan, between p50 and p90, and above. If plans are honest, half of all runs
// are in the first class, four tenths in the second and one tenth in the third.
package records
