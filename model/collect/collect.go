// Package collect says how a running system is asked what it is, and where the
// answers go. Below it is one package for each part of a system that can be asked:
// kube for Kubernetes, ceph for the storage cluster.
//
// Collectors only read. They hand on answers as the system's own commands print
// them, so that there is one parser (model/snapshot/read) for what was exported and
// what is asked now. An answer that could not be had is said and never made up.
package collect

import (
	"io"
	"time"

	"planewise/model"
)

// Sink takes the answers of a running system.
type Sink interface {
	// File takes one answer, as a command would have printed it into a file. Modified
	// is the time of the collection. The answer may be used up to the end of the call.
	File(name string, modified time.Time, in io.Reader) error
	// Missing notes that an answer, or a part of it, could not be had. What is made of
	// the answers is then partial.
	Missing(name string, why model.Diagnostic)
}

// Progress is told what is being read, and how many objects of it have come so far.
// It may be nil.
type Progress func(answer string, objects int)

// Say tells it, where there is somebody to tell.
func (p Progress) Say(answer string, objects int) {
	if p != nil {
		p(answer, objects)
	}
}
