// Package snapshot holds what an administrator exported from a running system,
// and turns it into what planning speaks of: a model.System, and releases made of
// the versions that really run.
//
// A Snapshot is small beside what it was read from (package read): it keeps what
// a plan needs and no more. Of Secrets, passwords and tokens it keeps nothing,
// because it has no field that could hold them: of boot parameters it has the kind
// of root file system and the image, of configuration only names and versions.
//
//   - System: nodes by role and architecture, features, workloads with replicas,
//     update strategy, disruption budget and placement, the layout of Ceph.
//   - Running: one release per product, with the versions seen.
//   - Overlay: the release a system claims to run, corrected by what was seen, and
//     the differences between the two (the drift). What no cluster can say (package
//     lists, chart settings) is taken from the claimed release.
//
// What was not exported is not known, which is never the same as absent: the
// diagnostics say what could not be told, and for want of which export. A snapshot
// of which a part is missing or damaged is marked Partial.
package snapshot
