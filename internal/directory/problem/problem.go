// Package problem puts directory errors on the wire as RFC 9457 problem details
// and restores them, so that whoever calls the directory over HTTP sees the
// same errors as one who has it in the process.
package problem

import (
	"errors"
	"net/http"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/scoped"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Type says what kind of problem it is. It never changes for a kind.
type Type string

// The types of problems.
const (
	TypeRules           Type = "urn:mimecast-directory:problem:rules"
	TypeNotFound        Type = "urn:mimecast-directory:problem:not-found"
	TypeExists          Type = "urn:mimecast-directory:problem:exists"
	TypeChanged         Type = "urn:mimecast-directory:problem:changed"
	TypeReadOnly        Type = "urn:mimecast-directory:problem:read-only"
	TypeForbidden       Type = "urn:mimecast-directory:problem:forbidden"
	TypeSource          Type = "urn:mimecast-directory:problem:source-address"
	TypeUnauthenticated Type = "urn:mimecast-directory:problem:unauthenticated"
	TypeRateLimited     Type = "urn:mimecast-directory:problem:rate-limited"
	TypeKeyReused       Type = "urn:mimecast-directory:problem:idempotency-key-reused"
	TypeRequest         Type = "urn:mimecast-directory:problem:request"
	TypeUnavailable     Type = "urn:mimecast-directory:problem:unavailable"
	TypeInternal        Type = "urn:mimecast-directory:problem:internal"
)

// ContentType is the media type of a problem.
const ContentType = "application/problem+json"

// Problem is an error of the service (RFC 9457).
type Problem struct {
	Type   Type   `json:"type" doc:"What kind of problem it is. Stable, for programs."`
	Title  string `json:"title" doc:"The HTTP status in words."`
	Status int    `json:"status" doc:"The HTTP status."`
	Detail string `json:"detail" doc:"What is wrong and what to do, in sentences."`
	// Instance is the request's ID.
	Instance string `json:"instance,omitempty" doc:"The request, as it appears in the service's log."`
	Kind     string `json:"kind,omitempty" doc:"The kind of the entry that is not there, exists already or has changed."`
	Key      string `json:"key,omitempty" doc:"The key of that entry."`
	// Violations is set if rules are broken.
	Violations []Violation `json:"violations,omitempty" doc:"Every rule that is broken, in a stable order."`
}

// Violation is a rolemodel.Violation on the wire.
type Violation struct {
	Rule    rolemodel.RuleID `json:"rule" doc:"The ID of the rule, see /v1/rules."`
	Path    []Step           `json:"path" doc:"The offending part of the input, from the outside in. Empty if no part is at fault."`
	Pointer string           `json:"pointer" doc:"The path as a JSON Pointer into the request's body, where the key of a list's element stands for the element."`
	Problem string           `json:"problem" doc:"What is wrong."`
	Advice  string           `json:"advice" doc:"What to do instead."`
}

// Step is a rolemodel.Step on the wire.
type Step struct {
	Attribute string `json:"attribute,omitempty" doc:"The name of an attribute."`
	Key       string `json:"key,omitempty" doc:"The key of an element, for example an email address."`
}

// New returns a problem that is not an error of the directory.
func New(status int, t Type, detail string) *Problem {
	return &Problem{Type: t, Title: http.StatusText(status), Status: status, Detail: detail}
}

// From returns err as a problem, or false if err is not an error that the
// directory's port names, so that its text is not for the caller.
func From(err error) (*Problem, bool) {
	var (
		violations rolemodel.Violations
		notFound   *directory.NotFoundError
		conflict   *directory.ConflictError
		forbidden  *scoped.ForbiddenError
	)
	switch {
	case errors.As(err, &violations):
		p := New(http.StatusUnprocessableEntity, TypeRules, violations.Error())
		for _, v := range violations {
			p.Violations = append(p.Violations, wire(v))
		}
		return p, true
	case errors.As(err, &notFound):
		return New(http.StatusNotFound, TypeNotFound, notFound.Error()).entry(notFound.Kind, notFound.Key), true
	case errors.As(err, &conflict) && conflict.Changed:
		return New(http.StatusPreconditionFailed, TypeChanged, conflict.Error()).entry(conflict.Kind, conflict.Key), true
	case errors.As(err, &conflict):
		return New(http.StatusConflict, TypeExists, conflict.Error()).entry(conflict.Kind, conflict.Key), true
	case errors.Is(err, directory.ErrReadOnly):
		return New(http.StatusForbidden, TypeReadOnly, err.Error()), true
	case errors.As(err, &forbidden):
		return New(http.StatusForbidden, TypeForbidden, forbidden.Detail), true
	}
	return nil, false
}

// Err restores the error that From was given, or returns p itself.
func (p *Problem) Err() error {
	switch p.Type {
	case TypeRules:
		violations := make(rolemodel.Violations, len(p.Violations))
		for i, v := range p.Violations {
			violations[i] = v.restore()
		}
		if len(violations) > 0 {
			return violations
		}
	case TypeNotFound:
		return &directory.NotFoundError{Kind: p.Kind, Key: p.Key}
	case TypeExists:
		return &directory.ConflictError{Kind: p.Kind, Key: p.Key}
	case TypeChanged:
		return &directory.ConflictError{Kind: p.Kind, Key: p.Key, Changed: true}
	case TypeReadOnly:
		if p.Detail == directory.ErrReadOnly.Error() {
			return directory.ErrReadOnly
		}
		return &ReadOnlyError{Detail: p.Detail}
	case TypeForbidden:
		return &scoped.ForbiddenError{Detail: p.Detail}
	case TypeSource, TypeUnauthenticated, TypeRateLimited, TypeKeyReused, TypeRequest, TypeUnavailable, TypeInternal:
	}
	return p
}

// ReadOnlyError is directory.ErrReadOnly for a reason of its own: a credential that may only read.
type ReadOnlyError struct {
	// Detail says what is refused and what to do, in sentences.
	Detail string
}

// Error returns the detail.
func (e *ReadOnlyError) Error() string { return e.Detail }

// Is says that the error is directory.ErrReadOnly.
func (e *ReadOnlyError) Is(target error) bool { return target == directory.ErrReadOnly }

// Error returns what is wrong, and the request's ID to find it in the service's log.
func (p *Problem) Error() string {
	if p.Instance == "" {
		return p.Detail
	}
	return p.Detail + " (request " + p.Instance + ")"
}

// GetStatus returns the HTTP status; huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType returns the media type of a problem; huma asks for it.
func (p *Problem) ContentType(string) string { return ContentType }

func (p *Problem) entry(kind, key string) *Problem {
	p.Kind, p.Key = kind, key
	return p
}

func wire(v rolemodel.Violation) Violation {
	w := Violation{Rule: v.Rule, Path: make([]Step, len(v.Path)), Problem: v.Problem, Advice: v.Advice}
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	for i, s := range v.Path {
		w.Path[i] = Step(s)
		w.Pointer += "/" + escape.Replace(s.Attribute+s.Key)
	}
	return w
}

func (v Violation) restore() rolemodel.Violation {
	r := rolemodel.Violation{Rule: v.Rule, Problem: v.Problem, Advice: v.Advice}
	for _, s := range v.Path {
		r.Path = append(r.Path, rolemodel.Step(s))
	}
	return r
}
