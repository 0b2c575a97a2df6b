package verify_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"planewise/model"
	"planewise/model/customizations/csm"
	"planewise/model/document"
	"planewise/planner/inputs"
	"planewise/planner/resume"
	"planewise/planner/verify"
)

// kinds are plans of several kinds, by name.
func kinds(tb testing.TB) map[string]model.Plan {
	w := embedded(tb)
	out := map[string]model.Plan{}
	out["patch"], _ = patch(tb)
	_, windows := dated(tb)
	w.base.Procedures = slices.DeleteFunc(w.base.Procedures, func(p model.Procedure) bool { // to have the time
		return !slices.Contains([]string{"csm-1.5/patch", "csm-1.6/iuf", "uan/any"}, p.Name)
	})
	windows.Procedures = w.base.Procedures
	out["dated"] = made(tb, windows)
	out["downgrade"] = made(tb, w.input("csm-1.5.2", "csm-1.4.3"))

	sets := w.input("csm-1.5.2", "csm-1.6.0-rc.3")
	sets.From, sets.To = append(sets.From, w.releases["uan-2.6.0"]), append(sets.To, w.releases["uan-2.7.0"])
	sets.Path = "iuf"
	out["sets"] = made(tb, sets)

	edited := w.input("csm-1.5.0", "csm-1.5.2")
	edited.Edits = model.Edits{
		Excluded: []string{"chart:services/cray-bos", "step:test-packages"}, Relaxed: []string{"order:csm/*"},
		Pins: []model.Pin{{Action: "roll:worker", Bundle: 9}}, Moved: []model.Move{{Action: "ship:services/cray-hms-smd", With: "roll:worker"}},
	}
	out["edited"] = made(tb, edited)

	rest := w.input("csm-1.5.0", "csm-1.5.2")
	var err error
	if rest.Edits.Done, err = resume.Done(out["patch"], []string{"B1", "B2", "B3", "roll:worker:2/6"}); err != nil {
		tb.Fatal(err)
	}
	out["resumed"] = made(tb, rest)

	text, err := os.ReadFile("testdata/seen.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	seen := w.input("csm-1.5.0", "csm-1.5.2")
	if seen.System, err = document.Decode[model.System]("seen.yaml", text); err != nil {
		tb.Fatal(err)
	}
	seen.System.Measured = []model.Measured{{Action: "roll:worker", P50s: 5000, P90s: 9000, Samples: 3, Source: "own runs"}}
	seen.At = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	seen.Notes = []model.Diagnostic{{Severity: model.Warning, Code: "duplicate-key", Subject: "a.yaml", Summary: "seen while reading"}}
	seen.Customizations = siteSets("cray-hms-smd", "1")
	out["observed"] = made(tb, seen)
	return out
}

// leaf is a value of a plan that has no parts, and how to change it.
type leaf struct {
	path string
	kind string // the path without indexes
	old  any
	set  func(any)
	name bool // any text will do
}

// simple: neither null nor an empty list or object, in whose place not anything may be.
func (l leaf) simple() bool {
	switch l.old.(type) {
	case string, json.Number, bool:
		return true
	}
	return false
}

func leavesOf(v any, path, kind string, set func(any), out *[]leaf) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range sortedKeys(v) {
			leavesOf(v[k], path+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(k), kind+"/"+k, func(n any) { v[k] = n }, out)
		}
		if len(v) > 0 {
			return
		}
	case []any:
		for i := range v {
			leavesOf(v[i], path+"/"+strconv.Itoa(i), kind, func(n any) { v[i] = n }, out)
		}
		if len(v) > 0 {
			return
		}
	}
	*out = append(*out, leaf{path: path, kind: kind, old: v, set: set})
}

// forged is another value of the same type, which the schema allows where it can.
func forged(l leaf) any {
	switch v := l.old.(type) {
	case string:
		if l.name {
			return v + "x"
		}
		for field, words := range closed {
			if path.Base(l.kind) == field || path.Base(path.Dir(l.kind)) == field {
				return words[(slices.Index(words, v)+1)%len(words)]
			}
		}
		return v + "x"
	case json.Number:
		return json.Number("1" + v.String())
	case bool:
		return !v
	case nil:
		return "x"
	case []any:
		return []any{"x"}
	}
	return map[string]any{"x": "x"}
}

