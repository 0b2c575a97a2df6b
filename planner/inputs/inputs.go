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
	"fmt"
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

// Plan builds the plan and completes it with its inputs, digests and id.
func Plan(in planner.Input) (model.Plan, error) {
	p := planner.Build(in)
	p.Path = in.Path
	p.Notes = model.SortDiagnostics(slices.Clone(in.Notes))
	var err error
	if p.Inputs, err = Documents(in); err != nil {
		return model.Plan{}, err
	}
	if err := digests(p.From, in.From); err != nil {
		return model.Plan{}, err
	}
	if err := digests(p.To, in.To); err != nil {
		return model.Plan{}, err
	}
	p.ID = document.PlanID(p)
	return p, nil
}

// digests fills in those of one side. The two sides may hold different releases
// of one name, so they are not looked up by it.
func digests(refs []model.ReleaseRef, side []model.Release) error {
	for i, ref := range refs {
		for _, r := range side {
			if r.Product != ref.Product || r.Version != ref.Version {
				continue
			}
			data, err := document.Canonical(r)
			if err != nil {
				return fmt.Errorf("write release %s: %w", r.Ref(), err)
			}
			refs[i].Digest = document.DigestBytes(data)
		}
	}
	return nil
}

// Documents are the documents of in, each once, content included.
func Documents(in planner.Input) ([]model.Input, error) {
	c := collector{seen: map[string]bool{}}
	for _, r := range slices.Concat(in.From, in.To, in.Known) {
		c.add(Release, r.Ref(), r)
	}
	c.add(Mapping, in.Catalog.Mapping().Name, in.Catalog.Mapping())
	for _, p := range in.Procedures {
		c.add(Procedure, p.Name, p)
	}
	c.add(System, in.System.Name, in.System)
	c.add(Policy, in.Policy.Name, in.Policy)
	if in.Customizations != nil {
		c.add(Customizations, in.Customizations.Name, *in.Customizations)
	}
	return c.out, c.err
}

type collector struct {
	out  []model.Input
	seen map[string]bool
	err  error
}

func (c *collector) add(kind, name string, v any) {
	data, err := document.Canonical(v)
	if err != nil {
		c.err = fmt.Errorf("write %s %s: %w", kind, name, err)
		return
	}
	one := model.Input{Kind: kind, Name: name, Digest: document.DigestBytes(data), Content: data}
	if key := one.Kind + "\x00" + one.Name + "\x00" + one.Digest; !c.seen[key] {
		c.seen[key] = true
		c.out = append(c.out, one)
	}
}

// Of takes out of a plan what it was made from. The caller adds the time zones
// and the name of the tool. It is an error where a document is missing or broken.
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
			return in, fmt.Errorf("plan %s does not carry its %s %s: plan again from the catalogue", p.ID, doc.Kind, doc.Name)
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
		return fmt.Errorf("plan %s does not carry %s: plan again from the catalogue", p.ID, strings.Join(lacks, ", "))
	}
	return nil
}
