package read

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/snapshot"
)

// cephState is what the answers of ceph said, until they are joined.
type cephState struct {
	seen   bool
	health string
	checks []string
	quorum []string
	mons   int // -1 not known; so with all counts
	mgrs   int
	mds    map[string][2]int // ranks and standbys, by answer
	rgw    int
	osds   int
	up, in int
	flags  []string
	hosts  map[string]bool // with OSDs
	// hostsDown are those of them with an OSD that is down; known where treeSeen.
	hostsDown map[string]bool
	treeSeen  bool
	missing   map[string]int // daemons that should run and do not, of orch ls
	pools     map[string]pool
	rules     map[int64]string // failure domain by rule
	daemons   map[string]int   // by type, of orch ps
	osdHosts  map[string]bool  // of orch ps
	services  map[string]int   // size by type, of orch ls
	versions  map[string]map[string]int
}

type pool struct {
	size, minSize int
	rule          int64
	serves        string
}

func newCeph() cephState {
	return cephState{mons: -1, mgrs: -1, rgw: -1, osds: -1, up: -1, in: -1,
		mds: map[string][2]int{}, hosts: map[string]bool{}, hostsDown: map[string]bool{}, missing: map[string]int{}, pools: map[string]pool{}, rules: map[int64]string{}, daemons: map[string]int{},
		osdHosts: map[string]bool{}, services: map[string]int{}, versions: map[string]map[string]int{}}
}

// ceph reads an answer that is an object, recognised by its members.
func (f *file) ceph(m Fields) bool {
	kind := snapshot.KindOther
	switch {
	case m.Has("osdmap", "monmap", "health"):
		kind = snapshot.KindCephStatus
		f.once(kind, func() { f.cephStatus(m) })
	case m.Has("status", "checks"):
		kind = snapshot.KindCephHealth
		f.once(kind, func() { f.cephHealth(m) })
	case m.Has("overall", "mon"):
		kind = snapshot.KindCephVersion
		f.once(kind, func() { f.cephVersions(m) })
	case m.Has("nodes", "stray", "summary"): // osd df tree: how full, which is not used
	case m.Has("nodes", "stray"):
		kind = snapshot.KindCephTree
		f.once(kind, func() { f.cephTree(m["nodes"]) })
	case m.Has("pools", "osds", "epoch"):
		kind = snapshot.KindCephPools
		f.once("ceph osd dump", func() { f.cephDump(m) })
	case m.Has("mdsmap", "clients"):
		kind = snapshot.KindCephFS
		f.once("ceph fs status", func() { f.cephFS(m["mdsmap"]) })
	case m.Has("fsmap", "mdsmap_first_committed"), m.Has("fsmap") && len(m) == 1:
		kind = snapshot.KindCephFS
		var inner Fields
		f.unpack(m["fsmap"], &inner, "fsmap")
		f.once("ceph mds stat", func() { f.cephFSMap("ceph mds stat", inner) })
	case m.Has("filesystems", "standbys"):
		kind = snapshot.KindCephFS
		f.once("ceph fs dump", func() { f.cephFSMap("ceph fs dump", m) })
	case m.Has("backend"), m.Has("ok_to_stop"), m.Has("safe_to_destroy"), m.Has("quorum_leader_name"), m.Has("mons", "quorum"), m.Has("mons", "min_mon_release"),
		m.Has("active_name"), m.Has("stats", "pools"), m.Has("num_pg_by_state"), m.Has("pg_stats"), m.Has("target_image", "in_progress"), m.Has("pg_summary"),
		m.Has("osd", "mon", "mgr"), m.Has("pg_ready"):
	default:
		return false
	}
	f.kinds[kind] = true
	return true
}

// cephList is the reader of a list whose first element has these members.
func (f *file) cephList(m Fields) (read func(json.RawMessage), known bool) {
	kind := snapshot.KindOther
	switch {
	case m.Has("pool_name"):
		kind, read = snapshot.KindCephPools, f.cephPool
	case m.Has("rule_id", "steps"):
		kind, read = snapshot.KindCephRules, f.cephRule
	case m.Has("service_type", "service_name"):
		kind, read = snapshot.KindCephOrch, f.cephService
	case m.Has("daemon_type", "hostname"):
		kind, read = snapshot.KindCephDaemons, f.cephDaemon
	case m.Has("hostname", "addr"):
		read = func(json.RawMessage) {}
	default:
		return nil, false
	}
	f.kinds[kind] = true
	f.state.ceph.seen = true
	if kind == snapshot.KindCephOrch || kind == snapshot.KindCephDaemons {
		f.once(kind, func() { f.state.ceph.restart(kind) })
		if f.state.owner[kind] != f.name {
			return nil, true
		}
	}
	return read, true
}

// restart forgets the counts of a list that a later file holds again.
func (c *cephState) restart(kind string) {
	if kind == snapshot.KindCephOrch {
		c.services, c.missing = map[string]int{}, map[string]int{}
		return
	}
	c.daemons, c.osdHosts = map[string]int{}, map[string]bool{}
}

