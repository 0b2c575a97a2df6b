package kube

import (
	"io"
	"net/http"
)

// bounded ends an answer of the server that is longer than any page: one that pays no
// heed to the limit of a list would otherwise fill the memory.
type bounded struct {
	http.RoundTripper
	limit *int64
}

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = &boundedBody{answer.Body, *b.limit}
	}
	return answer, err
}

type boundedBody struct {
	io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooMuch
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}
