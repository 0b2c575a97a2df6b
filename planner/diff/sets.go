package diff

import (
	"fmt"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/version"
)

// mostPairs bounds the comparison of sets that have no highest version: a release
// has at most a dozen tags of one image, and beyond this nothing is read from them.
const mostPairs = 4096

// versions are all versions of a component; texts joined with commas count one by
// one, so that it does not matter in which of its two spellings a set comes.
func versions(c *model.Component) []string {
	if len(c.Versions) > 0 {
		return c.Versions
	}
	if c.Kind != model.KindHook && strings.Contains(c.Version, ",") {
		return strings.Split(c.Version, ",")
	}
	return []string{c.Version}
}

// text shows all versions of a component as they are written.
func text(c *model.Component) string {
	if len(c.Versions) > 0 {
		return strings.Join(c.Versions, ",")
	}
	return c.Version
}

// compareSets compares components that may have several versions: images,
// packages and scripts. The places where they are kept are looked at only where
// the versions are the same.
func compareSets(a, b *model.Component) (ch model.Change, differs bool) {
	if len(a.Versions)+len(b.Versions) == 0 && a.Version == b.Version {
		return comparePlaces(a, b)
	}
	va, vb := versions(a), versions(b)
	if sameSet(va, vb) {
		return comparePlaces(a, b)
	}
	ch.From, ch.To = text(a), text(b)
	ch.Direction, ch.Reason = setDirection(a, b, va, vb)
	return ch, true
}

// comparePlaces finds what is only kept elsewhere.
func comparePlaces(a, b *model.Component) (ch model.Change, differs bool) {
	what, from, to := "folders", a.Folders, b.Folders
	if a.Kind == model.KindImage {
		what, from, to = "registries", a.Registries, b.Registries
	}
	if sameSet(from, to) {
		return ch, false
	}
	ch.From, ch.To, ch.Direction = text(a), text(b), model.Moved
	ch.Reason = fmt.Sprintf("%s: %s -> %s", what, places(from), places(to))
	return ch, true
}

func places(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// sameSet compares two lists as sets.
func sameSet(a, b []string) bool {
	if slices.Equal(a, b) {
		return true
	}
	return slices.Equal(distinct(slices.Clone(a)), distinct(slices.Clone(b)))
}

// setDirection compares the versions of two sets that count, where the sets differ.
func setDirection(ca, cb *model.Component, a, b []string) (model.Direction, string) {
	kind := ca.Kind
	if len(a) == 1 && len(b) == 1 {
		return version.Direction(kind, a[0], b[0]), ""
	}
	topA, okA := top(ca, a)
	topB, okB := top(cb, b)
	if okA && okB {
		if c, ok := version.Compare(kind, topA, topB); ok && c == 0 {
			return model.Changed, fmt.Sprintf("%s stays the one that counts", topB)
		}
		return version.Direction(kind, topA, topB), ""
	}
	if len(a)*len(b) > mostPairs {
		return model.Changed, ""
	}
	// Variants ship side by side (1.8.0, 1.8.0-distroless): the set is newer when
	// each of the old ones has one that is not older, and not the other way round.
	up, down := covers(kind, b, a), covers(kind, a, b)
	switch {
	case up && !down:
		return model.Upgrade, ""
	case down && !up:
		return model.Downgrade, ""
	}
	return model.Changed, ""
}

// top is the version of a set that counts: the one that its release takes for the
// target (an upload list holds images of other makers under one name, and those of
// the release before), else the highest.
func top(c *model.Component, all []string) (string, bool) {
	if len(c.Versions) > 0 && slices.Contains(c.Versions, c.Version) {
		return c.Version, true
	}
	return version.Highest(c.Kind, all)
}

// covers reports whether each version of low that has an order has one in high
// that is not older, and whether there is one.
func covers(kind model.Kind, high, low []string) bool {
	any := false
	for _, l := range low {
		if !version.Ordered(kind, l) {
			continue
		}
		any = true
		if !slices.ContainsFunc(high, func(h string) bool {
			c, ok := version.Compare(kind, l, h)
			return ok && c <= 0
		}) {
			return false
		}
	}
	return any
}
