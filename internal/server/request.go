package server

import (
	"context"
	"net/netip"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// request is what is known of a request besides the request itself. It is made
// when the request comes in; authentication and routing fill it in.
type request struct {
	id     string
	source netip.Addr
	// route is the pattern that was matched, for logs and metrics: a path would
	// have people's addresses in it.
	route  string
	client client
}

// client is who makes a request.
type client struct {
	id     string
	name   string
	caller directory.Caller
}

type requestKey struct{}

// requestOf returns the request of a context.
func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{}
}
