// Package catalog layers mappings, checks them, and answers which rule a
// component has.
//
// # Layers
//
// A later layer wins. It replaces planes, capabilities, services, orders and
// limits by id, residents by service, namespace, name and condition, and rules
// by their key: the id of the rule or, without one, its match and version.
// Join puts the files of one layer together first, so that their order says
// nothing.
//
// # The most specific rule
//
// Of the rules that match a component and whose version constraint holds, the
// one wins that is first in this order:
//
//  1. by the name: exact, then a glob by the number of its plain characters,
//     then none
//  2. by the kind: given before not given
//  3. by the namespace, then the manifest: exact, glob, none
//  4. by the role, then the architecture: given before not given
//  5. by the layer: later before earlier, so that a site's rule for the same
//     match wins whether or not it names versions
//  6. by the version: constrained before not
//  7. by the key, so that the answer never depends on the order of a file
//
// In a glob "*" stands for any text, slashes included, and "?" for any one
// character. A match that says too little maps nothing: it has to have a name, or a
// kind and a family of names with some characters in a row that are spelled out, or,
// for what nodes boot, a role or an architecture.
//
// # Evidence
//
// A claim without evidence of its own has that of what it stands in: a need that
// of its service or capability, a workload or an effect that of its rule, an
// estimate that of its workload or rule. A claim that has a text but no basis
// takes basis and source from there. What is asked of a catalog has its evidence
// filled in.
//
// # What is wrong
//
// New reports everything that is wrong as diagnostics and goes on without it: a
// rule that is wrong maps nothing, so that its components count as unmapped and
// their effects as unknown.
package catalog
