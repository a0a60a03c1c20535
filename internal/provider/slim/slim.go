// Package slim keeps a provider server's memory small however many resources
// there are, and its part of a plan that changes little.
//
// terraform-plugin-framework 1.19.0 keeps the context of every call until
// StopProvider (internal/proto6server, registerContext), and with it the call's
// gRPC stream and loggers: about 100 kB for each resource of a plan. Here each
// call gets a context that lets go of the real one when the call returns. That
// leaves about 2 kB for each resource, 23 of the 30 MB that were live in a plan of
// 10,000: so the framework is stopped whenever no call is on its way.
package slim

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// frameworkServer is what the framework's server implements. The parts beyond
// ProviderServer are optional interfaces that plugin-go looks for.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// Server returns the provider server with calls that keep nothing after they
// return. A server that is not the framework's is returned as it is.
//
// A resource for which Terraform proposes what it is need not be planned if settled says so.
func Server(s tfprotov6.ProviderServer, settled func(*tfprotov6.PlanResourceChangeRequest) bool) tfprotov6.ProviderServer {
	if framework, ok := s.(frameworkServer); ok {
		return &server{frameworkServer: framework, settled: settled}
	}
	return s
}

// server overrides the calls that are made once or more for each resource or
// expression, and those that need their context for longer than the call.
type server struct {
	frameworkServer
	settled func(*tfprotov6.PlanResourceChangeRequest) bool
	// calls is held for reading by each call that is on its way.
	calls sync.RWMutex
}

func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return call(ctx, s, req, s.frameworkServer.ValidateResourceConfig)
}

func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return call(ctx, s, req, s.frameworkServer.UpgradeResourceState)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return call(ctx, s, req, s.frameworkServer.UpgradeResourceIdentity)
}

func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return call(ctx, s, req, s.frameworkServer.ReadResource)
}

func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if proposesPrior(req) && s.settled(req) {
		return &tfprotov6.PlanResourceChangeResponse{
			PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity,
		}, nil
	}
	return call(ctx, s, req, s.frameworkServer.PlanResourceChange)
}

// proposesPrior says whether Terraform proposes the prior state. Terraform
// encodes equal values in the same way; if it did not, the framework would plan.
func proposesPrior(req *tfprotov6.PlanResourceChangeRequest) bool {
	return req.PriorState != nil && req.ProposedNewState != nil && len(req.PriorState.MsgPack) > 0 &&
		bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack)
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return call(ctx, s, req, s.frameworkServer.ApplyResourceChange)
}

func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return call(ctx, s, req, s.frameworkServer.ImportResourceState)
}

func (s *server) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return call(ctx, s, req, s.frameworkServer.MoveResourceState)
}

func (s *server) GenerateResourceConfig(ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return call(ctx, s, req, s.frameworkServer.GenerateResourceConfig)
}

func (s *server) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	return call(ctx, s, req, s.frameworkServer.CallFunction)
}

func (s *server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return call(ctx, s, req, s.frameworkServer.ValidateDataResourceConfig)
}

func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return call(ctx, s, req, s.frameworkServer.ReadDataSource)
}

func (s *server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return call(ctx, s, req, s.frameworkServer.ConfigureProvider)
}

// ListResource returns a list that is read after it returns: for stopIfIdle it stays on its way.
func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	s.calls.RLock()
	return s.frameworkServer.ListResource(ctx, req)
}

// InvokeAction returns events that are read after it returns: for stopIfIdle it stays on its way.
func (s *server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	s.calls.RLock()
	return s.frameworkServer.InvokeAction(ctx, req)
}

func call[Req, Resp any](ctx context.Context, s *server, req Req, rpc func(context.Context, Req) (Resp, error)) (Resp, error) {
	defer s.stopIfIdle()
	s.calls.RLock()
	defer s.calls.RUnlock()
	c := &callContext{done: ctx.Done()}
	c.live.Store(&ctx)
	defer c.live.Store(nil)
	return rpc(c, req)
}

// stopIfIdle has the framework forget the calls that have returned. All that
// StopProvider does is to end the calls that are on their way, of which there is none.
func (s *server) stopIfIdle() {
	if s.calls.TryLock() {
		defer s.calls.Unlock()
		_, _ = s.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
	}
}

// callContext is the context of a call, which it lets go of when the call returns.
type callContext struct {
	done <-chan struct{}
	live atomic.Pointer[context.Context]
}

// Done is closed when the call is cancelled or has returned.
func (c *callContext) Done() <-chan struct{} { return c.done }

// Deadline is the call's deadline.
func (c *callContext) Deadline() (time.Time, bool) {
	if ctx := c.live.Load(); ctx != nil {
		return (*ctx).Deadline()
	}
	return time.Time{}, false
}

// Err is the call's error, and context.Canceled when the call has returned.
func (c *callContext) Err() error {
	if ctx := c.live.Load(); ctx != nil {
		return (*ctx).Err()
	}
	return context.Canceled
}

// Value is the call's value, and nil when the call has returned.
func (c *callContext) Value(key any) any {
	if ctx := c.live.Load(); ctx != nil {
		return (*ctx).Value(key)
	}
	return nil
}
