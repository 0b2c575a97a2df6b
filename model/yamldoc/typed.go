package yamldoc

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// JSON is the document as JSON, with the types that YAML's core schema gives
// unquoted scalars. Keys stay in their order.
func (d *Doc) JSON() ([]byte, error) {
	w := jsonWriter{doc: d}
	if err := w.typed(d.Root); err != nil {
		return nil, err
	}
	return w.Bytes(), nil
}

// TextJSON is canonical JSON: keys sorted, no blanks, every scalar as its source
// text. Two values whose texts are equal give equal bytes, quotes and comments
// aside.
func (v *Value) TextJSON() string {
	var w jsonWriter
	w.text(v)
	return w.String()
}

type jsonWriter struct {
	bytes.Buffer
	doc *Doc
}

func (w *jsonWriter) quote(s string) {
	e := json.NewEncoder(&w.Buffer)
	e.SetEscapeHTML(false)
	_ = e.Encode(s)         // a text in memory cannot fail
	w.Truncate(w.Len() - 1) // Encode ends the line
}

func (w *jsonWriter) text(v *Value) {
	switch {
	case v.IsNull():
		w.WriteString("null")
	case v.Kind == Scalar:
		w.quote(v.Text)
	case v.Kind == List:
		w.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				w.WriteByte(',')
			}
			w.text(item)
		}
		w.WriteByte(']')
	default:
		entries := slices.Clone(v.Entries)
		slices.SortStableFunc(entries, func(a, b Entry) int { return strings.Compare(a.Key, b.Key) })
		w.WriteByte('{')
		for i, e := range entries {
			if i > 0 {
				w.WriteByte(',')
			}
			w.quote(e.Key)
			w.WriteByte(':')
			w.text(e.Value)
		}
		w.WriteByte('}')
	}
}

func (w *jsonWriter) typed(v *Value) error {
	switch v.Kind {
	case Null:
		w.WriteString("null")
	case Scalar:
		return w.scalar(v)
	case List:
		w.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				w.WriteByte(',')
			}
			if err := w.typed(item); err != nil {
				return err
			}
		}
		w.WriteByte(']')
	case Map:
		w.WriteByte('{')
		for i, e := range v.Entries {
			if i > 0 {
				w.WriteByte(',')
			}
			w.quote(e.Key)
			w.WriteByte(':')
			if err := w.typed(e.Value); err != nil {
				return err
			}
		}
		w.WriteByte('}')
	}
	return nil
}

// The patterns of YAML 1.2, section 10.3.2.
var (
	intPattern   = regexp.MustCompile(`^[-+]?[0-9]+$`)
	octalPattern = regexp.MustCompile(`^0o[0-7]+$`)
	hexPattern   = regexp.MustCompile(`^0x[0-9a-fA-F]+$`)
	floatPattern = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	notFinite    = regexp.MustCompile(`^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// maxDigits bounds the length of a number: beyond it, it is some other text that
// happens to be made of digits, and big.Int takes quadratic time.
const maxDigits = 100

func (w *jsonWriter) scalar(v *Value) error {
	if v.Quoted {
		w.quote(v.Text)
		return nil
	}
	switch v.Text {
	case "":
		w.WriteString("null")
		return nil
	case "true", "True", "TRUE":
		w.WriteString("true")
		return nil
	case "false", "False", "FALSE":
		w.WriteString("false")
		return nil
	}
	if c := v.Text[0]; c > '9' || len(v.Text) > maxDigits {
		w.quote(v.Text)
		return nil
	}
	switch {
	case intPattern.MatchString(v.Text):
		w.integer(v.Text, 10)
	case octalPattern.MatchString(v.Text):
		w.integer(v.Text[2:], 8)
	case hexPattern.MatchString(v.Text):
		w.integer(v.Text[2:], 16)
	case floatPattern.MatchString(v.Text):
		f, err := strconv.ParseFloat(v.Text, 64)
		if err != nil || math.IsInf(f, 0) {
			return w.doc.Errorf(v, "the number %s is out of range; write a smaller one", v.Text)
		}
		number, _ := json.Marshal(f)
		w.Write(number)
	case notFinite.MatchString(v.Text):
		return w.doc.Errorf(v, "%s is not a number that a document can hold; write a finite one", v.Text)
	default:
		w.quote(v.Text)
	}
	return nil
}

func (w *jsonWriter) integer(digits string, base int) {
	n, _ := new(big.Int).SetString(strings.TrimPrefix(digits, "+"), base)
	w.WriteString(n.String())
}
