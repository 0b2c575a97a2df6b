package read_test

import (
	"planewise/model/snapshot/csm"
	. "planewise/model/snapshot/read"
	"slices"
	"strings"
	"testing"

	"planewise/model"
	"planewise/model/snapshot"
)

// The shapes in which one and the same answer comes, whatever the file is called.
func TestShapes(t *testing.T) {
	products := func(s snapshot.Snapshot) string {
		var out []string
		for _, p := range s.Products {
			out = append(out, p.Name+"-"+p.Version)
		}
		return strings.Join(out, " ")
	}
	roots := func(s snapshot.Snapshot) string {
		sys, _ := s.System("x", nil, csm.Profile())
		return strings.Join(sys.Features, " ")
	}
	machines := func(s snapshot.Snapshot) string {
		var out []string
		for _, m := range s.Machines {
			out = append(out, m.ID+"/"+m.Role)
		}
		return strings.Join(out, " ")
	}
	cases := []struct {
		name, text string
		of         func(snapshot.Snapshot) string
		want       string
		partial    bool
	}{
		{"catalogue, one for all", `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cray-product-catalog"},"data":{"csm":"1.5.2: {}\n","uan":"2.6.0: {}\n"}}`, products, "csm-1.5.2 uan-2.6.0", false},
		{"catalogue, one per product", `{"apiVersion":"v1","kind":"List","items":[{"kind":"ConfigMap","metadata":{"name":"cray-product-catalog-csm"},"data":{"csm":"1.6.0: {}\n"}},{"kind":"ConfigMap","metadata":{"name":"cray-product-catalog-uan"},"data":{"uan":"2.7.0: {}\n"}}]}`, products, "csm-1.6.0 uan-2.7.0", false},
		{"catalogue as the API lists it", `{"kind":"ConfigMapList","apiVersion":"v1","items":[{"metadata":{"name":"cray-product-catalog"},"data":{"csm":"1.5.2: {}\n"}}]}`, products, "csm-1.5.2", false},
		{"versions that look like numbers", `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cray-product-catalog"},"data":{"sma":"1.10: {}\n1.9: {}\n"}}`, products, "sma-1.10 sma-1.9", false},
		{"an entry of the catalogue that is no list of versions", `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cray-product-catalog"},"data":{"csm":"1.5.2: {}\n","uan":"2.7.0"}}`, products, "csm-1.5.2", true},
		{"sat showrev, document after document", "{\"System Revision Information\":[{\"component\":\"a\",\"data\":\"b\"}]}\n{\"Product Revision Information\":[{\"product_name\":\"csm\",\"product_version\":\"1.5.2\",\"images\":\"a\\nb\"}]}\n{\"Local Host Operating System\":[]}", products, "csm-1.5.2", false},
		{"sat showrev without headings", `[{"component":"a","data":"b"}][{"product_name":"csm","product_version":"1.5.2","images":"-"}][{"component":"a","version":"b"}]`, products, "csm-1.5.2", false},
		{"sat status, bare", `[{"xname":"x1","State":"Ready","Role":"Compute"},{"xname":"x2","Type":"Node","Role":"Management","SubRole":"Storage"}]`, machines, "x1/compute x2/storage", false},
		{"sat status of several types", "{\"Node Status\":[{\"xname\":\"x1\",\"Role\":\"Compute\"}]}\n{\"NodeBMC Status\":[{\"xname\":\"x1b0\",\"Type\":\"NodeBMC\"}]}", machines, "x1/compute", false},
		{"both root file systems on one system", `[{"hosts":["x1"],"params":"root=craycps-s3:a"},{"hosts":["x2"],"params":"root=sbps-s3:b"}]`, roots, "dvs sbps", false},
		{"the entry of all hosts comes first", `[{"hosts":["Global"],"cloud-init":{"meta-data":{}}},{"hosts":["x2"],"params":"root=sbps-s3:b"}]`, roots, "sbps", false},
		{"boot parameters by address", `[{"macs":["aa:bb"],"params":"root=craycps-s3:b"}]`, roots, "dvs", false},
		{"defaults of a role are nobody's", `[{"hosts":["Compute","Default"],"params":"root=craycps-s3:b"}]`, roots, "", false},
		{"boot parameters of one host", `{"hosts":["x1"],"params":"root=craycps-s3:a","kernel":"k"}`, roots, "dvs", false},
		{"one session template", `{"name":"a","boot_sets":{"c":{"path":"s3://boot-images/i/manifest.json","rootfs_provider":"sbps"}}}`, roots, "sbps", false},
		{"object after object", `{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"}} {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}}`, func(s snapshot.Snapshot) string { return s.Nodes[0].Name }, "n1", false},
		{"configuration components", `[{"id":"x1","desired_config":"a","configuration_status":"configured"}]`, machines, "", false},
		{"power", `{"status":[{"xname":"x1","powerState":"on"}]}`, machines, "", false},
		{"groups", `[{"label":"a","members":{"ids":["x1"]}}]`, machines, "", false},
		{"end points with passwords", `{"RedfishEndpoints":[{"ID":"x1","Password":"planted"}]}`, machines, "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := New(csm.Answers())
			if err := r.File("odd-name.dat", zero, reader(c.text)); err != nil {
				t.Fatal(err)
			}
			s, notes := r.Snapshot()
			if got := c.of(s); got != c.want || s.Partial != c.partial {
				t.Errorf("%q, want %q; partial %v: %v", got, c.want, s.Partial, notes)
			}
			if len(s.Sources[0].Kinds) == 0 {
				t.Error("not recognised")
			}
		})
	}
}

