package csm

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/yamldoc"
)

// nevra is a package by its parts; version holds the release, and the epoch where
// one is given, as "epoch:version-release".
type nevra struct{ name, version, arch string }

// splitNEVRA splits name-version-release.arch, with or without ".rpm". All 1,814
// package names of the CSM tags split like this.
func splitNEVRA(s string) (nevra, bool) {
	s = strings.TrimSuffix(s, ".rpm")
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 {
		return nevra{}, false
	}
	rest, arch := s[:dot], s[dot+1:]
	release := strings.LastIndexByte(rest, '-')
	if release < 0 {
		return nevra{}, false
	}
	version := strings.LastIndexByte(rest[:release], '-')
	if version < 0 {
		return nevra{}, false
	}
	n := nevra{name: rest[:version], version: rest[version+1:], arch: arch}
	switch {
	case n.name == "" || arch == "" || strings.ContainsAny(arch, "-/ ") || strings.ContainsAny(n.name, "/ "):
		return nevra{}, false
	case release == version+1 || release == len(rest)-1:
		return nevra{}, false
	}
	return n, true
}

// packageList collects packages by name and arch.
type packageList struct {
	byID map[model.ComponentID]*model.Component
	ids  []model.ComponentID
}

func (l *packageList) add(n nevra, folder string) {
	if l.byID == nil {
		l.byID = map[model.ComponentID]*model.Component{}
	}
	c := model.Component{Kind: model.KindRPM, Name: n.name, Arch: n.arch}
	id := c.ID()
	have := l.byID[id]
	if have == nil {
		have = &c
		l.byID[id] = have
		l.ids = append(l.ids, id)
	}
	if !slices.Contains(have.Versions, n.version) {
		have.Versions = append(have.Versions, n.version)
	}
	if !slices.Contains(have.Folders, folder) {
		have.Folders = append(have.Folders, folder)
	}
}

// readPackages reads rpm/**/index.yaml, or in shipped trees the names of the
// packages themselves.
func (p *parser) readPackages() error {
	var list packageList
	indexed := false
	for _, file := range p.paths {
		folder, ok := strings.CutPrefix(path.Dir(file), "rpm")
		if !ok || path.Base(file) != "index.yaml" {
			continue
		}
		indexed = true
		if err := named(place{file: "rpm"}, "the folder", folder); err != nil {
			return err
		}
		if err := p.readPackageIndex(file, strings.TrimPrefix(folder, "/"), &list); err != nil {
			return err
		}
	}
	if !indexed {
		if err := p.packageFiles(&list); err != nil {
			return err
		}
	}
	for _, id := range list.ids {
		c := list.byID[id]
		slices.Sort(c.Folders)
		c.Version = strings.Join(c.Versions, ",")
		if len(c.Versions) == 1 {
			c.Versions = nil
		}
		p.add(*c)
	}
	return nil
}

func (p *parser) readPackageIndex(file, folder string, list *packageList) error {
	doc, err := p.document(file)
	if err != nil {
		return err
	}
	if doc.Root.Kind != yamldoc.Map && !doc.Root.IsNull() {
		return doc.Errorf(doc.Root, "expected repositories with their packages, found %s; write REPOSITORY: {rpms: [NAME-VERSION-RELEASE.ARCH]}", doc.Root.Kind)
	}
	for _, repo := range doc.Root.Entries {
		rpms := repo.Value.Get("rpms")
		if rpms.IsNull() {
			continue
		}
		if rpms.Kind != yamldoc.List {
			return doc.Errorf(rpms, "rpms: expected a list of packages, found %s; begin each package with a dash", rpms.Kind)
		}
		for _, item := range rpms.Items {
			if err := named(place{file, item.Line}, "package", item.String()); err != nil {
				return err
			}
			n, ok := splitNEVRA(item.String())
			if !ok {
				return doc.Errorf(item, "expected a package as NAME-VERSION-RELEASE.ARCH, found %q; correct or remove the line", item.String())
			}
			list.add(n, folder)
		}
	}
	return nil
}

// packageFiles reads the names of rpm/FOLDER/.../NAME.rpm. Below a folder that
// holds repository data, packages are sorted into folders by arch, which say
// nothing new; rpm/embedded mirrors the contents of the node images.
func (p *parser) packageFiles(list *packageList) error {
	for _, file := range p.tree.Names {
		rest, ok := strings.CutPrefix(file, "rpm/")
		if !ok || strings.HasPrefix(rest, "embedded/") {
			continue
		}
		if err := named(place{file: "rpm"}, "the file", rest); err != nil {
			return err
		}
		n, ok := splitNEVRA(path.Base(rest))
		if !ok {
			p.diagnose(model.Warning, CodeUnreadPackage, place{file: file}, fmt.Sprintf("the package name %q has not the form NAME-VERSION-RELEASE.ARCH.rpm", path.Base(rest)), "")
			continue
		}
		folder := path.Dir(rest)
		if base := path.Base(folder); base == n.arch {
			folder = path.Dir(folder)
		}
		list.add(n, folder)
	}
	return nil
}
