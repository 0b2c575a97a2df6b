package snapshot

import (
	"slices"
	"strings"

	"planewise/model"
)

// hosts are the nodes by name: those of the cluster, and of Ceph where the cluster
// lists none of that role. Computes and login nodes, of which there are thousands and
// on which nothing of the platform is placed, are not among them.
func (s Snapshot) hosts(base *model.System) []model.Host {
	if !s.Has(KindNodes) {
		return base.Hosts
	}
	var out []model.Host
	storage := false
	for _, n := range s.Nodes {
		storage = storage || n.Role == "storage"
		out = append(out, model.Host{Name: n.Name, Role: n.Role, NotReady: !n.Ready && !n.ReadyUnknown, Cordoned: n.Cordoned, Marks: n.Marks, Unmanaged: n.Unmanaged})
	}
	if s.Ceph != nil && !storage {
		for _, name := range s.Ceph.Hosts {
			out = append(out, model.Host{Name: name, Role: "storage"})
		}
	}
	slices.SortFunc(out, func(a, b model.Host) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(out, func(a, b model.Host) bool { return a.Name == b.Name })
}

// faults are what was not as it should be, nil where all was.
func (c *Ceph) faults(l *model.Ceph) *model.CephFaults {
	f := model.CephFaults{Flags: c.Flags, Mgrs: c.MissingMgrs, MDS: c.MissingMDS, RGW: c.MissingRGW}
	if c.Health != "" && c.Health != "HEALTH_OK" {
		f.Health, f.Checks = c.Health, c.Checks
	}
	if n := len(c.Quorum); n > 0 && n < l.Mons {
		f.Mons = l.Mons - n
	}
	f.OSDs = max(0, c.OSDs-c.Up)
	switch {
	case c.Health != "" && !c.says("OSD_DOWN", "OSD_HOST_DOWN", "PG_DEGRADED", "PG_AVAILABILITY"):
		// What the daemons that are down held has been made again on others.
	case c.TreeSeen:
		f.OSDHosts = len(c.HostsDown)
	case f.OSDs > 0: // on how many hosts was not said: each may be on one of its own
		f.OSDHosts = min(f.OSDs, l.OSDHosts)
	}
	f.OSDHosts = min(max(f.OSDHosts, c.copiesMissing()), max(f.OSDHosts, l.OSDHosts))
	if f.OSDHosts == 0 && f.OSDs == 0 && f.Health == "" && len(f.Flags) == 0 && f.Mons+f.Mgrs+f.MDS+f.RGW == 0 {
		return nil
	}
	return &f
}

// copiesMissing is of how many hosts copies were missing whether or not their daemons
// ran: after a host has come back its copies are made up for a while. Ceph does not say
// of how many; those of one where data is degraded, of two where some took no I/O.
func (c *Ceph) copiesMissing() int {
	switch {
	case c.says("PG_AVAILABILITY"):
		return 2
	case c.says("PG_DEGRADED"):
		return 1
	}
	return 0
}

// says reports whether one of some checks is open.
func (c *Ceph) says(codes ...string) bool {
	return slices.ContainsFunc(c.Checks, func(check string) bool {
		code, _, _ := strings.Cut(check, ":")
		return slices.Contains(codes, code)
	})
}
