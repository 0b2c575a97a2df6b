package actions

import "planewise/model"

// Covers reports whether a procedure documents the step from one version of its
// product to another.
func Covers(p model.Procedure, from, to string) bool { return fits(&p, from, to, satisfies) }

// Reaches reports whether a procedure ends at the version, wherever it starts.
func Reaches(p model.Procedure, to string) bool { return satisfies(p.To, to) }
