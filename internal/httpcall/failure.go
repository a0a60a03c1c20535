package httpcall

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strings"
	"syscall"
)

// StrangerError says that somebody else answered than who was called. Asking
// again would end the same.
type StrangerError struct {
	// What says what shows that, for example "it redirects to https://other.example".
	What string
}

// Error implements error.
func (e *StrangerError) Error() string { return "not the service: " + e.What }

// Final marks the error, which asking again would not change.
func (e *StrangerError) Final() {}

// final says whether another attempt would end the same.
func final(err error) bool {
	var (
		marked    interface{ Final() }
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	return errors.As(err, &marked) || errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid)
}

// Cause returns why a service cannot be reached, in few words and without the
// URL, which may have addresses of people.
func Cause(err error) string {
	var (
		dns      *net.DNSError
		wrapping *url.Error
	)
	switch {
	case errors.As(err, &dns):
		return "there is no host " + dns.Name
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there"
	case errors.Is(err, context.DeadlineExceeded):
		return "it did not answer in time"
	case errors.As(err, &wrapping):
		err = wrapping.Err
	}
	return strings.TrimSuffix(err.Error(), ".")
}
