package impact_test

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner/impact"
)

var update = flag.Bool("update", false, "write the worlds anew; look at the difference before you commit it")

// worlds are what real steps disturb on systems that are whole, short of numbers, or
// not well when they were looked at.
var worlds = []struct {
	name, from, to, system string
	change                 func(*model.System)
}{
	{"patch", "csm-1.5.0", "csm-1.5.2", "demo", nil},
	{"minor-small", "csm-1.5.2", "csm-1.6.0-rc.3", "small", nil},
	{"minor-measured", "csm-1.4.3", "csm-1.5.0", "large", nil},
	{"no-ceph", "csm-1.3.5", "csm-1.4.0", "demo", func(s *model.System) { s.Ceph = nil }},
	{"one-gateway-no-proxy", "csm-1.5.2", "csm-1.6.0-rc.3", "small", func(s *model.System) {
		c := *s.Ceph
		c.RGW, c.RGWProxy, c.MDSStandby, c.Mgrs = 2, false, 0, 1
		c.Pools = []model.Pool{{Name: "a", Serves: "block", Size: 2, MinSize: 2}, {Name: "b", Serves: "object", Size: 3, MinSize: 1, FailureDomain: "osd"}, {Name: "c", Serves: "file", Size: 3, MinSize: 2, FailureDomain: "rack"}}
		s.Ceph = &c
	}},
	{"nothing-stated", "csm-1.5.0", "csm-1.5.2", "demo", func(s *model.System) { s.Features, s.Ceph, s.Workloads, s.Nodes = nil, nil, nil, s.Nodes[:2] }},
	{"sick", "csm-1.5.2", "csm-1.6.0-rc.3", "demo", sick},
}

// sick is the system as it was seen with a node, a monitor, a host of storage and some
// instances away, budgets that let nothing go, and pods that nothing starts again.
func sick(s *model.System) {
	n := func(i int) *int { return &i }
	s.TakenAt = "2026-01-05T08:00:00Z"
	for i := 1; i <= 6; i++ {
		h := model.Host{Name: fmt.Sprintf("ncn-w%03d", i), Role: "worker", NotReady: i == 2, Cordoned: i == 3}
		if i == 4 {
			h.Unmanaged = []string{"user/shell", "user/job"}
		}
		s.Hosts = append(s.Hosts, h)
	}
	c := *s.Ceph
	c.Faults = &model.CephFaults{Health: "HEALTH_WARN", Checks: []string{"OSD_DOWN"}, Flags: []string{"noout"}, Mons: 1, MDS: 1, RGW: 1, OSDHosts: 1, OSDs: 4}
	s.Ceph = &c
	on := func(nodes ...string) []string { return nodes }
	s.Workloads = append(slices.Clone(s.Workloads),
		model.ObservedWorkload{Kind: "Deployment", Namespace: "services", Name: "cray-bos", Replicas: 2, Ready: n(1), Nodes: on("ncn-w001", "ncn-w002"), PDB: &model.PDB{Name: "bos", MinAvailable: "2", Allowed: n(0)}},
		model.ObservedWorkload{Kind: "StatefulSet", Namespace: "services", Name: "cray-bos-bitnami-etcd", Replicas: 3, Ready: n(2), Nodes: on("ncn-w001", "ncn-w001", "ncn-w004")},
		model.ObservedWorkload{Kind: "StatefulSet", Namespace: "vault", Name: "cray-vault", Replicas: 3, Ready: n(3), Leader: true, Nodes: on("ncn-w001", "ncn-w004", "ncn-w005"), PDB: &model.PDB{MaxUnavailable: "0"}},
		model.ObservedWorkload{Kind: "Deployment", Namespace: "istio-system", Name: "istio-ingressgateway", Replicas: 3, Method: model.MethodRolling, MaxUnavailable: "50%", MaxSurge: "0", Nodes: on("ncn-w005", "ncn-w005", "ncn-w006")},
		model.ObservedWorkload{Kind: "Deployment", Namespace: "services", Name: "cray-cfs-api", Replicas: 0},
		model.ObservedWorkload{Kind: "Deployment", Namespace: "user", Name: "portal", Replicas: 2, Nodes: on("ncn-w001", "ncn-w001"), PDB: &model.PDB{MinAvailable: "100%", Also: []string{"other"}}},
	)
}

