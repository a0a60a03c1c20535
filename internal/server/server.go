// Package server serves any directory over HTTP. The OpenAPI description is
// generated from the Go types that serve it.
package server

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// Backend is the directory that is served.
type Backend interface {
	directory.Opener
	// Ping says whether the directory can be reached.
	Ping(ctx context.Context) error
}

// Config is what a server is made of. Backend and Keeper are required.
type Config struct {
	Backend Backend
	Keeper  *credential.Keeper
	// Log is where requests are logged, by default nowhere.
	Log *slog.Logger
	// Rate is how many requests a second a credential may make and Burst how
	// many at once. Each process counts for itself, so replicas multiply it.
	Rate  float64
	Burst int
	// RequestTimeout is how long one request may take.
	RequestTimeout time.Duration
}

// The limits where the configuration has none.
const (
	DefaultRate           = 100
	DefaultBurst          = 200
	DefaultRequestTimeout = 30 * time.Second
)

// Server serves a directory.
type Server struct {
	backend Backend
	keeper  *credential.Keeper
	log     *slog.Logger
	limits  *limits
	timeout time.Duration
	metrics *metrics
	api     huma.API
	routes  *http.ServeMux
	handler http.Handler
	ready   readiness
}

// New returns a server. It touches nothing yet.
func New(config Config) *Server {
	s := &Server{
		backend: config.Backend, keeper: config.Keeper, log: config.Log, timeout: config.RequestTimeout,
		limits: newLimits(config.Rate, config.Burst),
		routes: http.NewServeMux(),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.timeout == 0 {
		s.timeout = DefaultRequestTimeout
	}
	registry := prometheus.NewRegistry()
	s.metrics = newMetrics(registry)
	s.api = newAPI(s.routes)
	s.register()

	root := http.NewServeMux()
	root.HandleFunc("GET /livez", s.live)
	root.HandleFunc("GET /readyz", s.readyz)
	root.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	root.Handle("/v1/", s.authenticated(s.dispatch()))
	root.Handle("/oauth/token", s.tokenLimited(s.dispatch()))
	root.Handle("/", s.dispatch())
	s.handler = s.observed(s.recovered(s.bounded(root)))
	return s
}

// ServeHTTP serves one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// register adds every operation to the API.
func (s *Server) register() {
	s.registerToken()
	s.registerPartners()
	s.registerTenants()
	s.registerRoles()
	s.registerExternalAdmins()
	s.registerTrail()
	s.registerModel()
	describe(s.api)
}
