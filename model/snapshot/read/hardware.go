package read

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/clean"
	"planewise/model/snapshot"
)

// hsmComponent is a row of the hardware state manager.
type hsmComponent struct {
	ID      text `json:"ID"`
	Type    text `json:"Type"`
	State   text `json:"State"`
	Role    text `json:"Role"`
	SubRole text `json:"SubRole"`
	Arch    text `json:"Arch"`
}

// components reads {"Components": [...]}.
func (f *file) components() error {
	f.kinds[snapshot.KindInventory] = true
	return f.elements(func() error {
		var c hsmComponent
		if err := f.decode(&c, "component"); err != nil {
			return err
		}
		f.machine(c, fromHSM)
		return nil
	})
}

// component reads one row of a bare list.
func (f *file) component(raw json.RawMessage) {
	var c hsmComponent
	f.unpack(raw, &c, "component")
	f.machine(c, fromHSM)
}

// origin ranks what says something about a machine: the state manager knows what
// is there, sat status repeats it, the layout service says what was planned.
type origin int

const (
	fromSLS origin = iota + 1
	fromSAT
	fromHSM
)

// machine takes a node; slots that are empty are none.
func (f *file) machine(c hsmComponent, from origin) {
	if c.ID == "" || !strings.EqualFold(string(c.Type), "Node") {
		return
	}
	if strings.EqualFold(string(c.State), "Empty") {
		return
	}
	f.state.machine(snapshot.Machine{
		ID: clean.Text(string(c.ID)), Role: roleOf(string(c.Role), string(c.SubRole)), SubRole: subRoleOf(string(c.Role), string(c.SubRole)),
		Arch: archOf(string(c.Arch)), State: clean.Text(string(c.State)),
	}, from)
}

// roleOf is the role as mappings name it: management nodes by what they do, login
// nodes by their own word.
func roleOf(role, sub string) string {
	role, sub = word(role), word(sub)
	switch {
	case role == "management" && sub != "":
		return sub
	case role == "application" && sub == "uan":
		return "uan"
	}
	return role
}

func subRoleOf(role, sub string) string {
	if word(role) == "application" && word(sub) != "uan" {
		return word(sub)
	}
	return ""
}

// word is a role as one lower-case word; "NONE" and "-" are none.
func word(s string) string {
	s = strings.ToLower(strings.TrimSpace(clean.Text(s)))
	switch s {
	case "none", "-", "missing", "n/a", "na", "unknown":
		return ""
	case "lnetrouter":
		return "lnet-router"
	}
	return s
}

// hardware reads the Hardware of an SLS dump, machine by machine.
func (f *file) hardware() error {
	f.kinds[snapshot.KindInventory] = true
	f.allow()
	tok, err := f.dec.Token()
	if err != nil {
		return err
	}
	if tok != json.Delim('{') {
		if tok == nil {
			return nil
		}
		return f.skipRest(tok)
	}
	for f.dec.More() {
		if _, err := f.dec.Token(); err != nil {
			return err
		}
		var h struct {
			Xname text `json:"Xname"`
			Type  text `json:"TypeString"`
			Extra struct {
				Role    text `json:"Role"`
				SubRole text `json:"SubRole"`
			} `json:"ExtraProperties"`
		}
		if err := f.decode(&h, "hardware"); err != nil {
			return err
		}
		f.machine(hsmComponent{ID: h.Xname, Type: h.Type, Role: h.Extra.Role, SubRole: h.Extra.SubRole}, fromSLS)
	}
	_, err = f.dec.Token()
	return err
}

// networks reads the Networks of an SLS dump: which exist, and which of the two
// user networks is the one in use.
func (f *file) networks(raw json.RawMessage) {
	f.kinds[snapshot.KindNetworks] = true
	var nets map[string]struct {
		Name  text `json:"Name"`
		Extra struct {
			Route text `json:"SystemDefaultRoute"`
		} `json:"ExtraProperties"`
	}
	f.unpack(raw, &nets, "Networks")
	for _, key := range slices.Sorted(maps.Keys(nets)) {
		f.state.networks[clean.Text(key)] = true
		if route := strings.ToUpper(string(nets[key].Extra.Route)); (route == "CAN" || route == "CHN") && f.state.newer(f, "user network", "") {
			f.state.userNetwork = route
		}
	}
}

// statusRow reads a row of sat status.
func (f *file) statusRow(raw json.RawMessage) {
	var row struct {
		Xname   text `json:"xname"`
		Type    text `json:"Type"`
		State   text `json:"State"`
		Role    text `json:"Role"`
		SubRole text `json:"SubRole"`
		Arch    text `json:"Arch"`
	}
	f.unpack(raw, &row, "sat status")
	if row.Type == "" {
		row.Type = "Node"
	}
	f.machine(hsmComponent{ID: row.Xname, Type: row.Type, State: row.State, Role: row.Role, SubRole: row.SubRole, Arch: row.Arch}, fromSAT)
}

