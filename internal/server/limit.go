package server

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
)

// limits are the rate limits of this process. Replicas do not share them: it
// would cost a write to the database for every request, to be exact about a
// number that is there to protect against runaways.
type limits struct {
	// requests and logins are those of each credential. A login is a right one;
	// without a limit a client could fill the table of tokens.
	requests, logins *buckets
	// failures are the failed logins of each source. They do not keep anybody from
	// logging in with the right secret: many share an address.
	failures *buckets
	// misuses are the refused uses of each credential that are recorded in the trail.
	misuses *buckets
}

func newLimits(perSecond float64, burst int) *limits {
	if perSecond <= 0 {
		perSecond = DefaultRate
	}
	if burst <= 0 {
		burst = DefaultBurst
	}
	const (
		failures = 20
		misuses  = 10
	)
	return &limits{
		requests: newBuckets(rate.Limit(perSecond), burst),
		logins:   newBuckets(rate.Limit(perSecond), burst),
		failures: newBuckets(rate.Every(time.Second), failures),
		misuses:  newBuckets(rate.Every(time.Minute), misuses),
	}
}

// buckets are the limiters of one kind, by whom they limit. Those that were not
// used for the longest time are forgotten, which lets some through once more and locks nobody out.
type buckets struct {
	rate     rate.Limit
	burst    int
	limiters *lru.Cache[string, *rate.Limiter]
}

func newBuckets(limit rate.Limit, burst int) *buckets {
	const most = 10_000
	limiters, _ := lru.New[string, *rate.Limiter](most) // It fails for a size below 1 only.
	return &buckets{rate: limit, burst: burst, limiters: limiters}
}

func (b *buckets) of(who string) *rate.Limiter {
	if limiter, ok := b.limiters.Get(who); ok {
		return limiter
	}
	limiter := rate.NewLimiter(b.rate, b.burst)
	if first, ok, _ := b.limiters.PeekOrAdd(who, limiter); ok {
		return first
	}
	return limiter
}

// sourceKey is what limits know a source by: an IPv4 address or, since one
// customer of a network has as many IPv6 addresses as they like, the first 64 bits of one.
func sourceKey(source netip.Addr) string {
	if network, err := source.Prefix(64); err == nil && source.Is6() {
		return network.String()
	}
	return source.String()
}

// standing is how a limit stands after a request was taken off it, or not.
type standing struct {
	allowed          bool
	burst, remaining int
	// reset is the time until a whole request is back in the bucket.
	reset time.Duration
}

// take takes one request off a limit.
func take(limiter *rate.Limiter) standing {
	now := time.Now()
	s := standing{allowed: limiter.AllowN(now, 1), burst: limiter.Burst()}
	tokens := max(limiter.TokensAt(now), 0)
	s.remaining = int(tokens)
	if tokens < float64(s.burst) {
		missing := 1 - (tokens - math.Floor(tokens))
		s.reset = time.Duration(missing / float64(limiter.Limit()) * float64(time.Second))
	}
	return s
}

// describe writes the headers that say how it stands, the reset in milliseconds
// as Mimecast's API has it.
func (s standing) describe(header http.Header) {
	header.Set("X-RateLimit-Limit", strconv.Itoa(s.burst))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(s.remaining))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(ceil(s.reset, time.Millisecond), 10))
	if !s.allowed {
		header.Set("Retry-After", strconv.FormatInt(ceil(s.reset, time.Second), 10))
	}
}

// limited takes one request off a credential's limit. If nothing is left it
// answers the request and returns true.
func (s *Server) limited(w http.ResponseWriter, r *http.Request, credential string) bool {
	standing := take(s.limits.requests.of(credential))
	standing.describe(w.Header())
	if !standing.allowed {
		s.refuse(w, r, problem.New(http.StatusTooManyRequests, problem.TypeRateLimited, "Too many requests. Nothing was done; wait for X-RateLimit-Reset milliseconds and try again."))
	}
	return !standing.allowed
}

func ceil(d, unit time.Duration) int64 { return int64((d + unit - 1) / unit) }
