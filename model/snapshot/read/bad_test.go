package read_test

import (
	"planewise/model/snapshot/csm"
	. "planewise/model/snapshot/read"
	"strings"
	"testing"

	"planewise/model"
)

func TestBadInput(t *testing.T) {
	node := `{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"}}`
	cases := []struct {
		name, text, code string
		partial          bool
		nodes, workloads int
	}{
		{"truncated list", `{"apiVersion":"v1","items":[` + node + `,{"kind":"Node","meta`, "truncated", true, 1, 0},
		{"truncated between", `{"apiVersion":"v1","items":[` + node + `,`, "truncated", true, 1, 0},
		{"garbage after", `{"apiVersion":"v1","items":[` + node + `]} trailing`, "bad-json", true, 1, 0},
		{"two documents", `{"kind":"List","apiVersion":"v1","items":[` + node + `]}{"kind":"List","apiVersion":"v1","items":[]}`, "several-documents", false, 1, 0},
		{"wrong kind", `{"hello":"world"}`, "unknown-kind", true, 0, 0},
		{"wrong list", `[{"hello":"world"}]`, "unknown-kind", true, 0, 0},
		{"a number", `[1,2]`, "unknown-kind", true, 0, 0},
		{"empty object", `{}`, "empty-answer", true, 0, 0},
		{"empty", "", "empty-answer", true, 0, 0},
		{"forbidden", "Error from server (Forbidden): nodes is forbidden: User \"x\" cannot list", "refused", true, 0, 0},
		{"time-out", "Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout", "no-answer", true, 0, 0},
		{"connection refused", "The connection to the server localhost:8080 was refused - did you specify the right host or port?", "no-answer", true, 0, 0},
		{"no command", "bash: kubectl: command not found", "failed-command", true, 0, 0},
		{"stack trace", "Traceback (most recent call last):\n  File \"x\"\nRuntimeError: planted", "failed-command", true, 0, 0},
		{"usage before the error", "Usage: cray hsm [OPTIONS]\nTry --help\n\nError: No active configuration.", "failed-command", true, 0, 0},
		{"usage before a refusal", "Usage: cray hsm [OPTIONS]\n\nError: 403 Forbidden", "refused", true, 0, 0},
		{"page of a proxy", "<html><head><title>504 Gateway Time-out</title></head></html>", "no-answer", true, 0, 0},
		{"page of a login", "<html><head><title>401 Authorization Required</title></head></html>", "refused", true, 0, 0},
		{"ceph's time-out", "2026-01-01T00:00:00.000+0000 7f 0 monclient(hunting): authenticate timed out after 300", "no-answer", true, 0, 0},
		{"ceph without configuration", "Error initializing cluster client: ObjectNotFound('RADOS object not found')", "failed-command", true, 0, 0},
		{"no such resource", "error: the server doesn't have a resource type \"postgresql\"", "failed-command", true, 0, 0},
		{"table of sat", "+-------+------+\n| xname | Type |\n+-------+------+", "not-json", true, 0, 0},
		{"report of sat", "####################\nSystem Revision Information\n####################", "not-json", true, 0, 0},
		{"ceph status for people", "  cluster:\n    id: abc\n    health: HEALTH_OK", "not-json", true, 0, 0},
		{"time-out as status", `{"kind":"Status","apiVersion":"v1","status":"Failure","message":"etcdserver: planted","reason":"Timeout","code":504}`, "no-answer", true, 0, 0},
		{"not found as status", `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}`, "failed-command", true, 0, 0},
		{"status", `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden"}`, "refused", true, 0, 0},
		{"half a list", `{"kind":"NodeList","apiVersion":"v1","metadata":{"continue":"abc","remainingItemCount":7},"items":[{"metadata":{"name":"n1"}}]}`, "half-a-list", true, 1, 0},
		{"kind after the elements", `{"apiVersion":"v1","items":[{"metadata":{"name":"n1"}}],"kind":"NodeList"}`, "", false, 1, 0},
		{"no kind at all", `{"items":[{"metadata":{"name":"n1"}}]}`, "unknown-kind", true, 0, 0},
		{"control characters", `{"apiVersion":"v1","items":[{"kind":"Node","metadata":{"name":"n\u001b[2J1"}}]}`, "strange-name", true, 0, 0},
		{"nameless", `{"apiVersion":"v1","items":[{"kind":"Node","metadata":{}}]}`, "nameless-object", true, 0, 0},
		{"number as text", `{"apiVersion":"v1","items":[{"kind":"Deployment","metadata":{"name":"a","namespace":"b"},"spec":{"replicas":"3"}}]}`, "number-as-text", false, 0, 1},
		{"no number", `{"apiVersion":"v1","items":[{"kind":"Deployment","metadata":{"name":"a","namespace":"b"},"spec":{"replicas":"many"}}]}`, "bad-number", true, 0, 0},
		{"negative", `{"apiVersion":"v1","items":[{"kind":"Deployment","metadata":{"name":"a","namespace":"b"},"spec":{"replicas":-1}}]}`, "bad-number", true, 0, 0},
		{"wrong type", `{"apiVersion":"v1","items":[{"kind":"Node","metadata":{"name":"n1","labels":"none"}}]}`, "wrong-type", true, 1, 0},
		{"items no list", `{"apiVersion":"v1","kind":"NodeList","items":{"a":[1,{"b":2}]}}`, "wrong-type", true, 0, 0},
		{"daemon set without status", `{"apiVersion":"v1","items":[{"kind":"DaemonSet","metadata":{"name":"a","namespace":"b"}}]}`, "unknown-count", false, 0, 0},
		{"pool of nothing", `[{"pool_name":"a","size":"x"}]`, "bad-pool", true, 0, 0},
		{"plain text", "all is well", "not-an-export", false, 0, 0},
		{"plain text alone", "all is well", "empty-snapshot", false, 0, 0},
		{"a table", "NAMESPACE   NAME   READY\nservices   a   1/1\n", "not-json", true, 0, 0},
		{"yaml", "apiVersion: v1\nitems:\n- kind: Node\n", "not-json", true, 0, 0},
		{"utf-16", "\xff\xfe{\x00}\x00", "wrong-encoding", true, 0, 0},
		{"chatter before", "dumped all\n" + node, "", false, 1, 0},
		{"byte order mark", "\xef\xbb\xbf" + node, "", false, 1, 0},
		{"own document", `{"format":"planewise.system/1"}`, "own-document", true, 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, notes := read(t, c.text)
			if c.code != "" {
				expectCode(t, notes, model.Code(c.code))
			}
			if s.Partial != c.partial || len(s.Nodes) != c.nodes || len(s.Workloads) != c.workloads {
				t.Errorf("partial %v, %d nodes, %d workloads: %v", s.Partial, len(s.Nodes), len(s.Workloads), notes)
			}
			for _, n := range notes {
				if strings.ContainsAny(n.Subject+n.Summary+n.Hint, "\x1b\n\x00") {
					t.Errorf("a control character in %q", n)
				}
			}
		})
	}
}

