package csm

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"planewise/model/clean"
	"planewise/model/snapshot"
	"planewise/model/snapshot/read"
)

// hsmComponent is a row of the hardware state manager.
type hsmComponent struct {
	ID      read.Text `json:"ID"`
	Type    read.Text `json:"Type"`
	State   read.Text `json:"State"`
	Role    read.Text `json:"Role"`
	SubRole read.Text `json:"SubRole"`
	Arch    read.Text `json:"Arch"`
}

// component reads one row of it.
func component(to read.Sink, raw json.RawMessage) {
	var c hsmComponent
	to.Unpack(raw, &c, "component")
	machine(to, c, fromHSM)
}

// What says something about a machine, by its rank: the state manager knows what
// is there, sat status repeats it, the layout service says what was planned.
const (
	fromSLS = iota + 1
	fromSAT
	fromHSM
)

// machine takes a node; slots that are empty are none.
func machine(to read.Sink, c hsmComponent, rank int) {
	if c.ID == "" || !strings.EqualFold(string(c.Type), "Node") {
		return
	}
	if strings.EqualFold(string(c.State), "Empty") {
		return
	}
	to.Machine(snapshot.Machine{
		ID: clean.Text(string(c.ID)), Role: roleOf(string(c.Role), string(c.SubRole)), SubRole: subRoleOf(string(c.Role), string(c.SubRole)),
		Arch: string(c.Arch), State: clean.Text(string(c.State)),
	}, rank)
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

// hardware reads one element of the Hardware of an SLS dump.
func hardware(to read.Sink, raw json.RawMessage) {
	var h struct {
		Xname read.Text `json:"Xname"`
		Type  read.Text `json:"TypeString"`
		Extra struct {
			Role    read.Text `json:"Role"`
			SubRole read.Text `json:"SubRole"`
		} `json:"ExtraProperties"`
	}
	to.Unpack(raw, &h, "hardware")
	machine(to, hsmComponent{ID: h.Xname, Type: h.Type, Role: h.Extra.Role, SubRole: h.Extra.SubRole}, fromSLS)
}

// networks reads the Networks of an SLS dump: which exist, and which of the two
// user networks is the one in use.
func networks(to read.Sink, raw json.RawMessage) {
	var nets map[string]struct {
		Name  read.Text `json:"Name"`
		Extra struct {
			Route read.Text `json:"SystemDefaultRoute"`
		} `json:"ExtraProperties"`
	}
	to.Unpack(raw, &nets, "Networks")
	for _, key := range slices.Sorted(maps.Keys(nets)) {
		to.Network(clean.Text(key))
		if route := strings.ToUpper(string(nets[key].Extra.Route)); isUserNetwork(route) {
			to.UserNetwork(route)
		}
	}
}

// statusRow reads a row of sat status.
func statusRow(to read.Sink, raw json.RawMessage) {
	var row struct {
		Xname   read.Text `json:"xname"`
		Type    read.Text `json:"Type"`
		State   read.Text `json:"State"`
		Role    read.Text `json:"Role"`
		SubRole read.Text `json:"SubRole"`
		Arch    read.Text `json:"Arch"`
	}
	to.Unpack(raw, &row, "sat status")
	if row.Type == "" {
		row.Type = "Node"
	}
	machine(to, hsmComponent{ID: row.Xname, Type: row.Type, State: row.State, Role: row.Role, SubRole: row.SubRole, Arch: row.Arch}, fromSAT)
}

// isStatusTable tells {"Node Status": [...]}, as sat status prints several types.
func isStatusTable(m read.Fields) bool {
	for title, raw := range m {
		if _, is := statusTable(title, raw); is {
			return true
		}
	}
	return false
}

func statusTable(title string, raw json.RawMessage) (rows []json.RawMessage, is bool) {
	return rows, strings.HasSuffix(title, " Status") && json.Unmarshal(raw, &rows) == nil
}

func statusTables(to read.Sink, raw json.RawMessage) {
	var m read.Fields
	to.Unpack(raw, &m, "sat status")
	for title, raw := range m {
		rows, _ := statusTable(title, raw)
		for _, row := range rows {
			statusRow(to, row)
		}
	}
}

// revisions reads the products of sat showrev.
func revisions(to read.Sink, raw json.RawMessage) {
	var rows []json.RawMessage
	to.Unpack(raw, &rows, "sat showrev")
	for _, row := range rows {
		revision(to, row)
	}
}

// revision reads a row of the products of sat showrev; without headings they are a
// bare list.
func revision(to read.Sink, raw json.RawMessage) {
	var row struct {
		Name    read.Text `json:"product_name"`
		Version read.Text `json:"product_version"`
		Images  read.Text `json:"images"`
	}
	to.Unpack(raw, &row, "sat showrev")
	p := snapshot.Product{Name: clean.Text(string(row.Name)), Version: clean.Text(string(row.Version))}
	for image := range strings.SplitSeq(string(row.Images), "\n") {
		if image = strings.TrimSpace(image); image != "" && image != "-" {
			p.Images = append(p.Images, snapshot.Image{Name: clean.Text(image)})
		}
	}
	to.Product(p)
}

// bootParameters reads an entry of BSS. The kernel's parameters hold tokens: of
// them only the kind of root file system is kept.
func bootParameters(to read.Sink, raw json.RawMessage) {
	var b struct {
		Hosts  []read.Text       `json:"hosts"`
		MACs   []read.Text       `json:"macs"`
		NIDs   []json.RawMessage `json:"nids"`
		Params read.Text         `json:"params"`
		Kernel read.Text         `json:"kernel"`
	}
	to.Unpack(raw, &b, "boot parameters")
	root, image := rootOf(string(b.Params)), imageID(string(b.Kernel))
	if len(b.Hosts) == 0 && len(b.MACs)+len(b.NIDs) > 0 && root != "" {
		to.Root(root)
	}
	for _, host := range b.Hosts {
		name := clean.Text(string(host))
		to.Boot(name, read.Boot{Root: root, Image: image, Node: isXname(name)})
	}
}

// isXname: "x1000c0s0b0n0", a name by place. Entries of roles and defaults hold for
// whoever has none of their own.
func isXname(s string) bool { return len(s) > 1 && s[0] == 'x' && s[1] >= '0' && s[1] <= '9' }

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
func template(to read.Sink, raw json.RawMessage) {
	var t struct {
		Name read.Text `json:"name"`
		Sets map[string]struct {
			Path     read.Text `json:"path"`
			Provider read.Text `json:"rootfs_provider"`
			Params   read.Text `json:"kernel_parameters"`
		} `json:"boot_sets"`
	}
	to.Unpack(raw, &t, "session template")
	for name, set := range t.Sets {
		root := rootOf(string(set.Params))
		switch provider := strings.ToLower(string(set.Provider)); {
		case strings.HasPrefix(provider, "cps"):
			root = "dvs"
		case strings.HasPrefix(provider, "sbps"):
			root = "sbps"
		}
		to.Template(snapshot.Template{Name: clean.Text(string(t.Name)), Set: clean.Text(name), Root: root, Image: imageID(string(set.Path))})
	}
}