// closed are some of the words that the schema knows for a field, or for what is in it.
var closed = map[string][]string{
	"level": levels, "worst": levels, "most": levels, "footprint": {"watched", "disturbed"}, "grants": {"watched", "disturbed"},
	"basis": {"inferred", "documented"}, "possible": {"yes", "no"}, "severity": {"warning", "info"}, "stay": {"supported", "unknown"},
	"optimality": {"bounded", "optimal"}, "importance": {"critical", "major"}, "method": {"rolling", "live"}, "direction": {"add", "upgrade"},
}

var levels = []string{"none", "blip"}

func parse(t fataler, text []byte) map[string]any {
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func text(t fataler, p model.Plan) []byte {
	out, err := document.EncodePlan(p)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// free reports whether a kind of leaf, or something that it is in, may differ.
func free(kind string) bool {
	parts := strings.Split(strings.TrimPrefix(kind, "/"), "/")
	for i := range parts {
		if verify.Free[strings.Join(parts[:i+1], "/")] != "" {
			return true
		}
	}
	return false
}

// naming are the fields that may tell the elements of a list apart.
var naming = strings.Fields("id key kind name product version code subject what bundle plane capability action relation with stage topic label change")

// identifies reports whether the element that a leaf is in may be another by it.
func identifies(kind string) bool { return slices.Contains(naming, path.Base(kind)) }

// refers reports whether a plan in which such a leaf is another is not sound, whatever
// its inputs.
func refers(kind string) bool {
	return kind == "/bundles/actions" || strings.HasPrefix(kind, "/actions/after")
}

// Every leaf of every kind of plan is changed: those that name nothing all at once, on
// the whole way from the file, and each has to be named itself; the others kind by
// kind, and what they are a part of has to be.
func TestEveryLeafIsCompared(t *testing.T) {
	for name, p := range kinds(t) {
		file, again := parse(t, text(t, p)), parse(t, text(t, p))
		var all []leaf
		leavesOf(file, "", "", nil, &all)
		var plain []leaf
		others := map[string][]leaf{}
		exempt := 0
		for _, l := range all {
			switch {
			case free(l.kind), slices.ContainsFunc(questions, func(q string) bool { return strings.HasPrefix(l.kind, q) }):
				exempt++
			case !l.simple(), identifies(l.kind), refers(l.kind), strings.HasPrefix(l.kind, "/inputs"), l.kind == "/from/digest", l.kind == "/to/digest", l.kind == "/format":
				others[l.kind] = append(others[l.kind], l)
			default:
				plain = append(plain, l)
			}
		}
		set := func(list []leaf, to func(leaf) any) {
			for _, l := range list {
				l.set(to(l))
			}
		}
		old := func(l leaf) any { return l.old }
		set(plain, forged)
		r, err := reread(t, file)
		set(plain, old)
		if err != nil || r.Status != verify.Invalid {
			t.Fatalf("%s: %s %v %v", name, r.Status, r.Faults, err)
		}
		named := len(all) - exempt - missed(t, name, plain, r.Differences, false)
		for kind, list := range others {
			field := strings.Split(kind, "/")[1]
			set(list, func(l leaf) any { return forged(leaf{old: l.old, name: true}) })
			found := verify.Member(field, file[field], again[field])
			set(list, old)
			named -= missed(t, name, list, found, true)
		}
		t.Logf("%s: %d leaves changed, %d named; %d may differ (the documents in it among them)", name, len(all)-exempt, named, exempt)
		if len(all)-exempt < 5000 {
			t.Errorf("%s: only %d leaves", name, len(all)-exempt)
		}
	}
}

// missed counts leaves that no difference names; whole: or something that they are in.
func missed(t *testing.T, plan string, leaves []leaf, found []verify.Difference, whole bool) int {
	paths := map[string]bool{}
	for _, d := range found {
		paths[d.Path] = true
	}
	n := 0
	for _, l := range leaves {
		ok := paths[l.path] || paths[l.path+"/0"] || paths[l.path+"/x"] // of an empty list or object
		for at := l.path; whole && at != "/"; at = path.Dir(at) {
			ok = ok || paths[at]
		}
		if !ok {
			n++
			t.Errorf("%s: %s is not %v: not named", plan, l.path, l.old)
		}
	}
	return n
}

// reread is the whole way of a forged file with the id that fits: read and checked.
// What cannot be read is refused, which is as good.
func reread(t fataler, file map[string]any) (verify.Result, error) {
	data, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	p, said, err := document.DecodePlan("plan.json", data)
	if err != nil {
		return verify.Result{}, err
	}
	p.ID = document.PlanID(p)
	said = slices.DeleteFunc(said, func(d model.Diagnostic) bool { return d.Subject == "plan.json" }) // of the id
	p.Diagnostics = append(p.Diagnostics, said...)
	was, err := inputs.Of(p)
	if err != nil {
		return verify.Result{}, err
	}
	was.Zones, was.Tool, was.BaseChart = time.LoadLocation, "test", csm.BaseChart()
	return verify.Plan(verify.Input{Plan: p, Was: was, Is: was})
}

// questions are what a plan answers: they have no digest. One that leads to the same
// plan may be another.
var questions = []string{"/planned_at", "/path", "/edits", "/notes"}

// Leaves of all kinds of leaf, of the documents in a plan too, are changed one at a
// time, and the id is made to fit: the plan is not fresh.
func TestNoForgedLeafIsFresh(t *testing.T) {
	const stride = 60 // so many kinds of leaf for one that is tried
	got := map[string]int{}
	n := 0
	plans := kinds(t)
	for _, name := range sortedKeys(plans) {
		file := parse(t, text(t, plans[name]))
		if r, err := reread(t, file); err != nil || r.Status != verify.Fresh {
			t.Fatalf("%s as it is: %s %v %v", name, r.Status, r.Reasons, err)
		}
		var all []leaf
		leavesOf(file, "", "", nil, &all)
		byKind := map[string][]leaf{}
		for _, l := range all {
			byKind[l.kind] = append(byKind[l.kind], l)
		}
		for _, kind := range sortedKeys(byKind) {
			if n++; n%stride != 0 {
				continue
			}
			l := byKind[kind][n%len(byKind[kind])]
			l.set(forged(l))
			r, err := reread(t, file)
			l.set(l.old)
			switch {
			case err != nil:
				got["refused"]++
			case r.Status != verify.Fresh:
				got[string(r.Status)]++
			case free(kind) && !strings.HasPrefix(kind, "/inputs/") || slices.ContainsFunc(questions, func(q string) bool { return strings.HasPrefix(kind, q) }):
				got["may differ"]++
			default:
				t.Errorf("%s: %s is not %v but %v: fresh", name, l.path, l.old, forged(l))
			}
		}
	}
	t.Logf("%d kinds of leaf, tried: %v", n, got)
}

// A sample of all plans between embedded releases, by all policies, on all systems:
// written to a file and read from it they are fresh.
func TestPlansAreFreshWhenMade(t *testing.T) {
	const stride = 41
	w := embedded(t)
	systems, policies := all[model.System](t, "systems"), all[model.Policy](t, "policies")
	n := 0
	for _, from := range sortedKeys(w.releases) {
		for _, to := range sortedKeys(w.releases) {
			for _, system := range sortedKeys(systems) {
				for _, policy := range sortedKeys(policies) {
					if n++; n%stride != 0 {
						continue
					}
					in := w.input(from, to)
					in.System, in.Policy = systems[system], policies[policy]
					if r, err := reread(t, parse(t, text(t, made(t, in)))); err != nil || r.Status != verify.Fresh {
						t.Errorf("%s to %s on %s by %s: %s %v %v %v", from, to, system, policy, r.Status, r.Reasons, r.Differences, err)
					}
				}
			}
		}
	}
}
