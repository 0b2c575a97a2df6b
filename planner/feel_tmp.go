package planner

import "planewise/model"

func (b *build) feel(p *model.Plan, acts []model.Action, groups [][]int) {
	for i, g := range groups {
		caps := map[model.CapabilityID]*model.CapabilityImpact{}
		for _, m := range g {
			p.Bundles[i].Duration.P50s += acts[m].Duration.P50s
			p.Bundles[i].Duration.P90s += acts[m].Duration.P90s
			for _, e := range acts[m].Effects {
				if caps[e.Capability] == nil {
					caps[e.Capability] = &model.CapabilityImpact{ID: e.Capability}
				}
				c := caps[e.Capability]
				r := rangeOf(c.Level, c.Unknown, c.Most).Worse(e.Range())
				c.Level, c.Unknown = r.Least, r.IsUnknown()
				c.P90s += e.Lasts.P90s
			}
		}
		for _, pl := range b.in.Catalog.Planes() {
			pi := model.PlaneImpact{Plane: pl.ID}
			for _, c := range b.in.Catalog.Capabilities() {
				if x := caps[c.ID]; x != nil && c.Plane == pl.ID {
					pi.Capabilities = append(pi.Capabilities, *x)
					pi.Worst = max(pi.Worst, x.Level)
					pi.Unknown = pi.Unknown || x.Unknown
				}
			}
			p.Bundles[i].Impact = append(p.Bundles[i].Impact, pi)
		}
	}
}
