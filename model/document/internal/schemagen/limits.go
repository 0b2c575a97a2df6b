package schemagen

import "strings"

// limit is what a field may hold beyond its Go type.
type limit struct {
	min, max  int64 // both 0: none given
	minLength int
	minItems  int
	pattern   string
	enum      []string // of the field's text, or of a map's or list's texts
	about     string   // added to the description
}

const (
	// tenYears in seconds: longer than any update, short enough that a value in
	// milliseconds or a missing decimal point is found.
	tenYears = 10 * 365 * 86400
	// aMillion nodes, replicas or daemons: beyond any system.
	aMillion = 1_000_000
	// price bounds a cost so that sums over a plan stay far below 1<<63.
	price = 1_000_000_000
)

// The forms of texts.
const (
	anyPattern     = `^([a-z0-9][a-z0-9._-]*|\*)$` // of ids in plans, where "*" stands for all
	idPattern      = `^[a-z0-9][a-z0-9._-]*$`
	amountPattern  = `^[0-9]{1,6}%?$`
	datePattern    = `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`
	localPattern   = `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$`
	featurePattern = `^!?[a-z0-9][a-z0-9_.-]*$`
	digestPattern  = `^sha256:[0-9a-f]{64}$`
)

// limits by Type.field, by *.field for a field of any type, and by Type for a
// named text type itself. The first that exists holds, in this order.
var limits = map[string]limit{
	// Texts that name something.
	"PlaneID":      {pattern: idPattern},
	"CapabilityID": {pattern: idPattern},
	"ServiceID":    {pattern: idPattern},
	"*.name":       {minLength: 1},
	"*.id":         {minLength: 1},
	"*.product":    {minLength: 1},

	// Evidence and conditions.
	"*.basis":    {about: "How well it is known; absent is unknown."},
	"*.text":     {about: "In a sentence, for people."},
	"*.source":   {about: "The document, script or file that says so."},
	"*.crossing": {about: "Holds only when the product goes from a version that satisfies the one constraint to one that satisfies the other."},
	"*.command":  {about: "As text, for a person to run; planewise never runs it."},
	"*.format":   {about: "The kind of the document and the number of its format."},

	// Seconds.
	"Estimate.p50s":             seconds,
	"Estimate.p90s":             seconds,
	"Rollback.p90s":             seconds,
	"Measured.p50s":             seconds,
	"Measured.p90s":             seconds,
	"Capability.tolerance_s":    seconds,
	"Need.holds_s":              seconds,
	"EffectRule.at_s":           seconds,
	"OrderRule.soak_s":          seconds,
	"Policy.soak_s":             seconds,
	"Policy.snapshot_max_age_s": seconds,
	"Policy.lead_s":             seconds,
	"Policy.horizon_s":          seconds,
	"Window.duration_s":         {min: 60, max: tenYears, about: "At least a minute."},
	"Freeze.duration_s":         {min: 60, max: tenYears, about: "At least a minute."},

	// Workloads and needs.
	"*.max_unavailable":       {pattern: amountPattern, about: `A number or a percentage: "1" or "25%".`},
	"*.max_surge":             {pattern: amountPattern, about: `A number or a percentage: "1" or "25%".`},
	"PDB.min_available":       {pattern: amountPattern, about: `A number or a percentage: "1" or "25%".`},
	"Workload.needed":         {pattern: `^([0-9]{1,6}|quorum|all)$`},
	"Workload.count_from":     {pattern: `^(nodes:[a-z0-9._-]*|ceph:(mons|mgrs|mds|rgw|osd-hosts))$`},
	"*.when":                  {pattern: featurePattern, about: "A feature that the system must have, or with ! must not have; absent: always."},
	"Need.all":                {minItems: 1},
	"Need.any":                {minItems: 1},
	"Need.of":                 {minItems: 1},
	"EffectRule.planes":       {minItems: 1},
	"Hook.when":               {enum: []string{"pre", "post", "on-exit"}},
	"System.features":         {pattern: `^[a-z0-9][a-z0-9_.-]*$`},
	"Capability.answer":       {enum: []string{"jobs", "launch", "login", "storage", "administration"}},
	"Limit.max_down_permille": {min: 0, max: 1000},

	// Releases.
	"Release.version":    {minLength: 1},
	"Release.date":       {pattern: datePattern},
	"Component.position": count,

	// Procedures.
	"Stage.select":     {enum: []string{"all", "first", "rest"}},
	"Procedure.path":   {minLength: 1},
	"Procedure.stages": {minItems: 1},

	// Systems.
	"NodeGroup.count":        {min: 0, max: aMillion},
	"NodeGroup.role":         {minLength: 1},
	"System.nodes":           {minItems: 1},
	"Host.role":              {minLength: 1},
	"CephFaults.mons":        {min: 0, max: aMillion},
	"CephFaults.mgrs":        {min: 0, max: aMillion},
	"CephFaults.mds":         {min: 0, max: aMillion},
	"CephFaults.rgw":         {min: 0, max: aMillion},
	"CephFaults.osd_hosts":   {min: 0, max: aMillion},
	"CephFaults.osds":        {min: 0, max: aMillion},
	"PDB.allowed":            {min: 0, max: aMillion},
	"ObservedWorkload.ready": {min: 0, max: aMillion},
	"System.batch":           {min: 1, max: aMillion},
	"Pool.serves":            {enum: []string{"block", "file", "object"}},
	"Pool.size":              {min: 1, max: aMillion},
	"Pool.min_size":          {min: 1, max: aMillion},
	"Measured.samples":       {min: 1, max: aMillion},

	// A site's customizations.
	"ChartOverrides.others": count,
	"Override.path":         {minItems: 1},

	// Policies.
	"Policy.percentile":           {min: 1, max: 99},
	"Policy.reserve_permille":     {min: 0, max: 10_000},
	"Policy.correlation_permille": {min: 0, max: 1000},
	"Policy.lanes":                {min: 1, max: 1000},
	"Policy.sitting":              {min: 0, max: price},
	"Policy.order":                {enum: []string{"documented", "list"}},
	"Policy.untested_cuts":        {enum: []string{"allow", "forbid"}},
	"Policy.rollout":              {enum: []string{"none", "stage", "reboot"}},
	"Policy.batch":                {min: 1, max: aMillion},
	"Policy.effort":               {min: 0, max: 1 << 50},
	"PlaneCost.fixed":             {min: 0, max: price},
	"PlaneCost.rate":              {min: 0, max: price},
	"PlaneCost.watch":             {min: 0, max: price},
	"Window.zone":                 {minLength: 1},
	"Window.start":                {pattern: localPattern},
	"Window.rrule":                {minLength: 1},
	"Window.cron":                 {pattern: `^[!-~]+( +[!-~]+){4}$`, about: "Five fields."},
	"Window.limits":               {enum: []string{"run", "starts"}},
	"Freeze.zone":                 {minLength: 1},
	"Freeze.start":                {pattern: localPattern},

	// Plans.
	"Plan.id":           {pattern: `^[0-9a-f]{12}$`},
	"ReleaseRef.digest": {pattern: digestPattern},
	"Input.digest":      {pattern: digestPattern},
	"Input.kind":        {enum: []string{"release", "mapping", "procedure", "system", "policy", "customizations"}},
	"Optimality.status": {enum: []string{"optimal", "bounded"}},
}

