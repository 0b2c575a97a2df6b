package csm

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"planewise/model"
	"planewise/model/ingest/internal/shtext"
)

// What upgrade.sh of the released versions does beside shipping and removing
// charts. None of it disturbs more than the procedures say; whatever a script does
// beyond this is reported, as nobody has looked at it.
var (
	knownFunctions = []string{"deploy", "undeploy", "unbound_psp_check", "delNSGatekeeper"}
	knownScripts   = []string{"lib/version.sh", "lib/install.sh", "lib/wait-for-unbound.sh"}
)

// mutating are the words that change something, by the command that has them; a
// command with none is taken to change something whatever its words are.
var mutating = map[string][]string{
	"kubectl": {"annotate", "apply", "autoscale", "cordon", "cp", "create", "debug", "delete", "drain", "edit", "evict", "exec", "expose", "label",
		"patch", "replace", "rollout", "run", "scale", "set", "taint", "uncordon"},
	"helm":     {"install", "upgrade", "uninstall", "delete", "rollback"},
	"loftsman": nil, "ssh": nil, "scp": nil, "pdsh": nil, "pdcp": nil, "ansible": nil, "ansible-playbook": nil, "salt": nil,
	"ceph": nil, "rbd": nil, "cray": nil, "sat": nil, "argo": nil, "iuf": nil, "systemctl": nil, "service": nil, "reboot": nil, "shutdown": nil,
	"kill": nil, "pkill": nil, "killall": nil, "iptables": nil, "zypper": nil, "rpm": nil, "eval": nil, "curl": {"-X", "-XPOST", "-XPUT", "-XPATCH", "-XDELETE", "--request", "-d", "--data"},
}

// wrappers run the command that follows them.
var wrappers = []string{"sudo", "env", "nohup", "exec", "command", "xargs", "timeout", "nice", "setsid"}

// unread reports a command that changes something and is no step that is read, and
// those in the substitutions of its words. dryRun: another command of its line only
// prints what it would make.
func (p *parser) unread(c shtext.Command, at place, dryRun bool) {
	if uninstalls(c) {
		return // reported with the chart that it removes
	}
	p.substituted(c, at)
	words := unwrapped(c)
	if len(words) == 0 || !p.mutates(words) || dryRun && slices.Equal(words, []string{"kubectl", "apply", "-f", "-"}) {
		return
	}
	p.report(words, at)
}

// substituted reports what the substitutions of a command change.
func (p *parser) substituted(c shtext.Command, at place) {
	for _, inner := range c.Substitutions {
		words := unwrapped(inner)
		if len(words) > 0 && p.mutates(words) && !pullsImages(words) {
			p.report(words, at)
		}
		p.substituted(inner, at)
	}
}

// pullsImages is the check for the registry's images, the one command that released
// scripts run on nodes in a substitution.
func pullsImages(words []string) bool {
	return words[0] == "pdsh" && strings.Contains(strings.Join(words, " "), "crictl pull")
}

// report says it once a line: in a loop the line is read again and again.
func (p *parser) report(words []string, at place) {
	if p.reported[at.line] {
		return
	}
	p.reported[at.line] = true
	p.diagnose(model.Warning, CodeUnreadStep, at,
		fmt.Sprintf("the script runs %q here, which is not known from released versions; its effect is unknown and in no plan", strings.ReplaceAll(brief(words), shtext.Unknown, "...")),
		"check by hand what this line does")
}

// unwrapped are the words of a command without those that only run another; none
// for an assignment.
func unwrapped(c shtext.Command) []string {
	if c.Assigns != "" {
		return nil
	}
	words := texts(c.Words)
	for len(words) > 1 && slices.Contains(wrappers, words[0]) {
		words = words[1:]
		for len(words) > 1 && (strings.HasPrefix(words[0], "-") || strings.Contains(words[0], "=") || isNumber(words[0])) {
			words = words[1:]
		}
	}
	return words
}

func (p *parser) mutates(words []string) bool {
	name := words[0]
	switch {
	case name == "source" || name == "." || name == "bash" || name == "sh" || strings.HasPrefix(name, "python"):
		return !slices.ContainsFunc(words[1:], knownScript)
	case strings.Contains(name, "/") || strings.HasSuffix(name, ".sh"):
		return !knownScript(name) && !strings.HasPrefix(name, "/usr/bin/") && !strings.HasPrefix(name, "/bin/")
	case p.upgrade.Functions[name]:
		return !slices.Contains(knownFunctions, name)
	}
	verbs, known := mutating[name]
	if !known {
		return false
	}
	if slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, "--dry-run") && w != "--dry-run=none" }) {
		return false
	}
	return verbs == nil || slices.ContainsFunc(words[1:], func(w string) bool { return slices.Contains(verbs, w) })
}

// knownScript goes by the last folder and name: where the tree lies is not known.
func knownScript(file string) bool {
	return slices.Contains(knownScripts, path.Join(path.Base(path.Dir(file)), path.Base(file)))
}

func texts(ws []shtext.Word) []string {
	out := make([]string, 0, len(ws))
	for _, w := range ws {
		out = append(out, w.Text)
	}
	return out
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789smh") == "" }

// brief is the beginning of a command, enough to know it again.
func brief(words []string) string {
	text := strings.Join(strings.Fields(strings.Join(words, " ")), " ")
	if r := []rune(text); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return text
}
