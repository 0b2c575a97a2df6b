// Package inputs puts the documents that a plan was made from into the plan, and
// takes them out again, so that a plan file is made again, or checked, on a
// machine that has neither the catalogue nor the site's files.
//
// What a plan carries is complete: both sides, the releases between them (their
// scripts undeploy what a jump leaves behind), the merged mapping, the procedures, the
// system, what it sets in its charts where that is known, and the policy, and beside the
// documents the path asked for, the edits, the time and what was noted while the
// inputs were read.
//
// Of the procedures those are enough that the plan may follow, on any path and with
// any edits: see actions.Applicable. Plans used to carry all that there were; made
// again, they still do.
package inputs

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/planner"
)

// The kinds of inputs, as they stand in a plan.
const (
	Release   = "release"
	Mapping   = "mapping"
	Procedure = "procedure"
	System    = "system"
	Policy    = "policy"
	// Customizations are there only where the plan considers them.
	Customizations = "customizations"
)

// Read is a document that a part of an input was read from.
type Read struct {
	// Value is that part: a release, procedure, system, policy, customizations, or a
	// catalogue. It holds what it held when it was read.
	Value any
	// Content is its canonical form, with its digest.
	Content []byte
	Digest  string
}

// Plan builds the plan and completes it with its inputs, digests and id.
func Plan(in planner.Input) (model.Plan, error) {
	return Complete(planner.Build(in), in)
}

// Complete adds to what planner.Build made of in the inputs, digests and id.
func Complete(p model.Plan, in planner.Input) (model.Plan, error) {
	s, err := seal(p, in, nil)
	return s.Plan(), err
}

// Sealed is Plan, with the plan's canonical form. Parts of in that are what was read
// from documents are not written again.
func Sealed(in planner.Input, read []Read) (document.Sealed, error) {
	return seal(planner.Build(in), in, read)
}

func seal(p model.Plan, in planner.Input, read []Read) (document.Sealed, error) {
	p.Path = in.Path
	p.Notes = planner.Condense(model.SortDiagnostics(slices.Clone(in.Notes)))
	p.From, p.To = slices.Clone(p.From), slices.Clone(p.To)
	c := collector{seen: map[string]bool{}, read: read}
	c.documents(in, &p)
	if c.err != nil {
		return document.Sealed{}, c.err
	}
	p.Inputs = c.out
	return document.Seal(p)
}

// documents are those of in, each once, content included. The releases' digests go
// into the plan's two sides.
func (c *collector) documents(in planner.Input, p *model.Plan) {
	c.side(in.From, p.From)
	c.side(in.To, p.To)
	c.side(in.Known, nil)
	c.add(Mapping, in.Catalog.Mapping().Name, in.Catalog)
	for _, p := range in.Procedures {
		c.add(Procedure, p.Name, p)
	}
	c.add(System, in.System.Name, in.System)
	c.add(Policy, in.Policy.Name, in.Policy)
	if in.Customizations != nil {
		c.add(Customizations, in.Customizations.Name, *in.Customizations)
	}
}

// side adds the releases of one side. The two sides may hold different releases of
// one name, so their digests are not looked up by it.
func (c *collector) side(releases []model.Release, refs []model.ReleaseRef) {
	for _, r := range releases {
		digest := c.add(Release, r.Ref(), r)
		for i := range refs {
			if refs[i].Product == r.Product && refs[i].Version == r.Version {
				refs[i].Digest = digest
			}
		}
	}
}

type collector struct {
	out  []model.Input
	seen map[string]bool
	read []Read
	err  error
}

// add adds a document once, and returns its digest.
func (c *collector) add(kind, name string, v any) string {
	data, digest := c.canonical(v)
	data = document.Undated(data) // what is no part of the release is no part of the plan
	one := model.Input{Kind: kind, Name: name, Digest: digest, Content: data}
	if key := one.Kind + "\x00" + one.Name + "\x00" + one.Digest; !c.seen[key] {
		c.seen[key] = true
		c.out = append(c.out, one)
	}
	return digest
}

