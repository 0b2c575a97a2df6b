package kube

import (
	"context"
	"errors"

	"github.com/go-logr/logr" // why: the only way to keep the client from logging

	// why: which answers of the API mean what, and the types of its lists.
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	// maxStarts of one list: one that expires again and again is never whole.
	maxStarts = 4
	// maxPages of one list, against a server that never comes to an end.
	maxPages = 20_000
)

var (
	errExpires = errors.New("the list expires faster than it can be read")
	errEndless = errors.New("the list has no end")
)

// read lists a kind, in the first version of the API that the cluster knows.
func (c *Client) read(ctx context.Context, a *answer) error {
	var err error
	for _, version := range a.versions {
		if err = c.list(ctx, a, version); !apierrors.IsNotFound(err) {
			break
		}
	}
	if apierrors.IsNotFound(err) && a.optional {
		err = nil
	}
	a.complete = err == nil
	return err
}

// list reads a list from its beginning, and again when it expired on the way.
func (c *Client) list(ctx context.Context, a *answer, version string) error {
	for range maxStarts {
		a.restart()
		err := c.pages(ctx, a, a.at(version))
		if !apierrors.IsResourceExpired(err) && !apierrors.IsGone(err) {
			return err
		}
	}
	return errExpires
}

func (c *Client) pages(ctx context.Context, a *answer, from schema.GroupVersionResource) error {
	next := ""
	for range maxPages {
		a.progress.Say(a.name(), a.seen)
		list, err := c.page(ctx, a, from, next)
		if err != nil {
			return err
		}
		for i := range list.Items {
			if err := a.add(list.Items[i].Object); err != nil {
				return err
			}
		}
		last := next
		if next = list.GetContinue(); next == "" {
			return nil
		}
		if next == last {
			return errEndless
		}
	}
	return errEndless
}

// page makes one request.
func (c *Client) page(ctx context.Context, a *answer, from schema.GroupVersionResource, next string) (*unstructured.UnstructuredList, error) {
	// The client logs errors as they come, with what the server wrote.
	ctx, cancel := context.WithTimeout(logr.NewContext(ctx, logr.Discard()), c.config.Timeout)
	defer cancel()
	list, err := c.dynamic.Resource(from).Namespace(a.namespace).List(ctx, meta.ListOptions{Limit: a.limit, Continue: next})
	c.answered = c.answered || err == nil || !broken(err)
	return list, err
}
