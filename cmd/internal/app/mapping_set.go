package app

import (
	"context"
	"errors"
	"fmt"

	"planewise/model"
	"planewise/model/catalog"
)

// RuleEdit is what a site says of one component.
type RuleEdit struct {
	Component string
	Planes    []string
	Method    string
	// Text is why, in the site's own words; Source where it is written down.
	Text, Source string
}

// SetRule puts a rule for one component into the site's own layer of the store,
// above all others. A method other than those that restart nothing leaves the
// effect unknown until the rule names workloads, which a mapping file can.
func (a *App) SetRule(ctx context.Context, e RuleEdit) (model.Rule, error) {
	c, err := parseComponent(e.Component)
	if err != nil {
		return model.Rule{}, err
	}
	if e.Text == "" {
		return model.Rule{}, errors.New("a rule needs a reason: give --text, so that plans can show what it rests on")
	}
	rule := model.Rule{
		Match:    model.Match{Kind: c.Kind, Name: c.Name, Namespace: c.Namespace, Role: c.Role, Arch: c.Arch},
		Method:   model.Method(e.Method),
		Evidence: model.Evidence{Basis: model.BasisObserved, Source: e.Source, Text: e.Text},
	}
	if rule.Source == "" {
		rule.Source = "site"
	}
	for _, p := range e.Planes {
		rule.Planes = append(rule.Planes, model.PlaneID(p))
	}
	lib, err := a.open()
	if err != nil {
		return rule, err
	}
	layers, err := a.layers(lib, nil)
	if err != nil {
		return rule, err
	}
	_, before := catalog.New(layers...)
	_, after := catalog.New(append(layers, model.Mapping{Format: model.FormatMapping, Name: "edit", Rules: []model.Rule{rule}})...)
	known := map[string]bool{}
	for _, d := range before {
		known[string(d.Code)+d.Subject+d.Summary] = true
	}
	for _, d := range after {
		if d.Severity == model.Blocking && !known[string(d.Code)+d.Subject+d.Summary] {
			return rule, fmt.Errorf("%s: %s; %s", d.Subject, d.Summary, d.Hint)
		}
	}
	return rule, NewSession(a, Request{}).SaveRules(ctx, []model.Rule{rule})
}