// What steps of real releases disturb, action by action and together, is what
// testdata holds. Reasons stand there as digests.
func TestWorlds(t *testing.T) {
	for _, x := range worlds {
		t.Run(x.name, func(t *testing.T) {
			w := between(t, x.from, x.to, x.system, func(s *model.System) {
				if x.change != nil {
					x.change(s)
				}
				m, err := mapping()
				if err != nil {
					t.Fatal(err)
				}
				*s = impact.Decide(m.Mapping(), *s)
			})
			got := w.said()
			file := filepath.Join("testdata", x.name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(got) {
				if !strings.Contains(string(want), line) {
					t.Errorf("not in %s: %s", file, line)
				}
			}
			if got != string(want) && !t.Failed() {
				t.Errorf("lines of %s are gone or in another order", file)
			}
			if t.Failed() {
				t.Log("if it is meant: go test ./planner/impact -run TestWorlds -update")
			}
		})
	}
}

// digest is one of all that a value holds.
func digest(v any) string {
	data, err := json.Marshal(v)
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Append(data, err)))[:8]
}

// summary is a digest of what facts say.
func (w world) summary(ids []model.FactID) string {
	var out []model.Fact
	for _, id := range ids {
		out = append(out, w.facts[id])
	}
	return digest(out)
}

// said is all that the engine says of a world.
func (w world) said() string {
	var b strings.Builder
	for _, a := range w.order {
		fmt.Fprintf(&b, "\n%s %s expected %d, %d/%d%s, %v, way back %s %d, reasons %s\n", a.ID, a.Method, a.ExpectedS, a.Duration.P50s, a.Duration.P90s,
			mark(a.DurationUnknown), a.Footprint, a.Rollback.Possible, a.Rollback.P90s, w.summary(a.Facts))
		for _, e := range a.Effects {
			r := e.Range()
			fmt.Fprintf(&b, "  %s %s..%s %d/%d+%d/%d x%d %s %s\n", e.Capability, r.Least, r.Most, e.Start.P50s, e.Start.P90s, e.Lasts.P50s, e.Lasts.P90s, e.Times, e.Until, w.summary(e.Facts))
		}
		for _, n := range a.Nodes {
			fmt.Fprintf(&b, "  without %s %s\n", n.Name, digest([]any{n.Capabilities, n.Workloads, n.Last, w.summary(n.Facts)}))
		}
		if len(a.Unplaced) > 0 || a.Nameless > 0 {
			fmt.Fprintf(&b, "  %d without a name, not placed %s\n", a.Nameless, digest(a.Unplaced))
		}
	}
	var felt []impact.BundleImpact
	var left []impact.Left
	for actions := range slices.Chunk(w.order, 25) {
		x := w.engine.BundleAfter(left, actions)
		felt = append(felt, x)
		fmt.Fprintf(&b, "\nbundle from %s: work %d, %d/%d%s, %v, %d intervals %s\n", actions[0].ID, x.WorkS, x.Duration.P50s, x.Duration.P90s, mark(x.DurationUnknown), x.Footprint,
			len(x.Timeline), digest(x.Timeline))
		for _, p := range x.Impact {
			for _, c := range p.Capabilities {
				e := model.Effect{Level: c.Level, Unknown: c.Unknown, Most: c.Most}
				fmt.Fprintf(&b, "  %s %s..%s %d/%d and %d\n", c.ID, e.Range().Least, e.Range().Most, c.P50s, c.P90s, c.PossibleS)
			}
		}
		for _, a := range actions {
			for _, e := range a.Effects {
				if e.Until != "" && e.Until != "ever" {
					left = append(left, impact.Left{Effect: e, By: a.ID})
				}
			}
		}
	}
	for _, p := range w.engine.Planes(felt) {
		fmt.Fprintf(&b, "plane %s %d times, %d s, %s%s:", p.ID, p.Announcements, p.ExposureS, p.Worst, mark(p.Unknown))
		for _, l := range slices.Sorted(maps.Keys(p.Levels)) {
			fmt.Fprintf(&b, " %s %d/%d", l, p.Levels[l].P50s, p.Levels[l].P90s)
		}
		fmt.Fprintln(&b)
	}
	notes := slices.Concat(w.notes, w.engine.CheckLimits(w.tasks))
	for _, d := range notes {
		fmt.Fprintf(&b, "%s %s %s: %s. %s %v\n", d.Severity, d.Code, d.Subject, d.Summary, d.Hint, d.Path)
	}
	return strings.TrimLeft(b.String(), "\n")
}

func mark(unknown bool) string {
	if unknown {
		return "?"
	}
	return ""
}
