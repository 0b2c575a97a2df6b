package csm

import (
	"fmt"
	"strings"
	"testing"

	"planewise/model"
)

func undeploys(r model.Release) []string {
	var out []string
	for _, u := range r.Undeploys {
		out = append(out, fmt.Sprintf("%s/%s before %s", u.Namespace, u.Name, u.Before))
	}
	return out
}

func manifests(r model.Release) string {
	var out []string
	for _, m := range r.Manifests {
		if m.Deployed {
			out = append(out, m.Name)
		} else {
			out = append(out, "("+m.Name+")")
		}
	}
	return strings.Join(out, " ")
}

func TestUpgradeScript(t *testing.T) {
	const head = "function deploy() {\n    loftsman ship --charts-path \"${ROOTDIR}/helm\" --manifest-path \"$1\"\n}\nfunction undeploy() {\n    helm status \"$@\" || return 0\n    helm uninstall \"$@\"\n}\n"
	for name, c := range map[string]struct {
		script    string
		manifests string
		undeploys []string
		codes     []string
	}{
		"before, between and after": {
			head + "undeploy cray-ceph-csi-rbd\nundeploy -n services cray-crus\ndeploy \"${B}/manifests/platform.yaml\"\nundeploy -n services cray-conman\ndeploy \"${B}/manifests/storage.yaml\"\nundeploy --namespace=operators cray-etcd-operator\n",
			"platform storage (extra)",
			[]string{"default/cray-ceph-csi-rbd before platform", "services/cray-crus before platform", "services/cray-conman before storage", "operators/cray-etcd-operator before "}, nil},
		"comments and texts are no steps": {
			head + "# undeploy -n a b\n#deploy \"manifests/extra.yaml\"\necho \"undeploy -n a c\"\necho undeploy d\ncat <<EOF\nundeploy -n a e\nEOF\ndeploy manifests/storage.yaml # undeploy f\n",
			"storage (extra) (platform)", nil, nil},
		"other spellings": {
			"undeploy cray-a -n services\nundeploy --namespace services cray-b --keep-history\nhelm uninstall -n services cray-c || true\nhelm delete --no-hooks cray-d\nhelm status -n services cray-e\nloftsman ship --charts-path x --manifest-path \"$B/manifests/storage.yaml\"\n",
			"storage (extra) (platform)",
			[]string{"services/cray-a before storage", "services/cray-b before storage", "services/cray-c before storage", "default/cray-d before storage"}, nil},
		"in loops": {
			"for c in a b; do\n  undeploy -n ns \"$c\"\ndone\nfor m in storage platform; do deploy \"${B}/manifests/${m}.yaml\"; done\n",
			"storage platform (extra)", []string{"ns/a before storage", "ns/b before storage"}, nil},
		"under a condition": {
			"if [ \"$V\" = 1 ]; then\n  undeploy -n ns a\nfi\ndeploy manifests/storage.yaml\nis_virtual && deploy manifests/extra.yaml\n",
			"storage extra (platform)", []string{"ns/a before storage"},
			[]string{"info conditional-step csm-1.7.0/upgrade.sh:5"}},
		"chosen at run time": {
			"platform_yaml=$(select_manifest_file platform)\nstorage_yaml=$(select_manifest_file storage)\ndeploy \"${B}/manifests/${storage_yaml}\"\ndeploy \"${B}/manifests/${platform_yaml}\"\n",
			"storage platform (extra)", nil,
			[]string{"info conditional-step csm-1.7.0/upgrade.sh:4", "info conditional-step csm-1.7.0/upgrade.sh:3"}},
		"chosen, nobody knows what": {
			"deploy \"${B}/manifests/$(pick)\"\ndeploy \"$1\"\ndeploy manifests/storage.yaml\nundeploy -n ns \"$x\"\nundeploy\n",
			"storage (extra) (platform)", nil,
			[]string{"blocking unread-step csm-1.7.0/upgrade.sh:1", "warning unread-step csm-1.7.0/upgrade.sh:2", "warning unread-step csm-1.7.0/upgrade.sh:4", "warning unread-step csm-1.7.0/upgrade.sh:5"}},
		"twice": {
			"undeploy -n a b\nundeploy -n a b\ndeploy manifests/storage.yaml\ndeploy manifests/platform.yaml\ndeploy manifests/storage.yaml\nundeploy -n a b\n",
			"storage platform (extra)", []string{"a/b before storage", "a/b before "}, nil},
		"ships what is not there": {
			"undeploy -n a b\ndeploy manifests/gone.yaml\ndeploy manifests/storage.yaml\n",
			"gone storage (extra) (platform)", []string{"a/b before gone"}, []string{"blocking missing-manifest csm-1.7.0/upgrade.sh:2"}},
		"ships nothing": {
			"echo nothing\n", "storage platform (extra)", nil, []string{"warning assumed-order csm-1.7.0/upgrade.sh"}},
		"steps nobody has looked at": {
			head + "source \"$R/lib/version.sh\"\ndeploy manifests/storage.yaml\nkubectl delete pods -n services --all\n./hooks/my-new-script.sh\nsudo -E helm -n services upgrade cray-a ./a.tgz\n" +
				"kubectl -n kube-system rollout restart ds/weave-net\nssh ncn-w001 reboot\nfunction tidy() {\n    kubectl drain ncn-w001\n}\ntidy\nx=$(kubectl scale -n services deploy/a --replicas=0)\nsource \"$R/lib/other.sh\"\ncat a.yaml | kubectl apply -f -\n",
			"storage (extra) (platform)", nil,
			[]string{
				"warning unread-step csm-1.7.0/upgrade.sh:11",
				"warning unread-step csm-1.7.0/upgrade.sh:12",
				"warning unread-step csm-1.7.0/upgrade.sh:13",
				"warning unread-step csm-1.7.0/upgrade.sh:21",
				"warning unread-step csm-1.7.0/upgrade.sh:10",
				"warning unread-step csm-1.7.0/upgrade.sh:19",
				"warning unread-step csm-1.7.0/upgrade.sh:20",
				"warning unread-step csm-1.7.0/upgrade.sh:14",
				"warning unread-step csm-1.7.0/upgrade.sh:18",
			}},
		"the known shape": {
			"source \"$R/lib/install.sh\"\nip=\"$(kubectl get svc a)\"\nkubectl get secrets -n a b -o yaml | base64 -d > c\nfunction unbound_psp_check() {\n    kubectl delete x\n}\nunbound_psp_check\n" +
				"kubectl create secret generic k -n services --dry-run=client -o yaml | kubectl apply -f -\noutput=$(pdsh -b -S -w $(grep w /etc/hosts) 'for image in '$images'; do crictl pull $image; done' 2>&1)\n\"${R}/lib/wait-for-unbound.sh\"\ndeploy manifests/storage.yaml\n",
			"storage (extra) (platform)", nil, nil},
		"windows line ends": {
			"undeploy -n a b\r\ndeploy \"manifests/storage.yaml\"\r\n", "storage (extra) (platform)", []string{"a/b before storage"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, ds := read(t, small.with("upgrade.sh", c.script), "v1.7.0")
			if got := manifests(r); got != c.manifests {
				t.Errorf("manifests %s, want %s", got, c.manifests)
			}
			equal(t, "undeploys", undeploys(r), c.undeploys)
			equal(t, "diagnostics", codes(ds), c.codes)
		})
	}
}

