package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"planewise/cmd/internal/app"
	"planewise/model/clean"
)

// liveFlags are what 'system import' takes to ask a running system.
type liveFlags struct {
	kube, ceph                       bool
	context, kubeconfig, cephCommand string
	timeout                          time.Duration
}

func (l *liveFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&l.kube, "kube", false, "ask the Kubernetes cluster, read-only")
	flags.StringVar(&l.context, "context", "", "the kubeconfig's context to use with --kube (default: the current one)")
	flags.StringVar(&l.kubeconfig, "kubeconfig", "", "the kubeconfig to use with --kube (default $KUBECONFIG, else ~/.kube/config)")
	flags.BoolVar(&l.ceph, "ceph", false, "ask the Ceph cluster by running ceph, read-only")
	flags.StringVar(&l.cephCommand, "ceph-command", "ceph", "how to run ceph with --ceph, as words: no shell reads them")
	flags.DurationVar(&l.timeout, "timeout", 30*time.Second, "how long each request or command may take")
}

// live checks the flags that were given.
func (l *liveFlags) live(cmd *cobra.Command, r *run) (app.Live, error) {
	for _, f := range [...]struct {
		name, needs string
		given       bool
	}{{"context", "kube", l.kube}, {"kubeconfig", "kube", l.kube}, {"ceph-command", "ceph", l.ceph}} {
		if cmd.Flags().Changed(f.name) && !f.given {
			return app.Live{}, usage("--%s needs --%s", f.name, f.needs)
		}
	}
	switch {
	case cmd.Flags().Changed("timeout") && !l.kube && !l.ceph:
		return app.Live{}, usage("--timeout needs --kube or --ceph")
	case l.timeout <= 0:
		return app.Live{}, usage("--timeout %s leaves no time to answer: write it as 30s or 2m", l.timeout)
	}
	out := app.Live{Context: l.context, Timeout: l.timeout}
	if l.kube {
		out.Kubeconfig = app.Kubeconfigs(l.kubeconfig, r.env.Getenv)
	}
	if l.ceph {
		if out.Ceph = strings.Fields(l.cephCommand); len(out.Ceph) == 0 {
			return app.Live{}, usage("--ceph-command is empty: write it as 'cephadm shell -- ceph'")
		}
	}
	return out, nil
}

// progress tells on a terminal what is being read, once that has taken a second. The
// second function takes the line away again.
func (r *run) progress() (say func(what string, n int), end func()) {
	if !r.env.StderrTerminal || r.quiet {
		return func(string, int) {}, func() {}
	}
	const clear = "\r\x1b[K"
	began, shown := r.env.Now(), false
	return func(what string, n int) {
			if r.env.Now().Sub(began) < time.Second {
				return
			}
			shown = true
			fmt.Fprintf(r.env.Stderr, clear+"reading %s", clean.Text(what))
			if n > 0 {
				fmt.Fprintf(r.env.Stderr, ", %d so far", n)
			}
		}, func() {
			if shown {
				fmt.Fprint(r.env.Stderr, clear)
			}
		}
}

func newSystemRole(r *run) *cobra.Command {
	return &cobra.Command{
		Use:   "role",
		Short: "Print the rights that 'system import --kube' needs, for kubectl apply",
		Long: `role prints an account and a role that may get and list what a snapshot is made of,
and nothing else: no Secrets, and ConfigMaps in the namespaces loftsman and services
only. A cluster without one of these two does not take the part for it.

` + exitCodes,
		Example: `  planewise system role | kubectl apply -f -
  kubectl -n planewise create token planewise-reader`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			role, err := app.ReaderRole()
			if err != nil {
				return err
			}
			return r.print(string(role))
		},
	}
}
