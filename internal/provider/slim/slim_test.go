package slim_test

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider/slim"
)

type keyType struct{}

// perCall returns the bytes that stay in memory for each call whose context
// carries a load, as a gRPC stream and its loggers are one.
func perCall(t *testing.T, s tfprotov6.ProviderServer) uint64 {
	t.Helper()
	const calls, load = 500, 64 << 10
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	do := func() {
		ctx, cancel := context.WithCancel(context.WithValue(context.Background(), keyType{}, make([]byte, load)))
		defer cancel()
		if _, err := s.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: "mimecast_tenant"}); err != nil {
			t.Fatal(err)
		}
	}
	do()
	before := heap()
	for range calls {
		do()
	}
	after := heap()
	runtime.KeepAlive(s)
	if after < before {
		return 0
	}
	return (after - before) / calls
}

// The first half shows that the test can fail: the framework does keep it.
func TestServerKeepsNothingOfACall(t *testing.T) {
	stock := perCall(t, providerserver.NewProtocol6(provider.New("test")())())
	if stock < 64<<10 {
		t.Errorf("the framework keeps %d bytes for each call: it no longer keeps contexts, so package slim can go", stock)
	}
	if kept := perCall(t, provider.NewServer("test")); kept > 64 {
		t.Errorf("%d bytes stay in memory for each call, want none but for what the test itself makes", kept)
	}
}

// onceARun are the calls that Terraform makes once for a provider, a list block
// or a state, however many resources there are. ListResource needs its context
// for longer than the call.
var onceARun = []string{
	"GetFunctions", "GetMetadata", "GetProviderSchema", "GetResourceIdentitySchemas", "StopProvider", "ValidateProviderConfig",
	"ListResource", "ValidateListResourceConfig",
	"InvokeAction", "PlanAction", "ValidateActionConfig",
	"CloseEphemeralResource", "OpenEphemeralResource", "RenewEphemeralResource", "ValidateEphemeralResourceConfig",
	"ConfigureStateStore", "DeleteState", "GetStates", "LockState", "ReadStateBytes", "UnlockState", "ValidateStateStoreConfig", "WriteStateBytes",
}

// TestEveryMethodIsPassedOn finds what the framework's server has and this one
// has not: plugin-go would then say that the provider does not implement it. Of
// the calls that are passed on, it finds those that keep their context.
func TestEveryMethodIsPassedOn(t *testing.T) {
	stock := providerserver.NewProtocol6(provider.New("test")())()
	served := slim.Server(stock, settled)
	if reflect.TypeOf(served) == reflect.TypeOf(stock) {
		t.Fatal("the framework's server is passed on as it is")
	}
	for method := range reflect.TypeOf(stock).Methods() {
		t.Run(method.Name, func(t *testing.T) {
			passed := reflect.ValueOf(served).MethodByName(method.Name)
			own := reflect.ValueOf(stock).MethodByName(method.Name)
			if !passed.IsValid() || passed.Type() != own.Type() {
				t.Fatalf("is not passed on: got %s, want %s", passed, own.Type())
			}
			keptBy := func(f reflect.Value) bool {
				ctx := &carrier{context.Background()}
				released := weak.Make(ctx)
				callEmpty(ctx, f)
				runtime.GC()
				return released.Value() != nil
			}
			if !keptBy(own) && method.Name != "StopProvider" { // Or the test would see nothing.
				t.Error("the framework does not keep its context")
			}
			if kept := keptBy(passed); kept && !slices.Contains(onceARun, method.Name) {
				t.Error("keeps its context")
			}
		})
	}
	runtime.KeepAlive(stock)
	runtime.KeepAlive(served)
}

// carrier is a context that a garbage collection can tell from others.
type carrier struct{ context.Context }

// callEmpty calls a method with an empty request, which the framework may
// answer or panic over once it has taken the context.
func callEmpty(ctx context.Context, method reflect.Value) {
	defer func() { _ = recover() }()
	method.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.New(method.Type().In(1).Elem())})
}

// stopper blocks in ReadResource until its context ends.
type stopper struct {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
	kept  context.Context
	reads chan struct{} // Gets a value when ReadResource blocks, nil for none.
	stops atomic.Int32
}

