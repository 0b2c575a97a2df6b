package actions_test

import (
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

// stageOf is a stage of an embedded procedure.
func stageOf(t *testing.T, procedure, id string) model.Stage {
	t.Helper()
	_, procs := embedded(t)
	for _, p := range procs {
		if p.Name != procedure {
			continue
		}
		for _, s := range p.Stages {
			if s.ID == id {
				return s
			}
		}
	}
	t.Fatalf("no stage %s in %s", id, procedure)
	return model.Stage{}
}

// says finds an effect of a stage by what it is about, under a condition.
func says(s model.Stage, about, when string) *model.EffectRule {
	i := slices.IndexFunc(s.Effects, func(e model.EffectRule) bool {
		return e.When == when && (string(e.Service) == about || string(e.Capability) == about)
	})
	if i < 0 {
		return nil
	}
	return &s.Effects[i]
}

// Plays that run on serving nodes have reached the projection before.
func TestLiveConfigurationIsNotNothing(t *testing.T) {
	for _, proc := range []string{"csm-1.4/patch", "csm-1.5/patch"} {
		s := stageOf(t, proc, "cfs-update")
		for _, when := range []string{"sbps", "dvs"} {
			if e := says(s, "projection", when); e == nil || e.Level < model.AtRisk || !e.Unknown || e.Text == "" {
				t.Errorf("%s: projection with %s: %+v", proc, when, e)
			}
		}
		if e := says(s, "control.configuration", ""); e == nil || e.Level < model.AtRisk {
			t.Errorf("%s: configuration: %+v", proc, e)
		}
	}
}

// Which pods of other products carry a proxy is known only on the site.
func TestRestartOfOtherProductsIsUnknown(t *testing.T) {
	for _, proc := range []string{"csm-1.6/iuf", "csm-1.6/manual"} {
		s := stageOf(t, proc, "prereq-restart-injected")
		for about, when := range map[string]string{
			"control.api": "", "access.api": "", "wlm": "", "vni": "", "fabric-manager": "", "uai": "uai", "projection": "dvs", "dvs-mqtt": "dvs",
		} {
			if e := says(s, about, when); e == nil || !e.Unknown {
				t.Errorf("%s: %s: %+v", proc, about, e)
			}
		}
		for _, e := range s.Effects {
			if strings.HasPrefix(string(e.Service), "ceph-") {
				t.Errorf("%s: Ceph's daemons are not pods: %+v", proc, e)
			}
		}
	}
}
