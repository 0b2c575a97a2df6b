package planner_test

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"planewise/model"
)

var update = flag.Bool("update", false, "write the ledger anew, which refuses what testdata/ledger/reasons.txt gives no reason for, and note the plans of a new planner.Reasoning")

const (
	ledgerDir    = "testdata/ledger"
	reasonsFile  = "reasons.txt"
	lostUnknown  = "lost-unknown"
	raisedBasis  = "raised-basis"
	ledgerAdvice = `What the ledger holds of a plan has changed. Unknown must never become a claim, nor a claim a stronger one, by accident.
If it is meant:
  1. append the lines above that end in WHY to planner/testdata/ledger/reasons.txt, each with the reason in place of WHY
     (WHAT may end in * for all that begin so: PLAN | raised-basis | order:csm/* | OLD -> NEW | ...);
  2. go test ./planner -run TestLedger -update
  3. commit the ledger, the reasons and the change that made them together.
Differences without such a line need steps 2 and 3 alone. A reason holds for one change of one ledger file, from the digest it names to the other.`
)

// ledger is what a plan does not know, and how well it knows the rest.
type ledger struct {
	// unknown is what is not known by what it is: "effect ACTION CAPABILITY", "duration
	// ACTION", "felt CAPABILITY" of the whole plan, "fact SUBJECT RELATION OBJECT" of
	// basis unknown. Several of one name are each in the list.
	unknown map[string][]model.Range
	// bases of the facts of one subject, relation and object, by the digest of these.
	bases map[string][]model.Basis
	// names of the digests. A ledger read from its file has none.
	names   map[string]string
	effects int
}

// record takes the ledger of a plan.
func record(p model.Plan) ledger {
	l := ledger{unknown: map[string][]model.Range{}, bases: map[string][]model.Basis{}, names: map[string]string{}}
	reach := p.Reach()
	for _, a := range p.Actions {
		effects := reach.Effects(a.Effects)
		l.effects += len(effects)
		for _, e := range effects {
			l.note("effect "+string(a.ID)+" "+string(e.Capability), e.Range())
		}
		if a.DurationUnknown {
			l.note("duration "+string(a.ID), model.Unknown())
		}
	}
	for _, b := range p.Bundles {
		for _, plane := range b.Impact {
			for _, c := range plane.Capabilities {
				e := model.Effect{Level: c.Level, Unknown: c.Unknown, Most: c.Most}
				if e.Range().IsUnknown() {
					l.feel("felt "+string(c.ID), e.Range())
				}
			}
		}
	}
	for _, f := range p.Facts {
		l.book(f)
	}
	return l
}

func (l ledger) note(what string, r model.Range) {
	if r.IsUnknown() {
		l.unknown[what] = append(l.unknown[what], r)
	}
}

// feel notes what is felt once for the whole plan, so that another split of it is
// no difference.
func (l ledger) feel(what string, r model.Range) {
	if old := l.unknown[what]; len(old) > 0 {
		r = r.Spanned(old[0])
	}
	l.unknown[what] = []model.Range{r}
}

func (l ledger) book(f model.Fact) {
	name := strings.Join([]string{f.Subject, f.Relation, f.Object}, " ")
	if f.Basis == model.BasisUnknown {
		l.note("fact "+name, model.Unknown())
	}
	sum := sha256.Sum256([]byte(name))
	key := hex.EncodeToString(sum[:4])
	l.names[key] = name
	l.bases[key] = append(l.bases[key], f.Basis)
}

// bestFirst are the bases, best first.
func bestFirst() []model.Basis {
	var out []model.Basis
	for b := model.BasisMeasured; b > model.BasisUnknown; b-- {
		out = append(out, b)
	}
	return append(out, model.BasisUnknown)
}