func TestNoUpgradeScript(t *testing.T) {
	f := files{}
	for _, m := range []string{"sysmgmt", "nexus", "storage", "platform", "core-services", "keycloak-gatekeeper", "vshasta"} {
		f["manifests/"+m+".yaml"] = manifest("{name: " + m + ", version: 1.0.0, namespace: a}")
	}
	r, ds := read(t, f, "v0.9.0")
	if got, want := manifests(r), "storage platform keycloak-gatekeeper core-services sysmgmt nexus (vshasta)"; got != want {
		t.Errorf("manifests %s, want %s", got, want)
	}
	equal(t, "diagnostics", codes(ds), []string{"warning assumed-order csm-0.9.0/upgrade.sh"})
	r, ds = read(t, files{"manifests/uan.yaml": manifest("{name: a, version: 1.0.0, namespace: b}"), "manifests/b.yml": ""}, "uan-2.6.0")
	if got, want := r.Ref()+": "+manifests(r), "uan-2.6.0: b uan"; got != want {
		t.Errorf("another product: %s, want %s", got, want)
	}
	equal(t, "diagnostics", codes(ds), []string{"warning assumed-order uan-2.6.0/upgrade.sh"})
}

const (
	kernel  = "5.14.21-150500.55.39.1.27360.1.PTF.1215587-default"
	ptfURL  = "https://a.example.net/artifactory/csm-images/stable/"
	oldURLs = "https://a.example.net/artifactory/node-images-stable-local/shasta/"
)

