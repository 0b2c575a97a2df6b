package actions_test

import (
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/document"
	"planewise/model/ingest"
	"planewise/planner/actions"
	"planewise/planner/diff"
)

func decodeAll[T any](tb testing.TB, folder string) []T {
	tb.Helper()
	entries, err := fs.ReadDir(fixtures.FS, folder)
	if err != nil {
		tb.Fatal(err)
	}
	var out []T
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".yaml") {
			continue
		}
		name := folder + "/" + e.Name()
		data, err := fs.ReadFile(fixtures.FS, name)
		if err != nil {
			tb.Fatal(err)
		}
		v, err := document.Decode[T](name, data)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// embedded are the mapping and the procedures, read once; they must not be changed.
func embedded(tb testing.TB) (*catalog.Catalog, []model.Procedure) {
	tb.Helper()
	embeddedOnce.Do(func() {
		embeddedMapping, _ = catalog.New(catalog.Join("csm", decodeAll[model.Mapping](tb, "mapping")...))
		embeddedProcedures = decodeAll[model.Procedure](tb, "procedures")
	})
	if embeddedProcedures == nil {
		tb.Fatal("the embedded documents cannot be read")
	}
	return embeddedMapping, embeddedProcedures
}

var (
	embeddedOnce       sync.Once
	embeddedMapping    *catalog.Catalog
	embeddedProcedures []model.Procedure
)

// corpus are the real releases where they are at hand, else the embedded ones.
func corpus(tb testing.TB) []model.Release {
	tb.Helper()
	corpusOnce.Do(func() { corpusReleases = readCorpus(tb) })
	if corpusReleases == nil {
		tb.Fatal("the releases cannot be read")
	}
	return slices.Clone(corpusReleases)
}

var (
	corpusOnce     sync.Once
	corpusReleases []model.Release
)

func readCorpus(tb testing.TB) []model.Release {
	tb.Helper()
	folder := os.Getenv("PLANEWISE_CORPUS")
	if folder == "" {
		folder = filepath.Join(root(tb), "..", "shared", "corpus")
	}
	trees, _ := filepath.Glob(filepath.Join(folder, "csm", "v*"))
	var out []model.Release
	for _, tree := range trees {
		r, _, err := ingest.Read(tree)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		tb.Logf("%s has no release trees; the embedded releases stand in for them", folder)
		for _, r := range decodeAll[model.Release](tb, "releases") {
			if r.Product == "csm" {
				out = append(out, r)
			}
		}
	}
	return out
}

func root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	tb.Fatal("no go.mod above the test")
	return ""
}

func demo() model.System {
	return model.System{Name: "demo", Features: []string{"dvs", "uai", "can"}, Nodes: []model.NodeGroup{
		{Role: "master", Count: 3}, {Role: "worker", Count: 6}, {Role: "storage", Count: 4}, {Role: "uan", Count: 2}, {Role: "compute", Count: 512},
	}}
}

func plan(c *catalog.Catalog, procs []model.Procedure, from, to model.Release, path string) actions.Result {
	a, b := []model.Release{from}, []model.Release{to}
	changes, _ := diff.Between(a, b, nil)
	return actions.From(actions.Input{From: a, To: b, Changes: changes, Catalog: c, Procedures: procs, System: demo(), Path: path})
}

// documentedPairs are the steps of the corpus that a page of the vendor describes:
// minor by minor, and patches within a minor.
func documentedPairs() []string {
	return []string{
		"1.2.0>1.2.2", "1.2.0>1.3.0", "1.2.0>1.3.5", "1.2.2>1.3.0", "1.2.2>1.3.5",
		"1.3.0>1.3.5", "1.3.0>1.4.0", "1.3.0>1.4.3", "1.3.5>1.4.0", "1.3.5>1.4.3",
		"1.4.0>1.4.3", "1.4.0>1.5.0", "1.4.0>1.5.1", "1.4.0>1.5.2", "1.4.3>1.5.0", "1.4.3>1.5.1", "1.4.3>1.5.2",
		"1.5.0>1.5.1", "1.5.0>1.5.2", "1.5.0>1.6.0-rc.3", "1.5.1>1.5.2", "1.5.1>1.6.0-rc.3", "1.5.2>1.6.0-rc.3",
	}
}