// A list of the API says what its elements are before them; they are not kept until
// its end.
func TestListOfTheAPIIsStreamed(t *testing.T) {
	kinds, pods, err := New(csm.Answers()).ReadFile(reader(`{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"p","namespace":"x","ownerReferences":[{"kind":"StatefulSet","name":"s"}]},"spec":{"nodeName":"n1"}},`))
	if err == nil {
		t.Fatal("not truncated")
	}
	if !slices.Equal(kinds, []string{snapshot.KindPods}) || pods != 1 {
		t.Errorf("%v, %d pods", kinds, pods)
	}
}

// The folder that CSM's own pre-upgrade script writes holds reports for people beside
// JSON, without useful names: what is JSON is used, the rest is said.
func TestPreUpgradeFolder(t *testing.T) {
	r := New(csm.Answers())
	for name, text := range map[string]string{
		"sat.status":     "+-------+------+-------+\n| xname | Type | State |\n+-------+------+-------+\n",
		"ceph.status":    "  cluster:\n    id:     abc\n    health: HEALTH_OK\n",
		"ceph.perf":      "osd  commit_latency(ms)  apply_latency(ms)\n  0                   0                  0\n",
		"pods":           "NAMESPACE   NAME   READY   STATUS\nservices   a   1/1   Running\n",
		"fabric.status":  "Fabric Status: healthy\n",
		"showrev":        "################\nSystem Revision Information\n################\n",
		"bos.templates":  `[{"name":"a","boot_sets":{"c":{"rootfs_provider":"sbps"}}}]`,
		"cfs.components": `[{"id":"x1","desired_config":"a"}]`,
		"hsm":            `{"Components":[{"ID":"x1","Type":"Node","State":"Ready","Role":"Compute"}]}`,
	} {
		if err := r.File("system-status-pre-upgrade/"+name, zero, reader(text)); err != nil {
			t.Fatal(err)
		}
	}
	s, notes := r.Snapshot()
	if len(s.Machines) != 1 || len(s.Templates) != 1 || !s.Partial {
		t.Errorf("%+v", s)
	}
	said := map[string]model.Severity{}
	for _, n := range notes {
		said[strings.TrimPrefix(n.Subject, "system-status-pre-upgrade/")] = n.Severity
	}
	for _, name := range []string{"sat.status", "ceph.status", "pods", "showrev"} {
		if said[name] != model.Warning {
			t.Errorf("nothing is said of %s: %v", name, notes)
		}
	}
}
