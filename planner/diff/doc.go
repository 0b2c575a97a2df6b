// Package diff compares two sets of releases, component by component.
//
// A component is one thing on both sides when its id is the same: charts by
// namespace and release name, packages by name and arch, node images and kernels
// by role and arch, everything else by name. What differs is a change; what a
// change disturbs is not decided here.
//
//   - A chart differs when its version, its settings or the chart behind its
//     release name differ; time limits, lists and places in lists do not count.
//     Settings that differ only in the product's own version are noted as inert.
//   - A chart that is gone is removed where the target's script undeploys it, or
//     that of a release in between that the catalogue knows; else it is an orphan
//     and stays on the system. A chart that is gone from one namespace and new in
//     another has moved, which is one change.
//   - Images and packages are compared as sets of versions, by the one that
//     counts: the target where the release says which, else the highest.
//     Images are an upload list: a difference there is a delivery, and an image
//     that left the list is removed from nowhere.
//   - A chart in a list that nothing ships is not there.
//
// The result is a function of the content: neither the order of releases within
// a set nor that of components within a release has an influence.
package diff
