package server

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
)

// maxLimiters bounds the memory that limiters take. Beyond it all are
// forgotten, which lets some through once more and locks nobody out.
const maxLimiters = 10_000

// limits are the rate limits of this process, one for each credential and, at
// /oauth/token, for each source address. Replicas do not share them: it would
// cost a write to the database for every request, to be exact about a number
// that is there to protect against runaways.
type limits struct {
	rate  rate.Limit
	burst int

	mu       sync.Mutex
	limiters map[string]*rate.Limiter
}

func newLimits(perSecond float64, burst int) *limits {
	if perSecond <= 0 {
		perSecond = DefaultRate
	}
	if burst <= 0 {
		burst = DefaultBurst
	}
	return &limits{rate: rate.Limit(perSecond), burst: burst, limiters: map[string]*rate.Limiter{}}
}

func (l *limits) of(key string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter, ok := l.limiters[key]
	if !ok {
		if len(l.limiters) >= maxLimiters {
			clear(l.limiters)
		}
		limiter = rate.NewLimiter(l.rate, l.burst)
		l.limiters[key] = limiter
	}
	return limiter
}

// limited takes one request off a limit and writes the headers that say how it
// stands, the reset in milliseconds as Mimecast's API has it. If nothing is
// left it answers the request and returns true.
func (s *Server) limited(w http.ResponseWriter, r *http.Request, key string) bool {
	limiter := s.limits.of(key)
	now := time.Now()
	allowed := limiter.AllowN(now, 1)
	tokens := max(limiter.TokensAt(now), 0)
	// The time until a whole request is back in the bucket.
	var reset time.Duration
	if tokens < float64(limiter.Burst()) {
		missing := 1 - (tokens - math.Floor(tokens))
		reset = time.Duration(missing / float64(limiter.Limit()) * float64(time.Second))
	}
	header := w.Header()
	header.Set("X-RateLimit-Limit", strconv.Itoa(limiter.Burst()))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(int(tokens)))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(ceil(reset, time.Millisecond), 10))
	if allowed {
		return false
	}
	header.Set("Retry-After", strconv.FormatInt(ceil(reset, time.Second), 10))
	s.refuse(w, r, problem.New(http.StatusTooManyRequests, problem.TypeRateLimited, "Too many requests. Nothing was done; wait for X-RateLimit-Reset milliseconds and try again."))
	return true
}

// tokenLimited limits how often a source address may ask for tokens.
func (s *Server) tokenLimited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.limited(w, r, "source "+requestOf(r.Context()).source.String()) {
			next.ServeHTTP(w, r)
		}
	})
}

func ceil(d, unit time.Duration) int64 { return int64((d + unit - 1) / unit) }
