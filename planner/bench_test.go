package planner_test

import (
	"fmt"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"planewise/model"
	"planewise/model/catalog"
	"planewise/model/ingest"
	"planewise/planner"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// BenchmarkPairs puts, for every ordered pair of real release trees, the time
// from two parsed releases to a finished plan beside the time the YAML library
// alone needs to decode the files of the two trees into generic values. The
// metric "plan/yaml" is the ratio; the target is at most 1.
func BenchmarkPairs(b *testing.B) {
	w, parsed := embedded(b), trees(b)
	for _, from := range sortedKeys(parsed) {
		for _, to := range sortedKeys(parsed) {
			if from == to {
				continue
			}
			b.Run(from+"_"+to, func(b *testing.B) {
				files := append(yamlFiles(b, from), yamlFiles(b, to)...)
				in := w.input([]model.Release{parsed[from]}, []model.Release{parsed[to]})
				decode := fastest(20, func() {
					for _, data := range files {
						var v any
						// Duplicate keys make the library refuse a file; the time is spent all the same.
						_ = yaml.Unmarshal(data, &v)
					}
				})
				whole := fastest(20, func() { planner.Build(in) })
				b.ReportAllocs()
				for b.Loop() {
					planner.Build(in)
				}
				b.ReportMetric(float64(whole)/float64(decode), "plan/yaml")
			})
		}
	}
}

// BenchmarkAgain puts the time of a plan after one of its actions was taken out or put
// back, which is what a person at the screen waits for, beside that of the whole way
// from the files of the two releases.
func BenchmarkAgain(b *testing.B) {
	w, parsed := embedded(b), trees(b)
	for _, pair := range [][2]string{{"v1.5.0", "v1.5.2"}, {"v1.5.2", "v1.6.0-rc.3"}, {"v1.2.0", "v1.6.0-rc.3"}} {
		b.Run(pair[0]+"_"+pair[1], func(b *testing.B) {
			in := w.input([]model.Release{parsed[pair[0]]}, []model.Release{parsed[pair[1]]})
			files := fastest(20, func() {
				read := in
				for i, side := range []*[]model.Release{&read.From, &read.To} {
					r, _, err := ingest.Read(filepath.Join(corpus(b), pair[i]))
					if err != nil {
						b.Fatal(err)
					}
					*side = []model.Release{r}
				}
				planner.Build(read)
			})
			acts := planner.Build(in).Actions
			n := 0
			toggle := func() {
				edited := in
				if n++; n%2 == 1 {
					edited.Edits.Excluded = []string{string(acts[n%len(acts)].ID)}
				}
				planner.Build(edited)
			}
			again := fastest(100, toggle)
			b.ReportAllocs()
			for b.Loop() {
				toggle()
			}
			b.ReportMetric(float64(again)/float64(files), "again/files")
		})
	}
}

// fastest is the shortest of n runs: the time the work needs when nothing disturbs it.
func fastest(n int, work func()) time.Duration {
	best := time.Duration(math.MaxInt64)
	for range n {
		start := time.Now()
		work()
		best = min(best, time.Since(start))
	}
	return best
}

func yamlFiles(b *testing.B, version string) [][]byte {
	var out [][]byte
	err := filepath.WalkDir(filepath.Join(corpus(b), version), func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".yaml") {
			return err
		}
		data, err := os.ReadFile(file)
		out = append(out, data)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// BenchmarkComponents plans a synthetic update of n charts in the manifests of the
// real procedure. Every chart has a rule of its own that restarts one of the real
// services, one in a hundred has none. From 1,000 to 10,000 the time should grow
// less than 15-fold, and the memory that is held at the end stay under 10 KiB per
// component ("held-B/component").
func BenchmarkComponents(b *testing.B) {
	w := embedded(b)
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := synthetic(w, n)
			in := w.input([]model.Release{s.from}, []model.Release{s.to})
			in.Catalog = s.catalog
			var plan model.Plan
			b.ReportAllocs()
			before := heap()
			for b.Loop() {
				plan = planner.Build(in)
			}
			held := heap() - before
			runtime.KeepAlive(plan)
			if len(plan.Actions) < n {
				b.Fatalf("%d actions for %d charts", len(plan.Actions), n)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/component")
			b.ReportMetric(float64(held)/float64(n), "held-B/component")
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// site is a synthetic system: two releases and a mapping for their charts.
type site struct {
	from, to model.Release
	catalog  *catalog.Catalog
}

// synthetic makes n charts from a fixed seed, spread over the shipped manifests.
func synthetic(w world, n int) site {
	random := rand.New(rand.NewPCG(1, 2))
	base := w.releases["csm-1.5.2"]
	from := model.Release{Format: model.FormatRelease, Product: "csm", Version: "1.5.0", Manifests: base.Manifests}
	to := from
	to.Version = "1.5.2"
	var shipped []string
	for _, m := range base.Manifests {
		if m.Deployed {
			shipped = append(shipped, m.Name)
		}
	}
	services := w.catalog.Services()
	layer := model.Mapping{Format: model.FormatMapping, Name: "synthetic"}
	position := map[string]int{}
	for i := range n {
		c := model.Component{Kind: model.KindChart, Name: fmt.Sprintf("chart-%05d", i), Namespace: "services", Manifest: shipped[random.IntN(len(shipped))]}
		c.Position = position[c.Manifest]
		position[c.Manifest]++
		c.Version = fmt.Sprintf("1.%d.0", random.IntN(9))
		from.Components = append(from.Components, c)
		c.Version += "-1"
		to.Components = append(to.Components, c)
		if i%100 == 0 {
			continue
		}
		evidence := model.Evidence{Basis: model.BasisDefault, Text: "synthetic"}
		layer.Rules = append(layer.Rules, model.Rule{
			Match:  model.Match{Kind: model.KindChart, Name: c.Name},
			Planes: []model.PlaneID{"control"},
			Workloads: []model.Workload{{
				Service: services[random.IntN(len(services))].ID, Kind: "Deployment", Name: c.Name,
				Replicas: 1 + random.IntN(3), Method: []model.Method{model.MethodRolling, model.MethodRecreate}[random.IntN(2)],
				Restart: &model.Estimate{P50s: 20, P90s: 60, Evidence: evidence}, Evidence: evidence,
			}},
			Duration: &model.Estimate{P50s: int64(30 + random.IntN(300)), P90s: int64(400 + random.IntN(600)), Evidence: evidence},
			Evidence: evidence,
		})
	}
	c, _ := catalog.New(w.catalog.Mapping(), layer)
	return site{from, to, c}
}
