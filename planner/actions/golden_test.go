package actions_test

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/planner/actions"
	"planewise/planner/diff"
)

var update = flag.Bool("update", false, "write the golden files anew; look at the difference before you commit it")

// What is done about real steps is what testdata holds: the vendor's own, those that
// nobody describes, a product of its own, one that is left out of the target, and a
// policy that asks for everything.
func TestGolden(t *testing.T) {
	c, procs := embedded(t)
	named := map[string]model.Release{}
	for _, r := range decodeAll[model.Release](t, "releases") {
		named[r.Product+"-"+r.Version] = r
	}
	set := func(refs string) []model.Release {
		var out []model.Release
		for _, n := range strings.Fields(refs) {
			if named[n].Version == "" {
				t.Fatalf("no release %s", n)
			}
			out = append(out, named[n])
		}
		return out
	}
	all := model.Policy{CanaryRoles: []string{"worker", "uan", "compute"}, Order: "list", UntestedCuts: "forbid", Rollout: map[string]string{"compute": "reboot", "uan": "reboot"}}
	bare := model.System{Name: "bare", Nodes: []model.NodeGroup{{Role: "worker", Count: 40, Hardware: "nvidia"}, {Role: "storage", Count: 3}}, Batch: map[string]int{"worker": 9, "storage": 2}}
	cases := []struct {
		name, from, to, path string
		policy               model.Policy
		system               model.System
		procedures           []model.Procedure
	}{
		{"patch-1.2", "csm-1.2.0", "csm-1.2.2", "", model.Policy{}, demo(), procs},
		{"minor-1.3", "csm-1.2.2", "csm-1.3.0", "", all, demo(), procs},
		{"minor-1.5", "csm-1.4.3", "csm-1.5.0", "", model.Policy{}, bare, procs},
		{"patch-1.5", "csm-1.5.0", "csm-1.5.2", "", model.Policy{}, demo(), procs},
		{"minor-1.6-iuf", "csm-1.5.2 uan-2.6.0", "csm-1.6.0-rc.3 uan-2.7.0", "iuf", all, demo(), procs},
		{"minor-1.6-manual", "csm-1.5.2", "csm-1.6.0-rc.3", "manual", model.Policy{}, bare, procs},
		{"skipped", "csm-1.3.0", "csm-1.6.0-rc.3", "", model.Policy{}, demo(), procs},
		{"downgrade", "csm-1.6.0-rc.3", "csm-1.5.2", "", model.Policy{}, demo(), procs},
		{"without-uan", "csm-1.5.0 uan-2.6.0", "csm-1.5.2", "", model.Policy{}, demo(), procs},
		{"no-procedures", "csm-1.5.0", "csm-1.5.2", "", model.Policy{}, demo(), nil},
	}
	for _, x := range cases {
		t.Run(x.name, func(t *testing.T) {
			a, b := set(x.from), set(x.to)
			changes, _ := diff.Between(a, b, nil)
			got := summary(actions.From(actions.Input{From: a, To: b, Changes: changes, Catalog: c, Procedures: x.procedures, System: x.system, Policy: x.policy, Path: x.path}))
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
				t.Log("if it is meant: go test ./planner/actions -run TestGolden -update")
			}
		})
	}
}

// digest is one of all that the values hold.
func digest(v ...any) string {
	data, err := json.Marshal(v)
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Append(data, err)))[:8]
}

// summary is a result in a line a task, boundary and diagnostic; what is long is
// there as a digest.
func summary(r actions.Result) string {
	var b strings.Builder
	for _, p := range r.Procedures {
		fmt.Fprintln(&b, "procedure", p.Name, p.Path, p.Basis)
	}
	for _, k := range r.Tasks {
		fmt.Fprintf(&b, "%s: %s, %s %s, rank %d, stage %s, script %q, %s %d by %d, %d changes %s\n", k.ID, k.Title, k.Does, k.Method, k.Rank, k.Stage, k.Script, k.Role, k.Units, k.Batch, len(k.Changes), digest(k.Changes))
		fmt.Fprintf(&b, "  takes %s, %d workloads %s, %d effects %s, unknown on %v, facts %s, way back %s, to watch %s\n", digest(k.Duration, k.PerUnit, k.Wait), len(k.Workloads), digest(k.Workloads),
			len(k.Effects), digest(k.Effects), k.UnknownOn, digest(k.Facts), digest(k.Rollback, k.NoReturn, k.Stay), digest(k.Gates, k.Quiesce))
	}
	for _, x := range r.Boundaries {
		fmt.Fprintf(&b, "boundary %s from rank %d %s\n", x.ID, x.Rank, digest(x.Fact))
	}
	fmt.Fprintf(&b, "%d links:", len(r.Links))
	for _, l := range r.Links {
		fmt.Fprintf(&b, "\n  %s %s %s %s %d, %s", l.First, l.Relation, l.Then, l.Kind, l.SoakS, digest(l.Fact))
	}
	without := slices.DeleteFunc(slices.Clone(r.Changes), func(c model.Change) bool { return c.Action != nil })
	fmt.Fprintf(&b, "\n%d of %d changes without an action, %s\n", len(without), len(r.Changes), digest(without))
	for _, s := range r.Skipped {
		fmt.Fprintf(&b, "skipped %s: %s\n", s.Stage, s.Reason)
	}
	for _, x := range r.Retired {
		fmt.Fprintln(&b, "retired", x.Capability, x.Change, digest(x.Affected, x.Replacement, x.Facts))
	}
	for _, d := range r.Diagnostics {
		fmt.Fprintf(&b, "%s %s %s: %s. %s %s\n", d.Severity, d.Code, d.Subject, d.Summary, d.Hint, digest(d.Path))
	}
	fmt.Fprintln(&b, "in all", digest(model.DistinctFacts(r.Facts())))
	return b.String()
}
