package verify

// Free is the table of fields that may differ.
var Free = free

// Member compares one field of two plans.
func Member(name string, said, again any) []Difference {
	c := comparer{}
	c.member(name, said, again)
	return c.out
}
