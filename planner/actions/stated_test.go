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
			if e := says(s, "projection", when); e == nil || e.Level < model.AtRisk || e.Text == "" {
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

func TestEveryPostgresClusterRestarts(t *testing.T) {
	for _, proc := range []string{"csm-1.6/iuf", "csm-1.6/manual"} {
		s := stageOf(t, proc, "services-postgres-restart")
		for db, client := range map[model.ServiceID]string{
			"keycloak-db": "keycloak", "smd-db": "smd", "sls-db": "sls", "spire-db": "spire", "gitea-db": "gitea", "console-db": "console-data", "powerdns-db": "powerdns",
		} {
			if !slices.ContainsFunc(s.Restarts, func(w model.Workload) bool { return w.Service == db }) {
				t.Errorf("%s does not restart %s", proc, db)
			}
			if says(s, client, "") == nil {
				t.Errorf("%s says nothing of %s", proc, client)
			}
		}
	}
}

// The network of pods is also that of the pods that boots, launches and volumes need.
func TestPodNetworkReachesCompute(t *testing.T) {
	for _, proc := range []string{"csm-1.3/manual", "csm-1.4/manual", "csm-1.5/manual", "csm-1.6/iuf", "csm-1.6/manual"} {
		s := stageOf(t, proc, "cni")
		for _, about := range []string{"compute.boot", "compute.launch", "storage.volumes"} {
			if e := says(s, about, ""); e == nil || e.Level < model.Blip || e.Text == "" || e.Source == "" {
				t.Errorf("%s: %s: %+v", proc, about, e)
			}
		}
	}
}

// The window of 5 minutes is documented for both volume drivers together: one
// that is shipped alone may take all of it.
func TestVolumeDriversWindow(t *testing.T) {
	c, _ := embedded(t)
	for name, service := range map[string]model.ServiceID{"cray-ceph-csi-rbd": "csi-rbd", "cray-ceph-csi-cephfs": "csi-cephfs"} {
		r, _, known := c.Rule(nil, &model.Component{Kind: model.KindChart, Name: name, Namespace: "ceph", Version: "3.6.2"})
		if !known || len(r.Effects) != 1 {
			t.Fatalf("%s: %v, %+v", name, known, r.Effects)
		}
		if e := r.Effects[0]; e.Service != service || e.Lasts.P50s != 300 || e.Lasts.P90s < 300 || e.Lasts.Basis != model.BasisInferred || e.Basis != model.BasisDocumented {
			t.Errorf("%s: %+v lasts %+v", name, e, e.Lasts)
		}
	}
}