func TestAssets(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		want   []string
		codes  []string
	}{
		"literal names, no arch": {
			"PIT_ASSETS=(\n    " + ptfURL + "cray-pre-install-toolkit/1.5.9/cray-pre-install-toolkit-sle15sp3.x86_64-1.5.9-20220629214741-g941f5cd.iso\n" +
				"    " + ptfURL + "cray-pre-install-toolkit/1.5.9/cray-pre-install-toolkit-sle15sp3.x86_64-1.5.9-20220629214741-g941f5cd.packages\n)\n" +
				"KUBERNETES_ASSETS=(\n" + ptfURL + "kubernetes/0.2.89/kubernetes-0.2.89.squashfs\n" + ptfURL + "kubernetes/0.2.89/5.3.18-150300.59.43-default-0.2.89.kernel\n" + ptfURL + "kubernetes/0.2.89/initrd.img-0.2.89.xz\n)\n" +
				"STORAGE_CEPH_ASSETS=(\n" + ptfURL + "storage-ceph/0.2.88/storage-ceph-0.2.88.squashfs\n" + ptfURL + "storage-ceph/0.2.88/5.3.18-150300.59.42-default-0.2.88.kernel\n)\n" +
				"for url in \"${KUBERNETES_ASSETS[@]}\"; do cmd_retry curl -u \"${U}:${T}\" \"$url\"; done\n" +
				"cmd_retry curl -o \"$J\" \"${KUBERNETES_ASSETS[0]/artifactory\\/csm-images/artifactory\\/api}?properties\"\n",
			[]string{
				"kernel:master.x86_64 5.3.18-150300.59.43-default image=kubernetes", "kernel:storage.x86_64 5.3.18-150300.59.42-default image=storage-ceph", "kernel:worker.x86_64 5.3.18-150300.59.43-default image=kubernetes",
				"node-image:master.x86_64 0.2.89 image=kubernetes", "node-image:pit.x86_64 1.5.9-20220629214741-g941f5cd image=cray-pre-install-toolkit",
				"node-image:storage.x86_64 0.2.88 image=storage-ceph", "node-image:worker.x86_64 0.2.89 image=kubernetes"}, nil},
		"the style of v0.9": {
			"PIT_ASSETS=(\n    http://b.example.net/dev/master/team/cray-pre-install-toolkit-sle15sp2.x86_64-1.4.13-20210524173508-gce601b0.iso\n)\nKUBERNETES_ASSETS=(\n  " + oldURLs + "kubernetes/0.1.38/kubernetes-0.1.38.squashfs\n  " + oldURLs + "kubernetes/0.1.38/5.3.18-24.64-default-0.1.38.kernel\n)\n",
			[]string{
				"kernel:master.x86_64 5.3.18-24.64-default image=kubernetes", "kernel:worker.x86_64 5.3.18-24.64-default image=kubernetes",
				"node-image:master.x86_64 0.1.38 image=kubernetes", "node-image:pit.x86_64 1.4.13-20210524173508-gce601b0 image=cray-pre-install-toolkit", "node-image:worker.x86_64 0.1.38 image=kubernetes"}, nil},
		"variables, a commented twin above": {
			"NCN_ARCH='x86_64'\n#KERNEL_VERSION='9.9.9-default'\nKERNEL_VERSION='" + kernel + "'\nKERNEL_DEFAULT_DEBUGINFO_VERSION=\"${KERNEL_VERSION//-default/}.1\"\n" +
				"# STORAGE_CEPH_IMAGE_ID=9.9.9\nSTORAGE_CEPH_IMAGE_ID=0.3.59\nSTORAGE_CEPH_ASSETS=(\n    \"" + ptfURL + "storage-ceph/${STORAGE_CEPH_IMAGE_ID}/storage-ceph-${STORAGE_CEPH_IMAGE_ID}-${NCN_ARCH}.squashfs\"\n    \"" + ptfURL + "storage-ceph/${STORAGE_CEPH_IMAGE_ID}/5.3.18-150300.59.87-default-${STORAGE_CEPH_IMAGE_ID}-${NCN_ARCH}.kernel\"\n)\n" +
				"PIT_IMAGE_ID=0.4.71\nPIT_ASSETS=(\n \"" + ptfURL + "pre-install-toolkit/${PIT_IMAGE_ID}/pre-install-toolkit-${PIT_IMAGE_ID}-${NCN_ARCH}.iso\"\n \"" + ptfURL + "pre-install-toolkit/${PIT_IMAGE_ID}/installed.deps-${PIT_IMAGE_ID}-${NCN_ARCH}.packages\"\n)\n",
			[]string{"kernel:storage.x86_64 5.3.18-150300.59.87-default image=storage-ceph", "node-image:pit.x86_64 0.4.71 image=pre-install-toolkit", "node-image:storage.x86_64 0.3.59 image=storage-ceph"}, nil},
		"a loop over archs": {
			"#CN_ARCH=(\"x86_64\")\nCN_ARCH=(\"x86_64\" \"aarch64\")\nKERNEL_VERSION='" + kernel + "'\nCOMPUTE_IMAGE_ID=5.2.59\nfor arch in \"${CN_ARCH[@]}\"; do\n    eval \"COMPUTE_${arch}_ASSETS\"=\\( \\\n" +
				"        \"" + ptfURL + "compute/${COMPUTE_IMAGE_ID}/compute-${COMPUTE_IMAGE_ID}-${arch}.squashfs\" \\\n        \"" + ptfURL + "compute/${COMPUTE_IMAGE_ID}/${KERNEL_VERSION}-${COMPUTE_IMAGE_ID}-${arch}.kernel\" \\\n    \\)\ndone\n",
			[]string{"kernel:compute.aarch64 " + kernel + " image=compute", "kernel:compute.x86_64 " + kernel + " image=compute", "node-image:compute.aarch64 5.2.59 image=compute", "node-image:compute.x86_64 5.2.59 image=compute"}, nil},
		"no kernel file": {
			"KERNEL_VERSION=6.4.0-default\nA=(" + ptfURL + "kubernetes/6.2.30/kubernetes-6.2.30-x86_64.squashfs " + ptfURL + "pre-install-toolkit/6.2.30/pre-install-toolkit-6.2.30-x86_64.iso)\n",
			[]string{"kernel:master.x86_64 6.4.0-default image=kubernetes", "kernel:worker.x86_64 6.4.0-default image=kubernetes", "node-image:master.x86_64 6.2.30 image=kubernetes", "node-image:pit.x86_64 6.2.30 image=pre-install-toolkit", "node-image:worker.x86_64 6.2.30 image=kubernetes"}, nil},
		"a hash for a version": {
			"I=bea2aeb-1722991875491\nA=(" + ptfURL + "storage-ceph/$I/storage-ceph-$I-x86_64.squashfs " + ptfURL + "storage-ceph/$I/6.4.0-default-$I-x86_64.kernel)\n",
			[]string{"kernel:storage.x86_64 6.4.0-default image=storage-ceph", "node-image:storage.x86_64 bea2aeb-1722991875491 image=storage-ceph"}, nil},
		"an image nobody knows": {
			"A=(" + ptfURL + "gateway/1.0.0/gateway-1.0.0-aarch64.squashfs)\n",
			[]string{"node-image:gateway.aarch64 1.0.0 image=gateway"}, []string{"warning unknown-node-image csm-1.5.2/assets.sh:1"}},
		"two versions of one image": {
			"A=(" + ptfURL + "compute/1.0.0/compute-1.0.0-x86_64.squashfs)\nB=(" + ptfURL + "compute/1.0.1/compute-1.0.1-x86_64.squashfs)\n",
			[]string{"node-image:compute.x86_64 1.0.1 image=compute"}, []string{"warning conflicting-asset csm-1.5.2/assets.sh:2"}},
		"names only a run could tell": {
			"I=$(newest)\nA=(\n" + ptfURL + "compute/$I/compute-$I-x86_64.squashfs)\n",
			nil, []string{"blocking unresolved-asset csm-1.5.2/assets.sh:2"}},
		"a host from outside": {
			"A=(\"$MIRROR/csm-images/stable/compute/1.0.0/compute-1.0.0-x86_64.squashfs\")\n",
			[]string{"node-image:compute.x86_64 1.0.0 image=compute"}, nil},
		"no version in the name": {
			"A=(https://a.example.net/images/compute.squashfs)\n", nil, []string{"blocking unresolved-asset csm-1.5.2/assets.sh:1"}},
		"nothing": {"# nothing\n", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, ds := read(t, small.with("assets.sh", c.script), "v1.5.2")
			equal(t, "node images", lines(r, model.KindNodeImage, model.KindKernel), c.want)
			equal(t, "diagnostics", codes(ds), c.codes)
		})
	}
}

