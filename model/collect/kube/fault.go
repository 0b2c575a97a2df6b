package kube

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	// why: which answers of the API mean what.
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"planewise/model"
	"planewise/model/clean"
)

// late: no answer within the time, or none yet from a server that is overloaded.
func late(err error) bool {
	var network net.Error
	if errors.As(err, &network) && network.Timeout() {
		return !dialling(err)
	}
	return errors.Is(err, context.DeadlineExceeded) || apierrors.IsTimeout(err) || apierrors.IsServerTimeout(err) ||
		apierrors.IsTooManyRequests(err) || apierrors.IsServiceUnavailable(err)
}

// dialling: there was no connection.
func dialling(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// broken: the way to the server failed, so that it said nothing.
func broken(err error) bool {
	var request *url.Error
	var network net.Error
	return errors.As(err, &request) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded)
}

// fault says why an answer is missing. What the server wrote is not repeated.
func (a *answer) fault(err error) model.Diagnostic {
	d := model.Diagnostic{Severity: model.Warning, Subject: a.name()}
	what := a.resource
	if a.namespace != "" {
		what += " in the namespace " + a.namespace
	}
	status := apierrors.APIStatus(nil)
	switch {
	case apierrors.IsForbidden(err), apierrors.IsUnauthorized(err):
		d.Code, d.Summary = "refused", "the cluster refused to list "+what
		d.Hint = "planewise system role prints the rights that are needed; bind them to the account of the kubeconfig"
		if apierrors.IsUnauthorized(err) {
			d.Hint = "the cluster does not accept the credentials of the kubeconfig: renew them"
		}
	case late(err):
		d.Code, d.Summary = "no-answer", "the cluster did not answer in time when asked for "+what
		d.Hint = "ask again when it is less busy, or allow more time with --timeout"
	case errors.Is(err, errExpires), errors.Is(err, errEndless), errors.Is(err, errTooMuch):
		reason := errTooMuch
		for _, own := range []error{errExpires, errEndless} {
			if errors.Is(err, own) {
				reason = own
			}
		}
		d.Code, d.Summary = "failed-command", fmt.Sprintf("%s could not be listed: %v", what, reason)
		d.Hint = "export them with kubectl get " + a.resource + " -A -o json, and give the file beside"
	case errors.As(err, &status):
		d.Code, d.Summary = "failed-command", fmt.Sprintf("%s could not be listed: the cluster answered with status %d", what, status.Status().Code)
		d.Hint = "see what kubectl get " + a.resource + " says, then ask again"
		if apierrors.IsNotFound(err) {
			d.Summary = fmt.Sprintf("%s could not be listed: the cluster does not have them", what)
		}
	case !broken(err):
		d.Code, d.Summary = "failed-command", "what the cluster answered when asked for "+what+" is no list of objects"
		d.Hint = "see what kubectl get " + a.resource + " says; another server may have the address"
	default:
		d.Code, d.Summary = "no-answer", fmt.Sprintf("the cluster did not answer when asked for %s: %s", what, cause(err))
		d.Hint = "ask again when it answers"
	}
	if a.n > 0 {
		d.Summary += fmt.Sprintf("; %d that came before are used", a.n)
	}
	return d
}

// unreachable is a cluster that never answered, with why in words of our own.
func (c *Client) unreachable(err error) error {
	return fmt.Errorf("the cluster of context %q in kubeconfig %s cannot be asked: %s; see what kubectl --context NAME version says, or leave out --kube", clean.Text(c.context), c.where(), cause(err))
}

// cause is what went wrong on the way to the server.
func cause(err error) string {
	var (
		name     *net.DNSError
		unknown  x509.UnknownAuthorityError
		other    x509.HostnameError
		invalid  x509.CertificateInvalidError
		verify   *tls.CertificateVerificationError
		alert    tls.AlertError
		noTLS    tls.RecordHeaderError
		timedOut net.Error
	)
	text := err.Error() // looked at, never passed on
	switch {
	case errors.As(err, &name):
		return "the server's name is not known"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the server refuses connections"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "there is no way to the server"
	case errors.As(err, &unknown):
		return "the server's certificate is signed by an authority that the kubeconfig does not name"
	case errors.As(err, &other):
		return "the server's certificate is for another name"
	case errors.As(err, &invalid), errors.As(err, &verify):
		return "the server's certificate is not valid"
	case errors.As(err, &alert):
		return "the server does not accept the client certificate"
	case errors.As(err, &noTLS), errors.Is(err, http.ErrSchemeMismatch):
		return "what answers is no Kubernetes server with TLS"
	case strings.Contains(text, "getting credentials"):
		return "the credential program of the kubeconfig fails"
	case errors.As(err, &timedOut) && timedOut.Timeout():
		return "the server takes no connection in time"
	}
	return "the connection fails"
}
