// Package logged writes the calls to a directory to Terraform's log of the
// provider: at DEBUG one line for each call, at INFO its waits, and at TRACE what
// it was about. Up to DEBUG a line has account codes and no addresses or names,
// nor what is made of names: a log is sent to more people than a directory is.
package logged

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/calltrace"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// New returns the directory with its calls logged.
func New(inner directory.Directory) directory.Directory { return &logged{inner} }

type logged struct{ inner directory.Directory }

// call is one call to the directory while it is made.
type call struct {
	ctx   context.Context
	start time.Time
	// fields are those of the line at DEBUG, and about is what the call is about, for TRACE.
	fields map[string]any
	about  any

	mu        sync.Mutex
	attempts  int
	requestID string
}

// begin begins a call. Its context is for the call itself.
func begin(ctx context.Context, operation string, kind directory.Kind, about any, accounts ...rolemodel.AccountCode) (context.Context, *call) {
	c := &call{ctx: ctx, start: time.Now(), about: about, fields: map[string]any{"operation": operation, "kind": kind}}
	if len(accounts) > 1 {
		c.fields["accounts"] = len(accounts)
	} else if len(accounts) == 1 {
		if code, err := rolemodel.ParseAccountCode(string(accounts[0])); err == nil { // What is malformed may be anything.
			c.fields["account"] = string(code)
		}
	}
	return calltrace.With(ctx, calltrace.Trace{
		Attempted: func(requestID string) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.attempts, c.requestID = c.attempts+1, requestID
		},
		Waits: func(what string, howLong time.Duration) {
			tflog.Info(ctx, "Waiting for the directory", map[string]any{"operation": operation, "kind": kind, "for": what, "wait": howLong.Round(time.Millisecond).String()})
		},
	}), c
}

// end writes the line of a call that ended with the error, nil for none.
func (c *call) end(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fields["duration"] = time.Since(c.start).Round(time.Microsecond).String()
	c.fields["outcome"] = outcome(err)
	if c.attempts > 0 {
		c.fields["attempts"], c.fields["request_id"] = c.attempts, c.requestID
	}
	tflog.Debug(c.ctx, "Called the directory", c.fields)
	if tflog.IsTrace(c.ctx) {
		tflog.Trace(c.ctx, "Called the directory about", map[string]any{"about": fmt.Sprintf("%+v", c.about), "error": fmt.Sprint(err)})
	}
}

// outcome says how a call ended, without what an error's text names.
func outcome(err error) string {
	var violations rolemodel.Violations
	var missing *directory.NotFoundError
	var conflict *directory.ConflictError
	switch {
	case err == nil:
		return "done"
	case errors.As(err, &violations):
		return "refused"
	case errors.As(err, &missing):
		return "not found"
	case errors.As(err, &conflict):
		return "conflict"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	}
	return "failed"
}

// Apply implements directory.Directory.
func (d *logged) Apply(ctx context.Context, change directory.Change) (directory.Outcome, error) {
	subject := change.Subject()
	ctx, c := begin(ctx, subject.Action, subject.Kind, change, subject.Key.Account)
	done, err := d.inner.Apply(ctx, change)
	if err == nil {
		c.fields["effect"] = string(done.Effect)
	}
	c.end(err)
	return done, err
}

// read makes a call that returns one thing.
func read[T any](ctx context.Context, kind directory.Kind, about any, account rolemodel.AccountCode, inner func(context.Context) (T, error)) (T, error) {
	ctx, c := begin(ctx, "read", kind, about, account)
	entry, err := inner(ctx)
	c.end(err)
	return entry, err
}

// list makes a call that returns a list. What the caller does with an entry is in its duration.
func list[T any](ctx context.Context, kind directory.Kind, filter any, accounts []rolemodel.AccountCode, inner func(context.Context) iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ctx, c := begin(ctx, "list", kind, filter, accounts...)
		entries := 0
		var failed error
		defer func() {
			c.fields["entries"] = entries
			c.end(failed)
		}()
		for entry, err := range inner(ctx) {
			if failed = err; err == nil {
				entries++
			}
			if !yield(entry, err) {
				return
			}
		}
	}
}

// Identity implements directory.Reader.
func (d *logged) Identity(ctx context.Context) (string, error) {
	return read(ctx, "directory", nil, "", d.inner.Identity)
}