// once takes a single answer. Where two files hold the same one, that of the last
// name counts, whatever the order in which they are read.
func (f *file) once(kind string, take func()) {
	before, twice := f.state.owner[kind]
	if twice {
		f.notes.Add(model.Warning, "answered-twice", kind, "give the exports of one moment", "several files hold this answer; that of %s counts", max(before, f.name))
		if before > f.name {
			return
		}
	}
	f.state.owner[kind] = f.name
	take()
}

type healthAnswer struct {
	Status Text `json:"status"`
	Checks map[string]struct {
		Summary struct {
			Message Text `json:"message"`
		} `json:"summary"`
		Muted bool `json:"muted"`
	} `json:"checks"`
}

func (f *file) takeHealth(h healthAnswer) {
	c := &f.state.ceph
	c.seen = true
	if c.health != "" && f.state.owner[snapshot.KindCephHealth] != "" && f.state.owner[snapshot.KindCephHealth] != f.name {
		return // the answer that is about health alone counts
	}
	c.health = clean.Text(string(h.Status))
	c.checks = nil
	for code, check := range h.Checks {
		line := clean.Text(code + ": " + string(check.Summary.Message))
		if check.Muted {
			line += " (muted)"
		}
		c.checks = append(c.checks, line)
	}
	slices.Sort(c.checks)
}

func (f *file) cephHealth(m Fields) {
	var h healthAnswer
	h.Status = Text(m.text("status"))
	f.unpack(m["checks"], &h.Checks, "ceph health")
	f.takeHealth(h)
}

func (f *file) cephStatus(m Fields) {
	c := &f.state.ceph
	var h healthAnswer
	f.unpack(m["health"], &h, "ceph status")
	f.takeHealth(h)
	var mon struct {
		Mons number `json:"num_mons"`
	}
	f.unpack(m["monmap"], &mon, "monmap")
	var osd struct {
		All number `json:"num_osds"`
		Up  number `json:"num_up_osds"`
		In  number `json:"num_in_osds"`
	}
	f.unpack(m["osdmap"], &osd, "osdmap")
	var mgr struct {
		Available bool   `json:"available"`
		Standbys  number `json:"num_standbys"`
	}
	f.unpack(m["mgrmap"], &mgr, "mgrmap")
	var fs struct {
		In      number `json:"in"`
		Standby number `json:"up:standby"`
	}
	f.unpack(m["fsmap"], &fs, "fsmap")
	f.unpack(m["quorum_names"], &c.quorum, "quorum_names")
	for i, q := range c.quorum {
		c.quorum[i] = clean.Text(q)
	}
	f.cephCount(&c.mons, mon.Mons, "monmap.num_mons")
	f.cephCount(&c.osds, osd.All, "osdmap.num_osds")
	f.cephCount(&c.up, osd.Up, "osdmap.num_up_osds")
	f.cephCount(&c.in, osd.In, "osdmap.num_in_osds")
	if n, ok := mgr.Standbys.count(0); ok && m.Has("mgrmap") {
		if c.mgrs = n; mgr.Available {
			c.mgrs++
		}
	}
	if active, ok := fs.In.count(0); ok && fs.In.known {
		standby, _ := fs.Standby.count(0)
		c.mds[snapshot.KindCephStatus] = [2]int{active, standby}
	}
	f.gateways(m["servicemap"])
}

// cephCount sets a count that is given.
func (f *file) cephCount(to *int, v number, field string) {
	n, ok := v.count(-1)
	if !ok {
		f.bad("bad-number", "export it again with -f json", "%s is no count", field)
		return
	}
	if n >= 0 {
		*to = n
	}
}

// gateways counts the object gateways of a service map; beside the daemons it has
// a member "summary".
func (f *file) gateways(raw json.RawMessage) {
	var m struct {
		Services map[string]struct {
			Daemons map[string]json.RawMessage `json:"daemons"`
		} `json:"services"`
	}
	if !f.unpack(raw, &m, "servicemap") {
		return
	}
	if rgw, ok := m.Services["rgw"]; ok {
		n := 0
		for id := range rgw.Daemons {
			if id != "summary" {
				n++
			}
		}
		f.state.ceph.rgw = n
	}
}

func (f *file) cephVersions(m Fields) {
	f.state.ceph.seen = true
	for daemon, raw := range m {
		if daemon == "overall" {
			continue
		}
		var by map[string]number
		f.unpack(raw, &by, "ceph versions")
		counts := map[string]int{}
		for long, n := range by {
			count, ok := n.count(0)
			if !ok || !n.known {
				f.bad("bad-number", "export it again", "ceph versions: the number of %s daemons is no count", clean.Text(daemon))
				continue
			}
			counts[shortVersion(long)] += count
		}
		f.state.ceph.versions[clean.Text(daemon)] = counts
	}
}

// shortVersion is "17.2.6" of "ceph version 17.2.6 (hash) quincy (stable)".
func shortVersion(long string) string {
	rest, ok := strings.CutPrefix(long, "ceph version ")
	if !ok {
		rest = long
	}
	v, _, _ := strings.Cut(rest, " ")
	return clean.Text(v)
}

