package actions_test

import (
	"fmt"
	"math/rand"
	"testing"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/document"
	"planewise/planner/actions"
	"planewise/planner/diff"
)

// synthetic is a step between two made-up releases of a real procedure's product:
// n components, most of them charts spread over the lists, every second changed.
func synthetic(n int) (from, to model.Release) {
	rnd := rand.New(rand.NewSource(int64(n)))
	lists := []string{"storage", "platform", "core-services", "sysmgmt", "nexus"}
	from = model.Release{Product: "csm", Version: "1.5.0"}
	to = model.Release{Product: "csm", Version: "1.5.2"}
	for _, l := range lists {
		from.Manifests = append(from.Manifests, model.Manifest{Name: l, Deployed: true})
	}
	to.Manifests = from.Manifests
	for i := range n {
		c := model.Component{Kind: model.KindChart, Namespace: "services", Name: fmt.Sprintf("chart-%05d", i), Version: "1.0.0", Manifest: lists[i*len(lists)/n], Position: i}
		switch {
		case i%10 == 9:
			c = model.Component{Kind: model.KindRPM, Name: fmt.Sprintf("rpm-%05d", i), Arch: "noarch", Version: "1.0.0-1"}
		case i%10 == 8:
			c = model.Component{Kind: model.KindImage, Name: fmt.Sprintf("image-%05d", i), Version: "1.0.0"}
		}
		from.Components = append(from.Components, c)
		if rnd.Intn(2) == 0 {
			c.Version = "1.0.1"
			if c.Kind == model.KindRPM {
				c.Version = "1.0.1-1"
			}
		}
		to.Components = append(to.Components, c)
	}
	return from, to
}

func BenchmarkFrom(b *testing.B) {
	c, procs := embedded(b)
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			from, to := synthetic(n)
			x, y := []model.Release{from}, []model.Release{to}
			changes, _ := diff.Between(x, y, nil)
			in := actions.Input{From: x, To: y, Changes: changes, Catalog: c, Procedures: procs, System: demo()}
			b.ReportAllocs()
			for b.Loop() {
				actions.From(in)
			}
		})
	}
}

func BenchmarkRealPair(b *testing.B) {
	c, procs := embedded(b)
	var pair []model.Release
	for _, name := range []string{"csm-1.5.2", "csm-1.6.0-rc.3"} {
		data, err := fixtures.FS.ReadFile("releases/" + name + ".yaml")
		if err != nil {
			b.Fatal(err)
		}
		r, err := document.Decode[model.Release](name, data)
		if err != nil {
			b.Fatal(err)
		}
		pair = append(pair, r)
	}
	changes, _ := diff.Between(pair[:1], pair[1:], nil)
	in := actions.Input{From: pair[:1], To: pair[1:], Changes: changes, Catalog: c, Procedures: procs, System: demo()}
	b.ReportAllocs()
	for b.Loop() {
		actions.From(in)
	}
}
