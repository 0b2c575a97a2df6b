package diff_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/ingest"
	"planewise/planner/diff"
)

// known releases by version.
type known map[string]model.Release

func (k known) all() []model.Release {
	var all []model.Release
	for _, v := range slices.Sorted(func(yield func(string) bool) {
		for v := range k {
			if !yield(v) {
				return
			}
		}
	}) {
		all = append(all, k[v])
	}
	return all
}

func (k known) between(t *testing.T, from, to string, catalogue []model.Release) ([]model.Change, []model.Diagnostic) {
	t.Helper()
	a, okA := k[from]
	b, okB := k[to]
	if !okA || !okB {
		t.Skipf("the releases %s and %s are not both here", from, to)
	}
	return diff.Between([]model.Release{a}, []model.Release{b}, catalogue)
}

// embedded are the CSM releases that come with the program.
func embedded(t testing.TB) known {
	t.Helper()
	k := known{}
	files, err := fs.Glob(fixtures.FS, "releases/csm-*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no embedded releases: %v", err)
	}
	for _, file := range files {
		data, err := fs.ReadFile(fixtures.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		r, _, err := ingest.ReadNeutral(file, data)
		if err != nil {
			t.Fatal(err)
		}
		k[r.Version] = r
	}
	return k
}

// trees are the releases of the corpus; without it the test is skipped.
func trees(t testing.TB) known {
	t.Helper()
	dir := os.Getenv("PLANEWISE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	paths, _ := filepath.Glob(filepath.Join(dir, "csm", "v*"))
	if len(paths) == 0 {
		t.Skipf("no release trees in %s/csm: set PLANEWISE_CORPUS to a folder that holds csm/vX.Y.Z to compare real releases", dir)
	}
	k := known{}
	for _, path := range paths {
		r, _, err := ingest.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		k[r.Version] = r
	}
	return k
}

func TestEmbeddedReleases(t *testing.T) { checkReal(t, embedded(t)) }

func TestCorpus(t *testing.T) { checkReal(t, trees(t)) }

// checkReal checks what is known of real releases, and what holds for any two.
func checkReal(t *testing.T, k known) {
	t.Run("all pairs", func(t *testing.T) { checkPairs(t, k) })
	t.Run("downgrades", func(t *testing.T) { checkDowngrades(t, k) })
	t.Run("charts that are gone", func(t *testing.T) { checkGone(t, k) })
	t.Run("skipped releases", func(t *testing.T) { checkSkipped(t, k) })
}

func checkPairs(t *testing.T, k known) {
	for _, a := range k.all() {
		for _, b := range k.all() {
			from, to := []model.Release{a}, []model.Release{b}
			changes, ds := diff.Between(from, to, k.all())
			checkChanges(t, changes, ds)
			if (a.Version == b.Version) != (len(changes) == 0) {
				t.Errorf("%s -> %s: %d changes", a.Ref(), b.Ref(), len(changes))
			}
			got := side(from)
			apply(t, got, changes)
			if want := side(to); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s -> %s: the changes do not lead to the target", a.Ref(), b.Ref())
			}
		}
	}
}

// side is the state of releases that hold every id once.
func side(rs []model.Release) map[model.ComponentID]string {
	m := map[model.ComponentID]string{}
	for _, r := range rs {
		for _, c := range r.Components {
			versions := c.Version
			if len(c.Versions) > 0 {
				versions = strings.Join(c.Versions, ",")
			}
			if !c.NotDeployed {
				m[c.ID()] = normal(versions)
			}
		}
		for _, h := range r.Hooks {
			m[model.ComponentID("hook:"+r.Product+"/"+h.Stage+"/"+h.When)] = h.Script
		}
	}
	return m
}

// pick lists the changes of one direction, as "id from -> to".
func pick(changes []model.Change, kind model.Kind, directions ...model.Direction) string {
	var found []string
	for _, c := range changes {
		if c.Kind == kind && slices.Contains(directions, c.Direction) {
			found = append(found, fmt.Sprintf("%s %s -> %s", strings.TrimPrefix(string(c.ID), string(kind)+":"), c.From, c.To))
		}
	}
	slices.Sort(found)
	return strings.Join(found, "\n")
}