func (f *file) cephDump(m Fields) {
	f.state.ceph.seen = true
	var pools []json.RawMessage
	f.unpack(m["pools"], &pools, "ceph osd dump")
	for _, p := range pools {
		f.cephPool(p)
	}
	f.state.ceph.flags = nil
	var flags []string
	f.unpack(m["flags_set"], &flags, "ceph osd dump")
	for _, flag := range flags {
		if slices.Contains(maintenanceFlags, flag) {
			f.state.ceph.flags = append(f.state.ceph.flags, flag)
		}
	}
}

// maintenanceFlags are those that somebody set and has to take back.
var maintenanceFlags = []string{"noout", "noin", "noup", "nodown", "norebalance", "norecover", "nobackfill", "noscrub", "nodeep-scrub", "pauserd", "pausewr", "full"}

func (f *file) cephPool(raw json.RawMessage) {
	var p struct {
		Name Text                       `json:"pool_name"`
		Size number                     `json:"size"`
		Min  number                     `json:"min_size"`
		Rule number                     `json:"crush_rule"`
		Apps map[string]json.RawMessage `json:"application_metadata"`
	}
	f.unpack(raw, &p, "pool")
	name := clean.Text(string(p.Name))
	size, ok1 := p.Size.count(0)
	least, ok2 := p.Min.count(0)
	if name == "" || !ok1 || !ok2 || size < 1 || least < 1 {
		f.bad("bad-pool", "export it again: ceph osd pool ls detail -f json", "pool %q has no usable size and min_size; it was left out", name)
		return
	}
	if !f.state.newer(f, "pool", name) {
		return
	}
	f.state.ceph.pools[name] = pool{size: size, minSize: least, rule: p.Rule.n, serves: servesOf(p.Apps)}
}

// servesOf is what a pool's applications make of it; "-" is for the cluster itself.
func servesOf(apps map[string]json.RawMessage) string {
	for _, known := range [...]struct{ app, serves string }{{"rbd", "block"}, {"cephfs", "file"}, {"rgw", "object"}, {"mgr", "-"}, {"mgr_devicehealth", "-"}} {
		if _, ok := apps[known.app]; ok {
			return known.serves
		}
	}
	return ""
}

func (f *file) cephRule(raw json.RawMessage) {
	var r struct {
		ID    number `json:"rule_id"`
		Steps []struct {
			Op   Text `json:"op"`
			Type Text `json:"type"`
		} `json:"steps"`
	}
	f.unpack(raw, &r, "ceph rule")
	for _, s := range r.Steps {
		if strings.HasPrefix(string(s.Op), "choose") && r.ID.known && f.state.newer(f, "rule", strconv.FormatInt(r.ID.n, 10)) {
			f.state.ceph.rules[r.ID.n] = clean.Text(string(s.Type))
		}
	}
}

// cephFS reads the rows of fs status: a rank each, then the standbys.
func (f *file) cephFS(raw json.RawMessage) {
	var rows []struct {
		State Text `json:"state"`
	}
	f.unpack(raw, &rows, "ceph fs status")
	n := [2]int{}
	for _, r := range rows {
		if strings.HasPrefix(string(r.State), "standby") {
			n[1]++
		} else {
			n[0]++
		}
	}
	f.state.ceph.seen = true
	f.state.ceph.mds["ceph fs status"] = n
}

// cephFSMap reads fs dump, and the map in mds stat.
func (f *file) cephFSMap(answer string, m Fields) {
	var standbys, systems []json.RawMessage
	f.unpack(m["standbys"], &standbys, "fsmap")
	f.unpack(m["filesystems"], &systems, "fsmap")
	active := 0
	for _, fs := range systems {
		var one struct {
			Map struct {
				In []number `json:"in"`
			} `json:"mdsmap"`
		}
		f.unpack(fs, &one, "fsmap")
		active += len(one.Map.In)
	}
	f.state.ceph.seen = true
	f.state.ceph.mds[answer] = [2]int{active, len(standbys)}
}

func (f *file) cephService(raw json.RawMessage) {
	var s struct {
		Type   Text `json:"service_type"`
		Status struct {
			Size    number `json:"size"`
			Running number `json:"running"`
		} `json:"status"`
	}
	f.unpack(raw, &s, "ceph orch ls")
	size, ok := s.Status.Size.count(0)
	if !ok {
		f.bad("bad-number", "export it again", "ceph orch ls: the size of a service is no count")
		return
	}
	kind := clean.Text(string(s.Type))
	f.state.ceph.services[kind] += size
	if running, known := s.Status.Running.count(size); known && running < size {
		f.state.ceph.missing[kind] += size - running
		f.note(model.Warning, "ceph-daemons-missing", "see ceph orch ps; repair it before the update", "%d of %d %s daemons run", running, size, kind)
	}
}

func (f *file) cephDaemon(raw json.RawMessage) {
	var d struct {
		Type Text `json:"daemon_type"`
		Host Text `json:"hostname"`
	}
	f.unpack(raw, &d, "ceph orch ps")
	f.state.ceph.daemons[clean.Text(string(d.Type))]++
	if d.Type == "osd" {
		f.state.ceph.osdHosts[clean.Text(string(d.Host))] = true
	}
}
