package diff_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"planewise/model"
	"planewise/planner/diff"
)

// components generates a component of few names, so that sides share some.
func components() *rapid.Generator[model.Component] {
	pick := func(ss ...string) *rapid.Generator[string] { return rapid.SampledFrom(ss) }
	versions := pick("1.0", "1.1", "1.1-1", "1.1-beta.1", "2.0", "latest", "9e45f1c-1", "1.0+a")
	sets := rapid.Custom(func(t *rapid.T) []string {
		vs := rapid.SliceOfN(versions, 0, 3).Draw(t, "versions")
		if len(vs) < 2 {
			return nil
		}
		return vs
	})
	return rapid.Custom(func(t *rapid.T) model.Component {
		c := model.Component{
			Kind: rapid.SampledFrom(model.Kinds()).Draw(t, "kind"),
			Name: pick("a", "b", "kernel-default").Draw(t, "name"), Version: versions.Draw(t, "version"),
		}
		switch c.Kind {
		case model.KindChart:
			c.Namespace = pick("s", "t", "default").Draw(t, "namespace")
			c.Values = pick("", `{"v":"1.4.0"}`, `{"v":"1.5.0"}`, `{"v":"1.6.0"}`, `{"w":[1]}`).Draw(t, "values")
			c.Manifest = pick("p", "q", "hidden", "unnamed").Draw(t, "list")
			c.NotDeployed = c.Manifest == "hidden"
			c.Position = rapid.IntRange(0, 3).Draw(t, "position")
		case model.KindNodeImage, model.KindKernel:
			c.Role, c.Arch = pick("worker", "compute").Draw(t, "role"), pick("x86_64", "").Draw(t, "arch")
			c.Image = pick("", "kubernetes", "storage").Draw(t, "image")
		case model.KindRPM:
			c.Arch = "noarch"
			c.Versions, c.Folders = sets.Draw(t, "versions"), rapid.SliceOfN(pick("sp3", "sp4"), 0, 2).Draw(t, "folders")
		case model.KindImage:
			c.Versions, c.Registries = sets.Draw(t, "versions"), rapid.SliceOfN(pick("a.io", "b.io"), 0, 2).Draw(t, "registries")
		}
		if len(c.Versions) > 0 {
			c.Version = strings.Join(c.Versions, ",")
		}
		return c
	})
}

func releases(product string) *rapid.Generator[model.Release] {
	return rapid.Custom(func(t *rapid.T) model.Release {
		r := model.Release{
			Product: product, Version: rapid.SampledFrom([]string{"1.4.0", "1.5.0", "1.6.0", "main"}).Draw(t, "version"),
			Manifests:  []model.Manifest{{Name: "q", Deployed: true}, {Name: "p", Deployed: true}, {Name: "hidden"}},
			Components: rapid.SliceOfN(components(), 0, 12).Draw(t, "components"),
		}
		for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 2).Draw(t, "undeploys") {
			r.Undeploys = append(r.Undeploys, model.Undeploy{Namespace: rapid.SampledFrom([]string{"s", "t", ""}).Draw(t, "namespace"), Name: name})
		}
		for _, script := range rapid.SliceOfN(rapid.SampledFrom([]string{"x.sh", "y.sh"}), 0, 2).Draw(t, "hooks") {
			r.Hooks = append(r.Hooks, model.Hook{Stage: rapid.SampledFrom([]string{"m", "n"}).Draw(t, "stage"), When: "pre", Script: script})
		}
		return r
	})
}

func sets() *rapid.Generator[[]model.Release] {
	return rapid.Custom(func(t *rapid.T) []model.Release {
		var rs []model.Release
		for _, product := range []string{"csm", "uan"} {
			if rapid.IntRange(0, 3).Draw(t, "with "+product) > 0 {
				rs = append(rs, releases(product).Draw(t, product))
			}
		}
		return rs
	})
}

