package version_test

import (
	"testing"

	"planewise/model"
	"planewise/model/version"
)

// relation of a to b.
type relation string

const (
	older   relation = "older"
	newer   relation = "newer"
	same    relation = "same"
	unknown relation = "unknown"
)

func relate(kind model.Kind, a, b string) relation {
	switch c, ok := version.Compare(kind, a, b); {
	case !ok:
		return unknown
	case c < 0:
		return older
	case c > 0:
		return newer
	default:
		return same
	}
}

type pair struct {
	kind model.Kind
	a, b string
	want relation
	why  string
}

// The pairs of real releases (and one constructed) where a plain order is wrong;
// b is the later one in time.
var trapPairs = []pair{
	{model.KindChart, "3.6.2", "3.6.2-1", older, "digits alone after the dash are a packaging revision"},
	{model.KindChart, "3.6.3", "3.6.3-1", older, "packaging revision"},
	{model.KindChart, "1.6.3", "1.6.3-2", older, "packaging revision"},
	{model.KindChart, "1.12.1", "1.12.1-release-1", older, "a word that counts rebuilds"},
	{model.KindImage, "0.3.18", "0.3.18-shasta-1.4.2A-security0821", older, "ends in a counted security rebuild"},
	{model.KindChart, "2.0.0-beta.1+38203ae", "2.0.0-beta.1+1e2f26c", unknown, "metadata has no order, and the builds are not the same"},
	{model.KindKernel, "5.14.21-150500.55.19-default", "5.14.21-150500.55.28.1.26977.2.PTF.1214754-default", older, "release 19 before 28"},
	{model.KindKernel, "5.14.21-150400.24.33-default", "5.14.21-150400.24.38.1.25440.1.PTF.1204911-default", older, "release 33 before 38"},
	{model.KindRPM, "1.3.3-1~development~8617a85", "1.3.3-1~development~1955191", unknown, "hashes have no order, whatever RPM says"},
	{model.KindNodeImage, "1.8.8-20221013160829", "0.4.71", newer, "a new numbering cannot be seen in the texts: what they say is a downgrade, and both are shown"},
	{model.KindRPM, "1.10.61-1", "1.2.8-1", newer, "a new numbering again; RPM and zypper say downgrade too"},
	{model.KindRPM, "1.5.2-20210601150251_fe23f65", "1.5.2-1", unknown, "the version is the same and a dated build has no order with a count; RPM says older and is wrong"},
	{model.KindRPM, "2.0.3-20210714141217_ede58dc1", "2.2.6-1", older, "the version decides before the dated release"},
	{model.KindRPM, "1.3.0-3.38.0_1", "1.6.0-3.68.1_1", older, "RPM reads what semver cannot"},
	{model.KindImage, "latest", "1.2.1", unknown, "latest is anything"},
	{model.KindImage, "master-17", "master-21", unknown, "a count of builds of a branch that is not a version"},
	{model.KindRPM, "1.5.0_alpha-1", "1.5.0-1", unknown, "RPM says the alpha is newer, its name says older"},
	{model.KindImage, "3.5.9-debian-11-r15", "3.5.9-debian-11-r128", older, "suffixes alike but for a count"},
	{model.KindImage, "1.7.0", "v1.8.0", older, "a leading v does not count"},
	// Right already, and to stay so.
	{model.KindImage, "1.7.8-cray1", "1.7.8-cray2", older, "suffixes alike but for a count"},
	{model.KindImage, "1.7.8-cray2", "1.7.8-cray2-distroless", unknown, "a variant, both ship together"},
	{model.KindImage, "1.7.8-cray1-distroless", "1.7.8-cray2-distroless", older, "the same variant"},
	{model.KindCeph, "v16.2.9", "v16.2.13", older, "numbers, not text"},
	{model.KindKubernetes, "1.21.12", "v1.21.12", same, "a leading v does not count"},
	{model.KindImage, "20.03.00", "20.3.0", same, "leading zeros do not count"},
	{model.KindChart, "2.0.0-beta.6", "2.0.0", older, "a pre-release"},
	{model.KindRPM, "1.5.5-1.9", "1.5.5-1.10", older, "numbers, not text"},
	// Tags of the product itself.
	{model.KindOther, "1.3.0-RC.1", "1.3.0-alpha.1", newer, "case does not count"},
	{model.KindOther, "1.0.0-beta70", "1.0.0-beta.85", older, "the dot before the count does not count"},
	{model.KindOther, "1.0.0-beta.51-1", "1.0.0-beta.85", older, "counters of counters"},
	{model.KindOther, "1.0.0-alpha10.1", "1.0.0-alpha.15", older, "counters of counters"},
}

