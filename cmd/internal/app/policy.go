package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"planewise/model"
	"planewise/model/document"
	"planewise/model/ics"
)

// SetPolicy changes settings of a policy of the store and keeps the result under
// as, or under its own name where as is "". A setting is KEY=VALUE; the key leads
// through the document by dots, through lists by the plane or name of an entry:
// "percentile=50", "rollout.compute=none", "costs.compute.rate=200". Nothing is
// kept unless the whole policy is valid afterwards.
func (a *App) SetPolicy(name, as string, settings []string) (Entry, error) {
	doc, err := a.Document(Policies, name)
	if err != nil {
		return Entry{}, err
	}
	var tree map[string]any
	if err := unmarshalNumbers(doc, &tree); err != nil {
		return Entry{}, fmt.Errorf("internal error: policy %s: %w", name, err)
	}
	for _, s := range settings {
		key, value, ok := strings.Cut(s, "=")
		if !ok || key == "" {
			return Entry{}, fmt.Errorf("%q is no setting: write KEY=VALUE, e.g. percentile=50", s)
		}
		if err := setKey(tree, strings.Split(key, "."), parseValue(value)); err != nil {
			return Entry{}, fmt.Errorf("setting %s: %w", s, err)
		}
	}
	if as != "" {
		tree["name"] = as
	}
	return a.keepPolicy(tree)
}

func (a *App) keepPolicy(v any) (Entry, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return Entry{}, err
	}
	policy, err := document.Decode[model.Policy]("policy", data)
	if err != nil {
		return Entry{}, err
	}
	canonical, err := document.Canonical(policy)
	if err != nil {
		return Entry{}, err
	}
	return a.put(Policies, policy.Name, canonical)
}

func unmarshalNumbers(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(v)
}

// parseValue reads a value as JSON where it is that, else as a word.
func parseValue(s string) any {
	var v any
	if err := unmarshalNumbers([]byte(s), &v); err == nil && json.Valid([]byte(s)) {
		return v
	}
	return s
}

func setKey(tree map[string]any, path []string, value any) error {
	key := path[0]
	if len(path) == 1 {
		tree[key] = value
		return nil
	}
	switch next := tree[key].(type) {
	case nil:
		made := map[string]any{}
		tree[key] = made
		return setKey(made, path[1:], value)
	case map[string]any:
		return setKey(next, path[1:], value)
	case []any:
		return setEntry(next, key, path[1:], value)
	default:
		return fmt.Errorf("%s is a value and holds no %s", key, path[1])
	}
}

// setEntry finds a list's entry by what names it.
func setEntry(list []any, key string, path []string, value any) error {
	var names []string
	for _, e := range list {
		entry, ok := e.(map[string]any)
		if !ok {
			continue
		}
		for _, by := range []string{"plane", "name", "action", "role"} {
			word, ok := entry[by].(string)
			if !ok {
				continue
			}
			if word == path[0] && len(path) > 1 {
				return setKey(entry, path[1:], value)
			}
			names = append(names, word)
			break
		}
	}
	slices.Sort(names)
	return fmt.Errorf("%s has no entry %q to set something in; it has %s", key, path[0], strings.Join(names, ", "))
}

// ImportCalendar adds the events of a calendar file to a policy, as windows with
// the given grants or, with freezes, as times in which nothing may run.
func (a *App) ImportCalendar(name, as, path string, grants map[model.PlaneID]model.Footprint, freezes bool, zone string) (Entry, []model.Diagnostic, error) {
	data, err := a.Files.Read(path, ics.MaxSize)
	if err != nil {
		return Entry{}, nil, fmt.Errorf("read calendar: %w", err)
	}
	options := ics.Options{Kind: ics.Windows, Grants: grants, Zone: zone, Zones: time.LoadLocation}
	if freezes {
		options.Kind = ics.Freezes
	}
	events, diags, err := ics.Parse(path, data, options)
	if err != nil {
		return Entry{}, diags, err
	}
	lib, err := a.open()
	if err != nil {
		return Entry{}, diags, err
	}
	policy, err := get[model.Policy](lib, Policies, name)
	if err != nil {
		return Entry{}, diags, err
	}
	policy.Windows = append(policy.Windows, events.Windows...)
	policy.Freezes = append(policy.Freezes, events.Freezes...)
	if as != "" {
		policy.Name = as
	}
	entry, err := a.keepPolicy(policy)
	return entry, diags, err
}
