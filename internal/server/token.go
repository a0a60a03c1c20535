package server

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
)

// Token is an access token (RFC 6749, section 5.1).
type Token struct {
	AccessToken string `json:"access_token" doc:"The token. It is opaque."`
	TokenType   string `json:"token_type" enum:"Bearer" doc:"How the token is used."`
	ExpiresIn   int64  `json:"expires_in" doc:"For how many seconds the token works."`
}

// TokenError is why there is no token (RFC 6749, section 5.2).
type TokenError struct {
	Code        string `json:"error" doc:"invalid_request, invalid_client, unauthorized_client, unsupported_grant_type or temporarily_unavailable."`
	Description string `json:"error_description" doc:"What is wrong and what to do."`
	status      int
}

// Error returns the description.
func (e *TokenError) Error() string { return e.Description }

// GetStatus returns the HTTP status; huma asks for it.
func (e *TokenError) GetStatus() int { return e.status }

type tokenInput struct {
	Authorization string `header:"Authorization" maxLength:"2000" doc:"The client ID and secret as HTTP Basic authentication, if they are not in the body."`
	RawBody       []byte `contentType:"application/x-www-form-urlencoded"`
}

type tokenOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Token
}

// registerToken adds the exchange of a secret for a token: OAuth 2.0 client credentials, as Mimecast's API has it.
func (s *Server) registerToken() {
	schemas := s.api.OpenAPI().Components.Schemas
	op := huma.Operation{
		OperationID: "create-token", Method: http.MethodPost, Path: "/oauth/token", Tags: []string{"Credentials"},
		Summary:       "Exchange a client ID and secret for a token",
		Description:   "A form with grant_type=client_credentials and, unless they are in the Authorization header, client_id and client_secret.",
		DefaultStatus: http.StatusOK, MaxBodyBytes: maxForm, BodyReadTimeout: bodyArrived,
		Responses: map[string]*huma.Response{"default": {
			Description: "No token",
			Content:     map[string]*huma.MediaType{"application/json": {Schema: huma.SchemaFromType(schemas, reflect.TypeFor[TokenError]())}},
		}},
	}
	huma.Register(s.api, op, s.token)
}

func (s *Server) token(ctx context.Context, in *tokenInput) (*tokenOutput, error) {
	id, secret, failed := clientOf(in)
	if failed != nil {
		return nil, failed
	}
	about := requestOf(ctx)
	done, err := s.quotas.issuing.take(ctx, sourceKey(about.source), 1)
	if err != nil {
		return nil, s.tokenUnavailable(ctx, err)
	}
	defer done()
	c, err := s.keeper.Identify(ctx, id, secret, about.source)
	switch {
	case errors.Is(err, credential.ErrDenied):
		return nil, s.loginFailed(ctx, id, in.Authorization != "")
	case errors.Is(err, credential.ErrSource):
		s.misused(ctx, c, "its secret")
		return nil, &TokenError{"unauthorized_client", "The credential may not be used from " + about.source.String() + ".", http.StatusForbidden}
	case err != nil:
		return nil, s.tokenUnavailable(ctx, err)
	}
	about.client.id = c.ID
	if standing := take(s.limits.logins.of(c.ID)); !standing.allowed {
		return nil, tooMany(standing, "temporarily_unavailable", "The credential asks for too many tokens. Use one until it expires.")
	}
	token, lifetime, err := s.keeper.Issue(ctx, &c)
	if err != nil {
		return nil, s.tokenUnavailable(ctx, err)
	}
	return &tokenOutput{CacheControl: "no-store", Body: Token{AccessToken: token, TokenType: "Bearer", ExpiresIn: int64(lifetime.Seconds())}}, nil
}

// loginFailed answers a login with an ID and secret that are not those of a live
// credential, which counts against the source, and says in the log which ID was tried.
func (s *Server) loginFailed(ctx context.Context, id string, inHeader bool) error {
	about := requestOf(ctx)
	const wrong = "The client ID and secret are not those of a live credential."
	if standing := take(s.limits.failures.of(sourceKey(about.source))); !standing.allowed {
		return tooMany(standing, "invalid_client", wrong+" Too many logins from this address have failed.")
	}
	s.log.WarnContext(ctx, "a login failed", slog.String("request_id", about.id),
		slog.String("tried_client_id", credential.Shown(id)), slog.String("source", about.source.String()))
	refusal := error(&TokenError{"invalid_client", wrong, http.StatusUnauthorized})
	if inHeader {
		refusal = huma.ErrorWithHeaders(refusal, http.Header{"Www-Authenticate": {"Basic"}})
	}
	return refusal
}

func tooMany(standing standing, code, description string) error {
	header := http.Header{}
	standing.describe(header)
	return huma.ErrorWithHeaders(&TokenError{code, description + " Wait for X-RateLimit-Reset milliseconds and try again.", http.StatusTooManyRequests}, header)
}

// clientOf returns the client ID and secret of a request, from its header or its body.
func clientOf(in *tokenInput) (id, secret string, failed *TokenError) {
	form, err := url.ParseQuery(string(in.RawBody))
	if err != nil {
		return "", "", &TokenError{"invalid_request", "The body is no form. Send application/x-www-form-urlencoded.", http.StatusBadRequest}
	}
	for _, values := range form {
		if len(values) > 1 {
			return "", "", &TokenError{"invalid_request", "A parameter is given twice.", http.StatusBadRequest}
		}
	}
	switch form.Get("grant_type") {
	case "client_credentials":
	case "":
		return "", "", &TokenError{"invalid_request", "The grant_type is missing. Send grant_type=client_credentials.", http.StatusBadRequest}
	default:
		return "", "", &TokenError{"unsupported_grant_type", "The grant type is not supported. Send grant_type=client_credentials.", http.StatusBadRequest}
	}
	id, secret = form.Get("client_id"), form.Get("client_secret")
	if in.Authorization != "" {
		if secret != "" {
			return "", "", &TokenError{"invalid_request", "The secret is in the header and in the body. Send it once.", http.StatusBadRequest}
		}
		id, secret = basic(in.Authorization)
	}
	if id == "" || secret == "" || !storable(id) {
		return "", "", &TokenError{"invalid_client", "The client ID or secret is missing.", http.StatusUnauthorized}
	}
	return id, secret, nil
}

// basic returns the client ID and secret of a header, which are form-encoded in it (RFC 6749, section 2.3.1).
func basic(header string) (id, secret string) {
	scheme, encoded, _ := strings.Cut(header, " ")
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil || !strings.EqualFold(scheme, "Basic") {
		return "", ""
	}
	id, secret, _ = strings.Cut(string(decoded), ":")
	id, err = url.QueryUnescape(id)
	if err != nil {
		return "", ""
	}
	secret, err = url.QueryUnescape(secret)
	if err != nil {
		return "", ""
	}
	return id, secret
}

func (s *Server) tokenUnavailable(ctx context.Context, err error) error {
	_ = s.problem(ctx, err) // It goes to the log.
	return &TokenError{"temporarily_unavailable", "The service cannot reach its database, or it took too long. Try again.", http.StatusServiceUnavailable}
}
