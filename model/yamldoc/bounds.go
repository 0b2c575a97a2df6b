package yamldoc

// CheckJSON says whether Parse would take a text as far as its bounds go, without
// the memory for its tree. The text is valid JSON.
func CheckJSON(name string, data []byte, o Options) error {
	o = o.withDefaults()
	if err := checkSize(name, data, o); err != nil {
		return err
	}
	values, depth := measure(data)
	switch {
	case depth > o.MaxDepth:
		return Errorf(name, 0, "the document is nested %d levels deep, more than the %d that are read", depth, o.MaxDepth)
	case values > o.MaxNodes:
		return Errorf(name, 0, "the document has %d values, more than the %d that are read", values, o.MaxNodes)
	}
	return checkText(name, data, o, true)
}

// measure counts the values of valid JSON, and the levels to which they nest. A key
// is none: it is counted as a text and taken back at its colon.
func measure(data []byte) (values, depth int) {
	open := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case ' ', '\t', '\r', '\n', ',':
			continue
		case '}', ']':
			open--
			continue
		case ':':
			values--
			continue
		}
		values++
		depth = max(depth, open+1)
		if data[i] == '{' || data[i] == '[' {
			open++
			continue
		}
		i = scalarEnd(data, i)
	}
	return values, depth
}

// scalarEnd is the last byte of the text, number or word that begins at i.
func scalarEnd(data []byte, i int) int {
	if data[i] == '"' {
		for i++; data[i] != '"'; i++ {
			if data[i] == '\\' {
				i++
			}
		}
		return i
	}
	for i+1 < len(data) {
		switch data[i+1] {
		case ' ', '\t', '\r', '\n', ',', ':', '}', ']':
			return i
		}
		i++
	}
	return i
}