func TestTrapPairs(t *testing.T) {
	for _, p := range trapPairs {
		t.Run(string(p.kind)+" "+p.a+" to "+p.b, func(t *testing.T) { p.check(t) })
	}
}

func (p pair) check(t *testing.T) {
	t.Helper()
	if got := relate(p.kind, p.a, p.b); got != p.want {
		t.Errorf("%s is %s than %s, want %s: %s", p.a, got, p.b, p.want, p.why)
	}
	back := map[relation]relation{older: newer, newer: older, same: same, unknown: unknown}[p.want]
	if got := relate(p.kind, p.b, p.a); got != back {
		t.Errorf("backwards: %s is %s than %s, want %s", p.b, got, p.a, back)
	}
	want := map[relation]model.Direction{
		older: model.Upgrade, newer: model.Downgrade, same: model.Changed, unknown: model.Changed,
	}[p.want]
	if got := version.Direction(p.kind, p.a, p.b); got != want {
		t.Errorf("direction is %q, want %q", got, want)
	}
}

// The shapes of version texts in real releases: each is put in relation to a
// neighbour that shows what was made of it.
func TestShapes(t *testing.T) {
	chart, image, rpm, node, kernel, other :=
		model.KindChart, model.KindImage, model.KindRPM, model.KindNodeImage, model.KindKernel, model.KindOther
	shapes := map[string][]pair{
		"chart N.N.N": {{chart, "2.0.9", "2.0.27", older, ""}},
		"chart alpha and beta": {
			{chart, "2.0.0-alpha.9", "2.0.0-beta.7", older, ""}, {chart, "2.0.0-beta.7", "2.0.0-beta.10", older, ""},
			{chart, "2.0.0-rc.1", "1.9.9", newer, ""}, {chart, "2.0.0-beta", "2.0.0-beta.1", older, "shorter first"},
		},
		"chart N.N.N-N": {
			{chart, "1.6.3-2", "1.7.1-1", older, ""}, {chart, "1.6.3-2", "1.6.3-10", older, ""},
			{chart, "1.6.3-rc.1", "1.6.3-1", older, "through the plain one"},
		},
		"chart pre-release and hash": {
			{chart, "2.0.0-beta.1+1e2f26c", "2.0.0-beta.2+38203ae", older, "the counter decides before metadata"},
			{chart, "2.0.0-beta.1+1e2f26c", "2.0.0-beta.1", unknown, "one has metadata"},
			{chart, "2.0.0+b", "2.0.1+a", older, ""},
		},
		"chart release-1": {
			{chart, "1.12.1-release-1", "1.12.1-release-2", older, ""},
			{chart, "1.12.1-release-1", "1.12.1-1", unknown, "two ways to count"},
			{chart, "1.12.1-beta.1", "1.12.1-release-1", older, ""},
			{chart, "1.12.1-release-1", "1.12.2", older, ""},
		},
		"image vN.N.N":    {{image, "v1.21.9", "v1.21.12", older, ""}, {chart, "v1.2", "1.2.0", same, "missing numbers are 0"}},
		"image N.N and N": {{image, "3.12", "3.9", newer, ""}, {image, "3", "7", older, ""}, {image, "v5", "v3.9", newer, ""}, {image, "3.1", "3.10", older, "as text, not 3.1"}},
		"image tags that move": {
			{image, "3", "3.12", unknown, "3 is any 3.x"}, {image, "v1.4.1", "v1", unknown, ""}, {image, "1.2", "1.2.0", unknown, ""},
			{image, "3", "4.1", older, ""}, {node, "1.2", "1.2.1", older, "nobody moves versions of other kinds"},
		},
		"image N.N.N-text": {
			{image, "0.15.0-kafka-2.3.1", "0.15.0-kafka-2.4.0", older, ""},
			{image, "0.15.0-kafka-2.3.1", "0.15.0", unknown, "built on something: a variant"},
			{image, "0.12.1-cray", "0.12.1", unknown, "a variant"},
			{image, "0.12.1-cray", "0.13.0", older, "the number decides"},
			{image, "3.5.9-debian-11-r15", "3.5.9", unknown, "a variant"},
			{image, "3.5.9-debian-11-r15", "3.5.9-debian-12-r1", older, "numbers from the left"},
			{image, "1.0.0-amd64", "1.0.0-arm64", unknown, ""},
		},
		"image words": {
			{image, "bionic", "bullseye", unknown, ""}, {image, "latest-v1.21.1-amd64", "latest-v1.22.0-amd64", unknown, ""},
			{image, "bionic", "1.0", unknown, ""}, {image, "v", "v1", unknown, ""}, {image, "", "1", unknown, ""},
		},
		"image DATE_hash": {
			{image, "0.1.0-20201008162809_bbf2f42", "0.1.0-20201102104110_5b29c37", unknown, "dated builds of one number"},
			{image, "0.1.0-20201008162809_bbf2f42", "0.1.0", unknown, ""},
			{image, "0.1.0-20201008162809_bbf2f42", "0.2.0", older, "the number decides"},
		},
		"image with other ends": {
			{image, "1.0.0.16140", "1.0.0.9", newer, "four parts"}, {chart, "1.0.0.16140", "1.0.0", newer, ""},
			{image, "0.4.1p", "0.4.1", unknown, "a letter stuck to the number"}, {image, "0.4.1p", "0.5.0", unknown, "has no order at all"},
			{image, "v1.5.0-dirty", "v1.5.0", unknown, ""}, {image, "v1.5.0-dirty", "v1.6.0", older, ""},
			{image, "20210322", "20210401", unknown, "a date alone"},
			{image, "16.2.13,17.2.6", "17.2.6", unknown, "several tags"},
			{image, "1.2.3_38203ae", "1.2.3", unknown, "metadata as Helm writes it into tags"},
		},
		"rpm": {
			{rpm, "0.2.7-1", "0.2.6-1", newer, ""}, {rpm, "1.2-1", "1.10-1", older, ""},
			{rpm, "1.5.0.1-1", "1.5.0-1", newer, "four parts"}, {rpm, "21.00.00-1", "21.0.0-1", same, ""},
			{rpm, "1.0.0-1", "1.0-1", newer, "RPM does not fill with zeros"},
			{rpm, "2:1.0-1", "1:9.0-1", newer, "the epoch"}, {rpm, "1:1.0-1", "9.0-1", newer, "no epoch is 0"},
			{rpm, "1.5.0", "1.5.0-1", older, "no release"},
		},
		"rpm with tilde and caret": {
			{rpm, "1.5.0~alpha.1-1", "1.5.0-1", older, ""}, {rpm, "1.5.0~alpha.1-1", "1.5.0~beta.1-1", older, ""},
			{rpm, "0.0.5~alpha~2~master.852bef9-1", "0.0.5~alpha~3~master.11a2b3c-1", older, "before the hash"},
			{rpm, "0.0.5~alpha~2~master.852bef9-1", "0.0.5~alpha~2~master.11a2b3c-1", unknown, "only the hash"},
			{rpm, "0.0.5~alpha~2~master.852bef9-1", "0.0.5-1", older, ""},
			{rpm, "1.0^git1-1", "1.0-1", newer, ""}, {rpm, "1.0^git1-1", "1.0.1-1", older, ""},
		},
		"rpm with underscores": {
			{rpm, "5_03_1129-1", "5_04_0001-1", older, ""},
			{rpm, "8.74.1.0_k5.14.21_150400.22-1", "8.74.1.0_k5.14.21_150500.1-1", older, ""},
			{rpm, "1.5.0_alpha-1", "1.5.0_beta-1", older, ""}, {rpm, "1.5.0_alpha-1", "1.6.0-1", older, ""},
			{rpm, "1.5.0_alpha-1", "1.5.0.1-1", older, ""},
		},
		"rpm DATE_hash": {
			{rpm, "1.0.0-20210601150251_fe23f65", "1.0.0-20210602150251_fe23f65", unknown, ""},
			{rpm, "1.0.0-20210601150251_fe23f65", "1.0.1-20210501150251_ab23f65", older, ""},
			{rpm, "1.0.0-9e45f1c", "1.0.0-1", unknown, ""}, {rpm, "9e45f1c-1", "1.0.0-1", unknown, ""},
		},
		"rpm releases": {
			{rpm, "1.0-1", "1.0-2", older, ""}, {rpm, "1.0-hpe3", "1.0-hpe12", older, ""},
			{rpm, "2.0.0-beta.7", "2.0.0-1", older, "a word before a number"}, {rpm, "2.0.0-beta.7", "2.0.7-1", older, ""},
			{rpm, "1.0-bp154.1.22", "1.0-bp155.1.1", older, ""},
			{rpm, "1.3.3-1~development~8617a85", "1.3.3-1", older, "the tilde decides before the hash"},
			{rpm, "1.10.58-1~staging_1_0_0_v2~20210601", "1.10.58-1~staging_1_0_1~20210601", older, ""},
			{rpm, "5.14.21-150400.24.100.2.27359.1.PTF.1215587", "5.14.21-150400.24.100.2.27359.1.PTF.1215588", older, "the number of a temporary fix is a count"},
			{rpm, "20230808-150200.27.1", "20231114-150200.30.1", older, "a calendar version"},
		},
		"node image": {
			{node, "0.1.111", "0.1.109", newer, "a true downgrade between two releases"}, {node, "0.4.71", "5.2.54", older, ""},
			{node, "bea2aeb-1722991875491", "5.2.54", unknown, ""}, {node, "6a06182-1729191915803", "5.2.54", unknown, "not 6.0.0"},
			{node, "6a06182-1729191915803", "bea2aeb-1722991875491", unknown, ""},
		},
		"installer image": {
			{node, "1.4.18-20211014030721-g5660d5a", "1.8.8-20221013160829", older, "the number decides"},
			{node, "1.4.18-20211014030721-g5660d5a", "1.4.18-20211101030721-g0660d5a", unknown, ""},
			{node, "0.4.71", "5.2.54", older, ""},
		},
		"kernel": {
			{kernel, "5.3.18-24.75-default", "5.3.18-24.107-default", older, ""},
			{kernel, "5.3.18-24.75-default", "5.14.21-150400.24.33-default", older, ""},
			{kernel, "5.14.21-150500.55.39.1.27360.1.PTF.1215587-default", "5.14.21-150500.55.28.1.26977.2.PTF.1214754-default", newer, ""},
			{kernel, "5.14.21-150500.55.19-default", "5.14.21-150500.55.19-64kb", unknown, "another flavour"},
			{kernel, "5.14.21-150500.55.19", "5.14.21-150500.55.28", older, "no flavour"},
			{kernel, "unknown", "5.14.21-150500.55.28", unknown, ""},
		},
		"product": {
			{other, "1.5.2", "1.6.0-rc.3", older, ""}, {other, "1.6.0-rc.3", "1.6.0", older, ""}, {other, "1.0.1", "1.0.10", older, ""},
			{other, "1.6.0-iuf.2", "1.6.0", unknown, "a side line"}, {other, "v0.9.0.rc2", "v0.9.0", unknown, "no boundary"},
			{other, "casmpet-5680", "1.0.0", unknown, ""}, {other, "1.0.0-dev.1", "1.0.0", older, ""},
			{other, "1.0.0-dev.1", "1.0.0-alpha.1", unknown, "stages without a shared order"},
			{other, "1.0.0-beta.20210322", "1.0.0-beta.1", unknown, "a dated build"},
			{other, "1.0.0-beta.20210322", "1.0.0-rc.1", older, "the stage decides"},
			{other, "1.0.0-99999999999999999999.1", "1.0.0", unknown, "no counter is that long"},
			{other, "99999999999999999999.1", "99999999999999999999.2", older, "numbers of any length"},
		},
		"hook": {{model.KindHook, "hooks/a-1.0.sh", "hooks/a-1.1.sh", unknown, "a path is no version"}},
	}
	for name, pairs := range shapes {
		t.Run(name, func(t *testing.T) {
			for _, p := range pairs {
				p.check(t)
			}
		})
	}
}

