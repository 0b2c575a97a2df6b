package csm

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/version"
	"planewise/model/yamldoc"
)

// imageList collects container images by the last element of their name.
type imageList struct {
	byName map[string]*image
	names  []string // in the order of the release
}

type image struct {
	tags       []string
	full       []fullName // every name and tag as it stands in the index
	registries []string
}

type fullName struct{ name, tag string }

func (l *imageList) add(registry, name, tag string) {
	if l.byName == nil {
		l.byName = map[string]*image{}
	}
	short := path.Base(name)
	i := l.byName[short]
	if i == nil {
		i = &image{}
		l.byName[short] = i
		l.names = append(l.names, short)
	}
	if !slices.Contains(i.tags, tag) {
		i.tags = append(i.tags, tag)
	}
	i.full = append(i.full, fullName{name, tag})
	if place := registryPath(registry, name); !slices.Contains(i.registries, place) {
		i.registries = append(i.registries, place)
	}
}

// registryPath is where an image stands, without the host: the host is the
// vendor's mirror at build time and differs between builds of one release.
func registryPath(registry, name string) string {
	if host, rest, ok := strings.Cut(registry, "/"); ok && strings.ContainsAny(host, ".:") {
		registry = rest
	}
	return path.Join(registry, path.Dir(name))
}

// readImages reads docker/index.yaml, or in shipped trees the folders of images.
func (p *parser) readImages() error {
	doc, err := p.document("docker/index.yaml")
	if err != nil {
		return err
	}
	var list imageList
	if doc == nil {
		if err := p.imageFolders(&list); err != nil {
			return err
		}
	} else if err := readImageIndex(doc, &list); err != nil {
		return err
	}
	p.addImages(list)
	return nil
}

func readImageIndex(doc *yamldoc.Doc, list *imageList) error {
	if doc.Root.IsNull() {
		return nil
	}
	if doc.Root.Kind != yamldoc.Map {
		return doc.Errorf(doc.Root, "expected registries with their images, found %s; write REGISTRY: {images: {NAME: [TAG]}}", doc.Root.Kind)
	}
	for _, registry := range doc.Root.Entries {
		images := registry.Value.Get("images")
		if images.IsNull() {
			continue
		}
		if images.Kind != yamldoc.Map {
			return doc.Errorf(images, "images of %s: expected names with lists of tags, found %s; write NAME: [TAG]", registry.Key, images.Kind)
		}
		for _, e := range images.Entries {
			if e.Value.IsNull() {
				continue
			}
			if e.Value.Kind != yamldoc.List {
				return doc.Errorf(e.Value, "image %s: expected a list of tags, found %s; begin each tag with a dash", e.Key, e.Value.Kind)
			}
			for _, tag := range e.Value.Items {
				if tag.Kind != yamldoc.Scalar {
					return doc.Errorf(tag, "image %s: expected a tag, found %s; write one tag per line", e.Key, tag.Kind)
				}
				at := place{doc.Name, tag.Line}
				if err := cmp.Or(named(at, "registry", registry.Key), named(at, "image", e.Key), named(at, "tag", tag.Text)); err != nil {
					return err
				}
				list.add(registry.Key, e.Key, tag.Text)
			}
		}
	}
	return nil
}

// imageFolders reads docker/REGISTRY/NAME:TAG/manifest.json, the layout in which
// a shipped tree holds its images.
func (p *parser) imageFolders(list *imageList) error {
	for _, file := range p.tree.Names {
		dir, ok := strings.CutSuffix(file, "/manifest.json")
		if !ok {
			continue
		}
		dir = strings.TrimPrefix(dir, "docker/")
		i := strings.LastIndexByte(dir, ':')
		if i < 0 || strings.Contains(dir[i:], "/") {
			continue
		}
		if err := named(place{file: "docker"}, "the image folder", dir); err != nil {
			return err
		}
		registry, name := path.Split(dir[:i])
		list.add(strings.TrimSuffix(registry, "/"), name, dir[i+1:])
	}
	return nil
}

func (p *parser) addImages(list imageList) {
	for _, name := range list.names {
		i := list.byName[name]
		slices.Sort(i.registries)
		c := model.Component{Kind: model.KindImage, Name: name, Registries: i.registries}
		c.Version = strings.Join(i.tags, ",")
		if len(i.tags) > 1 {
			c.Versions = i.tags
			if target, ok := i.target(name); ok {
				c.Version = target
			}
		}
		p.add(c)
	}
	p.addFrom(list, model.KindKubernetes, "kubernetes", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy")
	p.addFrom(list, model.KindCeph, "ceph", "ceph")
}

// addFrom adds a component whose version is that of the first of the images.
func (p *parser) addFrom(list imageList, kind model.Kind, name string, images ...string) {
	for _, short := range images {
		i := list.byName[short]
		if i == nil {
			continue
		}
		if v, ok := i.target(short); ok {
			p.add(model.Component{Kind: kind, Name: name, Version: v})
			return
		}
	}
}

// target is the tag that nodes run after an update. The index lists the tags of
// the previous release beside those of this one for what nodes run before they
// are updated (Kubernetes, its network and DNS, Ceph); the highest is the target.
func (i *image) target(name string) (string, bool) {
	tags := i.tags
	switch {
	case strings.HasPrefix(name, "kube-"), strings.HasPrefix(name, "weave-"), strings.HasPrefix(name, "multus"):
	case name == "ceph":
		tags = i.tagsUnder("ceph/ceph", "ceph")
	case name == "coredns":
		// Other charts bring a CoreDNS of their own (docker.io/coredns/coredns).
		tags = i.tagsUnder("k8s.gcr.io/coredns", "k8s.gcr.io/coredns/coredns", "registry.k8s.io/coredns", "registry.k8s.io/coredns/coredns")
	default:
		return "", false
	}
	return version.Highest(model.KindImage, tags)
}

// tagsUnder are the tags of names that end in one of the given ones.
func (i *image) tagsUnder(names ...string) []string {
	var tags []string
	for _, f := range i.full {
		for _, n := range names {
			if f.name == n || strings.HasSuffix(f.name, "/"+n) {
				tags = append(tags, f.tag)
				break
			}
		}
	}
	return tags
}
