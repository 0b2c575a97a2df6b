// Package edit is how a user changes a plan: commands such as "leave B2" or "pin B3
// window late", the same on the screen, line by line and on the command line. Parse reads
// one, Apply makes the edits of it, says in one set of words what it did and what came
// along, and asks where it does more than it says. Beside it, History keeps the edits
// with undo and redo.
package edit
