package desk

import (
	"context"
	"fmt"
	"iter"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// watched is a directory that says how far a reader of it is.
type watched struct {
	directory.Directory
	say     func(string)
	tenants int
	events  int
}

// Tenants implements directory.Reader.
func (w *watched) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	return each(w.Directory.Tenants(ctx, filter), func(rolemodel.Tenant) {
		w.tenants++
		w.say(fmt.Sprintf("Reading the clients: %d so far.", w.tenants))
	})
}

// ExternalAdmins implements directory.Reader.
func (w *watched) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	last, done := rolemodel.AccountCode(""), 0
	return each(w.Directory.ExternalAdmins(ctx, filter), func(admin rolemodel.ExternalAdmin) {
		if admin.TenantID != last {
			last = admin.TenantID
			done++
		}
		w.say(fmt.Sprintf("Reading who reaches what: %d of %d clients.", done, max(done, w.tenants)))
	})
}

// AuditEvents implements directory.Reader.
func (w *watched) AuditEvents(ctx context.Context, filter directory.AuditFilter) iter.Seq2[directory.AuditEvent, error] {
	return each(w.Directory.AuditEvents(ctx, filter), func(directory.AuditEvent) {
		w.events++
		w.say(fmt.Sprintf("Reading the trail: %d events so far.", w.events))
	})
}

// each calls seen with what the list yields.
func each[T any](list iter.Seq2[T, error], seen func(T)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for entry, err := range list {
			if err == nil {
				seen(entry)
			}
			if !yield(entry, err) {
				return
			}
		}
	}
}
