package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/yamldoc"
)

const (
	// MaxPlan bounds a plan file in bytes. The plan of a real pair with its releases
	// embedded has a few MiB.
	MaxPlan = 64 << 20
	// maxPlanValues bounds the memory for one plan to a few hundred MiB.
	maxPlanValues = 2_000_000
	// maxPlanDepth: a plan nests to about ten levels, a field of the future may hold
	// more.
	maxPlanDepth = 100
)

// The codes of DecodePlan's diagnostics.
const (
	// CodeNewerFormat: the plan was written in a format later than this planewise knows.
	CodeNewerFormat = "newer-format"
	// CodeWrongDigest: the plan, or a document in it, was changed by hand.
	CodeWrongDigest = "wrong-digest"
)

// jsonBounds are those of a plan in JSON, for those who write one too.
var jsonBounds = yamldoc.Options{MaxBytes: MaxPlan, MaxDepth: maxPlanDepth, MaxNodes: maxPlanValues}

// FitsYAML is the error for a plan that DecodePlan would refuse as YAML for its size, nil
// where it reads it. Canonical is what EncodePlan wrote.
func FitsYAML(p model.Plan, data, canonical []byte) error {
	if err := yamldoc.Fits("plan "+p.ID, data, canonical, yamldoc.Options{}); err != nil {
		return fmt.Errorf("%w: nobody could read it again as YAML; write it as JSON", err)
	}
	return nil
}

// DecodePlan reads a plan file, JSON or YAML. Every plan of the formats up to this
// one opens; fields it does not know are kept in Plan.Extra and written again by
// EncodePlan, at their place.
//
// A plan of a newer format opens for reading, with the warning newer-format: words
// that this planewise does not know take the worst meaning they could have. It is
// an error where a part is missing that this planewise needs, since a plan without
// its effects would look harmless.
//
// A plan whose id is not that of its content, or with an embedded document that
// has another digest than it says, opens too; the blocking diagnostic wrong-digest
// says so.
func DecodePlan(name string, data []byte) (model.Plan, []model.Diagnostic, error) {
	doc, err := parsePlan(name, data)
	if err != nil {
		return model.Plan{}, nil, err
	}
	k, err := kindOf(reflect.TypeFor[model.Plan]())
	if err != nil {
		return model.Plan{}, nil, err
	}
	newer, err := k.checkFormat(doc)
	if err != nil {
		return model.Plan{}, nil, err
	}
	breaches, err := k.validate(doc.Root)
	if err != nil {
		return model.Plan{}, nil, err
	}
	var fatal, words []Problem
	for _, b := range breaches {
		if newer && b.word {
			words = append(words, b.Problem)
			continue
		}
		fatal = append(fatal, b.Problem)
	}
	if len(fatal) > 0 {
		if newer {
			fatal = append(fatal, k.tooNew(doc).(*Error).Problems...)
		}
		return model.Plan{}, nil, failure(name, fatal)
	}
	var p model.Plan
	b := binder{keep: true, lenient: newer}
	unknown := b.bind(doc.Root, reflect.ValueOf(&p).Elem())
	if len(b.problems) > 0 && !newer {
		return model.Plan{}, nil, failure(name, b.problems)
	}
	if len(unknown) > 0 {
		if p.Extra, err = json.Marshal(unknown); err != nil {
			return model.Plan{}, nil, fmt.Errorf("internal error: %s: %w", name, err)
		}
	}
	if newer {
		return p, newerFormat(name, p.Format, append(words, b.problems...)), nil
	}
	return p, wrongDigests(name, p), nil
}

// CheckBounds says whether DecodePlan would take JSON as far as its bounds go: bytes,
// values, and levels of nesting. It is cheap against reading it.
func CheckBounds(name string, valid []byte) error {
	return yamldoc.Fits(name, valid, valid, jsonBounds)
}

// ReadPlan reads a plan from r without holding more than MaxPlan bytes of it.
func ReadPlan(name string, r io.Reader) (model.Plan, []model.Diagnostic, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxPlan+1))
	if err != nil {
		return model.Plan{}, nil, fmt.Errorf("read %s: %w", name, err)
	}
	return DecodePlan(name, data)
}

