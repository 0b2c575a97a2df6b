// Package impact works out what a piece of work does to the people who use a
// system: which capabilities are at which level, from when, for how long, and by
// which chain of facts.
//
// # From a task to pieces
//
// A task (model.Task) restarts workloads, takes nodes away, or is stated to have
// effects. Each of these becomes pieces: a service or capability is at a level
// from a start to an end. Times are pairs, one value at P50 and one at P90.
//
// How many instances are up decides the level of a service:
//
//	up >= wanted    none
//	up >= needed    at-risk
//	up > 0          degraded (with a quorum: outage)
//	up = 0          outage
//
// and how many are up follows from the method. A Deployment rolls by
// maxUnavailable (a percentage is rounded down) and maxSurge (rounded up), by
// default 25% each, and takes one away where both come to nothing, as Kubernetes
// does; a single instance with a surge is replaced by a hand-over, which is a blip.
// Recreate and an exclusive volume stop all first. StatefulSets go one by one,
// DaemonSets node by node. A leader that stops is a gap of its fail-over time: once
// at P50, at P90 as often as log2 of the instances, since it may move to one that
// has yet to restart. Unknown methods and unknown counts give ranges, not levels.
//
// Nodes go in batches. What lives on a node (DaemonSets, static pods, daemons) is
// away as long as the node. Other pods are drained, one node after the other, and
// are missing for a restart; those that keep apart (StatefulSets, quorums) and find
// no free node are missing as long as the batch. A single pod is expected to move
// once (P50) and at worst with every batch (P90). With more than eight batches they
// are shown as eight groups, whose effects say how many times they come.
//
// Ceph: each host that is away takes one of the copies of a pool, of which there are
// no more than hosts; fewer than min_size and the pool takes no I/O. The wait for clean placement groups counts. A metadata
// server is replaced by a standby after a fail-over, or is missed until it is back.
// Without a proxy in front, the loss of one object gateway is felt by its clients.
// An election of monitors is a blip: clients go on with the maps they have.
//
// # From pieces to capabilities
//
// Services and capabilities form a graph of needs. Starts and ends of all pieces,
// in the order they have at P90, cut the action into phases; in each phase every
// node of the graph has one level, the worst of its own pieces and of what reaches
// it through its needs:
//
//	all             the worst
//	any             the best, but at least at-risk when one is lost
//	at least k of   the k-th best, likewise
//	cap             counts for at most a level
//	from            milder levels do not get through
//	holds           gaps up to a length do not get through
//
// Needs lead round in no circle: package catalog cuts those that do. At the end
// a capability's tolerance turns gaps that are no longer into blips. Lengths of gaps
// are judged at P90.
//
// Holding and tolerating work level by level: a run of phases at a level or worse
// that is too short to matter is lowered by one level, from the worst downwards. So
// of a short outage in a long degradation the degradation stays.
//
// # Unknown
//
// A level is a range (model.Range); every rule is applied to both ends. All rules
// are monotone, which makes the ends of the result the results of the ends. What is
// unknown in part stays so: an unknown member behind "any" is at most at-risk while
// another works. Unknown never becomes none: a task of which nobody has said
// anything is unknown on every capability.
//
// An effect of which nothing is known at all, on every capability of a plane from the
// beginning of an action to its end, is written once, on the capability "*" (anything.go);
// where that holds of all planes, once on the plane "*". Bundles reckon with it as with an
// effect on each capability, and model.Reach tells them apart again for those who ask.
//
// Nor does what is missing from the inputs become none. Of features that exclude or
// replace each other (features.go) a system has to state one; where it states none,
// what depends on them may exist, and is anything from none upwards while it would be
// disturbed. A capability of whose needs one is broken, and a service that runs on
// nodes that are not there, are unknown wherever anything is disturbed (gaps.go).
//
// # What was seen
//
// A system made from a snapshot has what was not up when it was looked at: pods that
// were not ready, nodes, daemons of Ceph (faults.go). By the time of the work that may be
// repaired or not, so that the level of losing one more is a range from the level
// without the fault to that with it. What is only cordoned leaves fewer nodes to go to.
// Without faults nothing is said and nothing changes.
//
// Where node names are known, each node of a roll is looked at as if it alone went
// (placement.go): the same rules on what runs there, with the possible (a leader that
// may be there, a workload that may run there) as a range from none upwards.
//
// CheckSequence adds up what may be down at once over the whole plan (sequence.go); its
// tests hold it against every order in which members can go down and come back.
//
// # Facts
//
// Each effect carries its chain: the task's fact about the workload (with the
// arithmetic in its text), then the need of each dependant, up to the capability.
// Of several causes the nearest is named, and of several on one node the worst. An
// "any" that is gone names every member. Facts are made when they are named.
//
// # Durations
//
// What was measured on the site beats what is stated, which beats what follows
// from restarts. Without any of these a wide range is assumed (see estimate.go),
// a fact of basis default says so, and the action is marked. An action is at least
// as long as its effects; only a measured length cuts them, since they were over.
//
// A bundle runs its actions one after the other; its P50 and P90 are those of the
// distribution of the sum (package duration: a heavy-tailed seven-point
// distribution per action, the policy's correlation, integers throughout). What an
// action or a bundle is expected to take is the sum of its parts' expectations,
// whatever the correlation. A place in a bundle is the percentile of the sum of
// what comes before, and inside an action in proportion. The seconds of one level
// are the shares that it has of the actions, so that a level that lasts through all
// of them lasts exactly as long as the bundle, and no less than in any one of them.
//
// A phase that is hidden behind a worse one at P90 is not shown at P50 either, and
// where the order of two ends differs between P50 and P90 the length at P90 is
// raised to that at P50: the structure of a time line is that of the slow case.
//
// # What holds
//
// P50 <= P90 everywhere. A further action never shortens a bundle. An instance less
// never improves a level, before tolerances and with counts given as numbers
// (Kubernetes' rounding of percentages does, truly, make three replicas safer to
// roll than four, and what is worse may be over sooner). Adding something unknown
// never lowers either end. Equal input in any order gives equal output. The package
// is pure and an Engine may be shared.
package impact
