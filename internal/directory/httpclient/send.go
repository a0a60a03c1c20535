package httpclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/httpcall"
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

// send makes a call and decodes its answer into answer. A write may be sent more
// than once, since it has a key. Its errors are those of the port, restored, a *SettingError or a *problem.Problem.
func (c *Client) send(ctx context.Context, r request, answer any) error {
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
	status, text, err := c.calls.Do(ctx, r.method, target, header, body)
	if err != nil {
		return c.explain(ctx, err)
	}
	if status >= http.StatusMultipleChoices {
		return c.failure(status, text)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return c.explain(ctx, &httpcall.StrangerError{What: "an answer that is not the API's"})
	}
	return nil
}

// failure restores the error of an answer.
func (c *Client) failure(status int, text []byte) error {
	var p problem.Problem
	if err := json.Unmarshal(text, &p); err == nil && strings.HasPrefix(string(p.Type), "urn:mimecast-directory:") {
		return p.Err()
	}
	return &SettingError{Setting: SettingURL, Detail: fmt.Sprintf("The directory service at %s, or what stands before it, answered with status %d: check the service's log and try again.", c.base, status)}
}
