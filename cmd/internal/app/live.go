package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"planewise/fixtures"
	"planewise/model"
	"planewise/model/collect"
	"planewise/model/collect/ceph"
	"planewise/model/collect/kube"
	"planewise/model/snapshot"
	"planewise/model/snapshot/csm"
	"planewise/model/snapshot/read"
)

// SnapshotRequest says what to make a snapshot of: exports, what runs now, or both.
type SnapshotRequest struct {
	// Name of the system; "" for that of the cluster that is asked, else that of the
	// first path.
	Name  string
	Paths []string
	// Taken is when the exports were made; zero for the time of the latest file.
	Taken time.Time
	Live  Live
}

// Live says which parts of a running system to ask. Asking changes nothing there.
type Live struct {
	// Kubeconfig files to find the cluster in; nil asks no cluster.
	Kubeconfig []string
	// Context in them, "" for the current one.
	Context string
	// Ceph is the command that runs ceph, as words; nil asks none.
	Ceph []string
	// Timeout of each request and command.
	Timeout  time.Duration
	Progress collect.Progress
}

// Any says whether anything is to be asked.
func (l Live) Any() bool { return l.Kubeconfig != nil || l.Ceph != nil }

// Kubeconfigs are the files that kubectl would read: the one given, else those of
// $KUBECONFIG, else ~/.kube/config. It is never nil.
func Kubeconfigs(given string, getenv func(string) string) []string {
	if given != "" {
		return []string{given}
	}
	out := []string{}
	for _, file := range filepath.SplitList(getenv("KUBECONFIG")) {
		if file != "" {
			out = append(out, file)
		}
	}
	if home := getenv("HOME"); len(out) == 0 && home != "" {
		out = append(out, filepath.Join(home, ".kube", "config"))
	}
	return out
}

// ReaderRole is the role that grants what asking a cluster needs, for kubectl apply.
func ReaderRole() ([]byte, error) { return fixtures.Published.ReadFile("rbac/planewise-reader.yaml") }

// takeSnapshot reads the exports and asks what is to be asked. It also returns the
// name of the system.
func (a *App) takeSnapshot(ctx context.Context, q SnapshotRequest) (snapshot.Snapshot, string, []model.Diagnostic, error) {
	name := q.Name
	if name == "" && len(q.Paths) > 0 {
		name = SnapshotName(q.Paths[0])
	}
	if !q.Live.Any() {
		s, notes, err := a.ReadSnapshot(q.Paths...)
		return s, name, notes, err
	}
	var cluster *kube.Client
	if q.Live.Kubeconfig != nil {
		for _, file := range q.Live.Kubeconfig {
			if err := a.Files.Check(file); err != nil && a.Files.Exists(file) {
				return snapshot.Snapshot{}, "", nil, fmt.Errorf("kubeconfig %w", err)
			}
		}
		var err error
		if cluster, err = kube.Open(kube.Config{Files: q.Live.Kubeconfig, Context: q.Live.Context, Timeout: q.Live.Timeout, ConfigMaps: csm.Answers().ConfigMaps}); err != nil {
			return snapshot.Snapshot{}, "", nil, err
		}
		if q.Name == "" {
			name = clusterName(cluster.Cluster)
		}
	}
	if name == "" {
		return snapshot.Snapshot{}, "", nil, errors.New("the system needs a name; give --name")
	}
	r := read.New(csm.Answers())
	for _, p := range q.Paths {
		if err := a.readExport(r, p); err != nil {
			return snapshot.Snapshot{}, "", nil, err
		}
	}
	err := a.ask(ctx, r, cluster, q.Live)
	if ctx.Err() != nil {
		return snapshot.Snapshot{}, "", nil, errors.New("interrupted while the system was asked; nothing was kept")
	}
	s, notes := r.Snapshot()
	if err != nil {
		err = fmt.Errorf("system import: %w", err)
	}
	return s, name, notes, err
}

// ask hands what runs now to the reader. All of it bears the time of the beginning.
func (a *App) ask(ctx context.Context, sink collect.Sink, cluster *kube.Client, l Live) error {
	at := a.Now()
	if cluster != nil {
		if err := cluster.Collect(ctx, sink, at, l.Progress); err != nil {
			return err
		}
	}
	if l.Ceph != nil {
		return ceph.Collect(ctx, ceph.Command(l.Ceph, l.Timeout), sink, at, l.Progress)
	}
	return nil
}

// clusterName makes a system's name of a cluster's: what is not usual in a name of the
// catalogue becomes a hyphen.
func clusterName(s string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_':
			return r
		}
		return '-'
	}, s)
	if plain = strings.Trim(plain, "-."); plain == "" {
		return "cluster"
	}
	return plain[:min(len(plain), 100)]
}
