package csm

import (
	"encoding/json"

	"planewise/model/snapshot"
	"planewise/model/snapshot/read"
)

// servingLabel marks the workers that serve root file systems.
const servingLabel = "cps-pm-node"

// Answers are what such a system's services answer.
func Answers() read.Own {
	boot := read.Answer{Kind: snapshot.KindBoot, Is: isBoot(), Take: bootParameters}
	templates := read.Answer{Kind: snapshot.KindTemplates, Is: read.Any([]string{"boot_sets"}), Take: template}
	unused := read.Answer{Kind: snapshot.KindOther, Is: isUnused()}
	return read.Own{
		Lists: map[string]read.List{
			"Components": {Kind: snapshot.KindInventory, Take: component},
			"Hardware":   {Kind: snapshot.KindInventory, Map: true, Take: hardware},
		},
		Objects: []read.Answer{
			{Kind: snapshot.KindNetworks, Is: read.Any([]string{"Networks"}), Member: "Networks", Take: networks},
			{Kind: snapshot.KindRevisions, Is: read.Any([]string{productRevisions}), Member: productRevisions, Take: revisions},
			{Kind: snapshot.KindRevisions, Is: read.Any([]string{"System Revision Information"}, []string{"Local Host Operating System"})},
			{Kind: snapshot.KindInventory, Is: isStatusTable, Take: statusTables},
			boot, templates, unused,
		},
		Rows: []read.Answer{
			{Kind: snapshot.KindInventory, Is: read.Any([]string{"xname"}), Take: statusRow},
			{Kind: snapshot.KindRevisions, Is: read.Any([]string{"product_name", "product_version"}), Take: revision},
			boot, templates,
			{Kind: snapshot.KindInventory, Is: read.Any([]string{"ID", "Type"}), Take: component},
			unused,
		},
		ConfigMaps: configMaps(),
		Labels:     []string{servingLabel, "iuf-prevent-rollout"},
		Inventory:  inventory,
	}
}

// productRevisions is the title of the products in what sat showrev prints.
const productRevisions = "Product Revision Information"

// isBoot tells boot parameters: who boots, and with what. The entry of values that
// hold for all machines has neither kernel nor parameters.
func isBoot() func(read.Fields) bool {
	sets := [][]string{{"params", "kernel"}}
	for _, who := range [...]string{"hosts", "macs", "nids"} {
		for _, what := range [...]string{"params", "kernel", "cloud-init"} {
			sets = append(sets, []string{who, what})
		}
	}
	return read.Any(sets...)
}

// isUnused tells answers of the system's own services of which nothing is used. They
// lie in the same folders, and are no damage.
func isUnused() func(read.Fields) bool {
	known := read.Any([][]string{
		{"component", "data"}, {"component", "version"}, // sat showrev without headings
		{"apid", "jobid"},                                // sat jobstat
		{"id", "desired_config"}, {"components", "next"}, // configuration: components
		{"configurations", "next"}, {"sessions", "next"}, {"name", "layers"}, {"name", "ansible"},
		{"id", "desired_state"}, {"name", "template_name"}, {"max_boot_wait_time"}, // boot: components, sessions, options
		{"label", "members"}, {"name", "members"}, // groups and partitions
		{"RedfishEndpoints"}, {"MACAddress", "ComponentID"}, // inventory
		{"xname", "powerState"}, {"state", "actionID"}, // power, firmware
	}...)
	return func(m read.Fields) bool { return known(m) || isPower(m) }
}

// isPower tells the power of machines by the rows that it lists.
func isPower(m read.Fields) bool {
	var rows []read.Fields
	return m.Has("status") && json.Unmarshal(m["status"], &rows) == nil && len(rows) > 0 && rows[0].Has("xname", "powerState")
}
