package impact

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

// cephMapping is a Ceph cluster with one capability per kind of data.
func cephMapping() model.Mapping {
	m := model.Mapping{Planes: []model.Plane{{ID: "storage"}}}
	for _, d := range []struct{ id, kind, count, needed string }{
		{"mon", "ceph-mon", "ceph:mons", "quorum"}, {"mgr", "ceph-mgr", "ceph:mgrs", "1"}, {"osd", "ceph-osd", "ceph:osd-hosts", "1"},
		{"mds", "ceph-mds", "ceph:mds", "1"}, {"rgw", "ceph-rgw", "ceph:rgw", "1"},
	} {
		m.Services = append(m.Services, model.Service{ID: model.ServiceID(d.id)})
		m.Residents = append(m.Residents, model.Workload{Service: model.ServiceID(d.id), Kind: d.kind, CountFrom: d.count, Needed: d.needed, RunsOn: "storage",
			Leader: d.id == "mon" || d.id == "mgr" || d.id == "mds", Method: model.MethodCephDaemon, Restart: est(100, 100), Failover: est(10, 10)})
	}
	m.Capabilities = []model.Capability{
		capability("storage.block", &model.Need{All: []model.Need{a("osd"), {Service: "mon", From: level(model.Degraded)}}}),
		capability("storage.file", needs("mds")),
		capability("storage.management", needs("mgr")),
		capability("storage.object", needs("rgw")),
		capability("storage.quorum", needs("mon")),
	}
	return m
}

func cephSystem(set func(*model.Ceph)) model.System {
	s := nodes("storage", 3)
	s.Ceph = &model.Ceph{Mons: 3, Mgrs: 2, MDSActive: 1, MDSStandby: 2, RGW: 2, RGWProxy: true, OSDHosts: 3,
		Pools: []model.Pool{{Name: "kube", Serves: "block", Size: 3, MinSize: 2}}}
	if set != nil {
		set(s.Ceph)
	}
	s.Nodes[0].Count = max(0, s.Ceph.OSDHosts)
	return s
}

// worst level of each capability while one storage node is away, in 1000 s.
func oneNodeAway(t *testing.T, s model.System) map[model.CapabilityID]model.Range {
	t.Helper()
	act, _ := do(t, engine(t, cephMapping(), s), roll("storage", 3, 1))
	out := map[model.CapabilityID]model.Range{}
	for _, e := range act.Effects {
		out[e.Capability] = out[e.Capability].Worse(e.Range())
	}
	return out
}

func TestOneStorageNodeAway(t *testing.T) {
	known := model.Exactly
	for _, c := range []struct {
		name string
		set  func(*model.Ceph)
		cap  model.CapabilityID
		want model.Range
	}{
		{"size 3, min_size 2: two copies left", nil, "storage.block", known(model.AtRisk)},
		{"size 2, min_size 2: one copy left, no I/O", func(c *model.Ceph) { c.Pools[0].Size = 2 }, "storage.block", known(model.Outage)},
		{"size 2, min_size 1: one copy left", func(c *model.Ceph) { c.Pools[0].Size, c.Pools[0].MinSize = 2, 1 }, "storage.block", known(model.AtRisk)},
		{"size 1: no copy left", func(c *model.Ceph) { c.Pools[0].Size, c.Pools[0].MinSize = 1, 1 }, "storage.block", known(model.Outage)},
		{"the worst pool counts", func(c *model.Ceph) {
			c.Pools = append(c.Pools, model.Pool{Name: "b", Serves: "block", Size: 2, MinSize: 2})
		}, "storage.block", known(model.Outage)},
		{"copies on OSDs of one host: not known, at least at risk", func(c *model.Ceph) { c.Pools[0].FailureDomain = "osd" }, "storage.block", model.Range{Least: model.AtRisk, Most: model.Outage}},
		{"three monitors: two are a majority; an election is a blip", nil, "storage.quorum", known(model.Blip)},
		{"two monitors: one is none", func(c *model.Ceph) { c.Mons = 2 }, "storage.quorum", known(model.Outage)},
		{"one monitor", func(c *model.Ceph) { c.Mons = 1 }, "storage.quorum", known(model.Outage)},
		{"no monitors, no data", func(c *model.Ceph) { c.Mons = 1 }, "storage.block", known(model.Outage)},
		{"a manager stands by: fail-over", nil, "storage.management", known(model.Outage)},
		{"object gateways behind a proxy: one of two left", nil, "storage.object", known(model.AtRisk)},
		{"object gateways without a proxy: those who used it fail", func(c *model.Ceph) { c.RGWProxy = false }, "storage.object", known(model.Degraded)},
		{"a single gateway", func(c *model.Ceph) { c.RGW = 1 }, "storage.object", known(model.Outage)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := oneNodeAway(t, cephSystem(c.set))[c.cap]; got != c.want {
				t.Errorf("%s is %v, want %v", c.cap, got, c.want)
			}
		})
	}
}