// text is the ledger's file: counts, what is unknown, and behind each basis the
// digests of its facts.
func (l ledger) text() []byte {
	by := map[model.Basis][]string{}
	for key, bases := range l.bases {
		for _, b := range bases {
			by[b] = append(by[b], key)
		}
	}
	var lines []string
	unknown := 0
	for _, what := range sortedKeys(l.unknown) {
		ranges := l.unknown[what]
		slices.SortFunc(ranges, func(a, b model.Range) int { return cmp.Or(cmp.Compare(a.Least, b.Least), cmp.Compare(a.Most, b.Most)) })
		var words []string
		for _, r := range ranges {
			words = append(words, r.Least.String()+".."+r.Most.String())
		}
		if strings.HasPrefix(what, "effect ") {
			unknown += len(ranges)
		}
		lines = append(lines, "unknown "+what+" = "+strings.Join(words, " "))
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%d effects, %d unknown\n", l.effects, unknown)
	for _, b := range bestFirst() {
		fmt.Fprintf(&out, "%d %s\n", len(by[b]), b)
	}
	fmt.Fprintf(&out, "\n%s\n", strings.Join(lines, "\n"))
	for _, b := range bestFirst() {
		slices.Sort(by[b])
		for keys := range slices.Chunk(by[b], 16) {
			fmt.Fprintf(&out, "basis %s = %s\n", b, strings.Join(keys, " "))
		}
	}
	return out.Bytes()
}

// readLedger reads what text wrote, but for the names of the facts.
func readLedger(data []byte) (ledger, error) {
	l := ledger{unknown: map[string][]model.Range{}, bases: map[string][]model.Basis{}}
	for line := range strings.Lines(string(data)) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		what, values, _ := strings.Cut(rest, " = ")
		for _, v := range strings.Fields(values) {
			switch kind {
			case "unknown":
				least, most, _ := strings.Cut(v, "..")
				var r model.Range
				if err := errors.Join(r.Least.UnmarshalText([]byte(least)), r.Most.UnmarshalText([]byte(most))); err != nil {
					return l, err
				}
				l.note(what, r)
			case "basis":
				var b model.Basis
				if err := b.UnmarshalText([]byte(what)); err != nil {
					return l, err
				}
				l.bases[v] = append(l.bases[v], b)
			}
		}
	}
	return l, nil
}

// loss is something that is claimed now and was not before.
type loss struct{ kind, what, how string }

// losses are what the new ledger claims beyond the old one.
func losses(old, now ledger) []loss {
	var out []loss
	for _, what := range sortedKeys(old.unknown) {
		if how := narrowed(old.unknown[what], now.unknown[what]); how != "" {
			out = append(out, loss{lostUnknown, what, how})
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(old.bases), func(a, b string) int { return cmp.Compare(now.names[a], now.names[b]) }) {
		if how := raised(old.bases[key], now.bases[key]); how != "" {
			out = append(out, loss{raisedBasis, now.names[key], how})
		}
	}
	return out
}

// narrowed says how less is left open; "" where it is not.
func narrowed(old, now []model.Range) string {
	if len(now) == 0 {
		return "is no longer unknown"
	}
	if len(now) < len(old) {
		return fmt.Sprintf("is unknown %d times, was %d times", len(now), len(old))
	}
	span := func(rs []model.Range) model.Range {
		out := rs[0]
		for _, r := range rs {
			out = out.Spanned(r)
		}
		return out
	}
	if was, is := span(old), span(now); is.Spanned(was) != is {
		return fmt.Sprintf("is %s..%s, was %s..%s", is.Least, is.Most, was.Least, was.Most)
	}
	return ""
}

// raised says which basis of a fact rose; "" where none did. Facts that are gone
// raise nothing, nor do new ones that are no better than those there were.
func raised(old, now []model.Basis) string {
	if len(now) == 0 {
		return ""
	}
	from := func(bases []model.Basis, b model.Basis) (n int) {
		for _, x := range bases {
			if x >= b {
				n++
			}
		}
		return n
	}
	better := slices.Max(now) > slices.Max(old)
	for b := model.BasisDefault; b <= model.BasisMeasured; b++ {
		moved := from(now, b) > from(old, b) && len(now)-from(now, b) < len(old)-from(old, b)
		better = better || moved
	}
	if !better {
		return ""
	}
	return fmt.Sprintf("is %s, was %s", words(now), words(old))
}

func words(bases []model.Basis) string {
	var out []string
	for _, b := range slices.Backward(slices.Sorted(slices.Values(bases))) {
		out = append(out, b.String())
	}
	return strings.Join(out, " and ")
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:4])
}

// reason is a line of reasons.txt: PLAN | KIND | WHAT | OLD -> NEW | WHY.
type reason struct{ plan, kind, what, step, why, line string }

