package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Basis says where a claim comes from, most reliable first.
type Basis uint8

const (
	// BasisUnknown: nobody has said; the claim is a placeholder.
	BasisUnknown Basis = iota
	// BasisDefault: a figure of planewise's own, used where nothing better exists.
	BasisDefault
	// BasisInferred: derived by reasoning from other facts.
	BasisInferred
	// BasisChart: replicas or strategy in the shipped chart.
	BasisChart
	// BasisDocumented: stated by the vendor's documents or scripts.
	BasisDocumented
	// BasisObserved: read from live objects of this site.
	BasisObserved
	// BasisMeasured: this site's own past runs.
	BasisMeasured
)

var basisNames = [...]string{"unknown", "default", "inferred", "chart", "documented", "observed", "measured"}

func (b Basis) String() string {
	if int(b) < len(basisNames) {
		return basisNames[b]
	}
	return fmt.Sprintf("basis(%d)", uint8(b))
}

// MarshalText writes the basis as its word.
func (b Basis) MarshalText() ([]byte, error) {
	if int(b) >= len(basisNames) {
		return nil, fmt.Errorf("no such basis: %d", uint8(b))
	}
	return []byte(basisNames[b]), nil
}

// UnmarshalText reads a basis' word.
func (b *Basis) UnmarshalText(text []byte) error { return decodeWord(b, text, basisNames[:], "basis") }

// Evidence is what stands behind one claim of a mapping, procedure or system:
// where it comes from and, in a sentence, what it says.
type Evidence struct {
	Basis Basis `json:"basis"`
	// Source names a document, script or file ("D16:upgrade/Stage_1.md"); empty
	// for BasisDefault and BasisUnknown.
	Source string `json:"source,omitempty"`
	Text   string `json:"text,omitempty"`
}

// FactID names a fact by its content, so that it is the same in every plan that
// uses the same fact.
type FactID string

// Fact is one reason, as it stands in a plan: subject, relation, object, and the
// evidence for it. Example: (chart:services/api, provides, service:api).
type Fact struct {
	ID FactID `json:"id"`
	// Subject "ship:*" is each thing whose id begins with that and that names the fact.
	Subject  string `json:"subject"`
	Relation string `json:"relation"`
	Object   string `json:"object"`
	// Level is the word of the level the fact is about ("" where it is not about one).
	Level  string `json:"level,omitempty"`
	Basis  Basis  `json:"basis"`
	Source string `json:"source,omitempty"`
	Text   string `json:"text,omitempty"`
}

// NewFact makes a fact and gives it the id of its content.
func NewFact(subject, relation, object string, level string, e Evidence) Fact {
	f := Fact{Subject: subject, Relation: relation, Object: object, Level: level, Basis: e.Basis, Source: e.Source, Text: e.Text}
	// A plan has thousands of facts; most contents fit into the buffer.
	var buffer [512]byte
	content := buffer[:0]
	for _, part := range [...]string{subject, relation, object, level, e.Basis.String(), e.Source} {
		content = append(append(content, part...), 0)
	}
	sum := sha256.Sum256(append(content, e.Text...))
	id := [factIDSize]byte{'f', '-'}
	hex.Encode(id[2:], sum[:(factIDSize-2)/2])
	f.ID = FactID(id[:])
	return f
}

// factIDSize is the length of a fact's id: "f-" and twelve hex digits.
const factIDSize = 14

// Span is a length of time in whole seconds: half of all runs stay within P50s,
// nine of ten within P90s. 0 <= P50s <= P90s.
type Span struct {
	P50s int64 `json:"p50s"`
	P90s int64 `json:"p90s"`
}

// Estimate is a span with its evidence. A nil *Estimate means that nothing is
// known, which is never the same as zero.
type Estimate struct {
	P50s int64 `json:"p50s"`
	P90s int64 `json:"p90s"`
	Evidence
}

// Span is the estimate without its evidence.
func (e Estimate) Span() Span { return Span{e.P50s, e.P90s} }