func (s *stopper) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.stops.Add(1)
	return &tfprotov6.StopProviderResponse{}, nil
}

func (s *stopper) ListResource(context.Context, *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	return &tfprotov6.ListResourceServerStream{}, nil
}

func (s *stopper) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	s.kept = ctx
	if s.reads != nil {
		s.reads <- struct{}{}
	}
	if ctx.Value(keyType{}) != "value" {
		return nil, errors.New("the call's value is missing")
	}
	derived, cancel := context.WithCancel(ctx)
	defer cancel()
	<-derived.Done()
	return nil, derived.Err()
}

func TestCallIsCancelledAndLetGo(t *testing.T) {
	inner := &stopper{}
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), keyType{}, "value"))
	done := make(chan error)
	go func() {
		_, err := slim.Server(inner, settled).ReadResource(ctx, nil)
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want that the call was cancelled", err)
	}
	if inner.kept.Value(keyType{}) != nil || !errors.Is(inner.kept.Err(), context.Canceled) {
		t.Error("the context still reaches the call's values after the call")
	}
	if _, ok := inner.kept.Deadline(); ok {
		t.Error("the context has a deadline that the call had not")
	}
}

// TestNoCallIsStopped: the framework is stopped when no call is on its way, and
// no more once there is a list.
func TestNoCallIsStopped(t *testing.T) {
	inner := &stopper{reads: make(chan struct{})}
	s := slim.Server(inner, settled)
	plan := func() {
		t.Helper()
		if _, err := s.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(when string, want int32) {
		t.Helper()
		if stops := inner.stops.Load(); stops != want {
			t.Errorf("%s, the framework was stopped %d times, want %d", when, stops, want)
		}
	}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), keyType{}, "value"))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = s.ReadResource(ctx, nil)
	}()
	<-inner.reads
	plan()
	expect("while another call is on its way", 0)
	cancel()
	<-done
	expect("after the last call", 1)
	plan()
	expect("after another one", 2)
	lists, ok := s.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the server does not list")
	}
	if _, err := lists.ListResource(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	plan()
	expect("after a list", 2)
}

// PlanResourceChange plans nothing: it is how the test sees that it was asked.
func (s *stopper) PlanResourceChange(context.Context, *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return &tfprotov6.PlanResourceChangeResponse{}, nil
}

// settled says so of one type.
func settled(req *tfprotov6.PlanResourceChangeRequest) bool { return req.TypeName == "settled" }

func TestSettledResourcesAreNotPlanned(t *testing.T) {
	s := slim.Server(&stopper{}, settled)
	state := &tfprotov6.DynamicValue{MsgPack: []byte("state")}
	same := &tfprotov6.DynamicValue{MsgPack: []byte("state")}
	other := &tfprotov6.DynamicValue{MsgPack: []byte("other")}
	for name, test := range map[string]struct {
		req     tfprotov6.PlanResourceChangeRequest
		planned bool
	}{
		"unchanged":              {tfprotov6.PlanResourceChangeRequest{TypeName: "settled", PriorState: state, ProposedNewState: same}, false},
		"changed":                {tfprotov6.PlanResourceChangeRequest{TypeName: "settled", PriorState: state, ProposedNewState: other}, true},
		"created":                {tfprotov6.PlanResourceChangeRequest{TypeName: "settled", ProposedNewState: other}, true},
		"unchanged, not settled": {tfprotov6.PlanResourceChangeRequest{TypeName: "other", PriorState: state, ProposedNewState: same}, true},
	} {
		t.Run(name, func(t *testing.T) {
			test.req.PriorPrivate = []byte("private")
			test.req.PriorIdentity = &tfprotov6.ResourceIdentityData{}
			resp, err := s.PlanResourceChange(t.Context(), &test.req)
			if err != nil {
				t.Fatal(err)
			}
			if planned := resp.PlannedState == nil; planned != test.planned {
				t.Errorf("planned by the framework: %t, want %t", planned, test.planned)
			}
			if !test.planned && (string(resp.PlannedPrivate) != "private" || resp.PlannedIdentity != test.req.PriorIdentity) {
				t.Error("private data or identity is lost")
			}
		})
	}
}
