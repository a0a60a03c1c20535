package httpcall

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// CheckURL returns the URL of a service without a trailing slash. Plain HTTP is
// for loopback addresses only. The errors are sentences about what, for example
// "The URL of the directory service".
func CheckURL(what, text string) (string, error) {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("%s %s", what, fmt.Sprintf(format, args...))
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return "", wrong("cannot be read.")
	case u.User != nil:
		return "", wrong("has a user or password in it; the credential is given apart from it.")
	case u.RawQuery != "" || u.Fragment != "":
		return "", wrong("has a query or fragment.")
	case u.Scheme != "https" && u.Scheme != "http":
		return "", wrong("begins with %q, which is no scheme of it.", u.Scheme)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "", wrong("would send the secret in the clear to %s: plain HTTP is for this machine's loopback address only.", u.Hostname())
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