// Partner implements directory.Reader.
func (d *logged) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	return read(ctx, directory.KindPartner, code, code, func(ctx context.Context) (rolemodel.Partner, error) { return d.inner.Partner(ctx, code) })
}

// Partners implements directory.Reader.
func (d *logged) Partners(ctx context.Context, filter directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	return list(ctx, directory.KindPartner, filter, filter.Codes, func(ctx context.Context) iter.Seq2[rolemodel.Partner, error] { return d.inner.Partners(ctx, filter) })
}

// Tenant implements directory.Reader.
func (d *logged) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return read(ctx, directory.KindTenant, code, code, func(ctx context.Context) (rolemodel.Tenant, error) { return d.inner.Tenant(ctx, code) })
}

// Tenants implements directory.Reader.
func (d *logged) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	return list(ctx, directory.KindTenant, filter, filter.Codes, func(ctx context.Context) iter.Seq2[rolemodel.Tenant, error] { return d.inner.Tenants(ctx, filter) })
}

// Role implements directory.Reader.
func (d *logged) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	return read(ctx, directory.KindRole, id, tenant, func(ctx context.Context) (rolemodel.Role, error) { return d.inner.Role(ctx, tenant, id) })
}

// Roles implements directory.Reader.
func (d *logged) Roles(ctx context.Context, filter directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	return list(ctx, directory.KindRole, filter, filter.TenantIDs, func(ctx context.Context) iter.Seq2[rolemodel.Role, error] { return d.inner.Roles(ctx, filter) })
}

// ExternalAdmin implements directory.Reader.
func (d *logged) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	return read(ctx, directory.KindExternalAdmin, email, tenant, func(ctx context.Context) (rolemodel.ExternalAdmin, error) {
		return d.inner.ExternalAdmin(ctx, tenant, email)
	})
}

// ExternalAdmins implements directory.Reader.
func (d *logged) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	return list(ctx, directory.KindExternalAdmin, filter, filter.TenantIDs, func(ctx context.Context) iter.Seq2[rolemodel.ExternalAdmin, error] {
		return d.inner.ExternalAdmins(ctx, filter)
	})
}

// Observations implements directory.Reader.
func (d *logged) Observations(ctx context.Context, filter directory.ObservationFilter) iter.Seq2[rolemodel.Observation, error] {
	return list(ctx, directory.KindObservation, filter, filter.TenantIDs, func(ctx context.Context) iter.Seq2[rolemodel.Observation, error] {
		return d.inner.Observations(ctx, filter)
	})
}

// Review implements directory.Reader.
func (d *logged) Review(ctx context.Context, tenant rolemodel.AccountCode, person rolemodel.Email) (rolemodel.Review, error) {
	return read(ctx, directory.KindReview, person, tenant, func(ctx context.Context) (rolemodel.Review, error) { return d.inner.Review(ctx, tenant, person) })
}

// Count implements directory.Reader.
func (d *logged) Count(ctx context.Context, filter directory.Filter) (int, error) {
	ctx, c := begin(ctx, "count", kindOf(filter), filter)
	n, err := d.inner.Count(ctx, filter)
	c.end(err)
	return n, err
}

func kindOf(filter directory.Filter) directory.Kind {
	switch filter.(type) {
	case directory.PartnerFilter:
		return directory.KindPartner
	case directory.TenantFilter:
		return directory.KindTenant
	case directory.RoleFilter:
		return directory.KindRole
	}
	return directory.KindExternalAdmin
}

// AuditEvents implements directory.Reader.
func (d *logged) AuditEvents(ctx context.Context, filter directory.AuditFilter) iter.Seq2[directory.AuditEvent, error] {
	return list(ctx, "audit event", filter, []rolemodel.AccountCode{filter.TenantID}, func(ctx context.Context) iter.Seq2[directory.AuditEvent, error] {
		return d.inner.AuditEvents(ctx, filter)
	})
}

// AuditHeads implements directory.Reader.
func (d *logged) AuditHeads(ctx context.Context, filter directory.AuditHeadFilter) iter.Seq2[directory.AuditHead, error] {
	return list(ctx, "audit head", filter, nil, func(ctx context.Context) iter.Seq2[directory.AuditHead, error] {
		return d.inner.AuditHeads(ctx, filter)
	})
}
