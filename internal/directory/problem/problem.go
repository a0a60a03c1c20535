// Package problem puts directory errors on the wire as RFC 9457 problem details
// and restores them, so that whoever calls the directory over HTTP sees the
// same errors as one who has it in the process.
package problem

import (
	"errors"
	"net/http"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
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
	TypeRevoked         Type = "urn:mimecast-directory:problem:revoked"
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
	// Hidden, TakenBy and Differences are those of a directory.ConflictError.
	Hidden      bool     `json:"hidden,omitempty" doc:"Whether what has the key is out of the credential's scope."`
	TakenBy     string   `json:"taken_by,omitempty" doc:"The kind of the account that has the account code, if it is another kind."`
	Differences []string `json:"differences,omitempty" nullable:"false" doc:"Where what exists is another than what was asked for, in sentences."`
	// Violations is set if rules are broken.
	Violations []Violation `json:"violations,omitempty" nullable:"false" doc:"Every rule that is broken, in a stable order."`
}

// Violation is a rolemodel.Violation on the wire.
type Violation struct {
	Rule    rolemodel.RuleID `json:"rule" doc:"The ID of the rule, see /v1/rules."`
	Path    rolemodel.Path   `json:"path" nullable:"false" doc:"The offending part of what was asked for, from the outside in. Empty if no part is at fault."`
	Pointer string           `json:"pointer" doc:"The path as a JSON Pointer (RFC 6901) into the request's body, as far as the body has it. Empty for all of the body, or if there is none."`
	Problem string           `json:"problem" doc:"What is wrong."`
	Advice  string           `json:"advice" doc:"What to do instead."`
	// Accounts, People and Total are those that Problem is about.
	Accounts []rolemodel.AccountCode `json:"accounts,omitempty" nullable:"false" doc:"Accounts that the problem names, ten at most."`
	People   []rolemodel.Email       `json:"people,omitempty" nullable:"false" doc:"Addresses that the problem names, ten at most."`
	Total    int                     `json:"total,omitempty" doc:"How many there are of them."`
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
		forbidden  *directory.ForbiddenError
		readOnly   *directory.ReadOnlyError
	)
	switch {
	case errors.As(err, &violations):
		p := New(http.StatusUnprocessableEntity, TypeRules, violations.Error())
		p.Violations = make([]Violation, len(violations))
		for i, v := range violations {
			p.Violations[i] = Violation{
				Rule: v.Rule, Path: append(rolemodel.Path{}, v.Path...), Problem: v.Problem, Advice: v.Advice,
				Accounts: v.Accounts, People: v.People, Total: v.Total,
			}
		}
		return p, true
	case errors.As(err, &notFound):
		return New(http.StatusNotFound, TypeNotFound, notFound.Error()).entry(notFound.Kind, notFound.Key), true
	case errors.As(err, &conflict):
		p := New(http.StatusConflict, TypeExists, conflict.Error()).entry(conflict.Kind, conflict.Key)
		if conflict.Changed {
			p = New(http.StatusPreconditionFailed, TypeChanged, conflict.Error()).entry(conflict.Kind, conflict.Key)
		}
		p.Hidden, p.TakenBy, p.Differences = conflict.Hidden, conflict.TakenBy, conflict.Differences
		return p, true
	case errors.As(err, &readOnly):
		return New(http.StatusForbidden, TypeReadOnly, readOnly.Detail), true
	case errors.Is(err, directory.ErrReadOnly):
		return New(http.StatusForbidden, TypeReadOnly, directory.ErrReadOnly.Error()), true
	case errors.As(err, &forbidden):
		return New(http.StatusForbidden, TypeForbidden, forbidden.Detail), true
	case errors.Is(err, directory.ErrRevoked):
		return New(http.StatusForbidden, TypeRevoked, directory.ErrRevoked.Error()), true
	case errors.Is(err, directory.ErrKeyReused):
		return New(http.StatusUnprocessableEntity, TypeKeyReused, directory.ErrKeyReused.Error()), true
	}
	return nil, false
}

// Err restores the error that From was given, or returns p itself.
func (p *Problem) Err() error {
	switch p.Type {
	case TypeRules:
		violations := make(rolemodel.Violations, len(p.Violations))
		for i, v := range p.Violations {
			violations[i] = rolemodel.Violation{Rule: v.Rule, Problem: v.Problem, Advice: v.Advice, Accounts: v.Accounts, People: v.People, Total: v.Total}
			if len(v.Path) > 0 {
				violations[i].Path = v.Path
			}
		}
		if len(violations) > 0 {
			return violations
		}
	case TypeNotFound:
		return &directory.NotFoundError{Kind: p.Kind, Key: p.Key}
	case TypeExists, TypeChanged:
		return &directory.ConflictError{Kind: p.Kind, Key: p.Key, Changed: p.Type == TypeChanged, Hidden: p.Hidden, TakenBy: p.TakenBy, Differences: p.Differences}
	case TypeReadOnly:
		if p.Detail == directory.ErrReadOnly.Error() {
			return directory.ErrReadOnly
		}
		return &directory.ReadOnlyError{Detail: p.Detail}
	case TypeForbidden:
		return &directory.ForbiddenError{Detail: p.Detail}
	case TypeRevoked:
		return directory.ErrRevoked
	case TypeKeyReused:
		return directory.ErrKeyReused
	case TypeSource, TypeUnauthenticated, TypeRateLimited, TypeRequest, TypeUnavailable, TypeInternal:
	}
	return p
}

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