func readReasons(data []byte) ([]reason, error) {
	var out []reason
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, " | ")
		if len(f) != 5 || f[1] != lostUnknown && f[1] != raisedBasis || strings.TrimSuffix(f[2], "*") == "" || len(strings.Fields(f[4])) < 2 {
			return nil, fmt.Errorf("%s: %q is not PLAN | %s or %s | WHAT | OLD -> NEW | WHY, with a reason of some words and no WHAT that is * alone", reasonsFile, line, lostUnknown, raisedBasis)
		}
		out = append(out, reason{f[0], f[1], f[2], f[3], f[4], line})
	}
	return out, nil
}

func (r reason) covers(plan, step string, l loss) bool {
	if r.plan != plan || r.kind != l.kind || r.step != step {
		return false
	}
	prefix, many := strings.CutSuffix(r.what, "*")
	return r.what == l.what || many && strings.HasPrefix(l.what, prefix)
}

// uncovered are the losses of a step that no reason covers, and the reasons given
// for the step that cover none.
func uncovered(plan, step string, all []loss, reasons []reason) (open []loss, idle []reason) {
	for _, l := range all {
		if !slices.ContainsFunc(reasons, func(r reason) bool { return r.covers(plan, step, l) }) {
			open = append(open, l)
		}
	}
	for _, r := range reasons {
		if r.plan == plan && r.step == step && !slices.ContainsFunc(all, func(l loss) bool { return r.covers(plan, step, l) }) {
			idle = append(idle, r)
		}
	}
	return open, idle
}

// What is unknown in a plan stays unknown, and what its claims rest on gets no
// better, unless a change says so and why.
func TestLedger(t *testing.T) {
	w := embedded(t)
	reasons, err := readReasons(readOr(t, reasonsFile, nil))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]bool{reasonsFile: true}
	for _, b := range bookedPlans() {
		files[b.name+".txt"] = true
		t.Run(b.name, func(t *testing.T) { checkLedger(t, b.name, record(b.build(t, w)), reasons) })
	}
	kept, err := os.ReadDir(ledgerDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range kept {
		if !files[f.Name()] {
			t.Errorf("%s: no plan of this name is made any more, so that nothing guards what it held", f.Name())
		}
	}
	for _, r := range reasons {
		if !files[r.plan+".txt"] {
			t.Errorf("%s: %q: there is no such plan", reasonsFile, r.line)
		}
	}
	switch {
	case t.Failed():
		t.Log(ledgerAdvice)
	case *update:
		dropReasons(t, reasons)
	}
}

func checkLedger(t *testing.T, name string, now ledger, reasons []reason) {
	t.Helper()
	file := name + ".txt"
	got, want := now.text(), readOr(t, file, nil)
	step := digestOf(want) + " -> " + digestOf(got)
	if bytes.Equal(got, want) {
		for _, r := range reasons {
			if r.plan == name && !strings.HasSuffix(r.step, " -> "+digestOf(want)) {
				t.Errorf("%s: %q is the reason of another change than the last one of %s; remove it", reasonsFile, r.line, file)
			}
		}
		return
	}
	old, err := readLedger(want)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	open, idle := uncovered(name, step, losses(old, now), reasons)
	for _, l := range open {
		t.Errorf("%s %s\n%s | %s | %s | %s | WHY", l.what, l.how, name, l.kind, l.what, step)
	}
	for _, r := range idle {
		t.Errorf("%s: %q covers nothing that changed; remove it", reasonsFile, r.line)
	}
	switch {
	case *update && len(open)+len(idle) == 0:
		if err := os.WriteFile(filepath.Join(ledgerDir, file), got, 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s differs: the first of the other lines is %q", file, firstOther(got, want))
	}
}

// firstOther is the first line of got that want does not have.
func firstOther(got, want []byte) string {
	have := map[string]bool{}
	for line := range strings.Lines(string(want)) {
		have[line] = true
	}
	for line := range strings.Lines(string(got)) {
		if !have[line] {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// dropReasons keeps the reasons of the last change of each ledger file.
func dropReasons(t *testing.T, reasons []reason) {
	t.Helper()
	data := readOr(t, reasonsFile, nil)
	for _, r := range reasons {
		if !strings.HasSuffix(r.step, " -> "+digestOf(readOr(t, r.plan+".txt", nil))) {
			data = bytes.Replace(data, []byte(r.line+"\n"), nil, 1)
		}
	}
	if err := os.WriteFile(filepath.Join(ledgerDir, reasonsFile), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// readOr reads a file of the ledger; what stands for one that does not exist.
func readOr(t *testing.T, name string, none []byte) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(ledgerDir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return none
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}