func TestMetadataServers(t *testing.T) {
	for _, c := range []struct {
		name            string
		active, standby int
		want            string
	}{
		// three nodes, one after the other: of three batches one is expected to hit the
		// one active server, at worst all
		{"a standby takes over in 10 s", 1, 2, "outage 0/0+10/10, at-risk 10/10+990/990, outage 1000/1000+0/10, at-risk 1000/1010+1000/1000, outage 2000/2000+0/10, at-risk 2000/2010+1000/1000"},
		{"no standby: away as long as the node", 1, 0, "outage 0/0+3000/3000"},
		{"two active: half of the file system waits for the standby", 2, 1, "degraded 0/0+10/10, at-risk 10/10+990/990, degraded 1000/1000+10/10, at-risk 1010/1010+990/990, degraded 2000/2000+0/10, at-risk 2000/2010+1000/1000"},
		{"two active, no standby: half of it waits for the node", 2, 0, "degraded 0/0+3000/3000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := cephSystem(func(x *model.Ceph) { x.MDSActive, x.MDSStandby = c.active, c.standby })
			act, _ := do(t, engine(t, cephMapping(), s), roll("storage", 3, 1))
			var got []string
			for _, e := range act.Effects {
				if e.Capability == "storage.file" {
					got = append(got, fmt.Sprintf("%s %d/%d+%d/%d", e.Range(), e.Start.P50s, e.Start.P90s, e.Lasts.P50s, e.Lasts.P90s))
				}
			}
			if text := strings.Join(got, ", "); text != c.want {
				t.Errorf("got  %s\nwant %s", text, c.want)
			}
		})
	}
}

func TestCephDaemons(t *testing.T) {
	task := model.Task{ID: "ceph:daemons", Does: model.WorkCeph, Method: model.MethodCephDaemon, Units: 1}
	act, _ := do(t, engine(t, cephMapping(), cephSystem(nil)), task)
	// mgr 2, mon 3, osd 3, mds 3, rgw 2 restarts of 100 s, one after the other.
	want := `storage.block at-risk 500/500+300/300
storage.file outage 800/800+10/10
storage.file at-risk 810/810+290/290
storage.management outage 0/0+10/10
storage.management at-risk 10/10+90/90
storage.management outage 100/100+0/10
storage.management at-risk 100/110+100/100
storage.object at-risk 1100/1100+200/200
storage.quorum blip 200/200+10/10
storage.quorum at-risk 210/210+140/140
storage.quorum blip 350/350+0/10
storage.quorum at-risk 350/360+150/150`
	if got := lines(act); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if act.Duration != (model.Span{P50s: 1300, P90s: 1300}) {
		t.Errorf("duration %v, want 13 restarts", act.Duration)
	}
	task.Duration = est(2600, 2600)
	act, _ = do(t, engine(t, cephMapping(), cephSystem(nil)), task)
	if i := slices.IndexFunc(act.Effects, func(e model.Effect) bool { return e.Capability == "storage.block" }); act.Effects[i].Start.P50s != 1000 || act.Effects[i].Lasts.P50s != 600 {
		t.Errorf("a stated duration stretches the phases: %+v", act.Effects[i])
	}
}

func TestCephNotDescribed(t *testing.T) {
	s := cephSystem(nil)
	s.Ceph = nil
	e, notes := New(cephMapping(), s, defaultPolicy())
	if !slices.Contains(codes(notes), "warning unknown-count") {
		t.Errorf("diagnostics %v", codes(notes))
	}
	act, notes := do(t, e, roll("storage", 3, 1))
	for _, x := range act.Effects {
		if x.Capability == "storage.block" && x.Range() != (model.Range{Least: model.AtRisk, Most: model.Outage}) {
			t.Errorf("without a word about pools the level is %v", x.Range())
		}
	}
	if !slices.Contains(codes(notes), "warning pools-not-known") {
		t.Errorf("diagnostics %v", codes(notes))
	}
	if act.Footprint["storage"] != model.Disturbed {
		t.Errorf("footprint %v", act.Footprint)
	}
}

