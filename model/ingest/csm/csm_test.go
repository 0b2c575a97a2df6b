package csm

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"planewise/model"
)

// files is a small tree, path to content.
type files map[string]string

func (f files) fs() fs.FS {
	m := fstest.MapFS{}
	for name, data := range f {
		m[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return m
}

// with is the tree with some files replaced; "-" as content removes one.
func (f files) with(pairs ...string) files {
	m := maps.Clone(f)
	for i := 0; i < len(pairs); i += 2 {
		if m[pairs[i]] = pairs[i+1]; pairs[i+1] == "-" {
			delete(m, pairs[i])
		}
	}
	return m
}

// small is a tree with one of everything.
var small = files{
	"manifests/storage.yaml":  manifest("{name: cray-ceph-csi-rbd, version: 3.6.2, namespace: ceph-rbd}"),
	"manifests/platform.yaml": manifest("{name: cray-opa, version: 1.32.11, namespace: opa}", "{name: cray-vault, version: 1.6.1, namespace: vault, timeout: 20m0s}"),
	"manifests/extra.yaml":    manifest("{name: cray-velero, version: 1.7.1-1, namespace: velero}"),
	"upgrade.sh": `deploy() { loftsman ship --manifest-path "$1"; }
deploy "${BUILDDIR}/manifests/storage.yaml"
deploy "${BUILDDIR}/manifests/platform.yaml"
`,
	"docker/index.yaml": `artifactory.example.net/csm-docker/stable:
  images:
    canu:
    - 1.7.6
`,
	"rpm/cray/csm/noos/index.yaml": `https://artifactory.example.net/noos/:
  rpms:
    - acpid-2.0.31-2.1.x86_64
`,
	"assets.sh": `KUBERNETES_ASSETS=(
    https://artifactory.example.net/csm-images/stable/kubernetes/5.2.54/kubernetes-5.2.54-x86_64.squashfs
    https://artifactory.example.net/csm-images/stable/kubernetes/5.2.54/5.14.21-150500.55.39-default-5.2.54-x86_64.kernel
)
`,
}

func manifest(charts ...string) string {
	var b strings.Builder
	b.WriteString("apiVersion: manifests/v1beta1\nmetadata:\n  name: m\nspec:\n  charts:\n")
	for _, c := range charts {
		b.WriteString("  - " + c + "\n")
	}
	return b.String()
}

func read(t *testing.T, f files, name string) (model.Release, []model.Diagnostic) {
	t.Helper()
	r, ds, err := Read(f.fs(), name)
	if err != nil {
		t.Fatal(err)
	}
	return r, ds
}

// lines shows components as "id version", with what else is said about them.
func lines(r model.Release, kinds ...model.Kind) []string {
	var out []string
	for _, c := range r.Components {
		if !slices.Contains(kinds, c.Kind) {
			continue
		}
		s := string(c.ID()) + " " + c.Version
		if c.Manifest != "" {
			s += fmt.Sprintf(" %s/%d", c.Manifest, c.Position)
		}
		if c.Chart != "" {
			s += " chart=" + c.Chart
		}
		if c.NotDeployed {
			s += " not-deployed"
		}
		if c.Timeout != "" {
			s += " timeout=" + c.Timeout
		}
		if c.Values != "" {
			s += " values=" + c.Values
		}
		if len(c.Versions) > 0 {
			s += " of " + strings.Join(c.Versions, "|")
		}
		if len(c.Folders) > 0 {
			s += " in " + strings.Join(c.Folders, "|")
		}
		if len(c.Registries) > 0 {
			s += " at " + strings.Join(c.Registries, "|")
		}
		if c.Image != "" {
			s += " image=" + c.Image
		}
		out = append(out, s)
	}
	return out
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s\n got:\n  %s\nwant:\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// codes shows diagnostics as "severity code place: ...".
func codes(ds []model.Diagnostic) []string {
	var out []string
	for _, d := range ds {
		out = append(out, fmt.Sprintf("%s %s %s", d.Severity, d.Code, strings.Join(d.Path, " ")))
	}
	return out
}

func TestSmallTree(t *testing.T) {
	r, ds := read(t, small, "/somewhere/v1.5.2")
	if r.Ref() != "csm-1.5.2" || r.Format != model.FormatRelease || len(ds) > 0 {
		t.Errorf("read %s, %s, %v", r.Format, r.Ref(), ds)
	}
	equal(t, "components", lines(r, model.Kinds()...), []string{
		"chart:ceph-rbd/cray-ceph-csi-rbd 3.6.2 storage/0",
		"chart:opa/cray-opa 1.32.11 platform/0",
		"chart:vault/cray-vault 1.6.1 platform/1 timeout=20m0s",
		"chart:velero/cray-velero 1.7.1-1 extra/0 not-deployed",
		"image:canu 1.7.6 at csm-docker/stable",
		"kernel:master.x86_64 5.14.21-150500.55.39-default image=kubernetes",
		"kernel:worker.x86_64 5.14.21-150500.55.39-default image=kubernetes",
		"node-image:master.x86_64 5.2.54 image=kubernetes",
		"node-image:worker.x86_64 5.2.54 image=kubernetes",
		"rpm:acpid.x86_64 2.0.31-2.1 in cray/csm/noos",
	})
	if got, want := fmt.Sprint(r.Manifests), "[{storage true} {platform true} {extra false}]"; got != want {
		t.Errorf("manifests %s, want %s", got, want)
	}
}

// Each quirk of the 969 published tags, as a chart list.
func TestCharts(t *testing.T) {
	for name, c := range map[string]struct {
		platform string
		want     []string
		codes    []string
	}{
		"one chart shipped twice through releaseName": {
			manifest("{name: cray-hms-rts, version: 4.0.2, namespace: services}",
				"{name: cray-hms-rts, releaseName: cray-hms-rts-snmp, version: 4.0.2, namespace: services, values: {rtsDoInit: false}}"),
			[]string{"chart:services/cray-hms-rts 4.0.2 platform/0", `chart:services/cray-hms-rts-snmp 4.0.2 platform/1 chart=cray-hms-rts values={"rtsDoInit":"false"}`}, nil},
		"the same chart twice": {
			manifest("{name: cray-bos, version: 1.0.0, namespace: services}", "{name: a, version: 1.0.0, namespace: b}", "{name: cray-bos, version: 1.0.0, namespace: services}"),
			[]string{"chart:services/cray-bos 1.0.0 platform/0", "chart:b/a 1.0.0 platform/1"},
			[]string{"warning repeated-chart csm-1.5.2/manifests/platform.yaml:6 csm-1.5.2/manifests/platform.yaml:8"}},
		"the same chart in two versions": {
			manifest("{name: cray-bos, version: 1.0.0, namespace: services}", "{name: cray-bos, version: 1.0.1, namespace: services}"),
			[]string{"chart:services/cray-bos 1.0.1 platform/1"},
			[]string{"warning conflicting-chart csm-1.5.2/manifests/platform.yaml:6 csm-1.5.2/manifests/platform.yaml:7"}},
		"the same chart in two namespaces": {
			manifest("{name: a, version: 1.0.0, namespace: b}", "{name: a, version: 1.0.0, namespace: c}"),
			[]string{"chart:b/a 1.0.0 platform/0", "chart:c/a 1.0.0 platform/1"}, nil},
		"no namespace": {
			manifest("{name: csm-config, version: 1.0.0}"),
			[]string{"chart:default/csm-config 1.0.0 platform/0"}, []string{"warning missing-namespace csm-1.5.2/manifests/platform.yaml:6"}},
		"spec twice, the first empty": {
			"spec:\nspec:\n  charts:\n  - {name: a, version: 1.0.0, namespace: b}\n",
			[]string{"chart:b/a 1.0.0 platform/0"}, []string{"warning duplicate-key csm-1.5.2/manifests/platform.yaml:1 csm-1.5.2/manifests/platform.yaml:2"}},
		"spec twice, both with charts": {
			"spec:\n  charts:\n  - {name: a, version: 1.0.0, namespace: b}\nspec:\n  charts:\n  - {name: c, version: 1.0.0, namespace: d}\n",
			[]string{"chart:b/a 1.0.0 platform/0", "chart:d/c 1.0.0 platform/1"},
			[]string{"warning duplicate-key csm-1.5.2/manifests/platform.yaml:2 csm-1.5.2/manifests/platform.yaml:5", "warning duplicate-key csm-1.5.2/manifests/platform.yaml:1 csm-1.5.2/manifests/platform.yaml:4"}},
		"comments only":  {"# nothing\n", nil, nil},
		"null charts":    {"spec:\n  charts:\n", nil, nil},
		"null spec":      {"spec:\n", nil, nil},
		"empty list":     {"spec:\n  charts: []\n", nil, nil},
		"empty values":   {manifest("{name: a, version: 1.0.0, namespace: b, values: {}}", "{name: c, version: 1, namespace: d, values: }"), []string{"chart:b/a 1.0.0 platform/0", "chart:d/c 1 platform/1"}, nil},
		"number version": {manifest("{name: a, version: 3.10, namespace: b}"), []string{"chart:b/a 3.10 platform/0"}, nil},
		"values by text": {
			manifest("{name: a, version: 1.0.0, namespace: b, values: {z: 3.10, a: {y: yes, x: [1, ~]}, q: \"3.10\"}}"),
			[]string{`chart:b/a 1.0.0 platform/0 values={"a":{"x":["1",null],"y":"yes"},"q":"3.10","z":"3.10"}`}, nil},
		"keys that never count": {
			manifest("{name: a, source: csm-algol60, sources: [x], swagger: [{name: b}], version: 1.0.0, namespace: b}"),
			[]string{"chart:b/a 1.0.0 platform/0"}, nil},
		"a key nobody knows": {
			manifest("{name: a, version: 1.0.0, namespace: b, wait: true}"),
			[]string{"chart:b/a 1.0.0 platform/0"}, []string{"info unknown-key csm-1.5.2/manifests/platform.yaml:6"}},
		"another format": {
			"apiVersion: manifests/v1\nspec:\n  charts:\n  - {name: a, version: 1.0.0, namespace: b}\n",
			[]string{"chart:b/a 1.0.0 platform/0"}, []string{"warning unknown-format csm-1.5.2/manifests/platform.yaml:1"}},
		"windows line ends": {
			strings.ReplaceAll(manifest("name: a\n    version: 1.0.0\n    namespace: b"), "\n", "\r\n"),
			[]string{"chart:b/a 1.0.0 platform/0"}, nil},
		"byte order mark, list without indent": {
			"\xef\xbb\xbfspec:\n  charts:\n  - name: a\n    version: 1.0.0\n    namespace: b\n",
			[]string{"chart:b/a 1.0.0 platform/0"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, ds := read(t, small.with("manifests/platform.yaml", c.platform), "v1.5.2")
			var got []string
			for _, line := range lines(r, model.KindChart) {
				if strings.Contains(line, " platform/") {
					got = append(got, line)
				}
			}
			equal(t, "charts", got, c.want)
			equal(t, "diagnostics", codes(ds), c.codes)
		})
	}
}

// A chart in a manifest that is not shipped is listed beside the one that is.
func TestChartOfAnUnshippedManifest(t *testing.T) {
	r, ds := read(t, small.with("manifests/platform.yaml", manifest("{name: cray-velero, version: 1.6.3-2, namespace: velero}")), "v1.5.2")
	equal(t, "charts", lines(r, model.KindChart), []string{
		"chart:ceph-rbd/cray-ceph-csi-rbd 3.6.2 storage/0",
		"chart:velero/cray-velero 1.6.3-2 platform/0",
		"chart:velero/cray-velero 1.7.1-1 extra/0 not-deployed",
	})
	if len(ds) > 0 {
		t.Errorf("diagnostics %v", ds)
	}
}

func TestImages(t *testing.T) {
	index := `# comment
artifactory.example.net/csm-docker/stable:
  images:
    alpine:
    - 3.12
    - 3.12
    docker.io/library/alpine:
      - 3
    k8s.gcr.io/pause:
      - 3.2
      - 3.10
    istio-proxy: [1.7.8-cray1, 1.7.8-cray1-distroless]
    k8s.gcr.io/kube-apiserver:
    - v1.22.13
    - v1.21.12
    k8s.gcr.io/kube-proxy: [v1.9.1, v1.10.1]
    quay.io/ceph/ceph:
    - v16.2.13
    - v17.2.6
    - v16.2.9
    quay.io/ceph/ceph-grafana: [9.4.7]
    k8s.gcr.io/coredns: [1.7.0]
    k8s.gcr.io/coredns/coredns: [v1.8.0, v1.8.4]
    docker.io/coredns/coredns: [1.10.0]
    docker.io/weaveworks/weave-kube: [2.8.0, 2.8.1]
    ghcr.io/k8snetworkplumbingwg/multus-cni: [v3.9.1, v3.9.3]
    docker.io/portainer/kubectl-shell: [latest-v1.21.1-amd64]
    empty:
    none: []
  tls-verify: true
arti.example.com/cray:
  images:
    cray/canu: [1.0.0]
nothing:
  images:
plain:
  images: {tool: ["1"]}
`
	r, ds := read(t, small.with("docker/index.yaml", index), "v1.5.2")
	if len(ds) > 0 {
		t.Errorf("diagnostics %v", ds)
	}
	equal(t, "images", lines(r, model.KindImage, model.KindKubernetes, model.KindCeph), []string{
		"ceph:ceph v17.2.6",
		"image:alpine 3.12,3 of 3.12|3 at csm-docker/stable|csm-docker/stable/docker.io/library",
		"image:canu 1.0.0 at cray/cray",
		"image:ceph v17.2.6 of v16.2.13|v17.2.6|v16.2.9 at csm-docker/stable/quay.io/ceph",
		"image:ceph-grafana 9.4.7 at csm-docker/stable/quay.io/ceph",
		"image:coredns v1.8.4 of 1.7.0|v1.8.0|v1.8.4|1.10.0 at csm-docker/stable/docker.io/coredns|csm-docker/stable/k8s.gcr.io|csm-docker/stable/k8s.gcr.io/coredns",
		"image:istio-proxy 1.7.8-cray1,1.7.8-cray1-distroless of 1.7.8-cray1|1.7.8-cray1-distroless at csm-docker/stable",
		"image:kube-apiserver v1.22.13 of v1.22.13|v1.21.12 at csm-docker/stable/k8s.gcr.io",
		"image:kube-proxy v1.10.1 of v1.9.1|v1.10.1 at csm-docker/stable/k8s.gcr.io",
		"image:kubectl-shell latest-v1.21.1-amd64 at csm-docker/stable/docker.io/portainer",
		"image:multus-cni v3.9.3 of v3.9.1|v3.9.3 at csm-docker/stable/ghcr.io/k8snetworkplumbingwg",
		"image:pause 3.2,3.10 of 3.2|3.10 at csm-docker/stable/k8s.gcr.io",
		"image:tool 1 at plain",
		"image:weave-kube 2.8.1 of 2.8.0|2.8.1 at csm-docker/stable/docker.io/weaveworks",
		"kubernetes:kubernetes v1.22.13",
	})
}

func TestImageTwice(t *testing.T) {
	index := "r/x:\n  images:\n    docker.io/coredns/coredns:\n    - 1.8.0\n    other: [1]\n    docker.io/coredns/coredns:\n    - 1.8.4\n"
	r, ds := read(t, small.with("docker/index.yaml", index), "v1.5.2")
	equal(t, "images", lines(r, model.KindImage), []string{
		"image:coredns 1.8.0,1.8.4 of 1.8.0|1.8.4 at r/x/docker.io/coredns", "image:other 1 at r/x",
	})
	equal(t, "diagnostics", codes(ds), []string{"warning duplicate-key csm-1.5.2/docker/index.yaml:3 csm-1.5.2/docker/index.yaml:6"})
}

func TestNoImages(t *testing.T) {
	for _, index := range []string{"", "# nothing\n"} {
		r, ds := read(t, small.with("docker/index.yaml", index), "v1.5.2")
		if got := lines(r, model.KindImage, model.KindKubernetes, model.KindCeph); len(got) > 0 || len(ds) > 0 {
			t.Errorf("%q: %v, %v", index, got, ds)
		}
	}
}

// A list that is not there is not an empty one.
func TestIncompleteTree(t *testing.T) {
	for _, c := range []struct {
		without []string
		says    []string
	}{
		{[]string{"docker/index.yaml"}, []string{"(docker/)"}},
		{[]string{"rpm/cray/csm/noos/index.yaml"}, []string{"(rpm/)"}},
		{[]string{"rpm/cray/csm/noos/index.yaml", "docker/index.yaml", "assets.sh"}, []string{"(rpm/)", "(docker/)", "assets.sh"}},
	} {
		f := small
		for _, name := range c.without {
			f = f.with(name, "-")
		}
		_, ds := read(t, f, "v1.5.2")
		equal(t, "diagnostics", codes(ds), []string{"warning incomplete-tree csm-1.5.2"})
		for _, want := range c.says {
			if len(ds) != 1 || !strings.Contains(ds[0].Summary, want) {
				t.Errorf("without %v: %+v", c.without, ds)
			}
		}
	}
	if _, ds := read(t, small, "v1.5.2"); len(ds) > 0 {
		t.Errorf("a whole tree: %+v", ds)
	}
}

func TestPackages(t *testing.T) {
	r, ds := read(t, small.with(
		"rpm/cray/csm/noos/index.yaml", "https://a/:\n  rpms:\n    - acpid-2.0.31-2.1.aarch64\n    - acpid-2.0.31-2.1.x86_64\n    - docs-csm-1.10.58-1~staging_1_0_0~20210101_abc.noarch\nhttps://a:443:\n  dir: x86_64\n  rpms:\n  - b-1-1.noarch\n",
		"rpm/cray/csm/sle-15sp3/index.yaml", "# nothing\n",
		"rpm/cray/csm/sle-15sp2/index.yaml", "https://a/:\n  rpms: [b-2-1.noarch, acpid-2.0.31-2.1.x86_64, b-1-1.noarch]\nhttps://a/:\n  rpms: [c-1-1.noarch]\n",
		"rpm/cray/csm/sle-15sp5/index.yaml", "https://a/:\n  rpms:\nhttps://b/:\n",
		"rpm/cloud-init.yaml", "not: read\n",
	), "v1.5.2")
	equal(t, "packages", lines(r, model.KindRPM), []string{
		"rpm:acpid.aarch64 2.0.31-2.1 in cray/csm/noos",
		"rpm:acpid.x86_64 2.0.31-2.1 in cray/csm/noos|cray/csm/sle-15sp2",
		"rpm:b.noarch 1-1,2-1 of 1-1|2-1 in cray/csm/noos|cray/csm/sle-15sp2",
		"rpm:c.noarch 1-1 in cray/csm/sle-15sp2",
		"rpm:docs-csm.noarch 1.10.58-1~staging_1_0_0~20210101_abc in cray/csm/noos",
	})
	equal(t, "diagnostics", codes(ds), []string{
		"warning duplicate-key csm-1.5.2/rpm/cray/csm/sle-15sp2/index.yaml:1 csm-1.5.2/rpm/cray/csm/sle-15sp2/index.yaml:3",
		"warning duplicate-key csm-1.5.2/rpm/cray/csm/sle-15sp2/index.yaml:2 csm-1.5.2/rpm/cray/csm/sle-15sp2/index.yaml:4",
	})
}

// Trees without manifests (before v0.9) list their charts in the Helm index.
func TestHelmIndex(t *testing.T) {
	f := files{"helm/index.yaml": "http://helm/:\n  charts:\n    cray-hms-hmcollector: [2.8.10, 2.8.11]\n    cray-bos:\n    - 1.6.0\nother:\n"}
	r, ds := read(t, f, "v0.7.0")
	equal(t, "charts", lines(r, model.KindChart), []string{
		"chart:default/cray-hms-hmcollector 2.8.11 helm-index/1", "chart:default/cray-bos 1.6.0 helm-index/2",
	})
	equal(t, "diagnostics", codes(ds), []string{
		"warning conflicting-chart csm-0.7.0/helm/index.yaml:3 csm-0.7.0/helm/index.yaml:3", "warning missing-namespace csm-0.7.0/helm/index.yaml",
	})
	r, ds = read(t, small.with("helm/index.yaml", "http://helm/:\n  charts: {cray-hms-capmc: [3.0.8]}\n"), "v1.4.0")
	if got := lines(r, model.KindChart); len(got) != 4 || len(ds) > 0 {
		t.Errorf("the index counts beside manifests: %v, %v", got, ds)
	}
}

func TestProductManifest(t *testing.T) {
	r, ds := read(t, small.with("iuf-product-manifest.yaml", `---
name: csm
version: 1.6.0
hooks:
  pre_install_check:
    pre: {script_path: hooks/pre.sh}
  deploy_product:
    post: {script_path: hooks/post.sh}
    pre: {script_path: hooks/a.sh}
  empty:
onExit:
  deploy_product:
    script_path: hooks/exit.sh
content: {docker: [{path: dummy}]}
`), "v1.6.0-rc.3")
	want := "[{deploy_product on-exit hooks/exit.sh} {deploy_product post hooks/post.sh} {deploy_product pre hooks/a.sh} {pre_install_check pre hooks/pre.sh}]"
	if got := fmt.Sprint(r.Hooks); got != want || len(ds) > 0 || r.Version != "1.6.0-rc.3" {
		t.Errorf("hooks %s, want %s; version %s, diagnostics %v", got, want, r.Version, ds)
	}
}

// Order in which files are found, comments and the path of the tree do not matter.
func TestContentAlone(t *testing.T) {
	a, _ := read(t, small, "/a/v1.5.2")
	b, _ := read(t, small.with(
		"manifests/platform.yaml", "# remark\n\n"+small["manifests/platform.yaml"],
		"docker/index.yaml", strings.ReplaceAll(small["docker/index.yaml"], "1.7.6", "'1.7.6' # was 1.7.5"),
		"upgrade.sh", "#!/bin/bash\n# deploy \"manifests/extra.yaml\"\n"+small["upgrade.sh"],
		"README", "nothing", ".git/config", "nothing", "manifests/.platform.yaml", "{", "manifests/README", "{", "lib/x.yaml", "{",
	), "elsewhere/csm-1.5.2/")
	if fmt.Sprintf("%+v", a) != fmt.Sprintf("%+v", b) {
		t.Errorf("the releases differ:\n%+v\n%+v", a, b)
	}
}