// state is the id and the sorted versions of all that a side holds, as a reader
// of its documents would list it.
func state(rs []model.Release) map[model.ComponentID]string {
	type version struct {
		texts                  []string
		nth, list, position    int
		version, values, image string
	}
	last := map[model.ComponentID]version{}
	put := func(c model.Component, v version, adds bool) {
		id := c.ID()
		old, twice := last[id]
		switch {
		case twice && adds:
			v.texts = append(v.texts, old.texts...)
		case twice:
			newer := v.nth > old.nth || v.nth == old.nth && (v.list > old.list || v.list == old.list && (v.position > old.position ||
				v.position == old.position && v.version+"\x00"+v.values+"\x00"+v.image > old.version+"\x00"+old.values+"\x00"+old.image))
			if !newer {
				return
			}
		}
		last[id] = v
	}
	for nth, r := range rs {
		for _, c := range r.Components {
			if c.NotDeployed {
				continue
			}
			list := slices.Index([]string{"q", "p", "hidden", "unnamed"}, c.Manifest)
			v := version{c.Versions, nth, list, c.Position, c.Version, c.Values, c.Image}
			if len(v.texts) == 0 {
				v.texts = []string{c.Version}
			}
			put(c, v, c.Kind == model.KindImage || c.Kind == model.KindRPM || c.Kind == model.KindHook)
		}
		for _, h := range r.Hooks {
			c := model.Component{Kind: model.KindHook, Namespace: r.Product, Name: h.Stage + "/" + h.When}
			put(c, version{texts: []string{h.Script}}, true)
		}
	}
	m := map[model.ComponentID]string{}
	for id, v := range last {
		m[id] = normal(strings.Join(v.texts, ","))
	}
	return m
}

func normal(versions string) string {
	vs := strings.Split(versions, ",")
	slices.Sort(vs)
	return strings.Join(slices.Compact(vs), ",")
}

// apply carries changes out on a state.
func apply(t interface{ Fatalf(string, ...any) }, m map[model.ComponentID]string, changes []model.Change) {
	for _, c := range changes {
		old, had := m[c.ID]
		switch c.Direction {
		case model.Added:
			if had {
				t.Fatalf("%s is added and was there", c.ID)
			}
			m[c.ID] = normal(c.To)
		case model.Removed, model.Orphaned:
			if !had || old != normal(c.From) {
				t.Fatalf("%s %s is gone, and there was %q", c.ID, c.From, old)
			}
			delete(m, c.ID)
		case model.Moved:
			if c.Kind == model.KindChart {
				if _, was := m[c.Before.ID()]; had || !was {
					t.Fatalf("%s has moved from %s", c.ID, c.Before.ID())
				}
				delete(m, c.Before.ID())
			}
			m[c.ID] = normal(strings.TrimPrefix(c.To, c.After.Namespace+"/"))
		default:
			if !had || old != normal(c.From) {
				t.Fatalf("%s goes from %q, and there was %q", c.ID, c.From, old)
			}
			m[c.ID] = normal(c.To)
		}
	}
}

func TestApplied(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := sets().Draw(t, "from"), sets().Draw(t, "to")
		changes, ds := diff.Between(from, to, nil)
		checkChanges(t, changes, ds)
		got := state(from)
		apply(t, got, changes)
		if want := state(to); !reflect.DeepEqual(got, want) {
			t.Fatalf("the changes lead to\n%v, want\n%v", got, want)
		}
	})
}