// The true downgrades of charts between releases that follow each other; those
// that are none (3.6.2 -> 3.6.2-1) are not among them.
func checkDowngrades(t *testing.T, k known) {
	for _, c := range []struct{ from, to, want string }{
		{"1.2.2", "1.3.0", "services/cray-dhcp-kea 0.10.17 -> 0.10.16"},
		{"1.3.5", "1.4.0", "services/cray-bos 2.0.27 -> 2.0.9\nservices/cray-dhcp-kea 0.10.23 -> 0.10.21\n" +
			"services/cray-dns-unbound 0.7.21 -> 0.7.20\nsysmgmt-health/cray-sysmgmt-health 0.26.40 -> 0.26.20"},
		{"1.5.0", "1.5.1", ""},
		{"1.5.1", "1.5.2", ""},
		{"1.5.2", "1.6.0-rc.3", ""},
	} {
		t.Run(c.from+" to "+c.to, func(t *testing.T) {
			changes, _ := k.between(t, c.from, c.to, nil)
			if got := pick(changes, model.KindChart, model.Downgrade); got != c.want {
				t.Errorf("downgrades are\n%s, want\n%s", got, c.want)
			}
			if got := pick(changes, model.KindChart, model.Changed); got != "" {
				t.Errorf("charts without an order:\n%s", got)
			}
		})
	}
}

func checkGone(t *testing.T, k known) {
	for _, c := range []struct{ from, to, orphans, removed, moved string }{
		{from: "1.3.5", to: "1.4.0", removed: "gatekeeper-system/gatekeeper 1.6.6 -> \ngatekeeper-system/gatekeeper-constraints 0.5.3 -> \n" +
			"gatekeeper-system/gatekeeper-policy-library 0.4.9 -> \ngatekeeper-system/gatekeeper-policy-manager 0.2.2 -> \noperators/cray-hms-trs-operator 3.0.1 -> "},
		{from: "1.4.3", to: "1.5.0", orphans: "cert-manager-init/cray-certmanager-init\noperators/cray-etcd-operator",
			moved: "services/cray-etcd-backup\nservices/cray-etcd-defrag"},
		{from: "1.5.0", to: "1.5.2"},
		{from: "1.5.2", to: "1.6.0-rc.3", orphans: "services/cray-uas-mgr\nservices/update-uas"},
	} {
		t.Run(c.from+" to "+c.to, func(t *testing.T) {
			changes, ds := k.between(t, c.from, c.to, nil)
			if got := ids(pick(changes, model.KindChart, model.Orphaned)); got != c.orphans {
				t.Errorf("orphans are\n%s, want\n%s", got, c.orphans)
			}
			if got := ids(pick(changes, model.KindChart, model.Moved)); got != c.moved {
				t.Errorf("moved are\n%s, want\n%s", got, c.moved)
			}
			if got := ids(pick(changes, model.KindChart, model.Removed)); c.removed != "" && got != ids(c.removed) {
				t.Errorf("removed are\n%s, want\n%s", got, ids(c.removed))
			}
			orphaned := 0
			for _, d := range ds {
				if d.Code == diff.CodeOrphanedChart {
					orphaned++
				}
			}
			if want := len(strings.Fields(c.orphans)); orphaned != want {
				t.Errorf("%d orphans are reported, want %d", orphaned, want)
			}
		})
	}
}

// ids keeps the first word of each line.
func ids(lines string) string {
	var ids []string
	for line := range strings.Lines(lines) {
		ids = append(ids, strings.Fields(line)[0])
	}
	return strings.Join(ids, "\n")
}

// A step from 1.3.5 to 1.5.0 does not run the script of 1.4.
func checkSkipped(t *testing.T, k known) {
	changes, ds := k.between(t, "1.3.5", "1.5.0", k.all())
	removed := ids(pick(changes, model.KindChart, model.Removed))
	for _, id := range []string{"gatekeeper-system/gatekeeper", "operators/cray-hms-trs-operator"} {
		if !strings.Contains(removed+"\n", id+"\n") {
			t.Errorf("%s is not removed although 1.4.0 is known", id)
		}
		if !slices.ContainsFunc(ds, func(d model.Diagnostic) bool {
			return d.Code == diff.CodeUndeploySkipped && d.Subject == "chart:"+id
		}) {
			t.Errorf("nothing says that only a skipped release removes %s", id)
		}
	}
	changes, ds = k.between(t, "1.3.5", "1.5.0", nil)
	orphans := ids(pick(changes, model.KindChart, model.Orphaned))
	if !strings.Contains(orphans, "operators/cray-hms-trs-operator") {
		t.Errorf("without 1.4 in the catalogue the orphans are\n%s", orphans)
	}
	if !slices.ContainsFunc(ds, func(d model.Diagnostic) bool {
		return d.Code == diff.CodeUndeployNotVerified && slices.Contains(d.Path, "chart:operators/cray-hms-trs-operator")
	}) {
		t.Error("nothing says that the undeploys of 1.4 are not verified")
	}
}
