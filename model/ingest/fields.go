package ingest

import (
	"strconv"
	"strings"

	"planewise/model/ingest/internal/names"
	"planewise/model/yamldoc"
)

// field reads one value; fields are those a mapping may have.
type (
	field  func(*yamldoc.Doc, *yamldoc.Value) error
	fields map[string]field
)

// fields reads a mapping. A key that is not known is an error: a misspelt key
// would otherwise be lost silently.
func (n *neutral) fields(v *yamldoc.Value, what string, known fields) error {
	if v.Kind != yamldoc.Map {
		return n.doc.Errorf(v, "expected %s, found %s; write KEY: VALUE", what, v.Kind)
	}
	for _, e := range v.Entries {
		read, ok := known[e.Key]
		if !ok {
			return yamldoc.Errorf(n.doc.Name, e.Line, "%s has no field %q; its fields are %s", what, e.Key, strings.Join(sortedKeys(known), ", "))
		}
		if e.Value.IsNull() {
			continue
		}
		if err := read(n.doc, e.Value); err != nil {
			return err
		}
	}
	return nil
}

func text(into *string) field {
	return func(doc *yamldoc.Doc, v *yamldoc.Value) error {
		if v.Kind != yamldoc.Scalar {
			return doc.Errorf(v, "expected a text, found %s", v.Kind)
		}
		*into = v.Text
		return named(doc, v)
	}
}

func named(doc *yamldoc.Doc, v *yamldoc.Value) error {
	if wrong := names.Check(v.Text); wrong != "" {
		return doc.Errorf(v, "the text %.80q cannot be used: %s; correct it", v.Text, wrong)
	}
	return nil
}

func texts(into *[]string) field {
	return func(doc *yamldoc.Doc, v *yamldoc.Value) error {
		if v.Kind != yamldoc.List {
			return doc.Errorf(v, "expected a list of texts, found %s; begin each with a dash", v.Kind)
		}
		for _, item := range v.Items {
			if item.Kind != yamldoc.Scalar {
				return doc.Errorf(item, "expected a text, found %s", item.Kind)
			}
			if err := named(doc, item); err != nil {
				return err
			}
			*into = append(*into, item.Text)
		}
		return nil
	}
}

func truth(into *bool) field {
	return func(doc *yamldoc.Doc, v *yamldoc.Value) error {
		b, err := strconv.ParseBool(v.String())
		if err != nil || v.Quoted {
			return doc.Errorf(v, "expected true or false, found %q", v.String())
		}
		*into = b
		return nil
	}
}

func number(into *int) field {
	return func(doc *yamldoc.Doc, v *yamldoc.Value) error {
		i, err := strconv.ParseInt(v.String(), 10, 32)
		if err != nil || v.Quoted {
			return doc.Errorf(v, "expected a whole number, found %q", v.String())
		}
		*into = int(i)
		return nil
	}
}

func each(what string, read func(*yamldoc.Value) error) field {
	return func(doc *yamldoc.Doc, v *yamldoc.Value) error {
		if v.Kind != yamldoc.List {
			return doc.Errorf(v, "expected a list, found %s; begin each %s with a dash", v.Kind, what)
		}
		for _, item := range v.Items {
			if err := read(item); err != nil {
				return err
			}
		}
		return nil
	}
}