var (
	seconds = limit{min: 0, max: tenYears, about: "In seconds, up to ten years."}
	count   = limit{min: 0, max: aMillion}
)

// oneOf: exactly one of these fields of a type is set.
var oneOf = map[string][]string{
	"Need":       {"service", "capability", "all", "any", "of"},
	"EffectRule": {"capability", "service", "planes"},
}

// partial lists types of which a document may say a part, with the fields of the
// document that say where the rest is.
var partial = map[string][]string{"Procedure": {"extends", "defaults"}, "Stage": {"extends", "defaults"}}

// mayBeAbsent lists fields that people may leave out although they are always
// written.
var mayBeAbsent = map[string]bool{
	"*.basis":       true, // absent: unknown
	"Rollback.p90s": true, // meaningless where there is no way back
}

// planRequires reports whether a field of a plan has to be there. These are the
// fields that the plan of format 1 was published with: a field that a later
// planewise adds is never required, so that older plans open for ever. Such a field
// has to be omitempty, or its zero value must claim nothing.
func planRequires(typ, field string) bool {
	for _, name := range strings.Fields(planRequired[typ]) {
		if name == field {
			return true
		}
	}
	return false
}

var planRequired = map[string]string{
	"Plan": "format tool id from to system policy procedure inputs edits facts changes actions skipped bundles planes answers optimality retired unknowns diagnostics",

	"ReleaseRef":       "product version digest",
	"ProcedureRef":     "name path basis",
	"Input":            "kind name digest content",
	"Edits":            "excluded pins moved relaxed",
	"Fact":             "id subject relation object basis",
	"Change":           "id kind name direction action",
	"Action":           "id title method stage changes footprint expected_s duration effects tail units after rollback facts",
	"Span":             "p50s p90s",
	"Effect":           "capability plane level unknown start lasts facts",
	"Tail":             "capability plane level lasts text facts",
	"Edge":             "action kind relation fact",
	"ActionRollback":   "possible p90s facts",
	"Skipped":          "stage reason",
	"Bundle":           "key label title footprint actions work_s duration window impact timeline after gates quiesce point_of_no_return rollback stay",
	"PlanStay":         "status facts",
	"Slot":             "name start end zone grants",
	"PlaneImpact":      "plane worst unknown capabilities",
	"CapabilityImpact": "id level unknown p50s p90s facts",
	"Interval":         "capability plane level unknown start end action facts",
	"PlaneSummary":     "id announcements exposure_s avoidable levels worst unknown",
	"Avoidable":        "announcements s",
	"Optimality":       "status scope cost ideal lower_bound gap_permille separation_permille explored",
	"Retired":          "capability change action affected facts",
	"Diagnostic":       "severity code subject summary",
	"Gate":             "id text",
	"Quiesce":          "id text",
	"Pin":              "action",
	"Move":             "action with",
	"Answer":           "topic text facts",
	"UnknownThing":     "subject what settle_by",
	"Announcement":     "bundle plane by",
}

