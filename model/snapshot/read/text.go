package read

import (
	"bytes"
	"io"
	"strings"

	"planewise/model"
	"planewise/model/snapshot"
)

// text reads an answer that is no JSON: commands refuse and report in sentences. None
// of it is quoted, since an error may hold what was sent.
func (f *file) text(in io.Reader) error {
	const enough = 64 << 10
	data, err := io.ReadAll(io.LimitReader(in, enough))
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(data)), "\n")
	line = strings.TrimSpace(line)
	low, said := strings.ToLower(line), sentences(string(data))
	switch {
	case low == "no services reported":
		f.kinds[snapshot.KindCephOrch] = true
	case hasPrefix(low, "no resources found", "no hosts reported", "no daemons reported"):
		f.kinds[snapshot.KindOther] = true
	case contains(low, "no orchestrator configured", "module 'orchestrator' is not enabled"):
		f.note(model.Info, "no-orchestrator", "export ceph status and osd tree, which say as much", "Ceph has no orchestrator, so that it does not list services and daemons")
		f.kinds[snapshot.KindOther] = true
	case contains(said, "forbidden", "unauthorized", "must be logged in", "authorization required", "permission denied", "access denied"):
		f.bad("refused", "export it as somebody who may get and list these objects", "the system refused to answer")
	case contains(said, "timed out", "timeout", "time-out", "unable to connect", "was refused", "connection refused", "connection reset", "no route to host", "bad gateway", "service unavailable"):
		f.bad("no-answer", "export it again when the service answers", "the system did not answer in time")
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		f.bad("wrong-encoding", "save it as UTF-8; a redirection in PowerShell writes UTF-16", "the file is UTF-16")
	case hasPrefix(line, "apiVersion:", "items:"):
		f.bad("not-json", "export it with -o json", "the answer is YAML, which is not read here")
	case hasPrefix(line, "NAME ", "NAMESPACE ", "NAME\t", "+--", "####", "ID  CLASS ", "cluster:"):
		f.bad("not-json", "export it with -o json, --format json or -f json", "the answer is a table or report for people")
	case contains(said, "command not found"), startsFailure(said), hasPrefix(low, "<html", "<!doctype"):
		f.bad("failed-command", "run the command by hand, then export again", "the command failed instead of answering")
	default:
		f.note(model.Info, "not-an-export", "give answers with -o json or -f json", "it is no JSON and was not used")
		f.kinds[snapshot.KindOther] = true
	}
	return nil
}

// failures are the words with which a line that reports a failure begins.
var failures = []string{"error", "traceback", "fatal", "usage:", "unable to", "panic:"}

// sentences are the first line of an answer, and those that report a failure, in
// lower case: many commands print how they are used, or where they failed, first.
func sentences(text string) string {
	var out []string
	for line := range strings.SplitSeq(strings.ToLower(strings.TrimSpace(text)), "\n") {
		if line = strings.TrimSpace(line); len(out) == 0 || hasPrefix(line, failures...) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func startsFailure(said string) bool {
	for line := range strings.SplitSeq(said, "\n") {
		if hasPrefix(line, failures...) {
			return true
		}
	}
	return false
}

func hasPrefix(s string, starts ...string) bool {
	for _, start := range starts {
		if strings.HasPrefix(s, start) {
			return true
		}
	}
	return false
}

func contains(s string, parts ...string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// status is an answer of Kubernetes that says why there is none. Its message may hold
// anything and is not kept; its reason is one of the API's words.
func (f *file) status(m Fields) {
	switch reason := m.text("reason"); reason {
	case "Forbidden", "Unauthorized":
		f.bad("refused", "export it as somebody who may get and list these objects", "the system refused to answer: %s", reason)
	case "Timeout", "ServerTimeout", "TooManyRequests", "ServiceUnavailable":
		f.bad("no-answer", "export it again when the service answers", "the system did not answer in time: %s", reason)
	default:
		f.bad("failed-command", "run the command by hand, then export again", "the system answered with an error")
	}
}
