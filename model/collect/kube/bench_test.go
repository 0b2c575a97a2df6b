package kube

import (
	"bytes"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"planewise/model/snapshot/csm"
	"planewise/model/snapshot/read"
)

// pages are a list as an API server writes it, with objects as real ones are: most of
// an object is of no use here (managed fields, containers, images of a node).
func pages(k kind, objects int, object func(i int) string) [][]byte {
	var out [][]byte
	for start := 0; start < objects; start += int(k.limit) {
		end, next := min(start+int(k.limit), objects), ""
		if end < objects {
			next = fmt.Sprintf(`"continue":"%d","remainingItemCount":%d,`, end/int(k.limit), objects-end)
		}
		var b bytes.Buffer
		fmt.Fprintf(&b, `{"kind":"%sList","apiVersion":"v1","metadata":{%s"resourceVersion":"7"},"items":[`, k.object, next)
		for i := start; i < end; i++ {
			if i > start {
				b.WriteByte(',')
			}
			b.WriteString(object(i))
		}
		b.WriteString("]}")
		out = append(out, b.Bytes())
	}
	return out
}

var (
	managed = `"managedFields":[{"apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{` + strings.TrimSuffix(strings.Repeat(`"f:some":{"f:field":{},"f:other":{".":{},"k:{\"type\":\"Ready\"}":{}}},`, 20), ",") + `},"manager":"kubelet","operation":"Update","time":"2026-01-01T00:00:00Z"}],`
	images  = strings.Repeat(`{"names":["registry.local/some/image@sha256:0123456789abcdef","registry.local/some/image:1.2.3"],"sizeBytes":123456789},`, 20)
	environ = strings.Repeat(`{"name":"NAME","value":"a value of some length, as containers have many"},`, 12)
)

func largeNode(i int) string {
	return fmt.Sprintf(`{"metadata":{"annotations":{"a":"x"},"creationTimestamp":"2026-01-01T00:00:00Z","labels":{"kubernetes.io/arch":"amd64","kubernetes.io/hostname":"ncn-w%06d","node-role.kubernetes.io/worker":""},%s"name":"ncn-w%06d","resourceVersion":"12345","uid":"u"},"spec":{"podCIDR":"10.32.0.0/24"},"status":{"addresses":[{"address":"10.252.1.4","type":"InternalIP"}],"capacity":{"cpu":"128","memory":"263862892Ki","pods":"200"},"conditions":[{"lastHeartbeatTime":"2026-01-01T00:00:00Z","message":"kubelet is posting ready status","status":"True","type":"Ready"}],"images":[%s{"names":["x"]}],"nodeInfo":{"architecture":"amd64","kernelVersion":"5.14.21","kubeletVersion":"v1.24.17","osImage":"SLES"}}}`,
		i, managed, i, images)
}

func largePod(i int) string {
	return fmt.Sprintf(`{"metadata":{"labels":{"app":"a%d","pod-template-hash":"6f7d9c"},%s"name":"app-%d","namespace":"services","ownerReferences":[{"apiVersion":"apps/v1","controller":true,"kind":"ReplicaSet","name":"app%d-6f7d9c","uid":"u"}]},"spec":{"containers":[{"env":[%s{"name":"LAST"}],"image":"registry.local/some/image:1.2.3","name":"main","resources":{"limits":{"cpu":"1","memory":"1Gi"}}}],"nodeName":"ncn-w%06d","volumes":[{"name":"v","configMap":{"name":"c"}}]},"status":{"conditions":[{"status":"True","type":"Ready"}],"phase":"Running","podIP":"10.32.0.7"}}`,
		i/3, managed, i, i/3, environ, i%9_000)
}

// BenchmarkCollect asks a server for 9,000 nodes and 20,000 pods. MB/s is about the
// bytes on the wire, with TLS; peak-MiB the heap in use beside what is served, at its
// highest among samples taken at each page.
func BenchmarkCollect(b *testing.B) {
	c := newCluster(b)
	served := map[string][][]byte{
		kindOf(b, "nodes").path(0): pages(kindOf(b, "nodes"), 9_000, largeNode),
		kindOf(b, "pods").path(0):  pages(kindOf(b, "pods"), 20_000, largePod),
	}
	c.before = func(w http.ResponseWriter, r *http.Request) bool {
		list, ok := served[r.URL.Path]
		if !ok {
			return false
		}
		n, _ := strconv.Atoi(r.URL.Query().Get("continue"))
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(list[n])
		return true
	}
	size := int64(0)
	for _, list := range served {
		for _, p := range list {
			size += int64(len(p))
		}
	}
	b.SetBytes(size)
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	peak := uint64(0)
	sample := func(string, int) {
		runtime.ReadMemStats(&now)
		peak = max(peak, now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc))
	}
	for b.Loop() {
		r := read.New(csm.Answers())
		if err := c.client(b, long).Collect(b.Context(), r, noon, sample); err != nil {
			b.Fatal(err)
		}
		sample("", 0)
		if s, _ := r.Snapshot(); len(s.Nodes) != 9_000 || s.Partial {
			b.Fatalf("%d nodes", len(s.Nodes))
		}
	}
	b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
}