func TestHighest(t *testing.T) {
	for _, c := range []struct {
		name string
		kind model.Kind
		in   []string
		want string
		ok   bool
	}{
		{"previous and target", model.KindImage, []string{"v16.2.13", "v17.2.6"}, "v17.2.6", true},
		{"numbers, not text", model.KindImage, []string{"v1.9.0", "v1.21.12", "v1.8.0"}, "v1.21.12", true},
		{"what has no order does not count", model.KindImage, []string{"latest", "1.2.1", "9e45f1c"}, "1.2.1", true},
		{"nothing has an order", model.KindImage, []string{"latest", "master-17"}, "", false},
		{"nothing", model.KindImage, nil, "", false},
		{"variants", model.KindImage, []string{"1.7.8-cray1", "1.7.8-cray1-distroless"}, "", false},
		{"variants below the top", model.KindImage, []string{"1.7.8-cray1", "1.7.8-cray1-distroless", "1.8.0"}, "1.8.0", true},
		{"a tag that moves", model.KindImage, []string{"v1", "v1.4.1"}, "", false},
		{"same, the smaller text", model.KindChart, []string{"v1.2", "1.2.0", "1.2"}, "1.2", true},
		{"packages", model.KindRPM, []string{"1.6.45-1", "1.6.41-1"}, "1.6.45-1", true},
		{"a revision", model.KindChart, []string{"3.6.2-1", "3.6.2", "3.6.2-rc.1"}, "3.6.2-1", true},
		{"kernels", model.KindKernel, []string{"5.3.18-24.75-default", "5.14.21-150400.24.33-default"}, "5.14.21-150400.24.33-default", true},
		{"scripts", model.KindHook, []string{"a", "b"}, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 2 {
				got, ok := version.Highest(c.kind, c.in)
				if got != c.want || ok != c.ok {
					t.Errorf("Highest(%q) = %q, %v, want %q, %v", c.in, got, ok, c.want, c.ok)
				}
				for i, j := 0, len(c.in)-1; i < j; i, j = i+1, j-1 {
					c.in[i], c.in[j] = c.in[j], c.in[i]
				}
			}
		})
	}
}

func TestCompareAllocatesNothing(t *testing.T) {
	got := testing.AllocsPerRun(10, func() {
		for _, p := range trapPairs {
			version.Compare(p.kind, p.a, p.b)
		}
	})
	if got != 0 {
		t.Errorf("comparing allocates %v times, want 0", got)
	}
}

func BenchmarkCompare(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range trapPairs {
			version.Compare(p.kind, p.a, p.b)
		}
	}
	b.ReportMetric(float64(len(trapPairs)), "pairs/op")
}