// checkChanges checks what holds for all changes.
func checkChanges(t interface{ Fatalf(string, ...any) }, changes []model.Change, ds []model.Diagnostic) {
	ids := map[model.ChangeID]bool{}
	gone := false
	for _, c := range changes {
		switch {
		case ids[c.ID]:
			t.Fatalf("%s changes twice", c.ID)
		case c.After != nil && c.ID != c.After.ID(), c.After == nil && (c.Before == nil || c.ID != c.Before.ID()):
			t.Fatalf("%s is not the id of its component", c.ID)
		case c.Before == nil != (c.Direction == model.Added):
			t.Fatalf("%s is %s and was %v", c.ID, c.Direction, c.Before)
		case c.After == nil != (c.Direction == model.Removed || c.Direction == model.Orphaned):
			t.Fatalf("%s is %s and will be %v", c.ID, c.Direction, c.After)
		case gone && c.After != nil:
			t.Fatalf("%s stands behind a removal", c.ID)
		case c.Delivery != (c.Kind == model.KindImage):
			t.Fatalf("%s is a delivery: %v", c.ID, c.Delivery)
		case c.Action != nil:
			t.Fatalf("%s has an action already", c.ID)
		case c.Direction == model.ValuesOnly && (c.From != c.To || c.Reason == "" || c.Reboot || c.Kind != model.KindChart):
			t.Fatalf("a change of settings alone: %+v", c)
		case c.Direction == model.Orphaned && c.Kind != model.KindChart:
			t.Fatalf("%s is an orphan", c.ID)
		case c.After == nil && c.Reason == "", c.Direction == model.Moved && c.Reason == "":
			t.Fatalf("%s is %s without a reason", c.ID, c.Direction)
		}
		ids[c.ID], gone = true, c.After == nil
	}
	for _, d := range ds {
		if d.Code == "" || d.Subject == "" || d.Summary == "" || strings.Contains(d.Summary, "%!") {
			t.Fatalf("diagnostic %+v", d)
		}
	}
}

func TestNothingChangesByItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rs := sets().Draw(t, "releases")
		if changes, _ := diff.Between(rs, shuffled(t, rs), rs); len(changes) > 0 {
			t.Fatalf("from a side to itself there is %s", show(changes, nil))
		}
	})
}

// shuffled is the same set with its parts in another order.
func shuffled(t *rapid.T, rs []model.Release) []model.Release {
	rs = rapid.Permutation(rs).Draw(t, "releases")
	for i := range rs {
		rs[i].Components = rapid.Permutation(rs[i].Components).Draw(t, "components")
		rs[i].Hooks = rapid.Permutation(rs[i].Hooks).Draw(t, "hooks")
	}
	return rs
}

func TestOrderOfInputDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := sets().Draw(t, "from"), sets().Draw(t, "to")
		known := []model.Release{releases("csm").Draw(t, "known"), releases("uan").Draw(t, "known"), {Product: "csm", Version: "1.5.0"}}
		want := show(diff.Between(from, to, known))
		got := show(diff.Between(shuffled(t, from), shuffled(t, to), rapid.Permutation(known).Draw(t, "other known")))
		// Sets are shown in the order of the release, which is part of the content.
		if sortCommas(got) != sortCommas(want) {
			t.Fatalf("in another order\n%s, want\n%s", got, want)
		}
	})
}

func sortCommas(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = normal(w)
	}
	return strings.Join(words, " ")
}

// Backwards the same components change, the other way round.
func TestBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := sets().Draw(t, "from"), sets().Draw(t, "to")
		there, _ := diff.Between(from, to, nil)
		back, _ := diff.Between(to, from, nil)
		other := map[model.Direction]model.Direction{
			model.Upgrade: model.Downgrade, model.Downgrade: model.Upgrade, model.Changed: model.Changed,
			model.Added: model.Removed, model.Removed: model.Added, model.Orphaned: model.Added,
			model.Moved: model.Moved, model.ValuesOnly: model.ValuesOnly,
		}
		// What a script removes and ships again is that script's affair: it does not go backwards.
		again := map[model.ChangeID]bool{}
		for _, c := range slices.Concat(there, back) {
			again[c.ID] = again[c.ID] || c.Reinstalled
		}
		want := map[model.ChangeID]string{}
		for _, c := range there {
			id := c.ID
			if again[id] {
				continue
			}
			if c.Direction == model.Moved {
				id = c.Before.ID()
			}
			want[id] = fmt.Sprint(other[c.Direction], " ", c.To, " -> ", c.From)
		}
		for _, c := range back {
			if again[c.ID] {
				continue
			}
			direction := c.Direction
			if direction == model.Orphaned {
				direction = model.Removed
			}
			if got := fmt.Sprint(direction, " ", c.From, " -> ", c.To); got != want[c.ID] {
				t.Fatalf("backwards %s is %q, want %q", c.ID, got, want[c.ID])
			}
			delete(want, c.ID)
		}
		if len(want) > 0 {
			t.Fatalf("backwards there is no %v", want)
		}
	})
}
