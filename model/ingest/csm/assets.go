package csm

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/ingest/internal/shtext"
)

// defaultArch is the arch of management nodes: clusters of several archs are not
// supported, and releases before 1.4 do not name it.
const defaultArch = "x86_64"

// rolesOf says which node roles boot an image. Masters and workers share one.
func rolesOf(stem string) (roles []string, known bool) {
	switch stem {
	case "kubernetes":
		return []string{"master", "worker"}, true
	case "storage-ceph":
		return []string{"storage"}, true
	case "compute":
		return []string{"compute"}, true
	case "pre-install-toolkit", "cray-pre-install-toolkit":
		return []string{"pit"}, true
	}
	return []string{stem}, false
}

func isNodeAsset(name string) bool {
	switch path.Ext(name) {
	case ".squashfs", ".kernel", ".iso":
		return true
	}
	return false
}

// asset is one file of a node image.
type asset struct {
	at   place  // where it is named
	dir  string // URL or folder
	base string
}

// readAssets reads assets.sh, or in shipped trees the names of the files.
func (p *parser) readAssets() error {
	script, ok, err := p.script("assets.sh")
	if err != nil {
		return err
	}
	var assets []asset
	common := ""
	if ok {
		assets = p.scriptAssets(script)
		if w, ok := script.Value("KERNEL_VERSION"); ok && w.Known() {
			common = w.Text
		}
	} else {
		for _, file := range p.tree.Names {
			if isNodeAsset(file) && !strings.HasPrefix(file, "rpm/") && !strings.HasPrefix(file, "docker/") {
				dir, base := path.Split(file)
				assets = append(assets, asset{at: place{file: file}, dir: dir, base: base})
			}
		}
	}
	for _, a := range assets {
		if err := named(a.at, "the file name", a.base); err != nil {
			return err
		}
	}
	p.addNodeImages(assets, common)
	return nil
}

// scriptAssets are the words of a script that name files of node images.
func (p *parser) scriptAssets(script shtext.Script) []asset {
	var assets []asset
	for _, c := range script.Commands {
		for _, w := range c.Words {
			if !isNodeAsset(w.Text) || !strings.Contains(w.Text, "/") {
				continue
			}
			dir, base := path.Split(w.Text)
			a := asset{at: place{"assets.sh", c.Line}, dir: dir, base: base}
			if strings.Contains(base, shtext.Unknown) {
				p.diagnose(model.Blocking, CodeUnresolvedAsset, a.at,
					fmt.Sprintf("the file name %q is complete only when the script runs, so a node image or kernel is not known",
						strings.ReplaceAll(base, shtext.Unknown, "?")),
					"write a release.yaml that names the node images and kernels")
				continue
			}
			if !slices.ContainsFunc(assets, func(b asset) bool { return b.dir == dir && b.base == base }) {
				assets = append(assets, a)
			}
		}
	}
	return assets
}

// nodeImage is an image by the parts of its file name.
type nodeImage struct{ stem, version, arch string }

var (
	imagePattern = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z][A-Za-z0-9_]*)*)-([0-9a-f].*?)(?:-(x86_64|aarch64))?$`)
	// cray-pre-install-toolkit-sle15sp3.x86_64-1.5.9-20220629214741-g941f5cd
	pitPattern = regexp.MustCompile(`^((?:cray-)?pre-install-toolkit)-(?:[a-z0-9]+\.(x86_64|aarch64)-)?(.+?)(?:-(x86_64|aarch64))?$`)
)

// splitImage splits the name of an image file. Its folder, which is called after
// the version, tells names apart that the pattern alone could not, such as
// kubernetes-bea2aeb-1722991875491-x86_64.
func splitImage(a asset) (nodeImage, bool) {
	name := strings.TrimSuffix(a.base, path.Ext(a.base))
	if path.Ext(a.base) == ".iso" {
		m := pitPattern.FindStringSubmatch(name)
		if m == nil {
			return nodeImage{}, false
		}
		return nodeImage{stem: m[1], version: m[3], arch: firstOf(m[4], m[2], defaultArch)}, true
	}
	version := path.Base(a.dir)
	if stem, rest, ok := strings.Cut(name, "-"+version); ok && stem != "" {
		arch := strings.TrimPrefix(rest, "-")
		if arch == "" || arch == "x86_64" || arch == "aarch64" {
			return nodeImage{stem: stem, version: version, arch: firstOf(arch, defaultArch)}, true
		}
	}
	m := imagePattern.FindStringSubmatch(name)
	if m == nil {
		return nodeImage{}, false
	}
	return nodeImage{stem: m[1], version: m[2], arch: firstOf(m[3], defaultArch)}, true
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// addNodeImages adds a component per role and arch for each image, and one for
// its kernel. common is the kernel of images that name none of their own.
func (p *parser) addNodeImages(assets []asset, common string) {
	for _, a := range assets {
		if path.Ext(a.base) == ".kernel" {
			continue
		}
		image, ok := splitImage(a)
		if !ok {
			p.diagnose(model.Blocking, CodeUnresolvedAsset, a.at, fmt.Sprintf("the file name %q is no image name with a version", a.base),
				"write a release.yaml that names the node images and kernels")
			continue
		}
		roles, known := rolesOf(image.stem)
		if !known {
			p.diagnose(model.Warning, CodeUnknownNodeImage, a.at, fmt.Sprintf("nothing is known about the node image %s; its role is taken to be its name", image.stem),
				"map it in a site mapping")
		}
		kernel, ok := kernelOf(assets, a.dir, image)
		if !ok && path.Ext(a.base) != ".iso" {
			kernel = common
		}
		for _, role := range roles {
			c := model.Component{Kind: model.KindNodeImage, Name: image.stem, Role: role, Arch: image.arch, Version: image.version, Image: image.stem}
			p.addNode(c, a.at)
			if kernel != "" {
				c.Kind, c.Name, c.Version = model.KindKernel, "kernel", kernel
				p.addNode(c, a.at)
			}
		}
	}
}

// addNode adds a node image or kernel; of two for the same nodes the later one
// counts, as the later assignment would in a script.
func (p *parser) addNode(c model.Component, at place) {
	for i := range p.release.Components {
		have := &p.release.Components[i]
		if have.Kind != c.Kind || have.ID() != c.ID() {
			continue
		}
		if have.Version != c.Version {
			p.diagnose(model.Warning, CodeConflictingAsset, at,
				fmt.Sprintf("%s is given as %s and again as %s; the later one is used", c.ID(), have.Version, c.Version),
				"check which of the two the release is meant to have")
		}
		*have = c
		return
	}
	p.add(c)
}

// kernelOf is the version of the kernel that lies beside an image:
// KERNEL-VERSION.kernel or KERNEL-VERSION-ARCH.kernel.
func kernelOf(assets []asset, dir string, image nodeImage) (string, bool) {
	for _, k := range assets {
		name, ok := strings.CutSuffix(k.base, ".kernel")
		if !ok || k.dir != dir {
			continue
		}
		for _, end := range []string{"-" + image.version + "-" + image.arch, "-" + image.version} {
			if v, ok := strings.CutSuffix(name, end); ok && v != "" {
				return v, true
			}
		}
		other := strings.HasSuffix(name, "-x86_64") || strings.HasSuffix(name, "-aarch64")
		if !other {
			return name, true
		}
	}
	return "", false
}