// canonical is what v was read from, where it is still that, else v written again. To
// compare costs little: a value and its copies share their lists.
func (c *collector) canonical(v any) (data []byte, digest string) {
	for _, r := range c.read {
		if reflect.DeepEqual(r.Value, v) {
			return r.Content, r.Digest
		}
	}
	if mapping, ok := v.(*catalog.Catalog); ok {
		v = mapping.Mapping()
	}
	data, err := document.Canonical(v)
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("write %T: %w", v, err)
	}
	return data, document.DigestBytes(data)
}

// ErrLacking is within the error of Of for a plan that does not carry all that it was
// made from, and says what to do.
var ErrLacking = errors.New("plan again from the catalogue")

// Of takes out of a plan what it was made from. The caller adds the time zones,
// the name of the tool and the base chart. It is an error where a document is missing (ErrLacking) or
// broken.
func Of(p model.Plan) (planner.Input, error) {
	in := planner.Input{Path: p.Path, Edits: p.Edits, Notes: slices.Clone(p.Notes)}
	if p.PlannedAt != "" {
		at, err := time.Parse(time.RFC3339, p.PlannedAt)
		if err != nil {
			return in, fmt.Errorf("plan %s: planned_at %q is no time: write it as 2026-01-31T20:00:00Z", p.ID, p.PlannedAt)
		}
		in.At = at
	}
	var layers []model.Mapping
	var systems []model.System
	var policies []model.Policy
	var customizations []model.Customizations
	for _, doc := range p.Inputs {
		if len(doc.Content) == 0 || string(doc.Content) == "null" {
			return in, fmt.Errorf("plan %s does not carry its %s %s: %w", p.ID, doc.Kind, doc.Name, ErrLacking)
		}
		var err error
		switch doc.Kind {
		case Release:
			err = sort(&in, p, doc)
		case Mapping:
			err = decode(&layers, doc)
		case Procedure:
			err = decode(&in.Procedures, doc)
		case System:
			err = decode(&systems, doc)
		case Policy:
			err = decode(&policies, doc)
		case Customizations:
			err = decode(&customizations, doc)
		}
		if err != nil {
			return in, fmt.Errorf("plan %s: %s %s: %w", p.ID, doc.Kind, doc.Name, err)
		}
	}
	if err := complete(p, in, layers, systems, policies); err != nil {
		return in, err
	}
	in.System, in.Policy = systems[0], policies[0]
	if len(customizations) > 1 {
		return in, fmt.Errorf("plan %s carries customizations of %d systems: plan again from the catalogue", p.ID, len(customizations))
	}
	if len(customizations) == 1 {
		in.Customizations = &customizations[0]
	}
	// What is to be said about the mapping was said when it was merged.
	in.Catalog, _ = catalog.New(layers...)
	return in, nil
}

func decode[T any](list *[]T, doc model.Input) error {
	v, err := document.Decode[T](doc.Name, doc.Content)
	*list = append(*list, v)
	return err
}

// sort puts a release on the side, or the sides, that name it; others are known.
func sort(in *planner.Input, p model.Plan, doc model.Input) error {
	r, err := document.Decode[model.Release](doc.Name, doc.Content)
	if err != nil {
		return err
	}
	ref := model.ReleaseRef{Product: r.Product, Version: r.Version, Digest: doc.Digest}
	from, to := slices.Contains(p.From, ref), slices.Contains(p.To, ref)
	if from {
		in.From = append(in.From, r)
	}
	if to {
		in.To = append(in.To, r)
	}
	if !from && !to {
		in.Known = append(in.Known, r)
	}
	return nil
}

// complete reports what a plan should carry and does not.
func complete(p model.Plan, in planner.Input, layers []model.Mapping, systems []model.System, policies []model.Policy) error {
	var lacks []string
	if len(in.From) != len(p.From) || len(in.To) != len(p.To) {
		lacks = append(lacks, "a release of its two sides")
	}
	if len(layers) == 0 {
		lacks = append(lacks, "its mapping")
	}
	if len(systems) != 1 {
		lacks = append(lacks, "its one system")
	}
	if len(policies) != 1 {
		lacks = append(lacks, "its one policy")
	}
	if lacks != nil {
		return fmt.Errorf("plan %s does not carry %s: %w", p.ID, strings.Join(lacks, ", "), ErrLacking)
	}
	return nil
}
