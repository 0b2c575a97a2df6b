package ics

import (
	"fmt"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"
)

// zones finds the zones that a calendar names.
type zones struct {
	find func(string) (*time.Location, error)
	// standard is the zone of times that name none.
	standard string
	// alias are zones that the calendar defines and says the IANA name of.
	alias map[string]string
}

func zonesOf(c *ical.Calendar, o Options) zones {
	z := zones{find: o.Zones, standard: o.Zone, alias: make(map[string]string)}
	for _, p := range c.CalendarProperties {
		if strings.EqualFold(p.IANAToken, "X-WR-TIMEZONE") && p.Value != "" {
			z.standard = p.Value
		}
	}
	for _, component := range c.Components {
		if _, ok := component.(*ical.VTimezone); !ok {
			continue
		}
		props := properties(component.UnknownPropertiesIANAProperties())
		if id, place := props.value("TZID"), props.value("X-LIC-LOCATION"); id != "" && place != "" {
			z.alias[id] = place
		}
	}
	return z
}

// named is the zone of a TZID. Besides IANA names it knows those that begin with
// the name of the program that wrote them ("/example.org/2005/Europe/Berlin"),
// and those for which the calendar says which place they are for.
func (z zones) named(id string) (*time.Location, error) {
	candidates := []string{id, z.alias[id]}
	if strings.HasPrefix(id, "/") {
		parts := strings.Split(id, "/")
		for n := 3; n >= 1; n-- {
			if len(parts) > n {
				candidates = append(candidates, strings.Join(parts[len(parts)-n:], "/"))
			}
		}
	}
	for _, name := range candidates {
		// "Local" would be the zone of the machine that plans.
		if name == "" || name == "Local" || strings.HasPrefix(name, "/") {
			continue
		}
		if loc, err := z.find(name); err == nil && loc != nil {
			return loc, nil
		}
	}
	return nil, fmt.Errorf("there is no time zone %q: replace it by an IANA name such as Europe/Zurich", id)
}

// of is z for the other times of an event that starts at the property: those
// that name no zone are in that of the start.
func (z zones) of(start *ical.IANAProperty) zones {
	switch zone := parameter(start, "TZID"); {
	case strings.HasSuffix(strings.TrimSpace(start.Value), "Z"):
		z.standard = "UTC"
	case zone != "":
		z.standard = zone
	}
	return z
}

// properties of a component. Names are compared without regard to case.
type properties []ical.IANAProperty

func (p properties) all(name string) []ical.IANAProperty {
	var list []ical.IANAProperty
	for _, property := range p {
		if strings.EqualFold(property.IANAToken, name) {
			list = append(list, property)
		}
	}
	return list
}

// one is the property of which there must not be two.
func (p properties) one(name string) (*ical.IANAProperty, error) {
	switch list := p.all(name); len(list) {
	case 0:
		return nil, nil
	case 1:
		return &list[0], nil
	default:
		return nil, fmt.Errorf("%s stands %d times: %q and %q", name, len(list), list[0].Value, list[1].Value)
	}
}

// value of the first property of the name; "" where there is none.
func (p properties) value(name string) string {
	if list := p.all(name); len(list) > 0 {
		return strings.TrimSpace(list[0].Value)
	}
	return ""
}

func parameter(p *ical.IANAProperty, name string) string {
	// A calendar may hold a name in both cases; the smallest key decides, so that
	// the order of a map does not.
	key, value := "", ""
	for k, v := range p.ICalParameters {
		if strings.EqualFold(k, name) && len(v) > 0 && (key == "" || k < key) {
			key, value = k, v[0]
		}
	}
	return value
}
