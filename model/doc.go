// Package model holds the nouns of planewise: planes and capabilities, the
// components of releases, the changes between two sides, the actions that bring
// them about, and the plan that is made of all of it.
//
// Everything here is plain data. Nothing in this package reads a file, a clock
// or the environment, and nothing in it knows a particular product: what is
// special about any kind of system comes in as a Mapping and a set
// of Procedures.
//
// Two rules run through all types. Unknown is never none: where planewise does
// not know a level it carries the interval of what is possible (see Range).
// And every claim shows its basis: a level, a duration or an order points to
// the Facts it was derived from.
package model
