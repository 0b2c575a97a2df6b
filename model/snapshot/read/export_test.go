package read

import "io"

// SplitChart is splitChart.
var SplitChart = splitChart

// BoundElement and BoundFloor make limits small enough for a test.
func (r *Reader) BoundElement(n int64) { r.limits.element = n }
func (r *Reader) BoundFloor(n int64)   { r.limits.floor = n }

// ReadFile is the kinds of a file, the number of pods in it, and why it ended.
func (r *Reader) ReadFile(in io.Reader) (kinds []string, pods int, err error) {
	f := &file{Reader: r, name: "a", kinds: map[string]bool{}}
	err = f.read(in)
	return f.source().Kinds, len(f.state.pods), err
}
