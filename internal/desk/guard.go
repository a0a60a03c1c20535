package desk

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
)

// policy lets a page load the desk's own style and script, and nothing else from anywhere.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"

// maxForm is how large what is sent may be: the IDs of all items that a pass can have, several times.
const maxForm = 1 << 20

// guarded refuses what does not come from a page of the desk itself or from the
// address bar: other machines, other names for this one (DNS rebinding), other sites.
func guarded(inside http.Handler) http.Handler {
	foreign := http.NewCrossOriginProtection()
	foreign.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		stranger(w, http.StatusForbidden, "This was sent by the page of another site, and nothing was done.")
	}))
	inside = foreign.Handler(inside)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		port := localPort(r)
		if port == "" || !fromLoopback(r) || r.Host != "127.0.0.1:"+port && r.Host != "localhost:"+port {
			stranger(w, http.StatusMisdirectedRequest, "The desk answers at 127.0.0.1 only, as its link has it.")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		inside.ServeHTTP(w, r)
	})
}

// localPort is the port that the request came in at, "" unless that is on loopback.
func localPort(r *http.Request) string {
	address, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if address == nil {
		return ""
	}
	local, err := netip.ParseAddrPort(address.String())
	if err != nil || !local.Addr().Unmap().IsLoopback() {
		return ""
	}
	return fmt.Sprint(local.Port())
}

func fromLoopback(r *http.Request) bool {
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && remote.Addr().Unmap().IsLoopback()
}

// stranger answers somebody who is not let in, and tells nothing of what is inside.
func stranger(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Not open</title></head>"+
		"<body><main><h1>Not open</h1><p>%s</p><p>Each link works once. For another one, press Enter in the terminal in which the desk runs, or start it again.</p></main></body></html>\n", why)
}

// form reads what was sent, or answers why not.
func form(w http.ResponseWriter, r *http.Request) bool {
	err := r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		stranger(w, http.StatusRequestEntityTooLarge, "This is more than any page of the desk sends.")
	case err != nil:
		stranger(w, http.StatusBadRequest, "This is not what a page of the desk sends.")
	}
	return err == nil
}