func TestBadCeph(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(*model.Ceph)
		want string
	}{
		"size below min_size":     {func(c *model.Ceph) { c.Pools[0].Size = 1 }, "blocking bad-pool"},
		"more copies than hosts":  {func(c *model.Ceph) { c.OSDHosts = 2 }, "warning bad-pool"},
		"min_size over the hosts": {func(c *model.Ceph) { c.OSDHosts, c.Pools[0].Size, c.Pools[0].MinSize = 4, 9, 8 }, "blocking bad-pool"},
		"an absurd number of OSD": {func(c *model.Ceph) { c.OSDHosts = 1 << 30 }, "blocking absurd-count"},
	} {
		if _, notes := New(cephMapping(), cephSystem(c.set), defaultPolicy()); !slices.Contains(codes(notes), c.want) {
			t.Errorf("%s: %v, want %s", name, codes(notes), c.want)
		}
	}
}

// A host holds one copy at most: where there are fewer hosts than copies, some
// copies do not exist, and one host that is away leaves fewer than size-1.
func TestFewerHostsThanCopies(t *testing.T) {
	for _, c := range []struct {
		hosts, size, min int
		want             model.Level
	}{
		{2, 3, 2, model.Outage}, {2, 3, 1, model.AtRisk}, {2, 2, 1, model.AtRisk}, {3, 4, 2, model.AtRisk}, {4, 9, 8, model.Outage}, {1, 3, 1, model.Outage},
	} {
		s := cephSystem(func(x *model.Ceph) { x.OSDHosts, x.Pools[0].Size, x.Pools[0].MinSize = c.hosts, c.size, c.min })
		e, notes := New(cephMapping(), s, defaultPolicy())
		if !slices.ContainsFunc(notes, func(n model.Diagnostic) bool { return n.Code == "bad-pool" }) && c.size > c.hosts {
			t.Errorf("size %d on %d hosts is not noted: %v", c.size, c.hosts, codes(notes))
		}
		var got model.Range
		act, _ := do(t, e, roll("storage", c.hosts, 1))
		for _, x := range act.Effects {
			if x.Capability == "storage.block" {
				got = got.Worse(x.Range())
			}
		}
		if c.hosts == 1 && got.Most != model.Outage || c.hosts > 1 && !hasRange(act, "storage.block", model.Exactly(c.want)) {
			t.Errorf("size %d, min_size %d on %d hosts, one away: %v, want %v", c.size, c.min, c.hosts, got, c.want)
		}
	}
}

func hasRange(a model.Action, id model.CapabilityID, r model.Range) bool {
	return slices.ContainsFunc(a.Effects, func(e model.Effect) bool { return e.Capability == id && e.Range() == r })
}

func TestHostsAndStorageNodesDiffer(t *testing.T) {
	s := cephSystem(nil)
	s.Nodes[0].Count = 4
	if _, notes := New(cephMapping(), s, defaultPolicy()); !slices.Contains(codes(notes), "warning osd-hosts-differ") {
		t.Errorf("3 hosts with daemons and 4 storage nodes: %v", codes(notes))
	}
}

// What a real Ceph 16 answered is kept here as facts: size 3 and min_size 2 on four
// hosts.
//
//   - a host with 2 OSDs down: 47 of 57 placement groups undersized, none inactive,
//     reads answered; stopping one more OSD elsewhere would make 17 inactive;
//   - ok-to-stop of the two OSDs of one host: yes; of OSDs of two hosts: no, 7 groups
//     would become inactive;
//   - one monitor of three down: quorum of two, all groups active+clean;
//   - the active metadata server stopped, one of two standbys took over: the file
//     system was degraded (rank in rejoin) and then active.
func TestAgreesWithARealCeph(t *testing.T) {
	pool := model.Pool{Name: "rbd", Serves: "block", Size: 3, MinSize: 2, FailureDomain: "host"}
	if r, why := poolLevel(pool, 4, 1); r != model.Exactly(model.AtRisk) {
		t.Errorf("one host down left every group active: %v (%s)", r, why)
	}
	if r, why := poolLevel(pool, 4, 2); r != model.Exactly(model.Outage) {
		t.Errorf("two hosts down make groups inactive: %v (%s)", r, why)
	}
	away := oneNodeAway(t, cephSystem(func(c *model.Ceph) { c.OSDHosts = 4 }))
	if r := away["storage.block"]; r != model.Exactly(model.AtRisk) {
		t.Errorf("with a host and a monitor away data was served: %v", r)
	}
	if r := away["storage.file"]; r != model.Exactly(model.Outage) {
		t.Errorf("a fail-over of the metadata server is a gap: %v", r)
	}
}

