package yamldoc

import "strconv"

// Kind of a Value.
type Kind uint8

const (
	Null Kind = iota
	Scalar
	Map
	List
)

func (k Kind) String() string {
	switch k {
	case Scalar:
		return "a scalar"
	case Map:
		return "a mapping"
	case List:
		return "a list"
	}
	return "null"
}

// Value is one node of a document. Values of aliases are shared: change none.
type Value struct {
	Kind Kind
	// Text of a scalar, as it was written (without quotes, escapes resolved).
	Text string
	// Quoted: the scalar is a string whatever its text looks like.
	Quoted bool
	// Line in the file, from 1.
	Line int
	// Entries of a mapping in written order; keys are distinct.
	Entries []Entry
	// Items of a list.
	Items []*Value
	// Flow is used when a value is written: all of it on one line.
	Flow bool

	size int // values in the expanded tree, this one included
}

// Entry is a key of a mapping with its value.
type Entry struct {
	Key   string
	Line  int
	Value *Value
}

// Get is the value of a mapping's key, nil where there is none. A nil Value has
// no keys.
func (v *Value) Get(key string) *Value {
	if v == nil {
		return nil
	}
	for i := range v.Entries {
		if v.Entries[i].Key == key {
			return v.Entries[i].Value
		}
	}
	return nil
}

// Path follows keys, and indexes ("0") of lists; nil where the path ends early.
func (v *Value) Path(keys ...string) *Value {
	for _, key := range keys {
		if v == nil {
			return nil
		}
		if v.Kind != List {
			v = v.Get(key)
			continue
		}
		i, err := strconv.Atoi(key)
		if err != nil || i < 0 || i >= len(v.Items) {
			return nil
		}
		v = v.Items[i]
	}
	return v
}

// IsNull reports whether there is nothing: no value, or null.
func (v *Value) IsNull() bool { return v == nil || v.Kind == Null }

// String is the text of a scalar, "" of anything else.
func (v *Value) String() string {
	if v == nil || v.Kind != Scalar {
		return ""
	}
	return v.Text
}