// statusRows reads {"Node Status": [...]}, as sat status prints several types.
func (f *file) statusRows(m fields) bool {
	known := false
	for title, raw := range m {
		var rows []json.RawMessage
		if !strings.HasSuffix(title, " Status") || json.Unmarshal(raw, &rows) != nil {
			continue
		}
		known = true
		f.kinds[snapshot.KindInventory] = true
		for _, row := range rows {
			f.statusRow(row)
		}
	}
	return known
}

// revisions reads the documents of sat showrev.
func (f *file) revisions(m fields) bool {
	known := false
	for title, raw := range m {
		switch title {
		case "Product Revision Information":
			var rows []json.RawMessage
			f.unpack(raw, &rows, "sat showrev")
			for _, row := range rows {
				f.revision(row)
			}
		case "System Revision Information", "Local Host Operating System":
		default:
			continue
		}
		known = true
		f.kinds[snapshot.KindRevisions] = true
	}
	return known
}

// revision reads a row of the products of sat showrev; without headings they are a
// bare list.
func (f *file) revision(raw json.RawMessage) {
	var row struct {
		Name    text `json:"product_name"`
		Version text `json:"product_version"`
		Images  text `json:"images"`
	}
	f.unpack(raw, &row, "sat showrev")
	p := snapshot.Product{Name: clean.Text(string(row.Name)), Version: clean.Text(string(row.Version))}
	for image := range strings.SplitSeq(string(row.Images), "\n") {
		if image = strings.TrimSpace(image); image != "" && image != "-" {
			p.Images = append(p.Images, snapshot.Image{Name: clean.Text(image)})
		}
	}
	f.state.product(p)
}

// bootParameters reads an entry of BSS. The kernel's parameters hold tokens: of
// them only the kind of root file system is kept.
func (f *file) bootParameters(raw json.RawMessage) {
	var b struct {
		Hosts  []text   `json:"hosts"`
		MACs   []text   `json:"macs"`
		NIDs   []number `json:"nids"`
		Params text     `json:"params"`
		Kernel text     `json:"kernel"`
	}
	f.unpack(raw, &b, "boot parameters")
	boot := bootOf{root: rootOf(string(b.Params)), image: imageID(string(b.Kernel))}
	if len(b.Hosts) == 0 && len(b.MACs)+len(b.NIDs) > 0 && boot.root != "" {
		f.state.roots[boot.root] = true
	}
	for _, host := range b.Hosts {
		if name := clean.Text(string(host)); f.state.newer(f, "boot", name) {
			f.state.boot[name] = boot
		}
	}
}

type bootOf struct{ root, image string }

// rootOf is the kind of root file system a kernel is told to use.
func rootOf(params string) string {
	for p := range strings.FieldsSeq(params) {
		value, ok := strings.CutPrefix(p, "root=")
		switch {
		case !ok:
		case strings.HasPrefix(value, "craycps"):
			return "dvs"
		case strings.HasPrefix(value, "sbps"):
			return "sbps"
		case strings.HasPrefix(value, "live:") || strings.HasPrefix(value, "UUID=") || strings.HasPrefix(value, "LABEL=") || strings.HasPrefix(value, "/dev/"):
			return "local"
		}
	}
	return ""
}

// imageID is the id of the image whose kernel lies at an address such as
// "s3://boot-images/ID/kernel"; an address may hold a signature, which is not kept.
func imageID(address string) string {
	const bucket = "boot-images/"
	at := strings.Index(address, bucket)
	if at < 0 {
		return ""
	}
	rest, _, _ := strings.Cut(address[at+len(bucket):], "?")
	id, _, _ := strings.Cut(rest, "/")
	if len(id) > 64 || strings.ContainsAny(id, "@:") {
		return ""
	}
	return clean.Text(id)
}

// template reads a session template of the boot service.
func (f *file) template(raw json.RawMessage) {
	var t struct {
		Name text `json:"name"`
		Sets map[string]struct {
			Path     text `json:"path"`
			Provider text `json:"rootfs_provider"`
			Params   text `json:"kernel_parameters"`
		} `json:"boot_sets"`
	}
	f.unpack(raw, &t, "session template")
	for name, set := range t.Sets {
		root := rootOf(string(set.Params))
		switch provider := strings.ToLower(string(set.Provider)); {
		case strings.HasPrefix(provider, "cps"):
			root = "dvs"
		case strings.HasPrefix(provider, "sbps"):
			root = "sbps"
		}
		f.state.templates = append(f.state.templates, snapshot.Template{Name: clean.Text(string(t.Name)), Set: clean.Text(name), Root: root, Image: imageID(string(set.Path))})
	}
}

// noteUnknownRole is used where a machine says nothing about what it is.
func noteUnknownRole(notes *snapshot.Notes, n int) {
	if n > 0 {
		notes.Add(model.Warning, "machines-without-role", "snapshot", "export the hardware inventory: cray hsm state components list --type Node --format json",
			"%s of the inventory have no role and are not planned for", plural(n, "machine", "machines"))
	}
}