// The same against the recorded answers, where they are at hand.
func TestAgainstRecordedCeph(t *testing.T) {
	dir := cephCorpus(t)
	var pools []struct {
		Name    string `json:"pool_name"`
		Size    int    `json:"size"`
		MinSize int    `json:"min_size"`
	}
	readJSON(t, dir, "osd-pool-ls-detail.json", &pools)
	var tree struct {
		Nodes []struct {
			ID       int    `json:"id"`
			Type     string `json:"type"`
			Children []int  `json:"children"`
		} `json:"nodes"`
	}
	readJSON(t, dir, "osd-tree.json", &tree)
	hostOf, hosts := map[int]int{}, 0
	for _, n := range tree.Nodes {
		if n.Type == "host" {
			hosts++
			for _, c := range n.Children {
				hostOf[c] = n.ID
			}
		}
	}
	worst := func(down int) model.Level {
		l := model.None
		for _, p := range pools {
			r, _ := poolLevel(model.Pool{Name: p.Name, Serves: "block", Size: p.Size, MinSize: p.MinSize}, hosts, down)
			l = max(l, r.Most)
		}
		return l
	}
	for file, already := range map[string]int{"osd-ok-to-stop-0.json": 0, "osd-ok-to-stop-0-1.json": 0, "osd-ok-to-stop-0-2.json": 0, "s1-ok-to-stop-2.json": 1, "s1-ok-to-stop-2-3.json": 1} {
		var answer struct {
			OK   bool  `json:"ok_to_stop"`
			OSDs []int `json:"osds"`
		}
		readJSON(t, dir, file, &answer)
		down := map[int]bool{}
		for _, o := range answer.OSDs {
			down[hostOf[o]] = true
		}
		if ok := worst(already+len(down)) < model.Outage; ok != answer.OK {
			t.Errorf("%s: Ceph says %v to stopping %v with %d hosts down, planewise %v", file, answer.OK, answer.OSDs, already, ok)
		}
	}
	monDown(t, dir, hosts)
	mdsFailing(t, dir)
}

func monDown(t *testing.T, dir string, hosts int) {
	var status struct {
		Quorum []string `json:"quorum_names"`
		Monmap struct {
			Num int `json:"num_mons"`
		} `json:"monmap"`
		PGs struct {
			ByState []struct {
				Name string `json:"state_name"`
			} `json:"pgs_by_state"`
		} `json:"pgmap"`
	}
	readJSON(t, dir, "s2-mon-down-status.json", &status)
	if len(status.Quorum) != status.Monmap.Num-1 {
		t.Fatalf("the recording has %d of %d monitors in the quorum", len(status.Quorum), status.Monmap.Num)
	}
	s := cephSystem(func(c *model.Ceph) { c.Mons, c.OSDHosts = status.Monmap.Num, hosts })
	e := engine(t, cephMapping(), s)
	act, _ := do(t, e, model.Task{ID: "step:mon", Does: model.WorkStep, Duration: est(100, 100), Workloads: []model.Workload{cephMapping().Residents[0]}})
	served := len(status.PGs.ByState) == 1 && status.PGs.ByState[0].Name == "active+clean"
	for _, x := range act.Effects {
		if x.Capability == "storage.block" && served {
			t.Errorf("all groups were active+clean with a monitor down, planewise says %v", x.Range())
		}
		if x.Capability == "storage.quorum" && x.Level > model.Blip {
			t.Errorf("the quorum held, planewise says %v", x.Range())
		}
	}
}

func mdsFailing(t *testing.T, dir string) {
	var status struct {
		FSMap struct {
			ByRank []struct {
				Status string `json:"status"`
			} `json:"by_rank"`
			Standby int `json:"up:standby"`
		} `json:"fsmap"`
	}
	readJSON(t, dir, "s3-mds-failing-status.json", &status)
	failing := slices.ContainsFunc(status.FSMap.ByRank, func(r struct {
		Status string `json:"status"`
	}) bool {
		return r.Status != "up:active"
	})
	s := cephSystem(func(c *model.Ceph) { c.MDSStandby = status.FSMap.Standby })
	if got := oneNodeAway(t, s)["storage.file"]; failing != (got.Least >= model.Degraded) {
		t.Errorf("the rank was out of service for a moment (%v), planewise says %v", status.FSMap.ByRank, got)
	}
}

func cephCorpus(t *testing.T) string {
	t.Helper()
	root := os.Getenv("PLANEWISE_CORPUS")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for dir != filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			dir = filepath.Dir(dir)
		}
		root = filepath.Join(dir, "..", "shared", "corpus")
	}
	dir := filepath.Join(root, "ceph")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no recorded answers of Ceph here: set PLANEWISE_CORPUS to the folder that holds ceph/")
	}
	return dir
}

func readJSON(t *testing.T, dir, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
