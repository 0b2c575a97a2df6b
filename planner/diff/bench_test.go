package diff_test

import (
	"fmt"
	"testing"

	"planewise/model"
	"planewise/planner/diff"
)

// synthetic is a pair of releases of n components in the proportions of real
// ones, of which about a third differ.
func synthetic(n int) (from, to model.Release) {
	from = model.Release{Product: "p", Version: "1.0.0", Manifests: []model.Manifest{{Name: "m0", Deployed: true}, {Name: "m1", Deployed: true}}}
	for i := range n {
		c := model.Component{Name: fmt.Sprintf("component-%05d", i), Version: fmt.Sprintf("1.%d.%d", i%7, i%11)}
		switch i % 5 {
		case 0, 1:
			c.Kind, c.Namespace, c.Manifest, c.Position = model.KindChart, "services", fmt.Sprintf("m%d", i%2), i
			c.Values = fmt.Sprintf(`{"global":{"appVersion":"1.%d"}}`, i)
		case 2, 3:
			c.Kind, c.Arch, c.Folders = model.KindRPM, "noarch", []string{"sp4", "sp5"}
			c.Version += "-1"
		default:
			c.Kind, c.Versions = model.KindImage, []string{"1.0.0", c.Version}
		}
		from.Components = append(from.Components, c)
	}
	to = from
	to.Version = "1.1.0"
	to.Components = append([]model.Component(nil), from.Components...)
	for i := range to.Components {
		c := &to.Components[i]
		switch i % 15 {
		case 0, 3:
			c.Version = "2.0.0"
		case 1:
			c.Values = `{"global":{"appVersion":"2.0"}}`
		case 4:
			c.Versions = []string{c.Version, "2.0.0-1"}
		case 7:
			c.Name += "-new"
		}
	}
	return from, to
}

func BenchmarkBetween(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			from, to := synthetic(n)
			a, c := []model.Release{from}, []model.Release{to}
			b.ReportAllocs()
			for b.Loop() {
				diff.Between(a, c, nil)
			}
		})
	}
}

func BenchmarkReal(b *testing.B) {
	k := embedded(b)
	from, to, all := []model.Release{k["1.5.2"]}, []model.Release{k["1.6.0-rc.3"]}, k.all()
	b.ReportAllocs()
	for b.Loop() {
		diff.Between(from, to, all)
	}
}
