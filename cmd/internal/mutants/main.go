// Command mutants changes the program in small ways and sees whether the tests of
// the changed package notice:
//
//	go run ./cmd/internal/mutants [-seed 1] [-n 60] [-match planner/impact] [-list]
//
// The changes are drawn by the seed from model.Range, planner/impact, planner/actions
// and planner/edit, where a wrong word costs a user jobs; three that once went unnoticed
// come first. Nothing is written: each is built with go's -overlay. What survives has
// to stand in survivors.txt with the reason; the command fails where one does not, and
// where fewer than nine of ten die.
package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// area is a part of the program that changes are drawn from.
type area struct {
	pkg   string
	files []string // globs in the package; none: all
	share int      // of 60
	// first are tests that notice most and are quick: the others follow if they pass.
	first string
}

var areas = []area{
	{pkg: "planner/impact", share: 26, first: "^TestWorlds$"},
	{pkg: "planner/actions", share: 17, first: "^TestGolden$"},
	{pkg: "planner/edit", share: 10, first: "."},
	{pkg: "model", files: []string{"level.go"}, share: 7, first: "."},
}

// named are changes that tests once did not notice.
var named = []struct{ file, function, was, text string }{
	{"planner/impact/instances.go", "with", "model.Range{Least: model.AtRisk, Most: model.Outage}", "model.Exactly(model.AtRisk)"},
	{"planner/actions/choose.go", "evidence", "e.Basis = min(e.Basis, p.basis)", ""},
	{"planner/edit/take.go", "Needs", "e.Relation == model.Apart || ", ""},
}

//go:embed survivors.txt
var survivors string

func main() {
	seed := flag.Int("seed", 1, "draws other changes")
	n := flag.Int("n", 60, "how many changes to try")
	list := flag.Bool("list", false, "only list what would be tried")
	match := flag.String("match", "", "of about these only those whose line holds this text, such as planner/impact")
	flag.Parse()
	if err := run(*seed, *n, *list, *match); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(seed, n int, list bool, match string) error {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("find the module: %w", err)
	}
	x := &experiment{root: strings.TrimSpace(string(out)), known: readSurvivors(survivors)}
	if x.work, err = os.MkdirTemp("", "mutants"); err != nil {
		return err
	}
	defer os.RemoveAll(x.work)
	first, err := x.named()
	if err != nil {
		return err
	}
	for _, a := range areas {
		sites, err := x.sites(a)
		if err != nil {
			return err
		}
		own := slices.DeleteFunc(slices.Clone(first), func(s site) bool { return filepath.Dir(s.file) != a.pkg })
		sites = slices.DeleteFunc(draw(sites, seed), func(s site) bool { return slices.ContainsFunc(own, s.same) })
		sites, want := slices.Concat(own, sites), (a.share*n+30)/60
		if err := x.try(a, sites, want, match, list); err != nil {
			return err
		}
	}
	if list {
		return nil
	}
	return x.report()
}

// draw orders sites by a digest of the seed and what they change, so that a change
// elsewhere in the file draws no others.
func draw(sites []site, seed int) []site {
	key := func(s site) string {
		sum := sha256.Sum256([]byte(strconv.Itoa(seed) + "\n" + s.String()))
		return string(sum[:])
	}
	return slices.SortedFunc(slices.Values(sites), func(a, b site) int { return strings.Compare(key(a), key(b)) })
}

func (s site) same(o site) bool {
	return s.file == o.file && s.begin == o.begin && s.end == o.end && s.text == o.text
}

// experiment tries changes and counts.
type experiment struct {
	root, work  string
	known       map[string]string // survivors with their reasons
	died, lived int
	unaccounted []string
	mu          sync.Mutex
	made        int // files in work
}

func (x *experiment) named() ([]site, error) {
	var out []site
	for _, m := range named {
		source, err := os.ReadFile(filepath.Join(x.root, m.file))
		if err != nil {
			return nil, err
		}
		begin := bytes.Index(source, []byte(m.was))
		if begin < 0 {
			return nil, fmt.Errorf("%s: %q is no longer there; change the list in cmd/internal/mutants", m.file, m.was)
		}
		out = append(out, site{file: m.file, function: m.function, line: 1 + bytes.Count(source[:begin], []byte("\n")),
			begin: begin, end: begin + len(m.was), was: m.was, text: m.text})
	}
	return out, nil
}

// sites are all changes that an area offers.
func (x *experiment) sites(a area) ([]site, error) {
	globs := a.files
	if len(globs) == 0 {
		globs = []string{"*.go"}
	}
	var out []site
	for _, g := range globs {
		files, err := filepath.Glob(filepath.Join(x.root, a.pkg, g))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			found, err := findSites(a.pkg+"/"+filepath.Base(file), source)
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
		}
	}
	return out, nil
}

// outcome of a change.
type outcome int

const (
	invalid outcome = iota // it does not compile
	died
	lived
)

