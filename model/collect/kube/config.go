package kube

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	// why: a cluster is asked as kubectl asks it: the kubeconfig's contexts, merging,
	// certificates and credential programs, and lists of any kind without its types.
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"planewise/model/clean"
	"planewise/model/snapshot/read"
)

// Config says which cluster to ask.
type Config struct {
	// Files are kubeconfig files; of what several say the first counts, and those that
	// do not exist are passed over, as long as one does.
	Files []string
	// Context in them; "" for the current one.
	Context string
	// Timeout of each request.
	Timeout time.Duration
	// ConfigMaps to list, of those that the snapshot's reader takes.
	ConfigMaps []read.ConfigMaps
}

// Client asks one cluster.
type Client struct {
	// Cluster is the name that the kubeconfig gives the cluster.
	Cluster string
	config  Config
	context string
	dynamic dynamic.Interface
	// answered: the server has said something, be it a refusal.
	answered bool
	// limit of the bytes of one answer of the server.
	limit int64
}

// Open reads the kubeconfig; the cluster is not asked yet. Errors name the file,
// what is wrong and what to do, and nothing of what the file holds but names.
func Open(c Config) (*Client, error) {
	if c.Timeout <= 0 {
		return nil, fmt.Errorf("ask the cluster: a time limit of %s leaves no time to answer; give more", c.Timeout)
	}
	merged, err := load(c.Files)
	if err != nil {
		return nil, err
	}
	name := c.Context
	if name == "" {
		name = merged.CurrentContext
	}
	client := &Client{config: c, context: name, limit: maxAnswer}
	if client.Cluster, err = check(merged, name, client.where()); err != nil {
		return nil, err
	}
	conf, err := clientcmd.NewNonInteractiveClientConfig(*merged, name, &clientcmd.ConfigOverrides{}, nil).ClientConfig()
	if err != nil {
		return nil, unusable(client.where(), name, err)
	}
	client.tune(conf)
	if client.dynamic, err = dynamic.NewForConfig(conf); err != nil {
		return nil, unusable(client.where(), name, err)
	}
	return client, nil
}

// tune sets how the server is asked: one request at a time needs no brake, warnings
// about old versions of the API are nobody's business here, a server that takes no
// connection is told from one that is slow, and no answer is endless.
func (c *Client) tune(conf *rest.Config) {
	conf.QPS = -1
	conf.WarningHandler = rest.NoWarnings{}
	conf.UserAgent = "planewise"
	conf.Timeout = 0 // each request has its own
	conf.Dial = (&net.Dialer{Timeout: c.config.Timeout / 2}).DialContext
	conf.Wrap(func(inner http.RoundTripper) http.RoundTripper { return bounded{inner, &c.limit} })
}

// where names the files that the configuration comes from.
func (c *Client) where() string { return files(c.config.Files) }

func files(names []string) string { return clean.Text(strings.Join(names, ", ")) }

// load reads and merges the files, by kubectl's rules.
func load(names []string) (*api.Config, error) {
	found := false
	for _, name := range names {
		_, err := clientcmd.LoadFromFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, unreadable(name, err)
		}
		found = true
	}
	switch {
	case len(names) == 0:
		return nil, errors.New("no kubeconfig: neither --kubeconfig nor KUBECONFIG nor a home directory names one; give --kubeconfig FILE")
	case !found:
		return nil, fmt.Errorf("kubeconfig %s: there is no such file; give --kubeconfig FILE, or set KUBECONFIG", files(names))
	}
	merged, err := (&clientcmd.ClientConfigLoadingRules{Precedence: names}).Load()
	if err != nil {
		return nil, unreadable(files(names), err)
	}
	return merged, nil
}

// unreadable says why a file cannot be read; what a parser says of it may quote it.
func unreadable(name string, err error) error {
	why := "it is no kubeconfig"
	if errors.Is(err, fs.ErrPermission) {
		why = "it may not be read"
	} else if info, statErr := os.Stat(name); statErr == nil && info.IsDir() {
		why = "it is a folder"
	}
	return fmt.Errorf("kubeconfig %s: %s; try kubectl --kubeconfig FILE config view", clean.Text(name), why)
}

// check finds the cluster of a context.
func check(c *api.Config, name, where string) (cluster string, err error) {
	contexts := "it has none"
	if len(c.Contexts) > 0 {
		contexts = "it has " + clean.Text(strings.Join(slices.Sorted(maps.Keys(c.Contexts)), ", "))
	}
	if name == "" {
		return "", fmt.Errorf("kubeconfig %s: no context is set as the current one; give --context (%s)", where, contexts)
	}
	chosen, ok := c.Contexts[name]
	if !ok || chosen == nil {
		return "", fmt.Errorf("kubeconfig %s: no context %q; give one with --context (%s)", where, clean.Text(name), contexts)
	}
	entry, ok := c.Clusters[chosen.Cluster]
	if !ok || entry == nil || entry.Server == "" {
		return "", fmt.Errorf("kubeconfig %s: context %q has no cluster with a server; set one with kubectl config set-cluster", where, clean.Text(name))
	}
	if _, ok := c.AuthInfos[chosen.AuthInfo]; !ok && chosen.AuthInfo != "" {
		return "", fmt.Errorf("kubeconfig %s: context %q names a user that it does not have; add it with kubectl config set-credentials", where, clean.Text(name))
	}
	return clean.Text(chosen.Cluster), nil
}

// unusable is a configuration that the client refuses. Of its reasons only those that
// are about files are told.
func unusable(where, context string, err error) error {
	var many interface{ Errors() []error }
	all := []error{err}
	if errors.As(err, &many) {
		all = many.Errors()
	}
	for _, one := range all {
		var file *fs.PathError
		if errors.As(one, &file) {
			return fmt.Errorf("kubeconfig %s: context %q: cannot %s %s: %s; correct the path or the rights", where, clean.Text(context), file.Op, clean.Text(file.Path), file.Err)
		}
	}
	return fmt.Errorf("kubeconfig %s: context %q is not usable (server, certificates or credentials are not as they should be); see what kubectl --context NAME version says", where, clean.Text(context))
}
