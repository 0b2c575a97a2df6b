// Package argo writes a plan as an Argo Workflow: a step per bundle, in the
// plan's order, with a suspend step before each, at which a person decides to go on.
//
// Every step only prints text. No name of the plan is part of a command: the text
// is an argument of echo, without a shell, and what Argo or Kubernetes would
// replace in it ({{...}}, $(...)) is broken up.
package argo

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"planewise/model"
	"planewise/model/clean"
	"planewise/planner/export/internal/brief"
	"planewise/planner/export/yaml"
	"planewise/planner/words"
)

// CodeTextCut is the diagnostic for a bundle whose text is too long for a step.
const CodeTextCut = "text-cut"

// maxText bounds the text of one step in bytes: a workflow is one object of the
// Kubernetes API, which takes at most 1.5 MiB, and a plan has dozens of bundles.
const maxText = 16 << 10

// Options of the workflow.
type Options struct {
	// Image that holds echo; "" is "busybox:stable". Sites without access to the
	// internet name one of their registry.
	Image string
	// Namespace of the workflow; "" leaves it out.
	Namespace string
}

var (
	imageName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][A-Za-z0-9._:/@-]{0,254}$`) })
	namespace = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`) })
)

// Plan is the workflow.
func Plan(p model.Plan, o Options) ([]byte, []model.Diagnostic, error) {
	if o.Image == "" {
		o.Image = "busybox:stable"
	}
	if !imageName().MatchString(o.Image) {
		return nil, nil, fmt.Errorf("%q is no container image: write it as registry.example/busybox:stable", o.Image)
	}
	if o.Namespace != "" && !namespace().MatchString(o.Namespace) {
		return nil, nil, fmt.Errorf("%q is no namespace: use lower-case letters, digits and -", o.Namespace)
	}
	w := writer{Brief: brief.New(p), Options: o}
	w.head()
	w.line("    - name: main")
	w.line("      dag:")
	if len(p.Bundles) == 0 {
		w.line("        tasks: []")
	} else {
		w.line("        tasks:")
	}
	for i := range p.Bundles {
		w.tasks(i)
	}
	for i, b := range p.Bundles {
		w.text(fmt.Sprintf("text-%d", i+1), w.describe(b))
	}
	w.line("    - name: decide")
	w.line("      suspend: {}")
	return w.out.Bytes(), w.diags, nil
}

type writer struct {
	*brief.Brief
	Options
	out   bytes.Buffer
	diags []model.Diagnostic
}

func (w *writer) line(s string) { w.out.WriteString(s + "\n") }

func (w *writer) field(name, value string) {
	w.out.WriteString(name + ": ")
	w.out.Write(yaml.Text(value))
	w.out.WriteByte('\n')
}

func (w *writer) head() {
	w.line("# " + clean.Text(w.Title()+", plan "+w.ID))
	w.line("# Every step prints text and nothing else; a person does the work and resumes the workflow.")
	w.line("apiVersion: argoproj.io/v1alpha1")
	w.line("kind: Workflow")
	w.line("metadata:")
	w.field("  generateName", "planewise-")
	if w.Namespace != "" {
		w.field("  namespace", w.Namespace)
	}
	w.line("  annotations:")
	w.field("    planewise/plan", harmless(w.ID))
	w.field("    planewise/title", harmless(w.Title()))
	w.line("spec:")
	w.line("  entrypoint: main")
	w.line("  templates:")
}

// tasks are the suspend step before a bundle and the bundle's own. The bundles
// form one chain: the plan's order is also the order in which it was judged.
func (w *writer) tasks(i int) {
	n := i + 1
	w.line(fmt.Sprintf("          - name: before-%d", n))
	w.line("            template: decide")
	if i > 0 {
		w.line(fmt.Sprintf("            dependencies: [bundle-%d]", i))
	}
	w.line(fmt.Sprintf("          - name: bundle-%d", n))
	w.line(fmt.Sprintf("            template: text-%d", n))
	w.line(fmt.Sprintf("            dependencies: [before-%d]", n))
}

// text is a template that prints.
func (w *writer) text(name, text string) {
	w.line("    - name: " + name)
	w.line("      container:")
	w.field("        image", w.Image)
	w.line("        command: [echo]")
	w.line("        args:")
	w.out.WriteString("          - ")
	w.out.Write(yaml.Text(harmless(text)))
	w.out.WriteByte('\n')
}

// describe is what a bundle's step prints.
func (w *writer) describe(b model.Bundle) string {
	var lines []string
	add := func(s string) { lines = append(lines, clean.Text(s)) }
	add(b.Label + ": " + b.Title)
	for _, s := range brief.Sittings(b) {
		add(s.Name + ": " + brief.Slot(s.Window))
	}
	add("Takes " + brief.Length(b) + "; " + w.Footprint(b.Footprint))
	for _, q := range b.Quiesce {
		add("Quiesce: " + command(q.Text, q.Command))
	}
	for _, g := range b.Gates {
		add("Gate: " + command(g.Text, g.Command))
	}
	for i, id := range b.Actions {
		a := w.Action(id)
		add(fmt.Sprintf("%d. %s (%s), %s", i+1, brief.Step(a), a.ID, words.Span(a.Duration)))
	}
	add("Way back: " + w.WayBack(b))
	text := strings.Join(lines, "\n")
	if len(text) > maxText {
		w.diags = append(w.diags, model.Diagnostic{Severity: model.Warning, Code: CodeTextCut, Subject: clean.Text(string(b.Key)),
			Summary: fmt.Sprintf("%s: the workflow holds only the first %d KiB of the bundle's text", clean.Text(b.Label), maxText>>10), Hint: "Read the plan beside it."})
		text = strings.ToValidUTF8(text[:maxText], "") + "\n(cut here; the plan has the rest)"
	}
	return text
}

func command(text, command string) string {
	if command == "" {
		return text
	}
	return text + " [" + command + "]"
}

// harmless breaks up what Argo replaces, {{name}}, and doubles the dollar of what
// Kubernetes replaces in arguments, $(NAME), which undoes the replacement.
func harmless(s string) string {
	for strings.Contains(s, "{{") {
		s = strings.ReplaceAll(s, "{{", "{ {")
	}
	return strings.ReplaceAll(s, "$(", "$$(")
}