// apply adds what the table says about a field (or, with name "", about a type) to
// its schema; what is said about a list or a mapping holds for the values in it.
func apply(s *Schema, typ, name string, open bool) {
	l, ok := limits[typ+"."+name]
	if !ok {
		l, ok = limits["*."+name]
		if s.Description != "" { // what the type says itself is better
			l.about = ""
		}
	}
	if name == "" {
		l, ok = limits[typ]
	}
	if open && l.pattern == idPattern {
		l.pattern = anyPattern
	}
	target := s
	for target.Items != nil {
		target = target.Items
	}
	if values, isMap := target.Additional.(*Schema); isMap {
		target = values
	}
	for form, values := range target.ByPattern { // there is at most one
		limitValue(&values, l)
		target.ByPattern[form] = values
	}
	limitValue(target, l)
	if !ok {
		return
	}
	if open {
		// A plan without a procedure has one without a name.
		target.MinLength, l.minItems = 0, 0
	}
	s.MinItems = l.minItems
	s.Description = strings.TrimSpace(s.Description + " " + l.about)
}

func limitValue(s *Schema, l limit) {
	switch {
	case s.Type == "integer" && l.max > 0:
		s.Minimum, s.Maximum = &l.min, &l.max
	case s.Type == "integer":
		// Nothing that is counted is ever negative.
		s.Minimum = &l.min
	case s.Type == "string" && s.Const == "":
		s.MinLength, s.Pattern = l.minLength, l.pattern
		if l.enum != nil {
			s.Enum = l.enum
		}
	}
}
