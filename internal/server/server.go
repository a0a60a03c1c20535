// Package server serves any directory over HTTP. The OpenAPI description is
// generated from the Go types that serve it.
package server

import (
	"context"
	"log/slog"
	"net"
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
	// RequestTimeout is how long one request may take, from its first byte.
	RequestTimeout time.Duration
	// MetricsListener is where Serve serves the metrics, over plain HTTP: they say
	// nothing of people or accounts. Without it they are served with all the rest.
	MetricsListener net.Listener
	// PurgeEvery is about how often Serve has forgotten what has expired, by default every minute.
	PurgeEvery time.Duration
}

// The limits where the configuration has none.
const (
	DefaultRate           = 100
	DefaultBurst          = 200
	DefaultRequestTimeout = 30 * time.Second
	defaultPurgeEvery     = time.Minute
)

// Server serves a directory.
type Server struct {
	backend Backend
	keeper  *credential.Keeper
	log     *slog.Logger
	limits  *limits
	quotas  quotas
	timeout time.Duration
	metrics *metrics
	api     huma.API
	routes  *http.ServeMux
	// bodies are how large a body may be, by pattern.
	bodies  map[string]int64
	handler http.Handler
	ready   readiness

	metricsHandler  http.Handler
	metricsListener net.Listener
	purgeEvery      time.Duration
}

// New returns a server. It touches nothing yet.
func New(config Config) *Server {
	s := &Server{
		backend: config.Backend, keeper: config.Keeper, log: config.Log, timeout: config.RequestTimeout,
		limits: newLimits(config.Rate, config.Burst), quotas: newQuotas(),
		routes:          http.NewServeMux(),
		metricsListener: config.MetricsListener, purgeEvery: config.PurgeEvery,
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.timeout == 0 {
		s.timeout = DefaultRequestTimeout
	}
	if s.purgeEvery == 0 {
		s.purgeEvery = defaultPurgeEvery
	}
	registry := prometheus.NewRegistry()
	s.metrics = newMetrics(registry)
	s.api = newAPI(s.routes)
	s.register()
	s.bodies = bodySizes(s.api)
	s.metricsHandler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: maxScrapes})

	root := http.NewServeMux()
	root.HandleFunc("GET /livez", s.live)
	root.HandleFunc("GET /readyz", s.readyz)
	if s.metricsListener == nil {
		root.Handle("GET "+metricsPath, s.metricsHandler)
	}
	root.Handle("/v1/", s.authenticated(s.dispatch()))
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
	s.registerObservations()
	s.registerReviews()
	s.registerWorklist()
	s.registerTrail()
	s.registerModel()
	describe(s.api)
}