func parsePlan(name string, data []byte) (*yamldoc.Doc, error) {
	if len(data) > MaxPlan {
		return nil, problem(name, 0, "", "the file is larger than %d MiB, more than any plan; check that this is the right file", MaxPlan>>20)
	}
	text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(text) == 0 {
		return nil, problem(name, 0, "", "the file is empty; a plan begins with \"format\": %q", model.FormatPlan)
	}
	isYAML := strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
	if text[0] == '{' && !isYAML && !json.Valid(text) {
		return nil, brokenJSON(name, data)
	}
	var o yamldoc.Options // its bounds are right for a plan in YAML, which is much dearer to read
	if text[0] == '{' && !isYAML {
		o = jsonBounds
	}
	doc, _, err := yamldoc.Parse(name, data, o)
	return doc, err
}

// brokenJSON says where a plan ends to be JSON. (It may have been cut off in a copy,
// which YAML's errors would not tell.)
func brokenJSON(name string, data []byte) error {
	at := len(data)
	what := "the JSON ends in the middle; copy or download the file again"
	var broken *json.SyntaxError
	var v any
	err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &v)
	if errors.As(err, &broken) && !strings.HasPrefix(broken.Error(), "unexpected end") {
		at = min(len(data), int(broken.Offset))
		what = fmt.Sprintf("this is not JSON: %v; correct it here", broken)
	}
	return problem(name, 1+bytes.Count(data[:at], []byte("\n")), "", "%s", what)
}

func newerFormat(name, format string, words []Problem) []model.Diagnostic {
	ds := []model.Diagnostic{{
		Severity: model.Warning, Code: CodeNewerFormat, Subject: name,
		Summary: fmt.Sprintf("the plan was written by a newer planewise (%s; this one knows up to %s) and opens for reading only", format, model.FormatPlan),
		Hint:    "Update planewise to see all of it. Its id is not checked.",
	}}
	for _, w := range words {
		ds = append(ds, model.Diagnostic{
			Severity: model.Warning, Code: CodeNewerFormat, Subject: name,
			Summary: w.Path + ": " + w.Text,
			Hint:    "A word that is not known is shown as the worst it could mean.",
		})
	}
	return model.SortDiagnostics(ds)
}

func wrongDigests(name string, p model.Plan) []model.Diagnostic {
	var ds []model.Diagnostic
	wrong := func(subject, summary string) {
		ds = append(ds, model.Diagnostic{
			Severity: model.Blocking, Code: CodeWrongDigest, Subject: subject, Summary: summary,
			Hint: "Plan again from the inputs, or fetch the file from where it was approved.",
		})
	}
	if id := PlanID(p); id != p.ID && PlanID(relaid(p)) != p.ID {
		wrong(name, fmt.Sprintf("the plan was changed after it was made: it says %s, and its content is %s", p.ID, id))
	}
	for _, in := range p.Inputs {
		if len(in.Content) == 0 {
			continue
		}
		if !sameDigest(in) {
			wrong(in.Kind+" "+in.Name, "the document in the plan is not the one that the plan names: its digest is another")
		}
	}
	return model.SortDiagnostics(ds)
}

// relaid is the plan with its embedded documents in canonical form, where another
// program wrote them with their fields in another order.
func relaid(p model.Plan) model.Plan {
	p.Inputs = slices.Clone(p.Inputs)
	for i, in := range p.Inputs {
		if b, err := Recode(in.Kind, in.Name, in.Content); err == nil {
			p.Inputs[i].Content = b
		}
	}
	return p
}

// sameDigest compares the digest of an embedded document with the one it should
// have. Another program may have sorted its fields or changed its layout, so where
// the text differs the meaning is compared.
func sameDigest(in model.Input) bool {
	if b, err := Canonical(in.Content); err == nil && Matches(in.Digest, b) {
		return true
	}
	b, err := Recode(in.Kind, in.Name, in.Content)
	return err == nil && Matches(in.Digest, b)
}
