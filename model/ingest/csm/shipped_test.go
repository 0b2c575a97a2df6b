package csm

import (
	"strings"
	"testing"
	"testing/fstest"

	"planewise/model"
)

const versionScript = "#!/usr/bin/env bash\n\n: \"${RELEASE:=\"${RELEASE_NAME:=\"csm\"}-${RELEASE_VERSION:=\"1.5.2\"}\"}\"\n\nreturn 0 2>/dev/null\nif [[ $# -eq 0 ]]; then\n    echo \"$RELEASE\"\nelse\n    case \"$1\" in\n    -n|--name) echo \"$RELEASE_NAME\" ;;\n    esac\nfi\n"

// What release.sh does to a tree: sources become a local folder, the product's
// version stands in the values of csm-config, and the things themselves take the
// place of the lists of them.
func shipped() files {
	f := small.with("docker/index.yaml", "-", "rpm/cray/csm/noos/index.yaml", "-", "assets.sh", "-", "lib/version.sh", versionScript)
	f["manifests/platform.yaml"] = "apiVersion: manifests/v1beta1\nspec:\n  sources:\n    charts:\n    - {name: csm-algol60, type: directory, location: ./helm}\n  charts:\n" +
		"  - name: csm-config\n    source: csm-algol60\n    version: 1.16.33\n    namespace: services\n    values:\n      cray-import-config:\n        import_job:\n          CF_IMPORT_PRODUCT_NAME: csm\n          CF_IMPORT_PRODUCT_VERSION: 1.5.2\n"
	for _, name := range []string{
		"images/kubernetes/kubernetes-5.2.54-x86_64.squashfs", "images/kubernetes/" + kernel + "-5.2.54-x86_64.kernel", "images/kubernetes/initrd.img-5.2.54-x86_64.xz",
		"images/storage-ceph/storage-ceph-5.2.54-x86_64.squashfs", "images/storage-ceph/" + kernel + "-5.2.54-x86_64.kernel",
		"images/compute/compute-5.2.59-aarch64.squashfs", "pre-install-toolkit-5.2.54-x86_64.iso",
		"rpm/cray/csm/noos/x86_64/acpid-2.0.31-2.1.x86_64.rpm", "rpm/cray/csm/noos/noarch/a-1-1.noarch.rpm", "rpm/cray/csm/sle-15sp4/a-1-1.noarch.rpm",
		"rpm/cray/csm/noos/repodata/repomd.xml", "rpm/embedded/suse/zypper-1-1.x86_64.rpm", "rpm/cray/csm/noos/odd.rpm",
		"docker/artifactory.example.net/csm-docker/stable/canu:1.7.6/manifest.json", "docker/artifactory.example.net/csm-docker/stable/canu:1.7.6/version",
		"docker/artifactory.example.net/csm-docker/stable/quay.io/ceph/ceph:v17.2.6/manifest.json", "docker/artifactory.example.net/csm-docker/stable/quay.io/ceph/ceph:v16.2.13/manifest.json",
		"docker/artifactory.example.net:443/x/k8s.gcr.io/kube-proxy:v1.22.13/manifest.json", "docker/no-tag/manifest.json", "docker/host:80/x/manifest.json",
		"helm/cray-bos-2.10.20.tgz",
	} {
		f[name] = ""
	}
	return f
}

func TestShippedTree(t *testing.T) {
	r, ds := read(t, shipped(), "/mnt/anything")
	if r.Ref() != "csm-1.5.2" {
		t.Errorf("read as %s", r.Ref())
	}
	equal(t, "components", lines(r, model.KindNodeImage, model.KindKernel, model.KindRPM, model.KindImage, model.KindCeph, model.KindKubernetes), []string{
		"ceph:ceph v17.2.6",
		"image:canu 1.7.6 at csm-docker/stable",
		"image:ceph v17.2.6 of v16.2.13|v17.2.6 at csm-docker/stable/quay.io/ceph",
		"image:kube-proxy v1.22.13 at x/k8s.gcr.io",
		"kernel:master.x86_64 " + kernel + " image=kubernetes",
		"kernel:storage.x86_64 " + kernel + " image=storage-ceph",
		"kernel:worker.x86_64 " + kernel + " image=kubernetes",
		"kubernetes:kubernetes v1.22.13",
		"node-image:compute.aarch64 5.2.59 image=compute",
		"node-image:master.x86_64 5.2.54 image=kubernetes",
		"node-image:pit.x86_64 5.2.54 image=pre-install-toolkit",
		"node-image:storage.x86_64 5.2.54 image=storage-ceph",
		"node-image:worker.x86_64 5.2.54 image=kubernetes",
		"rpm:a.noarch 1-1 in cray/csm/noos|cray/csm/sle-15sp4",
		"rpm:acpid.x86_64 2.0.31-2.1 in cray/csm/noos",
	})
	equal(t, "diagnostics", codes(ds), []string{"warning unread-package csm-1.5.2/rpm/cray/csm/noos/odd.rpm"})
}

