package httpclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
)

// request is a call of the API.
type request struct {
	method string
	path   string
	query  url.Values
	// header has what a write says of itself.
	header http.Header
	// body is what is sent, nil for nothing.
	body any
}

// send makes a call and decodes its answer into answer. Its errors are those of
// the port, restored, a *SettingError or a *problem.Problem.
func (c *Client) send(parent context.Context, r request, answer any) error {
	ctx, cancel := context.WithTimeout(parent, c.config.CallTimeout)
	defer cancel()
	ctx = withCall(ctx, true) // A write is, since it has a key.
	target := c.base + r.path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	var body []byte
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return fmt.Errorf("encode the request: %w", err)
		}
	}
	header := r.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Accept", "application/json")
	if r.body != nil {
		header.Set("Content-Type", "application/json")
	}
	status, text, err := c.authorised(ctx, r.method, target, header, body)
	if err != nil {
		return c.explain(parent, err)
	}
	if status >= http.StatusMultipleChoices {
		return c.failure(status, text)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return c.explain(parent, &strangerError{what: "an answer that is not the API's"})
	}
	return nil
}

// authorised makes a call with a token, and once more with a new one if the
// service does not take the first: it may have expired on the way or have been
// lost, and whether the credential still works the token endpoint says.
func (c *Client) authorised(ctx context.Context, method, target string, header http.Header, body []byte) (int, []byte, error) {
	for attempt := 0; ; attempt++ {
		token, err := c.tokens.token(ctx)
		if err != nil {
			return 0, nil, err
		}
		r, err := retryablehttp.NewRequestWithContext(ctx, method, target, rawBody(body))
		if err != nil {
			return 0, nil, errors.New("the request cannot be made")
		}
		r.Header = header.Clone()
		token.SetAuthHeader(r.Request)
		response, err := c.http.Do(r)
		if err != nil {
			return 0, nil, err
		}
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil {
			return 0, nil, err
		}
		if response.StatusCode != http.StatusUnauthorized || attempt > 0 {
			return response.StatusCode, text, nil
		}
		c.tokens.reject(token)
	}
}

// rawBody keeps a nil body nil.
func rawBody(body []byte) any {
	if body == nil {
		return nil
	}
	return body
}

// failure restores the error of an answer.
func (c *Client) failure(status int, text []byte) error {
	var p problem.Problem
	if err := json.Unmarshal(text, &p); err == nil && strings.HasPrefix(string(p.Type), "urn:mimecast-directory:") {
		return p.Err()
	}
	return &SettingError{Setting: SettingURL, Detail: fmt.Sprintf("The directory service at %s, or what stands before it, answered with status %d: check the service's log and try again.", c.base, status)}
}
