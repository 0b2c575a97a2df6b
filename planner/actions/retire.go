package actions

import (
	"cmp"
	"slices"
	"strings"

	"planewise/model"
)

// retire lists the capabilities that end for good. Orphans count as gone: what
// goes on running is no longer maintained by anybody.
func (b *builder) retire() {
	for _, i := range b.sorted {
		ch := &b.changes[i]
		if ch.Delivery {
			continue
		}
		gone := ch.Direction == model.Removed || ch.Direction == model.Orphaned
		for _, r := range b.rule(i).Retires {
			if b.in.System.Has(r.When) && (r.Crossing != nil && b.crosses(r.Crossing) || r.Crossing == nil && gone) {
				b.retired = append(b.retired, b.retirement(ch, r))
			}
		}
	}
	slices.SortStableFunc(b.retired, func(x, y model.Retired) int {
		return cmp.Or(strings.Compare(string(x.Capability), string(y.Capability)), strings.Compare(string(x.Change), string(y.Change)))
	})
	b.retired = slices.CompactFunc(b.retired, func(x, y model.Retired) bool {
		return x.Capability == y.Capability && x.Affected == y.Affected && x.Replacement == y.Replacement
	})
}

func (b *builder) retirement(ch *model.Change, r model.RetireRule) model.Retired {
	f := model.NewFact(string(ch.ID), "retires", "capability:"+string(r.Capability), "", r.Evidence)
	b.facts = append(b.facts, f)
	return model.Retired{
		Capability: r.Capability, Change: ch.ID, Action: ch.Action,
		Affected: r.Affected, Replacement: r.Replacement, Facts: []model.FactID{f.ID},
	}
}
