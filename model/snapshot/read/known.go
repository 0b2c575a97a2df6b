package read

import (
	"encoding/json"

	"planewise/model/snapshot"
)

// one is an answer that describes a single thing of which other commands print lists,
// and whether the object is one.
func (f *file) one(m fields) bool {
	whole, err := json.Marshal(m)
	if err != nil {
		return false
	}
	switch {
	case isBoot(m):
		f.kinds[snapshot.KindBoot] = true
		f.bootParameters(whole)
	case m.has("boot_sets"):
		f.kinds[snapshot.KindTemplates] = true
		f.template(whole)
	case isUnused(m):
		f.kinds[snapshot.KindOther] = true
	default:
		return false
	}
	return true
}

// isBoot tells boot parameters: who boots, and with what. The entry of values that
// hold for all machines has neither kernel nor parameters.
func isBoot(m fields) bool {
	who := m.has("hosts") || m.has("macs") || m.has("nids")
	return who && (m.has("params") || m.has("kernel") || m.has("cloud-init")) || m.has("params", "kernel")
}

// isRevision tells a row of the products of sat showrev.
func isRevision(m fields) bool { return m.has("product_name", "product_version") }

// isUnused tells answers of the system's own services of which nothing is used. They
// lie in the same folders, and are no damage.
func isUnused(m fields) bool {
	for _, members := range [...][]string{
		{"component", "data"}, {"component", "version"}, // sat showrev without headings
		{"apid", "jobid"},                                // sat jobstat
		{"id", "desired_config"}, {"components", "next"}, // configuration: components
		{"configurations", "next"}, {"sessions", "next"}, {"name", "layers"}, {"name", "ansible"},
		{"id", "desired_state"}, {"name", "template_name"}, {"max_boot_wait_time"}, // boot: components, sessions, options
		{"label", "members"}, {"name", "members"}, // groups and partitions
		{"RedfishEndpoints"}, {"MACAddress", "ComponentID"}, // inventory
		{"xname", "powerState"}, {"state", "actionID"}, // power, firmware
	} {
		if m.has(members...) {
			return true
		}
	}
	var rows []fields
	return m.has("status") && json.Unmarshal(m["status"], &rows) == nil && len(rows) > 0 && rows[0].has("xname", "powerState")
}
