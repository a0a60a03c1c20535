package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/idempotency"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/scoped"
)

// WriteInput is the part of a write that says how often it is done.
type WriteInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"128" doc:"A name of this write, unique for the credential, for example a UUID. A write that is asked for again with the same key within a day is not done again and gets the first answer."`
}

// UpdateInput is the part of an update that says what it is based on.
type UpdateInput struct {
	IfMatch string `header:"If-Match" maxLength:"64" doc:"The ETag of the entry that the change is based on. If the entry has another one by now, nothing is changed and the answer is 412."`
}

// anyRevision is what the directory takes for whatever revision is stored.
const anyRevision = 0

// revision returns the revision that the update is based on.
func (in *UpdateInput) revision() (int64, error) {
	tag := strings.TrimSpace(in.IfMatch)
	if tag == "" || tag == "*" {
		return anyRevision, nil
	}
	unquoted, quoted := strings.CutPrefix(tag, `"`)
	n, err := strconv.ParseInt(strings.TrimSuffix(unquoted, `"`), 10, 64)
	if !quoted || err != nil || n <= 0 {
		return 0, problem.New(http.StatusBadRequest, problem.TypeRequest, "If-Match is none of this service's ETags: write the ETag of the answer to GET, or leave it out.")
	}
	return n, nil
}

// etag is the tag of an entry's revision.
func etag(revision int64) string { return fmt.Sprintf("%q", strconv.FormatInt(revision, 10)) }

// nothing is the result of a write that returns none.
type nothing struct{}

// write does one write in the scope of the request's credential, once if it has a key.
func write[T any](ctx context.Context, s *Server, in *WriteInput, operation string, input any, do func(directory.Directory) (T, error)) (T, error) {
	var result T
	client := requestOf(ctx).client
	if in.IdempotencyKey == "" {
		return do(scoped.New(s.backend.As(client.actor), client.actor, client.scope))
	}
	fingerprint, err := idempotency.Fingerprint(operation, input)
	if err != nil {
		return result, err
	}
	key := idempotency.Key{Client: client.id, Name: in.IdempotencyKey, Request: fingerprint}
	if stored, done, err := s.backend.Result(ctx, key); err != nil || done {
		return restore[T](stored, err)
	}
	result, failed := do(scoped.New(s.backend.Once(client.actor, key), client.actor, client.scope))
	if failed == nil {
		return result, nil
	}
	// The same write may have been under way, and be why this one failed: what
	// it deleted is not found, for example.
	if stored, done, err := s.backend.Result(ctx, key); err != nil || done {
		return restore[T](stored, err)
	}
	return result, failed
}

// restore returns a stored result.
func restore[T any](stored json.RawMessage, err error) (T, error) {
	var result T
	if errors.Is(err, idempotency.ErrOtherRequest) {
		return result, problem.New(http.StatusUnprocessableEntity, problem.TypeKeyReused, "The Idempotency-Key was used for another request. Give each write a key of its own.")
	}
	if err != nil {
		return result, err
	}
	return result, json.Unmarshal(stored, &result)
}

// read returns the directory as the request's credential sees it.
func (s *Server) read(ctx context.Context) directory.Reader {
	client := requestOf(ctx).client
	return scoped.New(s.backend.As(client.actor), client.actor, client.scope)
}
