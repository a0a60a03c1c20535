package tfkit

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// writeTimeout bounds one write to the directory, waiting for other writers included.
const writeTimeout = 2 * time.Minute

// WithoutCancel returns a context for one write. Ctrl-C does not end it: a write
// that was abandoned on its way could exist without being in the state.
func WithoutCancel(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
}

// Save creates the entry, or updates the one with the key unless that is zero,
// and returns it as stored. It reports an error and says whether there is none.
func Save[E directory.Entry](ctx context.Context, s *Session, subject Subject, key directory.Key, entry E, diags *diag.Diagnostics) (E, bool) {
	ctx, cancel := WithoutCancel(ctx)
	defer cancel()
	var saved directory.Result[E]
	var err error
	if key == (directory.Key{}) {
		saved, err = directory.Create(ctx, s.Directory, entry, "")
	} else {
		saved, err = directory.Update(ctx, s.Directory, key, entry, 0, "")
	}
	return saved.Entry, !subject.AddError(diags, err)
}

// Remove deletes the entry with the key and reports an error. That there is none
// is what was asked for.
func Remove[E directory.Entry](ctx context.Context, s *Session, subject Subject, key directory.Key, diags *diag.Diagnostics) {
	ctx, cancel := WithoutCancel(ctx)
	defer cancel()
	if _, err := directory.Delete[E](ctx, s.Directory, key, ""); !directory.IsNotFound(err) {
		subject.AddError(diags, err)
	}
}

// PlanRemoval reports what a decision on the deletion of the subject found, and
// warns of what still depends on the entry, which retires it.
func (s *Session) PlanRemoval(ctx context.Context, subject Subject, key directory.Key, violations rolemodel.Violations, err error, diags *diag.Diagnostics) {
	if subject.AddDecision(diags, violations, err) {
		return
	}
	dependants, err := decide.Dependants(ctx, s.Planned, subject.Kind, key)
	if subject.AddDecision(diags, nil, err) {
		return
	}
	for _, v := range dependants {
		diags.AddWarning(fmt.Sprintf("The %s %q is in use", subject.Kind, subject.Key), detail(v))
	}
}
