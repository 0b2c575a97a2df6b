// Package customizations reads a site's customizations.yaml and puts what it sets
// where the vendor's generator would.
//
// Of the file only what a plan needs is kept: numbers of replicas and images (see
// model.Customizations). Everything else (addresses, credentials, sealed secrets) is
// counted and forgotten, and no message quotes a value of the file. Templates
// ("{{ network.dns.external }}") are left as text and never evaluated.
//
// # What the generator does
//
// Settings of a chart stand at spec.kubernetes.services.CHART, by the chart's name,
// not that of the Helm release, and are merged into its values key by key: a mapping
// into a mapping, anything else (also a list) in place of what was there
// (manifestgen 1.3, generate.py and nesteddict.py). Templates are worked out
// against spec. While "~FIXME~" stands anywhere but in a comment it refuses to run,
// and of a key that stands twice it takes the later one as a whole, as PyYAML does.
// An entry of only "values" and "repository" is the older form (1.0), whose settings
// are its values.
//
// # Which workload a number of replicas is for
//
// Only charts made with the vendor's base chart (see BaseChart) use it in a way that is
// known without the chart. The base chart's workload is often named in the
// chart's own defaults, which no release lists; so the mapping is asked which
// workloads a chart has. Where it does not give exactly one answer, none is taken,
// and that is said.
package customizations
