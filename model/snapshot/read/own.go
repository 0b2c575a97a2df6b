package read

import (
	"encoding/json"

	"planewise/model"
	"planewise/model/snapshot"
	"planewise/model/yamldoc"
)

// Own is what only one kind of system answers, and how it is read. The zero value is a
// system without services of its own.
type Own struct {
	// Lists are members of objects that hold something long.
	Lists map[string]List
	// Objects are answers that are an object. Rows are those that are a list, known by
	// its first element. Of several that fit the first counts, and those of Kubernetes,
	// Helm and Ceph before all of them.
	Objects, Rows []Answer
	// ConfigMaps that say what was installed.
	ConfigMaps []ConfigMaps
	// Labels of nodes that say something about maintenance.
	Labels []string
	// Inventory is the command that lists the machines with their roles.
	Inventory string
}

// List is the value of a member which is read one element at a time.
type List struct {
	Kind string // of answer, a word of package snapshot
	Map  bool   // it is a map by name, of which the values are taken
	Take func(Sink, json.RawMessage)
}

// Answer is one kind of answer.
type Answer struct {
	Kind string
	Is   func(Fields) bool
	// Member is what is taken of an object; "" for the whole of it.
	Member string
	Take   func(Sink, json.RawMessage) // nil: it is known, and nothing of it is used
}

// ConfigMaps are those of one kind.
type ConfigMaps struct {
	// Answer is their name, and Namespace where they lie, when a cluster is asked.
	Answer, Namespace string
	Kind              string
	Is                func(name string) bool
	// Dated: it counts who wrote them, and when.
	Dated bool
	Take  func(Sink, ConfigMap)
}

// ConfigMap is one of them.
type ConfigMap struct {
	Name    string
	Data    map[string]Text
	Managed []Managed
}

// Managed says who wrote an object last, and when (RFC 3339).
type Managed struct {
	Manager string `json:"manager"`
	Time    string `json:"time"`
}

// Any says of an object whether it has all the members of one of the sets.
func Any(sets ...[]string) func(Fields) bool {
	return func(m Fields) bool {
		for _, set := range sets {
			if m.Has(set...) {
				return true
			}
		}
		return false
	}
}

// Sink takes what was found in an answer. Texts that it is given have to be safe to
// show (package clean).
type Sink struct{ f *file }

// Unpack decodes a value. A part of another type than expected is noted, and what fits
// is kept; what is the name of the answer in that note.
func (s Sink) Unpack(raw json.RawMessage, v any, what string) { s.f.unpack(raw, v, what) }

// Machine takes a node of the hardware inventory. Of two answers about one machine that
// of the higher rank counts, for what both say.
func (s Sink) Machine(m snapshot.Machine, rank int) {
	m.Arch = archOf(m.Arch)
	s.f.state.machine(m, rank)
}

// Boot is how a machine starts.
type Boot struct {
	Root, Image string
	// Node: the host's name is that of a machine, not of a role or a default.
	Node bool
}

// Boot takes how a host starts.
func (s Sink) Boot(host string, b Boot) {
	if s.f.state.newer(s.f, "boot", host) {
		s.f.state.boot[host] = b
	}
}

// Root takes a root file system of machines that are not named.
func (s Sink) Root(root string) { s.f.state.roots[root] = true }

// Template takes how a group of nodes is booted.
func (s Sink) Template(t snapshot.Template) { s.f.state.templates = append(s.f.state.templates, t) }

// Network takes the name of a network.
func (s Sink) Network(name string) { s.f.state.networks[name] = true }

// UserNetwork takes the network that leads users to the system.
func (s Sink) UserNetwork(name string) {
	if s.f.state.newer(s.f, "user network", "") {
		s.f.state.userNetwork = name
	}
}

// Product takes one version of a product.
func (s Sink) Product(p snapshot.Product) { s.f.state.product(p) }

// Manifest takes a list of charts as it was shipped.
func (s Sink) Manifest(m snapshot.Manifest) {
	if s.f.state.newer(s.f, "manifest", m.Name) {
		s.f.state.manifests[m.Name] = m
	}
}

// YAML parses a document within an export, nil where that cannot be. Its values are not
// quoted in messages.
func (s Sink) YAML(what, data string) *yamldoc.Value {
	doc, _, err := yamldoc.Parse(what, []byte(data), yamldoc.Options{Duplicates: yamldoc.Merge})
	if err != nil {
		s.Bad("bad-yaml", "see the object on the system: it is damaged there, or in the export", "%s is no readable YAML", what)
		return nil
	}
	return doc.Root
}

// Warn says something about the file.
func (s Sink) Warn(code model.Code, hint, format string, args ...any) {
	s.f.note(model.Warning, code, hint, format, args...)
}

// Bad says that a part of the file could not be used.
func (s Sink) Bad(code model.Code, hint, format string, args ...any) {
	s.f.bad(code, hint, format, args...)
}

// ownList reads the value of a member, one element at a time.
func (f *file) ownList(l List) error {
	f.kinds[l.Kind] = true
	each := func() error {
		var raw json.RawMessage
		err := f.decode(&raw, "element")
		if err == nil {
			l.Take(Sink{f}, raw)
		}
		return err
	}
	if !l.Map {
		return f.elements('[', each)
	}
	return f.elements('{', func() error {
		if _, err := f.dec.Token(); err != nil { // the name
			return err
		}
		return each()
	})
}

// ownObject takes an answer that is an object; false where it is none of the system's own.
func (f *file) ownObject(m Fields) bool {
	for _, a := range f.own.Objects {
		if !a.Is(m) {
			continue
		}
		f.kinds[a.Kind] = true
		raw := m[a.Member]
		if a.Member == "" {
			raw, _ = json.Marshal(m) // what was read can be written
		}
		if a.Take != nil {
			a.Take(Sink{f}, raw)
		}
		return true
	}
	return false
}

// ownRow is the reader of a list whose first element has these members; nil where
// nothing of it is used.
func (f *file) ownRow(m Fields) (read func(json.RawMessage), known bool) {
	for _, a := range f.own.Rows {
		if !a.Is(m) {
			continue
		}
		f.kinds[a.Kind] = true
		if a.Take == nil {
			return nil, true
		}
		return func(raw json.RawMessage) { a.Take(Sink{f}, raw) }, true
	}
	return nil, false
}

// configMap takes a ConfigMap that says what was installed.
func (f *file) configMap(o *object) {
	for _, c := range f.own.ConfigMaps {
		if !c.Is(o.Metadata.Name) {
			continue
		}
		f.kinds[c.Kind] = true
		found := ConfigMap{Name: o.Metadata.Name, Managed: o.Metadata.Managed}
		if err := json.Unmarshal(o.Data, &found.Data); err != nil {
			f.bad("wrong-type", "export it again with kubectl get configmap -o json", "ConfigMap %s has no readable data", o.Metadata.Name)
		}
		c.Take(Sink{f}, found)
		return
	}
	f.kinds[snapshot.KindOther] = true
}