func TestSplitNEVRA(t *testing.T) {
	for in, want := range map[string]nevra{
		"acpid-2.0.31-2.1.x86_64":                                        {"acpid", "2.0.31-2.1", "x86_64"},
		"acpid-2.0.31-2.1.x86_64.rpm":                                    {"acpid", "2.0.31-2.1", "x86_64"},
		"canu-0.0.5~alpha~2~master.852bef9-1.x86_64":                     {"canu", "0.0.5~alpha~2~master.852bef9-1", "x86_64"},
		"cvt-1.5.16-20231117084626_6a46ee25062e.x86_64":                  {"cvt", "1.5.16-20231117084626_6a46ee25062e", "x86_64"},
		"metal-nexus-1.3.0-3.38.0_1.x86_64":                              {"metal-nexus", "1.3.0-3.38.0_1", "x86_64"},
		"kernel-mft-mlnx-kmp-default-4.22.1_k5.14.21_150400.22-1.x86_64": {"kernel-mft-mlnx-kmp-default", "4.22.1_k5.14.21_150400.22-1", "x86_64"},
		"bos-reporter-2.0.0-beta.7.noarch":                               {"bos-reporter", "2.0.0-beta.7", "noarch"},
		"smart-mon-1:1.0.3-1.noarch":                                     {"smart-mon", "1:1.0.3-1", "noarch"},
		"a-1-1.src":                                                      {"a", "1-1", "src"},
	} {
		if got, ok := splitNEVRA(in); !ok || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "a", "a.b", "a-1.x86_64", "-1-1.x86_64", "a--1.x86_64", "a-1-.x86_64", "a-1-1", "a-1-1.", "a-1-1.x/y", "a b-1-1.x86_64", "d/a-1-1.noarch"} {
		if got, ok := splitNEVRA(in); ok {
			t.Errorf("%q: got %+v, want nothing", in, got)
		}
	}
}

func FuzzSplitNEVRA(f *testing.F) {
	f.Add("acpid-2.0.31-2.1.x86_64")
	f.Add("a--.rpm")
	f.Fuzz(func(t *testing.T, s string) {
		if n, ok := splitNEVRA(s); ok && n.name+"-"+n.version+"."+n.arch != strings.TrimSuffix(s, ".rpm") {
			t.Errorf("%q splits into %+v, which is something else", s, n)
		}
	})
}
