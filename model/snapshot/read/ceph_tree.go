package read

import (
	"encoding/json"
	"slices"

	"planewise/model/clean"
)

// cephTree reads which hosts have storage daemons, and which of those one that is down.
func (f *file) cephTree(raw json.RawMessage) {
	f.state.ceph.seen = true
	var nodes []struct {
		ID       number   `json:"id"`
		Name     Text     `json:"name"`
		Type     Text     `json:"type"`
		Status   Text     `json:"status"`
		Children []number `json:"children"`
	}
	f.unpack(raw, &nodes, "ceph osd tree")
	down := map[int64]bool{}
	for _, n := range nodes {
		if n.Type == "osd" && n.Status == "down" && n.ID.known {
			down[n.ID.n] = true
		}
	}
	c := &f.state.ceph
	c.hosts, c.hostsDown, c.treeSeen = map[string]bool{}, map[string]bool{}, true
	for _, n := range nodes {
		if n.Type != "host" || len(n.Children) == 0 {
			continue
		}
		name := clean.Text(string(n.Name))
		c.hosts[name] = true
		if slices.ContainsFunc(n.Children, func(id number) bool { return id.known && down[id.n] }) {
			c.hostsDown[name] = true
		}
	}
}
