//go:build solvers

package bundle_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"planewise/planner/bundle"
	"planewise/planner/internal/gen"
)

// solverLimit bounds one run of an independent solver, in seconds.
const solverLimit = 30

// outside is what an independent solver says.
type outside struct {
	cost   int64
	proven bool
	took   time.Duration // as the solver reports it
}

// TestSolvers compares optimum and time with coinor-cbc on an LP file and with
// Gecode on a MiniZinc model. testdata/solvers.sh installs both and runs it.
func TestSolvers(t *testing.T) {
	for _, tool := range []string{"cbc", "minizinc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is not installed: run testdata/solvers.sh", tool)
		}
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%-22s %5s %12s %11s %11s %11s %9s\n", "instance", "nodes", "optimum", "here", "cbc", "gecode", "ratio")
	var ratios []float64
	for _, c := range comparison() {
		here, took := timed(t, c.p)
		dir := t.TempDir()
		cbc := runCBC(t, dir, c.p)
		gecode := runGecode(t, dir, c.p)
		better := time.Duration(0)
		for _, o := range []struct {
			name string
			outside
		}{{"cbc", cbc}, {"gecode", gecode}} {
			if !o.proven {
				continue
			}
			if o.cost != here.Cost {
				t.Errorf("%s: %s finds %d, this package %d (%v)", c.name, o.name, o.cost, here.Cost, here.Status)
			}
			if better == 0 || o.took < better {
				better = o.took
			}
		}
		if here.Status != bundle.Optimal {
			t.Errorf("%s: not solved to the optimum", c.name)
		}
		ratio := "-"
		if better > 0 {
			ratios = append(ratios, float64(better)/float64(took))
			ratio = fmt.Sprintf("%.0f", float64(better)/float64(took))
		}
		fmt.Fprintf(&table, "%-22s %5d %12d %11s %11s %11s %9s\n", c.name, len(c.p.Nodes), here.Cost, shown(took, true), shown(cbc.took, cbc.proven), shown(gecode.took, gecode.proven), ratio)
	}
	slices.Sort(ratios)
	fmt.Fprintf(&table, "median ratio to the better of the two, over %d instances that one of them proves: %.0f\n", len(ratios), ratios[len(ratios)/2])
	t.Log("\n" + table.String())
	if out := os.Getenv("SOLVERS_TABLE"); out != "" {
		if err := os.WriteFile(out, []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if ratios[len(ratios)/2] < 100 {
		t.Errorf("median ratio %.0f, want 100 or more", ratios[len(ratios)/2])
	}
}

type instance struct {
	name string
	p    bundle.Problem
}

// comparison is the set: stage-ordered problems, problems without stages, and
// problems with every kind of constraint.
func comparison() []instance {
	var out []instance
	for seed := range uint64(4) {
		for _, n := range []int{8, 12, 16, 24} {
			out = append(out, instance{fmt.Sprintf("staged/%d/%d", n, seed), gen.Staged(gen.Spec{Seed: seed, Nodes: n, Stages: n / 4, EdgesPermille: 500})})
		}
		for _, n := range []int{7, 9, 11} {
			out = append(out, instance{fmt.Sprintf("wild/%d/%d", n, seed), gen.Wild(seed, n, 2)})
		}
		for _, n := range []int{8, 10} {
			out = append(out, instance{fmt.Sprintf("bound/%d/%d", n, seed), gen.Bound(seed, n)})
		}
	}
	return out
}

// timed solves p and returns the median time of several runs.
func timed(t *testing.T, p bundle.Problem) (bundle.Solution, time.Duration) {
	t.Helper()
	var sol bundle.Solution
	var times []time.Duration
	for range 9 {
		start := time.Now()
		var err error
		if sol, err = bundle.Solve(p, bundle.Options{}); err != nil {
			t.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return sol, times[len(times)/2]
}

func shown(d time.Duration, proven bool) string {
	if !proven {
		return fmt.Sprintf("> %d s", solverLimit)
	}
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// most is an upper bound of the number of bundles in an optimal split: every
// bundle costs a sitting more than ideal has, and one bundle for all nodes is
// an upper bound of the cost where nothing forbids it.
func most(p bundle.Problem) int {
	n := len(p.Nodes)
	if len(p.Apart)+len(p.Soak) > 0 || p.Sitting == 0 {
		return n
	}
	for _, node := range p.Nodes {
		if node.Pin > 0 {
			return n
		}
	}
	all := make([]int, n)
	for v := range all {
		all[v] = v
	}
	slack := bundle.Cost(p, [][]int{all}) - bundle.Ideal(p)
	return int(min(int64(n), 1+slack/p.Sitting))
}

var (
	cbcTime = regexp.MustCompile(`Total time \(CPU seconds\):\s+([0-9.]+)`)
	cbcCost = regexp.MustCompile(`Objective value:\s+([0-9.eE+-]+)`)
	mznTime = regexp.MustCompile(`solveTime=([0-9.eE+-]+)`)
	mznCost = regexp.MustCompile(`cost = ([0-9]+);`)
)

func runCBC(t *testing.T, dir string, p bundle.Problem) outside {
	t.Helper()
	file := filepath.Join(dir, "split.lp")
	if err := os.WriteFile(file, []byte(lp(p)), 0o644); err != nil {
		t.Fatal(err)
	}
	// Costs are integers, so a gap below 1 is a proof.
	cmd := exec.Command("cbc", file, "sec", strconv.Itoa(solverLimit), "ratio", "0", "allow", "0.9", "solve")
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("cbc: %v\n%s", err, text)
	}
	out := outside{took: seconds(t, cbcTime, text)}
	if strings.Contains(string(text), "Result - Optimal solution found") {
		cost, err := strconv.ParseFloat(string(cbcCost.FindSubmatch(text)[1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		out.cost, out.proven = int64(cost+0.5), true
	}
	return out
}

func runGecode(t *testing.T, dir string, p bundle.Problem) outside {
	t.Helper()
	file := filepath.Join(dir, "split.mzn")
	if err := os.WriteFile(file, []byte(mzn(p)), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("minizinc", "--solver", "gecode", "--time-limit", strconv.Itoa(solverLimit*1000), "-s", file)
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("minizinc: %v\n%s", err, text)
	}
	var out outside
	if strings.Contains(string(text), "==========") {
		out.took = seconds(t, mznTime, text)
		all := mznCost.FindAllSubmatch(text, -1)
		cost, err := strconv.ParseInt(string(all[len(all)-1][1]), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		out.cost, out.proven = cost, true
	}
	return out
}

func seconds(t *testing.T, in *regexp.Regexp, text []byte) time.Duration {
	t.Helper()
	m := in.FindSubmatch(text)
	if m == nil {
		t.Fatalf("no time in\n%s", text)
	}
	s, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	// The solvers report hundredths or less; nothing takes no time at all.
	return max(time.Duration(s*float64(time.Second)), 100*time.Microsecond)
}
