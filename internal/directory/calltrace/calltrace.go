// Package calltrace tells whoever calls a directory what the call takes on its
// way, as net/http/httptrace does of HTTP. A directory that takes a call
// elsewhere tells; one that does not has nothing to tell.
package calltrace

import (
	"context"
	"time"
)

// Trace is what is told. Its functions may be called by several goroutines at once.
type Trace struct {
	// Attempted is called after each attempt, with the request ID that the service gave it, "" if none.
	Attempted func(requestID string)
	// Waits is called before each wait, with what for, for example "rate limit",
	// and about how long.
	Waits func(what string, howLong time.Duration)
}

type key struct{}

// With returns a context for calls that are traced.
func With(ctx context.Context, trace Trace) context.Context {
	return context.WithValue(ctx, key{}, trace)
}

// Attempted tells that an attempt was made.
func Attempted(ctx context.Context, requestID string) {
	if trace, ok := ctx.Value(key{}).(Trace); ok && trace.Attempted != nil {
		trace.Attempted(requestID)
	}
}

// Waits tells that the call waits.
func Waits(ctx context.Context, what string, howLong time.Duration) {
	if trace, ok := ctx.Value(key{}).(Trace); ok && trace.Waits != nil {
		trace.Waits(what, howLong)
	}
}
