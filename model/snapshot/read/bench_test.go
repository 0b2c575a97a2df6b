package read_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"planewise/model/snapshot/csm"
	. "planewise/model/snapshot/read"
	"runtime"
	"strings"
	"testing"
)

// managed is what the API keeps of who set which field, as kubectl prints it with
// --show-managed-fields and older versions always do; about 1.4 KB.
var managed = `"managedFields":[` + strings.TrimSuffix(strings.Repeat(`{"apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app":{},"f:pod-template-hash":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"main\"}":{".":{},"f:env":{".":{},"k:{\"name\":\"A\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:imagePullPolicy":{},"f:resources":{}}},"f:dnsPolicy":{},"f:restartPolicy":{}}},"manager":"kube-controller-manager","operation":"Update","time":"2026-01-01T00:00:00Z"},`, 3), ",") + `],`

// container is one of a pod besides its environment, about 1 KB.
const container = `"livenessProbe":{"failureThreshold":3,"httpGet":{"path":"/healthz","port":8080,"scheme":"HTTP"},"periodSeconds":10},"readinessProbe":{"failureThreshold":3,"httpGet":{"path":"/ready","port":8080,"scheme":"HTTP"},"periodSeconds":10},"securityContext":{"allowPrivilegeEscalation":false,"runAsUser":65534},"terminationMessagePath":"/dev/termination-log","volumeMounts":[{"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","name":"token","readOnly":true},{"mountPath":"/etc/config","name":"v"}],`

// statuses of a pod's conditions and containers, about 1 KB.
const statuses = `"conditions":[{"lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:00Z","status":"True","type":"Initialized"},{"lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:00Z","status":"True","type":"Ready"},{"lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:00Z","status":"True","type":"ContainersReady"},{"lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:00Z","status":"True","type":"PodScheduled"}],"containerStatuses":[{"containerID":"containerd://0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","image":"registry.local/some/image:1.2.3","imageID":"registry.local/some/image@sha256:0123456789abcdef0123456789abcdef","lastState":{},"name":"main","ready":true,"restartCount":0,"started":true,"state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}}}],`

// large is an export of kubectl with so many nodes and pods, written like a real one,
// with nodes of about 7 KB and pods of about 4: most of it is of no use here.
func large(nodes, pods int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"apiVersion":"v1","items":[`)
	noise := strings.Repeat(`{"name":"NAME_%d","value":"a value of some length, as containers have many"},`, 12)
	for i := range nodes {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"apiVersion":"v1","kind":"Node","metadata":{"annotations":{"a":"%s"},"creationTimestamp":"2026-01-01T00:00:00Z","labels":{"kubernetes.io/arch":"amd64","kubernetes.io/hostname":"ncn-w%06d","node-role.kubernetes.io/worker":""},"name":"ncn-w%06d","resourceVersion":"12345","uid":"u",%s"generation":1},"spec":{"podCIDR":"10.32.0.0/24"},"status":{"addresses":[{"address":"10.252.1.4","type":"InternalIP"}],"capacity":{"cpu":"128","memory":"263862892Ki","pods":"200"},"conditions":[{"lastHeartbeatTime":"2026-01-01T00:00:00Z","message":"kubelet is posting ready status","status":"True","type":"Ready"}],"images":[%s{"names":["x"]}],"nodeInfo":{"architecture":"amd64","kernelVersion":"5.14.21","kubeletVersion":"v1.24.17","osImage":"SLES"}}}`,
			strings.Repeat("x", 200), i, i, managed, strings.Repeat(`{"names":["registry.local/some/image@sha256:0123456789abcdef","registry.local/some/image:1.2.3"],"sizeBytes":123456789},`, 40))
	}
	for i := range pods {
		if i > 0 || nodes > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"app":"a%d","pod-template-hash":"6f7d9c"},"name":"app-%d","namespace":"services","ownerReferences":[{"apiVersion":"apps/v1","controller":true,"kind":"ReplicaSet","name":"app%d-6f7d9c","uid":"u"}],%s"resourceVersion":"1"},"spec":{"containers":[{"env":[%s{"name":"LAST"}],%s"image":"registry.local/some/image:1.2.3","name":"main","resources":{"limits":{"cpu":"1","memory":"1Gi"}}}],"nodeName":"ncn-w%06d","volumes":[{"name":"v","configMap":{"name":"c"}}]},"status":{%s"phase":"Running","podIP":"10.32.0.7"}}`,
			i/3, i, i/3, managed, strings.ReplaceAll(noise, "%d", "1"), container, i%max(1, nodes), statuses)
	}
	b.WriteString(`],"kind":"List","metadata":{"resourceVersion":""}}`)
	return b.Bytes()
}

// The same bytes, read into a snapshot and into generic values: the bound is half
// the speed of the latter. Compare MB/s of the two in one run.
func BenchmarkSnapshot(b *testing.B) {
	data := large(9_000, 20_000)
	b.Run("planewise", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			r := New(csm.Answers())
			if err := r.File("all.json", zero, bytes.NewReader(data)); err != nil {
				b.Fatal(err)
			}
			if s, _ := r.Snapshot(); len(s.Nodes) != 9_000 || s.Partial {
				b.Fatalf("%d nodes", len(s.Nodes))
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var v any
			if err := json.Unmarshal(data, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkMemory reports the heap that is in use beside the input, at its highest
// among samples taken while the file is read.
func BenchmarkMemory(b *testing.B) {
	data := large(9_000, 20_000)
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		peak := uint64(0)
		r := New(csm.Answers())
		in := &sampled{Reader: bytes.NewReader(data), every: len(data) / 50, sample: func() {
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc))
		}}
		if err := r.File("all.json", zero, in); err != nil {
			b.Fatal(err)
		}
		r.Snapshot()
		in.sample()
		b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
	}
}

type sampled struct {
	*bytes.Reader
	every, n int
	sample   func()
}

func (s *sampled) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if s.n += n; s.n > s.every {
		s.n = 0
		s.sample()
	}
	return n, err
}

// The benchmark's objects are as large as real ones, or it would say nothing.
func TestBenchmarkObjectsAreOfRealSize(t *testing.T) {
	if node, pod := len(large(100, 0))/100, len(large(0, 100))/100; node < 5_000 || pod < 4_000 {
		t.Errorf("a node of %d bytes, a pod of %d", node, pod)
	}
}

// Reading does not keep what it reads: five times the pods of the same workloads take
// hardly more memory, far less than the bytes they have.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	measure := func(pods int) (heap uint64, size int) {
		data := large(50, pods)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		r := New(csm.Answers())
		if err := r.File("all.json", zero, bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(r)
		runtime.KeepAlive(data)
		return after.HeapAlloc - min(after.HeapAlloc, before.HeapAlloc), len(data)
	}
	small, few := measure(1_000)
	big, many := measure(5_000)
	if grown, read := int64(big)-int64(small), many-few; grown > int64(read)/4 {
		t.Errorf("%d bytes more to read keep %d bytes more", read, grown)
	}
}
