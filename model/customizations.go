package model

// FormatCustomizations is the format word of a document of a site's settings.
const FormatCustomizations = "planewise.customizations/1"

// Customizations are what a site sets itself in the charts of its releases, as far
// as a plan needs it: numbers of replicas and images. The vendor's file holds much
// more, secrets among it; nothing else of it is kept. Charts are sorted by name,
// their overrides by path.
type Customizations struct {
	Format string `json:"format"`
	// Name of the system whose settings they are.
	Name   string           `json:"name"`
	Charts []ChartOverrides `json:"charts"`
}

// ChartOverrides is what a site sets in one chart.
type ChartOverrides struct {
	// Name of the chart, not that of the Helm release.
	Name      string     `json:"name"`
	Overrides []Override `json:"overrides"`
	// Others is the number of settings that were not kept.
	Others int `json:"others,omitempty"`
}

// OverrideKind is what an override sets.
type OverrideKind string

const (
	OverrideReplicas OverrideKind = "replicas" // a number of instances
	OverrideImage    OverrideKind = "image"    // an image, or its tag or digest
)

// LeftOut says why the value of an override is not known.
type LeftOut string

const (
	LeftOutFixme  LeftOut = "fixme"      // still to be filled in
	LeftOutNumber LeftOut = "bad-number" // no number of replicas
	LeftOutImage  LeftOut = "bad-image"  // does not look like an image
	LeftOutList   LeftOut = "in-list"    // part of a list, which replaces the release's
)

// Override is one setting of a chart.
type Override struct {
	Kind OverrideKind `json:"kind"`
	// Path of keys below the chart's values.
	Path []string `json:"path"`
	// Value as text; "" where it is not known.
	Value string `json:"value"`
	// Template: the vendor's generator works the value out when it runs.
	Template bool `json:"template,omitempty"`
	// LeftOut: the setting is there, and its value could not be used.
	LeftOut LeftOut `json:"left_out,omitempty"`
}
