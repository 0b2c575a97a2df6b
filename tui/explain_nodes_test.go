package tui

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"planewise/model"
)

// The explanation of a roll goes node by node where it is known what runs on each, and
// names of hosts cannot move the cursor.
func TestExplainNodes(t *testing.T) {
	session := newSession(t)
	session.all.systems = maps.Clone(session.all.systems)
	sys := session.all.systems["demo"]
	for _, name := range []string{"ncn-w001", "ncn-w002", "ncn-w003", "ncn-w004", "ncn-w005", "ncn-\x1b[2Jw006"} {
		sys.Hosts = append(sys.Hosts, model.Host{Name: name, Role: "worker"})
	}
	one := 1
	sys.Workloads = append(slices.Clone(sys.Workloads), model.ObservedWorkload{Kind: "Deployment", Namespace: "nexus", Name: "nexus", Replicas: 1, Ready: &one, Nodes: []string{"ncn-w002"}})
	session.all.systems["demo"] = sys
	p := start(session, 100, 40)
	for i, b := range p.plan().Bundles {
		if slices.Contains(b.Actions, "roll:worker") {
			for range i {
				p.press("right")
			}
		}
	}
	p.press("tab")
	for range p.home.rows {
		if p.home.current().id == "roll:worker" {
			break
		}
		p.press("down")
	}
	p.press("enter")
	screen := p.View()
	if strings.Contains(screen, "\x1b[2J") {
		t.Error("a host's name clears the screen")
	}
	text := ansi.Strip(screen)
	for _, want := range []string{"Node by node (6), the worst first", "ncn-w002: outage: control.registry", "carries nexus/nexus (the only instance)", "Take it last, or move nexus/nexus off it first"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not shown:\n%s", want, text)
		}
	}
}
