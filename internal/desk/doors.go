package desk

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
)

// entrance is the path that a key opens.
const entrance = "/enter"

// doors has the digest of the one key that is not spent yet, and what whoever
// spent one is known by. Neither is written anywhere.
type doors struct {
	mutex sync.Mutex
	key   [sha256.Size]byte
	// unspent says that there is a key.
	unspent bool
	session string
}

func newDoors() doors { return doors{session: secret()} }

// secret returns 256 random bits.
func secret() string {
	var bits [32]byte
	_, _ = rand.Read(bits[:]) // It never fails: the program ends before.
	return base64.RawURLEncoding.EncodeToString(bits[:])
}

// Entry returns a new path to open the desk with. It works once; an earlier one
// that nobody used does not work any more.
func (d *Desk) Entry() string {
	key := secret()
	d.doors.mutex.Lock()
	defer d.doors.mutex.Unlock()
	d.doors.key, d.doors.unspent = sha256.Sum256([]byte(key)), true
	return entrance + "?key=" + key
}

// spend says whether the key opens, which it does once.
func (d *doors) spend(key string) bool {
	sum := sha256.Sum256([]byte(key))
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if !d.unspent || subtle.ConstantTimeCompare(sum[:], d.key[:]) != 1 {
		return false
	}
	d.unspent = false
	return true
}

// knows says whether the request has the session's cookie.
func (d *doors) knows(r *http.Request) bool {
	want := sha256.Sum256([]byte(d.session))
	for _, cookie := range r.CookiesNamed(cookieName(r)) {
		if sum := sha256.Sum256([]byte(cookie.Value)); subtle.ConstantTimeCompare(sum[:], want[:]) == 1 {
			return true
		}
	}
	return false
}

// cookieName has the port: a browser sends a host's cookies to each of its ports.
func cookieName(r *http.Request) string { return "mimecast_desk_" + localPort(r) }

// enter exchanges a key for the session's cookie. The key does not stay in the address.
func (d *Desk) enter(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || strings.HasPrefix(r.Header.Get("Sec-Purpose"), "prefetch") {
		stranger(w, http.StatusServiceUnavailable, "The link opens when somebody follows it, and not before.") // A preview must not spend it.
		return
	}
	if !d.doors.spend(r.URL.Query().Get("key")) {
		if d.doors.knows(r) {
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
		stranger(w, http.StatusForbidden, "This link was used before, or is not one of this desk.")
		return
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Not Secure: plain HTTP on loopback.
		Name: cookieName(r), Value: d.doors.session, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// insiders lets nobody in without the session's cookie.
func (d *Desk) insiders(inside http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !d.doors.knows(r) {
			stranger(w, http.StatusUnauthorized, "This page opens with a link.")
			return
		}
		inside.ServeHTTP(w, r)
	})
}
