package read_test

import (
	"os"
	"path/filepath"
	"planewise/model/snapshot/csm"
	. "planewise/model/snapshot/read"
	"slices"
	"testing"
	"time"

	"planewise/model"
	"planewise/model/snapshot"
)

// corpus is the folder of answers of a real Ceph; the test is skipped without it.
func corpus(t *testing.T) string {
	t.Helper()
	root := os.Getenv("PLANEWISE_CORPUS")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			if dir == filepath.Dir(dir) {
				t.Fatal("no go.mod above the test")
			}
			dir = filepath.Dir(dir)
		}
		root = filepath.Join(filepath.Dir(dir), "shared", "corpus")
	}
	ceph := filepath.Join(root, "ceph")
	if _, err := os.Stat(ceph); err != nil {
		t.Skip("the corpus of real answers is not here")
	}
	return ceph
}

func readFiles(t *testing.T, dir string, names ...string) (snapshot.Snapshot, []model.Diagnostic) {
	t.Helper()
	r := New(csm.Answers())
	for _, name := range names {
		if err := r.Tree(os.DirFS(dir), name); err != nil {
			t.Fatal(err)
		}
	}
	return r.Snapshot()
}

// A healthy cluster of 3 mon, 2 mgr, 3 mds, 2 rgw and 8 OSDs on 4 hosts.
func TestRealCeph(t *testing.T) {
	dir := corpus(t)
	s, notes := readFiles(t, dir, "status.json", "versions.json", "osd-tree.json", "osd-dump.json", "crush-rule-dump.json", "fs-status.json", "testorch-ls.json", "testorch-ps.json")
	if s.Partial {
		t.Errorf("complete answers read as partial: %v", notes)
	}
	l := s.Ceph.Layout
	want := model.Ceph{Mons: 3, Mgrs: 2, MDSActive: 1, MDSStandby: 2, RGW: 2, OSDHosts: 4}
	got := l
	got.Pools = nil
	if got.Mons != want.Mons || got.Mgrs != want.Mgrs || got.MDSActive != want.MDSActive || got.MDSStandby != want.MDSStandby || got.RGW != want.RGW || got.OSDHosts != want.OSDHosts {
		t.Errorf("layout %+v, want %+v", got, want)
	}
	serves := map[string]string{}
	for _, p := range l.Pools {
		serves[p.Name] = p.Serves
		if p.Size != 3 || p.MinSize != 2 || p.FailureDomain != "host" {
			t.Errorf("pool %+v", p)
		}
	}
	for name, want := range map[string]string{"rbd": "block", "cephfs_data": "file", "cephfs_meta": "file", "default.rgw.log": "object"} {
		if serves[name] != want {
			t.Errorf("pool %s serves %q, want %q", name, serves[name], want)
		}
	}
	if _, internal := serves["device_health_metrics"]; internal {
		t.Error("the cluster's own pool serves nobody")
	}
	if !slices.Contains(s.Ceph.Versions, snapshot.DaemonVersion{Daemon: "osd", Version: "16.2.15", Count: 8}) {
		t.Errorf("versions %v", s.Ceph.Versions)
	}
	if s.Ceph.Health != "HEALTH_OK" || s.Ceph.Up != 8 {
		t.Errorf("health %s, %d up", s.Ceph.Health, s.Ceph.Up)
	}
}

// All answers of one moment: none is taken for a second one of another.
func TestRealCephAllAnswers(t *testing.T) {
	s, notes := readFiles(t, corpus(t), "status.json", "health-detail.json", "versions.json", "osd-tree.json", "osd-df-tree.json", "osd-dump.json", "osd-pool-ls-detail.json",
		"crush-rule-dump.json", "fs-status.json", "fs-dump.json", "mds-stat.json", "mon-dump.json", "quorum-status.json", "mgr-stat.json", "df.json", "node-ls.json", "pg-stat.json")
	if hasCode(notes, "answered-twice") || s.Partial {
		t.Errorf("%v", notes)
	}
	if l := s.Ceph.Layout; l.Mons != 3 || l.MDSActive != 1 || l.MDSStandby != 2 || l.OSDHosts != 4 || len(l.Pools) != 7 {
		t.Errorf("%+v", l)
	}
	for _, only := range []string{"fs-status.json", "fs-dump.json", "mds-stat.json", "status.json"} {
		one, _ := readFiles(t, corpus(t), only)
		if one.Ceph.Layout.MDSActive != 1 || one.Ceph.Layout.MDSStandby != 2 {
			t.Errorf("%s: %+v", only, one.Ceph.Layout)
		}
	}
}

// A storage host is down, and somebody set norebalance.
func TestRealCephHostDown(t *testing.T) {
	s, notes := readFiles(t, corpus(t), "s1-host-down-status.json", "s1-host-down-health.json", "s1-osd-tree.json")
	if s.Ceph.Health != "HEALTH_WARN" || s.Ceph.Up != 6 || s.Ceph.OSDs != 8 {
		t.Errorf("%+v", s.Ceph)
	}
	expectCode(t, notes, "ceph-not-healthy")
	if s.Ceph.Layout.OSDHosts != 4 {
		t.Errorf("a host that is down still belongs to the layout: %d", s.Ceph.Layout.OSDHosts)
	}
}

func TestRealCephMonitorDown(t *testing.T) {
	s, notes := readFiles(t, corpus(t), "s2-mon-down-status.json")
	if s.Ceph.Layout.Mons != 3 || len(s.Ceph.Quorum) != 2 {
		t.Errorf("mons %d, quorum %v", s.Ceph.Layout.Mons, s.Ceph.Quorum)
	}
	expectCode(t, notes, "ceph-quorum-short")
}

// While a rank is taken over, up stays 1 and only its status tells: the layout has
// one rank and the standbys that are left.
func TestRealCephFileServerFails(t *testing.T) {
	s, _ := readFiles(t, corpus(t), "s3-mds-failing-status.json")
	if l := s.Ceph.Layout; l.MDSActive != 1 || l.MDSStandby > 2 {
		t.Errorf("%d active, %d standby", l.MDSActive, l.MDSStandby)
	}
}

// Every answer is recognised; the plain-text and the empty ones too.
func TestEveryRealAnswerIsKnown(t *testing.T) {
	dir := corpus(t)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		s, notes := readFiles(t, dir, e.Name())
		info, _ := e.Info()
		if info.Size() <= 1 {
			expectCode(t, notes, "empty-answer")
			continue
		}
		if s.Partial {
			t.Errorf("%s: %v", e.Name(), notes)
		}
		if len(s.Sources) != 1 || len(s.Sources[0].Kinds) == 0 {
			t.Errorf("%s: not recognised: %v", e.Name(), s.Sources)
		}
	}
}

func TestTakenAtIsTheLatestFile(t *testing.T) {
	r := New(csm.Answers())
	for _, at := range []int64{1_700_000_000, 1_700_000_500, 1_700_000_100} {
		if err := r.File("a.json", time.Unix(at, 0), reader(`[]`)); err != nil {
			t.Fatal(err)
		}
	}
	if s, _ := r.Snapshot(); s.TakenAt != "2023-11-14T22:21:40Z" {
		t.Errorf("taken at %s", s.TakenAt)
	}
}