func known() ([]model.Release, error) {
	r, _, err := Read(small.fs(), "v1.5.2")
	other := r
	other.Version = "1.5.1"
	other.Components = append([]model.Component(nil), r.Components...)
	other.Components[0].Version = "3.6.1"
	return []model.Release{other, r}, err
}

func TestVersion(t *testing.T) {
	many := []string{}
	for _, n := range strings.Fields("a b c d e f g h i j k l m n o p q r s t") {
		many = append(many, "{name: "+n+", version: 1.0.0, namespace: x}")
	}
	big := small.with("manifests/platform.yaml", manifest(many...))
	values := manifest("{name: csm-config, version: 1.0.0, namespace: services, values: {cray-import-config: {import_job: {CF_IMPORT_PRODUCT_VERSION: 1.4.4}}}}")
	iuf := "name: csm\nversion: 1.6.0\n"
	bigKnown := func() ([]model.Release, error) {
		r, _, err := Read(big.fs(), "v1.5.2")
		return []model.Release{r}, err
	}
	none := func() ([]model.Release, error) { return nil, nil }
	for name, c := range map[string]struct {
		tree   files
		called string
		known  func() ([]model.Release, error)
		want   string
		codes  []string
	}{
		"folder v1.5.2":               {small, "/x/v1.5.2", none, "csm-1.5.2", nil},
		"folder csm-1.5.2":            {small, "csm-1.5.2", none, "csm-1.5.2", nil},
		"folder 1.5.2":                {small, "x/1.5.2", none, "csm-1.5.2", nil},
		"folder of a candidate":       {small, "v1.6.0-rc.3", none, "csm-1.6.0-rc.3", nil},
		"folder of an alpha":          {small, "csm-1.3.0-RC.1", none, "csm-1.3.0-RC.1", nil},
		"archive":                     {small, "csm-1.5.2.tar.gz", none, "csm-1.5.2", nil},
		"archive .tgz":                {small, "csm-1.6.0-rc.3.tgz", none, "csm-1.6.0-rc.3", nil},
		"folder of a copy":            {small, "csm-1.5.2-copy", none, "csm-1.5.2", nil},
		"another product's folder":    {small, "uan-2.6.0", none, "csm-unknown", []string{"warning unknown-version csm-unknown"}},
		"a date is no version":        {small, "2024-05-01", none, "csm-unknown", []string{"warning unknown-version csm-unknown"}},
		"script beats folder":         {small.with("lib/version.sh", versionScript), "v9.9.9", none, "csm-1.5.2", nil},
		"script of git":               {small.with("lib/version.sh", strings.ReplaceAll(versionScript, "1.5.2", "0.0.0")), "v1.4.0", none, "csm-1.4.0", nil},
		"broken script":               {small.with("lib/version.sh", "x \""), "v1.4.0", none, "csm-1.4.0", nil},
		"script with blanks":          {small.with("lib/version.sh", "RELEASE_VERSION='1 5'\n"), "v1.4.0", none, "csm-1.4.0", nil},
		"values beat folder":          {small.with("manifests/platform.yaml", values), "v9.9.9", none, "csm-1.4.4", nil},
		"values of an unshipped list": {small.with("manifests/extra.yaml", values), "v1.4.0", none, "csm-1.4.0", nil},
		"the same content":            {small, "tree", known, "csm-1.5.2", nil},
		"product manifest":            {small.with("iuf-product-manifest.yaml", iuf), "tree", none, "csm-1.6.0", []string{"warning inferred-version csm-1.6.0/iuf-product-manifest.yaml"}},
		"folder beats manifest":       {small.with("iuf-product-manifest.yaml", iuf), "v1.6.0-rc.3", none, "csm-1.6.0-rc.3", nil},
		"another product":             {small.with("iuf-product-manifest.yaml", "name: sat\nversion: 2.6.1\n"), "sat-2.6.1-x", none, "sat-2.6.1", nil},
		"a product that cannot be":    {small.with("iuf-product-manifest.yaml", "name: a b\n"), "v1.0.0", none, "csm-1.0.0", nil},
		"almost the same content":     {big.with("manifests/storage.yaml", manifest("{name: cray-ceph-csi-rbd, version: 3.6.2, namespace: ceph-rbd}", "{name: new, version: 1.0.0, namespace: x}")), "tree", bigKnown, "csm-1.5.2", []string{"warning inferred-version csm-1.5.2"}},
		"other charts":                {small.with("manifests/platform.yaml", manifest("{name: new, version: 1.0.0, namespace: x}")), "tree", known, "csm-unknown", []string{"warning unknown-version csm-unknown"}},
		"other node images":           {big.with("assets.sh", strings.ReplaceAll(small["assets.sh"], "5.2.54", "5.2.55")), "tree", bigKnown, "csm-unknown", []string{"warning unknown-version csm-unknown"}},
		"other removals":              {big.with("upgrade.sh", "undeploy -n a b\n"+small["upgrade.sh"]), "tree", bigKnown, "csm-unknown", []string{"warning unknown-version csm-unknown"}},
		"nothing known":               {small, "tree", none, "csm-unknown", []string{"warning unknown-version csm-unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, ds, err := Reader{Known: c.known}.Read(c.tree.fs(), c.called)
			if err != nil {
				t.Fatal(err)
			}
			if r.Ref() != c.want {
				t.Errorf("read as %s, want %s", r.Ref(), c.want)
			}
			equal(t, "diagnostics", codes(ds), c.codes)
		})
	}
}

func TestBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		tree files
		want string
	}{
		"nothing":                  {files{}, "rel: not a release tree: there is no manifests/*.yaml"},
		"another folder":           {files{"README": "x", "docs/manifests/a.yaml": "x"}, "rel: not a release tree"},
		"images alone":             {files{"docker/index.yaml": "a:\n"}, "rel: not a release tree"},
		"an empty Helm index":      {files{"helm/index.yaml": "# none\n"}, "rel/helm/index.yaml: the tree has no manifests, and this index lists no charts"},
		"Helm index of texts":      {files{"helm/index.yaml": "x\n"}, "rel/helm/index.yaml:1: expected repositories with their charts, found a scalar"},
		"Helm index, no version":   {files{"helm/index.yaml": "x:\n  charts:\n    a: [[]]\n"}, "rel/helm/index.yaml:3: chart a: expected a version, found a list"},
		"broken YAML":              {small.with("manifests/platform.yaml", "a: 1\nb: c: d\n"), "rel/manifests/platform.yaml:2: broken YAML"},
		"a tab":                    {small.with("manifests/platform.yaml", "spec:\n\tcharts:\n"), "rel/manifests/platform.yaml:2: broken YAML: a tab in the indentation; indent with spaces"},
		"broken unshipped list":    {small.with("manifests/extra.yaml", "a: [\n"), "rel/manifests/extra.yaml:2: broken YAML"},
		"manifest is a list":       {small.with("manifests/platform.yaml", "- a\n"), "rel/manifests/platform.yaml:1: expected a manifest with spec.charts, found a list"},
		"manifest is a text":       {small.with("manifests/platform.yaml", "hello\n"), "rel/manifests/platform.yaml:1: expected a manifest with spec.charts, found a scalar"},
		"spec is a list":           {small.with("manifests/platform.yaml", "spec: []\n"), "rel/manifests/platform.yaml:1: spec: expected a mapping, found a list"},
		"charts are a mapping":     {small.with("manifests/platform.yaml", "spec:\n  charts:\n    a: 1\n"), "rel/manifests/platform.yaml:3: spec.charts: expected a list of charts, found a mapping"},
		"a chart is a text":        {small.with("manifests/platform.yaml", "spec:\n  charts:\n  - cray-bos\n"), "rel/manifests/platform.yaml:3: expected a chart with name and version, found a scalar"},
		"no name":                  {small.with("manifests/platform.yaml", manifest("{version: 1.0.0}")), "rel/manifests/platform.yaml:6: a chart without a name; add name:"},
		"no version":               {small.with("manifests/platform.yaml", manifest("{name: a, namespace: b, version: }")), "rel/manifests/platform.yaml:6: chart a has no version; add version:"},
		"a version of parts":       {small.with("manifests/platform.yaml", manifest("{name: a, namespace: b, version: [1, 2]}")), "rel/manifests/platform.yaml:6: version: expected a text, found a list"},
		"control characters":       {small.with("manifests/platform.yaml", manifest("{name: \"a\\e[31m\", namespace: b, version: 1}")), `rel/manifests/platform.yaml:6: name "a\x1b[31m" cannot be used: it holds the control or invisible character U+001B`},
		"text that turns around":   {small.with("manifests/platform.yaml", manifest("{name: \"a\\u202eb\", namespace: b, version: 1}")), "cannot be used: it holds the control or invisible character U+202E"},
		"a line in a version":      {small.with("manifests/platform.yaml", manifest("{name: a, namespace: b, version: \"1\\n2\"}")), "cannot be used: it holds the control or invisible character U+000A"},
		"a very long name":         {small.with("manifests/platform.yaml", manifest("{name: "+strings.Repeat("a", 1001)+", namespace: b, version: 1}")), "cannot be used: it has 1001 bytes, more than 1000"},
		"control in a tag":         {small.with("docker/index.yaml", "a/b:\n  images:\n    x: [\"1\\a\"]\n"), "rel/docker/index.yaml:3: tag"},
		"control in an image":      {small.with("docker/index.yaml", "a/b:\n  images:\n    \"x\\a\": [\"1\"]\n"), "rel/docker/index.yaml:3: image"},
		"control in a package":     {small.with("rpm/cray/csm/noos/index.yaml", "a:\n  rpms:\n  - \"a\\a-1-1.noarch\"\n"), "rel/rpm/cray/csm/noos/index.yaml:3: package"},
		"control in a hook":        {small.with("iuf-product-manifest.yaml", "hooks:\n  a:\n    pre: {script_path: \"x\\a\"}\n"), "rel/iuf-product-manifest.yaml:3: script"},
		"control in a removal":     {small.with("upgrade.sh", "undeploy -n a \"b\x1b[2J\"\n"), "rel/upgrade.sh:1: chart"},
		"control in a file name":   {small.with("manifests/a\x1b.yaml", ""), "the manifest's name"},
		"control in an asset":      {small.with("assets.sh", "A=(https://a.example.net/compute/1/compute-\x1b1.squashfs)\n"), "rel/assets.sh:1: the file name"},
		"index is a list":          {small.with("docker/index.yaml", "- a\n"), "rel/docker/index.yaml:1: expected registries with their images, found a list"},
		"images are a list":        {small.with("docker/index.yaml", "r:\n  images:\n  - a\n"), "rel/docker/index.yaml:3: images of r: expected names with lists of tags, found a list"},
		"tags are a text":          {small.with("docker/index.yaml", "r:\n  images:\n    a: 1.0\n"), "rel/docker/index.yaml:3: image a: expected a list of tags, found a scalar"},
		"a tag is a mapping":       {small.with("docker/index.yaml", "r:\n  images:\n    a:\n    - b: 1\n"), "rel/docker/index.yaml:4: image a: expected a tag, found a mapping"},
		"packages are a text":      {small.with("rpm/cray/csm/noos/index.yaml", "r:\n  rpms: x\n"), "rel/rpm/cray/csm/noos/index.yaml:2: rpms: expected a list of packages, found a scalar"},
		"package index is a list":  {small.with("rpm/cray/csm/noos/index.yaml", "- r\n"), "rel/rpm/cray/csm/noos/index.yaml:1: expected repositories with their packages, found a list"},
		"no package name":          {small.with("rpm/cray/csm/noos/index.yaml", "r:\n  rpms:\n  - a-1.noarch\n"), `rel/rpm/cray/csm/noos/index.yaml:3: expected a package as NAME-VERSION-RELEASE.ARCH, found "a-1.noarch"`},
		"open quote in a script":   {small.with("assets.sh", "A=1\nB='x\n"), "rel/assets.sh:2: not readable as a bash script"},
		"open quote in upgrade.sh": {small.with("upgrade.sh", "deploy \"x\n"), "rel/upgrade.sh:1: not readable as a bash script"},
		"product manifest a list":  {small.with("iuf-product-manifest.yaml", "- a\n"), "rel/iuf-product-manifest.yaml:1: expected a product manifest"},
		"hooks are a text":         {small.with("iuf-product-manifest.yaml", "hooks: x\n"), "rel/iuf-product-manifest.yaml:1: hooks: expected a mapping, found a scalar"},
		"a hook is a text":         {small.with("iuf-product-manifest.yaml", "hooks:\n  a: x\n"), "rel/iuf-product-manifest.yaml:2: hooks of a: expected a mapping, found a scalar"},
		"a hook at no time":        {small.with("iuf-product-manifest.yaml", "hooks:\n  a:\n    later: {script_path: x}\n"), `rel/iuf-product-manifest.yaml:3: hook a: expected pre or post, found "later"`},
		"a hook without a script":  {small.with("iuf-product-manifest.yaml", "onExit:\n  a: {path: x}\n"), "rel/iuf-product-manifest.yaml:2: hook a/on-exit: expected script_path"},
		"an alias bomb":            {small.with("manifests/platform.yaml", bomb()), "rel/manifests/platform.yaml:7: the document has more than 1000000 values"},
		"a hundred mebibytes":      {small.with("manifests/platform.yaml", strings.Repeat("#", 100<<20)), "rel/manifests/platform.yaml: the file has more than the 16 MiB that are read"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _, err := Read(c.tree.fs(), "rel")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if r.Product != "" || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "\x1b") {
				t.Errorf("an error must be one clean line and come alone: %q, %v", err, r.Ref())
			}
		})
	}
}

