// Package version orders the version texts that real releases carry, one rule
// per kind of component, and never guesses: where the order of two texts is not
// known it says so, and the change between them is "changed".
//
// # What stands on a library, and what does not
//
// Constraints (">= 1.5.0, < 1.6.0") are parsed and evaluated by
// github.com/hashicorp/go-version, which only ever sees plain versions and
// pre-releases. Its order is not used to compare components, because it is wrong
// on real releases (a test of this package states each point, so that it fails
// when the library changes):
//
//   - 3.6.2 -> 3.6.2-1 is a downgrade to it; it is a packaging revision.
//   - 2.0.0-beta.1+38203ae and 2.0.0-beta.1+1e2f26c are equal to it; one of them
//     is another build.
//   - Hashes are versions to it: 6a06182-1729191915803 reads as 6.0.0.
//   - It is not an order: beta < beta.1 < beta.foo < beta, and of rc.1 and rc.01
//     each is older than the other.
//   - It parses with regular expressions, some microseconds a piece; a plan
//     compares tens of thousands of texts.
//
// Packages follow RPM's own order. github.com/knqyf263/go-rpm-version is the
// reference in the tests: wherever this package claims an order, it is the
// library's. The walk is written anew here because it has to stop at a hash or a
// date in the middle of a text, and must not allocate.
//
// # The order
//
// A text is cut into elements from left to right, and two texts are compared at
// the first element in which they differ. If the order of these two elements is
// known it is the order of the texts; if not (a hash, a date of a build, a name
// of a variant), the texts have no order, whatever follows. This makes the order
// a partial one that can be relied on: it is antisymmetric and transitive, and
// texts that compare as equal compare alike with all others.
//
// Consequences worth knowing:
//
//   - Numbers decide before anything else. 1.8.8-20221013160829 -> 0.4.71 is a
//     downgrade although the vendor started a new numbering: the texts say
//     nothing about that, and both are shown to the reader.
//   - Two builds of one number that carry dates or hashes have no order.
//   - An image tag that stops where another goes on (3 against 3.12) has no order
//     with it: such tags move.
//   - A variant of one number (1.7.8-acme2-distroless against 1.7.8-acme2) is
//     neither newer nor older.
//
// Text is never normalised: what goes in is what is shown.
package version
