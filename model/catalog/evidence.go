package catalog

import "planewise/model"

// inherit is the evidence of a claim that stands in something with evidence of
// its own.
func inherit(from, own model.Evidence) model.Evidence {
	if own.Basis != model.BasisUnknown || own.Source != "" {
		return own
	}
	text := own.Text
	own = from
	if text != "" {
		own.Text = text
	}
	return own
}

// The functions below copy a part of a mapping and fill in its evidence.

func fillCapability(c model.Capability) model.Capability {
	c.Needs = fillNeed(c.Needs, c.Evidence)
	return c
}

func fillService(s model.Service) model.Service {
	s.Needs = fillNeed(s.Needs, s.Evidence)
	return s
}

func fillNeed(n *model.Need, from model.Evidence) *model.Need {
	if n == nil {
		return nil
	}
	out := *n
	out.Evidence = inherit(from, n.Evidence)
	out.All = fillNeeds(n.All, out.Evidence)
	out.Any = fillNeeds(n.Any, out.Evidence)
	out.Of = fillNeeds(n.Of, out.Evidence)
	return &out
}

func fillNeeds(ns []model.Need, from model.Evidence) []model.Need {
	var out []model.Need
	for i := range ns {
		out = append(out, *fillNeed(&ns[i], from))
	}
	return out
}

func fillRule(r model.Rule) model.Rule {
	r.Duration = fillEstimate(r.Duration, r.Evidence)
	r.Workloads = fillWorkloads(r.Workloads, r.Evidence)
	effects := r.Effects
	r.Effects = nil
	for _, e := range effects {
		e.Evidence = inherit(r.Evidence, e.Evidence)
		e.Lasts = fillEstimate(e.Lasts, e.Evidence)
		r.Effects = append(r.Effects, e)
	}
	retires := r.Retires
	r.Retires = nil
	for _, x := range retires {
		x.Evidence = inherit(r.Evidence, x.Evidence)
		r.Retires = append(r.Retires, x)
	}
	if b := r.Rollback; b != nil && b.Possible != model.UnknownWhich {
		filled := *b
		filled.Evidence = inherit(r.Evidence, b.Evidence)
		r.Rollback = &filled
	}
	return r
}

func fillWorkloads(ws []model.Workload, from model.Evidence) []model.Workload {
	var out []model.Workload
	for _, w := range ws {
		out = append(out, fillWorkload(w, from))
	}
	return out
}

func fillWorkload(w model.Workload, from model.Evidence) model.Workload {
	w.Evidence = inherit(from, w.Evidence)
	w.Restart = fillEstimate(w.Restart, w.Evidence)
	w.Failover = fillEstimate(w.Failover, w.Evidence)
	return w
}

func fillEstimate(e *model.Estimate, from model.Evidence) *model.Estimate {
	if e == nil {
		return nil
	}
	out := *e
	out.Evidence = inherit(from, e.Evidence)
	return &out
}