func bomb() string {
	var b strings.Builder
	b.WriteString("l0: &l0 [x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 10; i++ {
		n, p := string(rune('0'+i)), string(rune('0'+i-1))
		b.WriteString("l" + n + ": &l" + n + " [" + strings.TrimSuffix(strings.Repeat("*l"+p+", ", 9), ", ") + "]\n")
	}
	return b.String()
}

func TestSpecialFiles(t *testing.T) {
	m := small.fs().(fstest.MapFS)
	m["manifests/platform.yaml"] = &fstest.MapFile{Mode: 0o644 | 1<<25} // a named pipe
	if _, _, err := Read(m, "rel"); err == nil || err.Error() != "rel/manifests/platform.yaml: not a regular file; replace it by the file itself" {
		t.Errorf("got %v", err)
	}
}

// Whatever the files hold, reading ends, with a release or with one clean error.
func FuzzTree(f *testing.F) {
	f.Add([]byte(small["manifests/platform.yaml"]), []byte(small["upgrade.sh"]), []byte(small["assets.sh"]), []byte(small["docker/index.yaml"]), []byte(small["rpm/cray/csm/noos/index.yaml"]), []byte("name: csm\nhooks: {a: {pre: {script_path: x}}}\n"))
	f.Add([]byte("spec:\nspec:\n"), []byte("undeploy -n a b\n"), []byte("A=(u/compute/1/compute-1.squashfs)\n"), []byte("a:\n"), []byte("a: {rpms: []}\n"), []byte(versionScript))
	f.Fuzz(func(t *testing.T, platform, upgrade, assets, images, packages, product []byte) {
		tree := Tree{Files: map[string][]byte{
			"manifests/platform.yaml": platform, "upgrade.sh": upgrade, "assets.sh": assets, "docker/index.yaml": images,
			"rpm/a/index.yaml": packages, "iuf-product-manifest.yaml": product, "lib/version.sh": product,
		}}
		r, ds, err := Reader{}.Parse(tree, "rel", "v1.0.0")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "rel") {
				t.Errorf("the error does not name the release: %v", err)
			}
			return
		}
		seen := map[model.ComponentID]bool{}
		for _, c := range r.Components {
			if c.Name == "" || c.Version == "" || seen[c.ID()] {
				t.Errorf("component %+v", c)
			}
			seen[c.ID()] = true
		}
		for _, d := range ds {
			if d.Code == "" || d.Summary == "" || !strings.HasPrefix(d.Subject, r.Ref()) {
				t.Errorf("diagnostic %+v", d)
			}
		}
	})
}
