// Package planner turns two sets of releases into a plan: what changes, what is
// done about it, what each plane notices of it, in which bundles, when.
//
// Build is the way of the data, from top to bottom. Each step is a pure function of
// what earlier steps found; its result holds what it found, the facts it rests on
// and the diagnostics it has to give. Nothing is changed by a later step, and what
// is said in the plan is collected at the end, from the results.
//
//	Input            releases, mapping, procedures, system, policy, edits
//	  applySite      what the site itself sets, put into releases and system
//	  findChanges    []model.Change: one component between the two sides  (diff)
//	  findWork       actions.Result: []model.Task in the vendor's order and
//	                 []model.Link between them                            (actions)
//	  resume.From    the same without what is done, and resume.Progress   (resume)
//	  evaluate       []model.Action: tasks with their effects, footprints
//	                 and durations                                        (impact)
//	  split.Solve    [][]int: for each bundle its actions in run order    (split, bundle)
//	  describe       []model.Bundle: footprint, gates, what comes first
//	  effects.bundles []impact.BundleImpact: time line and impact of each (impact)
//	  findStops      []schedule.Stop: where one can stay, the way back    (schedule)
//	  findWindows    schedule.Result: when, in which parts                (schedule)
//	  unknowns, answers   what is not known, and the first lines to read
//	model.Plan       all of it
//
// A change, a task, an action and what it disturbs keep one id from the first step
// to the last ("chart:services/api", "ship:services/api"), so that a
// line of the plan can be followed back. An action is a task that was evaluated;
// the indices of groups are places in the list of actions.
//
// # The system is never better than it is known to be
//
// Unknown is carried as a range of levels from step to step and never becomes none
// (see package impact). Where a step cannot do its work, it does it for less (no
// split exists: one bundle; no procedure fits: the nearest one's order) and says
// so in a blocking diagnostic, so that there always is a plan to look at.
//
// # Resumed updates
//
// A plan of an update that was begun is made from the same inputs as that of the
// whole update, and model.Edits.Done. All that depends on it goes through
// resume.Progress, whose nil value is an update that has not begun.
//
// # Determinism
//
// Build reads no file, no clock and no environment, and equal inputs, in whatever
// order their parts come, give the same plan, byte for byte. Facts are sorted by
// their ids and diagnostics by what they say, so that the order of steps does not
// show. Reasoning is the version of these rules.
//
// # Cost
//
// A plan of a real pair takes about 10 ms and a screen makes a new one after every
// edit; nothing is kept from one plan to the next.
package planner