func TestTooLargeValue(t *testing.T) {
	r := New(csm.Answers())
	r.BoundElement(1 << 20)
	if err := r.File("a.json", zero, reader(`{"apiVersion":"v1","items":[{"kind":"Node","metadata":{"name":"`+strings.Repeat("a", 3<<20)+`"}}]}`)); err != nil {
		t.Fatal(err)
	}
	s, notes := r.Snapshot()
	if !s.Partial || len(s.Nodes) != 0 {
		t.Errorf("a value of 3 MiB was read: %v", notes)
	}
	expectCode(t, notes, "unreadable")
}

// What a system says of its own state before the update is a warning, and a release
// that was uninstalled does not run.
func TestUnfinishedStates(t *testing.T) {
	s, notes := read(t, `[{"name":"a","namespace":"b","status":"uninstalled","chart":"a-1.0.0"},{"name":"c","namespace":"b","status":"pending-upgrade","chart":"c-1.0.0"}]`,
		`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"loftsman-sysmgmt"},"data":{"status":"crashed","manifest.yaml":"spec: {charts: [{name: a, version: 1.0.0}]}"}}`,
		`{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"},"spec":{"unschedulable":true}}`)
	if len(s.Charts) != 1 || s.Charts[0].Name != "c" {
		t.Errorf("%+v", s.Charts)
	}
	for _, code := range []model.Code{"helm-not-deployed", "shipment-unfinished", "node-cordoned"} {
		expectCode(t, notes, code)
	}
	r := model.Release{Components: []model.Component{{Kind: model.KindChart, Namespace: "b", Name: "c"}}}
	if got := s.Unfinished(r); len(got) != 1 || got[0] != (model.Unfinished{Component: "chart:b/c", Status: "pending-upgrade"}) {
		t.Errorf("%+v", got)
	}
}

// helm list prints 256 rows and stops, without a word.
func TestHelmStopsAfter256(t *testing.T) {
	for n, partial := range map[int]bool{255: false, 256: true, 257: false} {
		rows := strings.Repeat(`{"name":"a","namespace":"b","status":"deployed","chart":"a-1.0.0"},`, n)
		s, notes := read(t, "["+strings.TrimSuffix(rows, ",")+"]")
		if s.Partial != partial || hasCode(notes, "half-a-list") != partial {
			t.Errorf("%d rows: partial %v, %v", n, s.Partial, notes)
		}
	}
}

func TestAnsweredTwice(t *testing.T) {
	one := `{"apiVersion":"v1","items":[{"kind":"Deployment","metadata":{"name":"a","namespace":"b"},"spec":{"replicas":1}}]}`
	two := strings.Replace(one, `"replicas":1`, `"replicas":2`, 1)
	s, notes := read(t, one, two)
	if len(s.Workloads) != 1 || s.Workloads[0].Replicas != 2 {
		t.Errorf("%+v", s.Workloads)
	}
	expectCode(t, notes, "answered-twice")
}

func TestChartNames(t *testing.T) {
	for in, want := range map[string][2]string{
		"cray-hms-bss-3.1.5":           {"cray-hms-bss", "3.1.5"},
		"cert-manager-v1.12.9":         {"cert-manager", "v1.12.9"},
		"cray-opa-1.35.6-1":            {"cray-opa", "1.35.6-1"},
		"kyverno-2.0.0-beta.1+abc":     {"kyverno", "2.0.0-beta.1+abc"},
		"spire-2-tool-1.2.3":           {"spire-2-tool", "1.2.3"},
		"nothing":                      {"nothing", ""},
		"cray-etcd-3.5-defrag-0.4.0-1": {"cray-etcd-3.5-defrag", "0.4.0-1"},
	} {
		name, version, _ := SplitChart(in)
		if name != want[0] || version != want[1] {
			t.Errorf("%s: %q %q", in, name, version)
		}
	}
}