func TestEveryPair(t *testing.T) {
	c, procs := embedded(t)
	releases := corpus(t)
	stages := map[string][]string{}
	for _, p := range procs {
		for _, s := range p.Stages {
			stages[p.Name] = append(stages[p.Name], s.ID)
		}
	}
	var supported []string
	for _, from := range releases {
		for _, to := range releases {
			if from.Version == to.Version {
				continue
			}
			for _, path := range []string{"", "iuf"} {
				r := plan(c, procs, from, to, path)
				name := from.Version + ">" + to.Version
				t.Run(name+" "+path, func(t *testing.T) { checkPair(t, r, stages) })
				if path == "" && !blocked(r, "no-supported-path") {
					supported = append(supported, name)
				}
			}
		}
	}
	if want := documentedPairs(); len(releases) == 10 && !slices.Equal(sorted(supported), sorted(want)) {
		t.Errorf("documented steps:\n got %v\nwant %v", sorted(supported), sorted(want))
	}
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

func blocked(r actions.Result, code model.Code) bool {
	return slices.ContainsFunc(r.Diagnostics, func(d model.Diagnostic) bool { return d.Code == code && d.Severity == model.Blocking })
}

// checkPair: every change is carried exactly once or has a reason, every stage of
// the procedure makes a task or is listed as skipped, ranks and links fit.
func checkPair(t *testing.T, r actions.Result, stages map[string][]string) {
	if len(r.Procedures) != 1 {
		t.Fatalf("%d procedures", len(r.Procedures))
	}
	inferred := r.Procedures[0].Basis != model.BasisDocumented
	if inferred != blocked(r, "no-supported-path") {
		t.Errorf("basis %s, diagnostics %v", r.Procedures[0].Basis, r.Diagnostics)
	}
	carried := map[model.ChangeID]model.ActionID{}
	done := map[string]bool{}
	rank := map[model.ActionID]int{}
	for i, k := range r.Tasks {
		done[k.Stage] = true
		rank[k.ID] = k.Rank
		for _, id := range k.Changes {
			if by, twice := carried[id]; twice {
				t.Errorf("%s is carried by %s and %s", id, by, k.ID)
			}
			carried[id] = k.ID
		}
		if i > 0 && k.Rank < r.Tasks[i-1].Rank {
			t.Errorf("%s is out of order", k.ID)
		}
		if k.Method == "" || k.Units < 1 || len(k.Facts) == 0 {
			t.Errorf("%s: method %q, %d units, %d facts", k.ID, k.Method, k.Units, len(k.Facts))
		}
		if k.Duration == nil && k.PerUnit == nil {
			t.Errorf("%s: nothing says how long it takes", k.ID)
		}
	}
	if len(rank) != len(r.Tasks) {
		t.Error("two tasks of one id")
	}
	for _, c := range r.Changes {
		by, is := carried[c.ID]
		if c.Action == nil && (is || c.Reason == "") || c.Action != nil && *c.Action != by {
			t.Errorf("%s: action %v, carried by %q, reason %q", c.ID, c.Action, by, c.Reason)
		}
	}
	if len(carried) > len(r.Changes) {
		t.Error("a task carries what is no change")
	}
	for _, s := range r.Skipped {
		done[strings.TrimPrefix(s.Stage, "csm/")] = true
		if s.Reason == "" {
			t.Errorf("%s is skipped without a reason", s.Stage)
		}
	}
	for _, id := range stages[r.Procedures[0].Name] {
		if !done[id] {
			t.Errorf("the stage %s is neither done nor skipped", id)
		}
	}
	for _, l := range r.Links {
		if _, ok := rank[l.First]; !ok {
			t.Errorf("link %s", l.ID)
		}
		if l.Relation == model.Before && rank[l.First] > rank[l.Then] {
			t.Errorf("link %s goes against the ranks", l.ID)
		}
	}
	for _, d := range r.Diagnostics {
		switch d.Code {
		case "order-circle", "apart-in-group", "limit-broken", "unlisted-manifest", "unknown-hook", "unknown-stage", "no-stage":
			t.Errorf("%s: %s", d.Code, d.Summary)
		case "unmapped-component":
			t.Errorf("%s", d.Summary)
		}
	}
}

func find(t *testing.T, releases []model.Release, version string) model.Release {
	t.Helper()
	for _, r := range releases {
		if r.Version == version {
			return r
		}
	}
	t.Skipf("no release %s here", version)
	return model.Release{}
}

func get(t *testing.T, r actions.Result, id model.ActionID) model.Task {
	t.Helper()
	for _, k := range r.Tasks {
		if k.ID == id {
			return k
		}
	}
	t.Fatalf("no task %s", id)
	return model.Task{}
}

func TestPatchRollsTheManagementNodes(t *testing.T) {
	c, procs := embedded(t)
	releases := corpus(t)
	r := plan(c, procs, find(t, releases, "1.5.0"), find(t, releases, "1.5.2"), "")
	for _, ch := range r.Changes {
		if ch.Kind == model.KindNodeImage && ch.Component().Role != "compute" {
			t.Errorf("%s changed; the test is about nodes whose image does not", ch.ID)
		}
	}
	var rolls []string
	last := 0
	for _, k := range r.Tasks {
		if k.Does == model.WorkRoll {
			rolls = append(rolls, fmt.Sprintf("%s x%d", k.ID, k.Units))
			if k.Rank <= last {
				t.Errorf("%s has rank %d after %d", k.ID, k.Rank, last)
			}
			last = k.Rank
		}
	}
	want := []string{"roll:storage/first x1", "roll:storage/rest x3", "roll:master/rest x2", "roll:worker x6", "roll:master/first x1"}
	if !slices.Equal(rolls, want) {
		t.Errorf("rolls %v, want %v", rolls, want)
	}
	if a := get(t, r, "roll:worker"); a.Method != model.MethodRebuild || a.Batch != 1 {
		t.Errorf("six workers, a fifth at a time rounded down, at least one: %+v", a)
	}
}

// TestHooksDisturbWhereTheyRun: on both paths to 1.6 the prerequisites disturb long
// before any service of upgrade.sh is shipped, in the documented order.
func TestHooksDisturbWhereTheyRun(t *testing.T) {
	c, procs := embedded(t)
	releases := corpus(t)
	from, to := find(t, releases, "1.5.2"), find(t, releases, "1.6.0-rc.3")
	for _, path := range []string{"manual", "iuf"} {
		t.Run(path, func(t *testing.T) {
			r := plan(c, procs, from, to, path)
			order := []model.ActionID{
				"ship:nexus/cray-nexus", "step:prereq-setup-nexus", "ship:services/csm-config", "ship:kyverno/cray-kyverno",
				"ship:istio-system/cray-istio-operator", "ship:istio-system/cray-istio-deploy", "ship:istio-system/cray-istio",
				"ship:services/cray-keycloak", "ship:services/cray-oauth2-proxies", "ship:spire/spire", "ship:spire/cray-spire",
				"ship:tapms-operator/cray-tapms-operator", "step:prereq-restart-vault", "step:prereq-restart-injected",
				"step:prereq-certmanager-remove", "ship:cert-manager/cray-certmanager", "ship:services/cray-psp",
				"ship:argo/cray-iuf", "ship:argo/cray-nls", "step:prereq-health-remove", "ship:sysmgmt-health/cray-sysmgmt-health",
				"ship:services/cray-tftp", "ship:nexus/cray-precache-images", "step:prereq-cfs-off", "step:prereq-preflight",
				"ship:ceph-rbd/cray-ceph-csi-rbd", "ship:vault/cray-vault", "ship:services/cray-hms-smd", "ship:services/cray-bos",
				"step:services-postgres-restart", "step:services-validate", "roll:master/rest", "roll:master/first", "step:cni", "step:coredns", "step:kubeadm",
			}
			for i := 1; i < len(order); i++ {
				if a, b := get(t, r, order[i-1]), get(t, r, order[i]); a.Rank >= b.Rank {
					t.Errorf("%s (rank %d) comes before %s (rank %d)", a.ID, a.Rank, b.ID, b.Rank)
				}
			}
			gap := effect(t, get(t, r, "step:prereq-restart-vault"), "vault")
			if gap.Level != model.Outage || gap.Lasts == nil || gap.Lasts.P50s != 120 {
				t.Errorf("the Vault gap: %+v", gap)
			}
			if e := effect(t, get(t, r, "ship:istio-system/cray-istio-deploy"), "nexus"); e.Level != model.Outage || e.Until != "action:ship:istio-system/cray-istio" {
				t.Errorf("the registry is out of reach between the two: %+v", e)
			}
			if e := effect(t, get(t, r, "step:prereq-health-remove"), "control.monitoring-history"); e.Until != "ever" || !get(t, r, "step:prereq-health-remove").NoReturn {
				t.Errorf("the history is lost for good: %+v", e)
			}
			for _, pair := range [][2]model.ActionID{
				{"ship:istio-system/cray-istio-deploy", "ship:istio-system/cray-istio"},
				{"step:prereq-certmanager-remove", "ship:cert-manager/cray-certmanager"},
				{"step:prereq-health-remove", "ship:sysmgmt-health/cray-sysmgmt-health"},
			} {
				if !slices.ContainsFunc(r.Links, func(l model.Link) bool {
					return l.Relation == model.With && l.Kind == model.RequiredEdge && (l.First == pair[0] && l.Then == pair[1] || l.First == pair[1] && l.Then == pair[0])
				}) {
					t.Errorf("nothing keeps %s and %s together", pair[0], pair[1])
				}
			}
			if !slices.ContainsFunc(r.Retired, func(x model.Retired) bool { return x.Capability == "access.uai-create" }) {
				t.Errorf("user access instances end: %+v", r.Retired)
			}
		})
	}
}

func effect(t *testing.T, k model.Task, subject string) model.EffectRule {
	t.Helper()
	for _, e := range k.Effects {
		if string(e.Service) == subject || string(e.Capability) == subject {
			return e
		}
	}
	t.Fatalf("%s has no effect on %s", k.ID, subject)
	return model.EffectRule{}
}

func TestEngineRollsInDocumentedOrder(t *testing.T) {
	c, procs := embedded(t)
	releases := corpus(t)
	r := plan(c, procs, find(t, releases, "1.5.2"), find(t, releases, "1.6.0-rc.3"), "iuf")
	var rolls []string
	for _, k := range r.Tasks {
		if k.Does == model.WorkRoll || k.ID == "step:goss-restart" || k.ID == "step:iuf-deploy-product" || k.ID == "step:kubeadm" {
			rolls = append(rolls, fmt.Sprintf("%s x%d", k.ID, k.Units))
		}
	}
	want := []string{"roll:storage/first x1", "roll:storage/rest x3", "roll:master/rest x2", "roll:worker/first x1", "roll:worker/rest x5",
		"roll:master/first x1", "step:goss-restart x1", "step:iuf-deploy-product x1", "step:kubeadm x3"}
	if !slices.Equal(rolls, want) {
		t.Errorf("\n got %v\nwant %v", rolls, want)
	}
}

func TestHardwareTheTargetForbids(t *testing.T) {
	c, procs := embedded(t)
	releases := corpus(t)
	from, to := find(t, releases, "1.5.2"), find(t, releases, "1.6.0-rc.3")
	sys := demo()
	sys.Nodes = append(sys.Nodes, model.NodeGroup{Role: "compute", Count: 128, Hardware: "nvidia"})
	a, b := []model.Release{from}, []model.Release{to}
	changes, _ := diff.Between(a, b, nil)
	for _, path := range []string{"manual", "iuf"} {
		r := actions.From(actions.Input{From: a, To: b, Changes: changes, Catalog: c, Procedures: procs, System: sys, Path: path})
		if !slices.ContainsFunc(r.Diagnostics, func(d model.Diagnostic) bool {
			return d.Severity == model.Blocking && d.Code == "forbidden-hardware" && strings.HasPrefix(d.Summary, "128 nodes")
		}) {
			t.Errorf("%s: %v", path, r.Diagnostics)
		}
	}
}

// TestDemoSet: with the product of the access nodes all four planes have work.
func TestDemoSet(t *testing.T) {
	c, procs := embedded(t)
	by := map[string]model.Release{}
	for _, r := range decodeAll[model.Release](t, "releases") {
		by[r.Ref()] = r
	}
	a := []model.Release{by["csm-1.5.2"], by["uan-2.6.0"]}
	b := []model.Release{by["csm-1.6.0-rc.3"], by["uan-2.7.0"]}
	if a[0].Version == "" || a[1].Version == "" || b[0].Version == "" || b[1].Version == "" {
		t.Skip("the set is not among the embedded releases")
	}
	changes, _ := diff.Between(a, b, nil)
	r := actions.From(actions.Input{From: a, To: b, Changes: changes, Catalog: c, Procedures: procs, System: demo()})
	if n := len(r.Procedures); n != 2 || r.Procedures[0].Name != "csm-1.6/manual" || r.Procedures[1].Name != "uan/any" {
		t.Fatalf("procedures %+v", r.Procedures)
	}
	compute, uan := get(t, r, "rollout:compute"), get(t, r, "rollout:uan")
	if compute.Method != model.MethodStage || uan.Method != model.MethodReboot || compute.Rank >= uan.Rank || compute.Rank <= get(t, r, "step:kubeadm").Rank {
		t.Errorf("compute %s rank %d, access %s rank %d", compute.Method, compute.Rank, uan.Method, uan.Rank)
	}
	if model.HasBlocking(r.Diagnostics) {
		t.Errorf("%+v", r.Diagnostics)
	}
}

func TestStageOrderPerRelease(t *testing.T) {
	c, procs := embedded(t)
	releases := corpus(t)
	for _, x := range []struct {
		from, to string
		order    []model.ActionID
	}{
		{"1.2.2", "1.3.0", []model.ActionID{"step:prereq-preflight", "roll:storage", "roll:master/rest", "roll:worker", "roll:master/first", "step:cni", "step:coredns", "step:kubeadm", "ship:services/cray-hms-smd", "ceph:daemons"}},
		{"1.3.0", "1.4.3", []model.ActionID{"ceph:daemons", "step:ceph-monitoring", "step:smartmon", "roll:master/rest", "roll:worker", "roll:master/first", "step:kubeadm", "ship:services/cray-hms-smd"}},
		{"1.4.3", "1.5.2", []model.ActionID{"step:prereq-preflight", "ship:services/cray-hms-smd", "roll:storage", "ceph:daemons", "roll:master/rest", "roll:worker", "roll:master/first", "step:cni", "step:coredns", "step:kubeadm", "remove:operators/cray-etcd-operator"}},
		{"1.4.0", "1.4.3", []model.ActionID{"step:upload", "ceph:daemons", "step:cfs-update", "step:etcd-backup", "roll:storage", "roll:worker", "roll:master/rest", "roll:master/first"}},
		{"1.3.0", "1.3.5", []model.ActionID{"step:upload", "ship:services/cray-hms-smd", "ceph:daemons", "step:ceph-monitoring", "step:test-packages"}},
	} {
		t.Run(x.from+" to "+x.to, func(t *testing.T) {
			r := plan(c, procs, find(t, releases, x.from), find(t, releases, x.to), "")
			for i := 1; i < len(x.order); i++ {
				if a, b := get(t, r, x.order[i-1]), get(t, r, x.order[i]); a.Rank >= b.Rank {
					t.Errorf("%s (rank %d) comes before %s (rank %d)", a.ID, a.Rank, b.ID, b.Rank)
				}
			}
		})
	}
}

func TestShuffled(t *testing.T) {
	c, procs := embedded(t)
	releases := corpus(t)
	from, to := find(t, releases, "1.5.0"), find(t, releases, "1.6.0-rc.3")
	var uan []model.Release
	for _, r := range decodeAll[model.Release](t, "releases") {
		if r.Product == "uan" {
			uan = append(uan, r)
		}
	}
	a, b := []model.Release{from}, []model.Release{to}
	if len(uan) > 1 {
		a, b = append(a, uan[0]), append(b, uan[1])
	}
	changes, _ := diff.Between(a, b, nil)
	in := actions.Input{From: a, To: b, Changes: changes, Catalog: c, Procedures: procs, System: demo(),
		Policy: model.Policy{CanaryRoles: []string{"worker"}, Order: "list", UntestedCuts: "forbid"}}
	want := render(actions.From(in))
	rnd := rand.New(rand.NewSource(1))
	for range 10 {
		in := in
		in.From, in.To = slices.Clone(a), slices.Clone(b)
		in.Changes, in.Procedures = slices.Clone(changes), slices.Clone(procs)
		rnd.Shuffle(len(in.From), func(i, j int) { in.From[i], in.From[j] = in.From[j], in.From[i] })
		rnd.Shuffle(len(in.To), func(i, j int) { in.To[i], in.To[j] = in.To[j], in.To[i] })
		rnd.Shuffle(len(in.Changes), func(i, j int) { in.Changes[i], in.Changes[j] = in.Changes[j], in.Changes[i] })
		rnd.Shuffle(len(in.Procedures), func(i, j int) {
			in.Procedures[i], in.Procedures[j] = in.Procedures[j], in.Procedures[i]
		})
		in.System.Nodes = slices.Clone(in.System.Nodes)
		rnd.Shuffle(len(in.System.Nodes), func(i, j int) {
			in.System.Nodes[i], in.System.Nodes[j] = in.System.Nodes[j], in.System.Nodes[i]
		})
		if got := render(actions.From(in)); got != want {
			t.Fatal("another order of the input gives another result")
		}
	}
}

// render is everything but the order of changes, which follows the input.
func render(r actions.Result) string {
	slices.SortFunc(r.Changes, func(x, y model.Change) int { return strings.Compare(string(x.ID), string(y.ID)) })
	var b strings.Builder
	for _, c := range r.Changes {
		action := "-"
		if c.Action != nil {
			action = string(*c.Action)
		}
		fmt.Fprintln(&b, c.ID, action, c.Reason)
	}
	for _, k := range r.Tasks {
		fmt.Fprintf(&b, "%+v %v %v %v\n", k.Facts, k.Effects, k.Workloads, k.UnknownOn)
		fmt.Fprintln(&b, k.ID, k.Rank, k.Method, k.Changes, k.Units, k.Batch, k.Gates, k.Quiesce)
	}
	for _, x := range r.Retired {
		fmt.Fprintln(&b, x.Capability, x.Change, x.Facts)
	}
	fmt.Fprintf(&b, "%+v\n%+v\n%+v\n%+v\n%+v\n%+v", r.Procedures, r.Boundaries, r.Links, r.Skipped, model.DistinctFacts(r.Facts()), r.Diagnostics)
	return b.String()
}
