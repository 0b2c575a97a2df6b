package schemagen

import "strings"

// TableNames lists what the tables speak of: "Type.field", "*.field" or "Type".
func TableNames() []string {
	var names []string
	for name := range limits {
		names = append(names, name)
	}
	for name := range mayBeAbsent {
		names = append(names, name)
	}
	for typ, fields := range oneOf {
		for _, f := range fields {
			names = append(names, typ+"."+f)
		}
	}
	for typ, fields := range planRequired {
		for f := range strings.FieldsSeq(fields) {
			names = append(names, typ+"."+f)
		}
	}
	return names
}