// try tests changes, two at a time, until so many compiled. Which they are does not
// depend on which is done first.
func (x *experiment) try(a area, sites []site, want int, match string, list bool) error {
	wanted := func(s site) bool { return strings.Contains(s.String(), match) }
	if match == "" || slices.ContainsFunc(sites[:min(want, len(sites))], wanted) {
		if err := x.unchanged(a); err != nil && !list {
			return err
		}
	}
	for want > 0 && len(sites) > 0 {
		batch := sites[:min(2, want, len(sites))]
		sites = sites[len(batch):]
		results := make([]outcome, len(batch))
		var wait sync.WaitGroup
		for i, s := range batch {
			wait.Go(func() {
				if results[i] = lived; !wanted(s) || list {
					return
				}
				if binary, ok, _ := x.build(a, &s); ok {
					results[i], _ = x.test(a, binary)
					_ = os.Remove(binary)
				} else {
					results[i] = invalid
				}
			})
		}
		wait.Wait()
		for i, got := range results {
			if got == invalid {
				continue
			}
			want--
			switch {
			case !wanted(batch[i]):
			case list:
				fmt.Printf("%s:%d %s\n", batch[i].file, batch[i].line, batch[i])
			default:
				x.count(batch[i], got)
			}
		}
	}
	return nil
}

// unchanged says why the tests of a package are no judges.
func (x *experiment) unchanged(a area) error {
	binary, ok, said := x.build(a, nil)
	if ok {
		var got outcome
		if got, said = x.test(a, binary); got == lived {
			return nil
		}
	}
	return fmt.Errorf("%s: its tests fail unchanged:\n%s", a.pkg, said)
}

func (x *experiment) count(s site, got outcome) {
	if got == died {
		x.died++
		fmt.Printf("died   %s:%d %s\n", s.file, s.line, s)
		return
	}
	x.lived++
	why, ok := x.known[s.String()]
	if !ok {
		why = "NOT IN survivors.txt"
		x.unaccounted = append(x.unaccounted, s.String())
	}
	fmt.Printf("LIVED  %s:%d %s | %s\n", s.file, s.line, s, why)
}

// build makes the test binary of a package with a change, or without one; false where
// that does not compile.
func (x *experiment) build(a area, s *site) (binary string, ok bool, said string) {
	x.mu.Lock()
	x.made++
	base := filepath.Join(x.work, strconv.Itoa(x.made))
	x.mu.Unlock()
	args := []string{"test", "-c", "-vet=off", "-o", base + ".test"}
	if s != nil {
		if err := x.overlay(base, *s); err != nil {
			return "", false, err.Error()
		}
		args = append(args, "-overlay", base+".json")
	}
	cmd := exec.Command("go", append(args, "./"+a.pkg)...)
	cmd.Dir = x.root
	out, err := cmd.CombinedOutput()
	return base + ".test", err == nil, string(out)
}

// test runs a test binary: the quick tests, then all.
func (x *experiment) test(a area, binary string) (outcome, string) {
	args := []string{"-test.failfast", "-test.timeout=300s"}
	if x.usesRapid(a.pkg) {
		args = append(args, "-rapid.nofailfile") // it would stay in the tree
	}
	for _, run := range slices.Compact([]string{a.first, "."}) {
		cmd := exec.Command(binary, append(args, "-test.run="+run)...)
		cmd.Dir = filepath.Join(x.root, a.pkg)
		if out, err := cmd.CombinedOutput(); err != nil {
			return died, string(out)
		}
	}
	return lived, ""
}

func (x *experiment) usesRapid(pkg string) bool {
	tests, _ := filepath.Glob(filepath.Join(x.root, pkg, "*_test.go"))
	return slices.ContainsFunc(tests, func(file string) bool {
		source, err := os.ReadFile(file)
		return err == nil && bytes.Contains(source, []byte(`"pgregory.net/rapid"`))
	})
}

// overlay writes what go's -overlay wants: BASE.json, and the changed file.
func (x *experiment) overlay(base string, s site) error {
	original := filepath.Join(x.root, s.file)
	source, err := os.ReadFile(original)
	if err != nil {
		return err
	}
	table, err := json.Marshal(map[string]map[string]string{"Replace": {original: base + ".go"}})
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(base+".go", s.apply(source), 0o600), os.WriteFile(base+".json", table, 0o600))
}

func (x *experiment) report() error {
	fmt.Printf("%d of %d died\n", x.died, x.died+x.lived)
	var errs []error
	if 10*x.died < 9*(x.died+x.lived) {
		errs = append(errs, errors.New("fewer than nine of ten died; write tests"))
	}
	if len(x.unaccounted) > 0 {
		errs = append(errs, fmt.Errorf("write a test for each of these, or its line with the reason into survivors.txt:\n%s", strings.Join(x.unaccounted, "\n")))
	}
	return errors.Join(errs...)
}

// readSurvivors reads lines "CHANGE | REASON".
func readSurvivors(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		// A change may hold the separator itself, as Go's "or" does; the reason comes last.
		at := strings.LastIndex(line, " | ")
		if at > 0 && !strings.HasPrefix(line, "#") {
			out[line[:at]] = strings.TrimSpace(line[at+3:])
		}
	}
	return out
}
