package tfkit

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Session is what the provider's Configure hands to resources and data sources.
type Session struct {
	// Directory is nil if none is configured.
	Directory directory.Directory
	// Unconfigured says why Directory is nil, and what to do.
	Unconfigured string
	// Who returns the actor whose authority is used.
	Who func(context.Context) (rolemodel.Actor, error)
	// Planned is the directory as this plan would leave it.
	Planned *Planned

	advised sync.Map
}

// Configure returns the session that a resource or data source gets as provider
// data. Without one, as in `terraform validate`, it returns nil; without a
// configured directory it reports that.
func Configure(providerData any, diags *diag.Diagnostics) *Session {
	if providerData == nil {
		return nil
	}
	session, ok := providerData.(*Session)
	if !ok {
		diags.AddError("Unable to configure", "The provider handed over data of an unexpected type. This is a bug in the provider: please report it.")
		return nil
	}
	if session.Directory == nil {
		diags.AddError("No directory is configured", session.Unconfigured)
		return nil
	}
	return session
}

// Actor returns the actor whose authority is used, for a plan to decide with. It
// is nil, not known yet, if that cannot be found out: the directory decides at apply.
func (s *Session) Actor(ctx context.Context) *rolemodel.Actor {
	actor, err := s.Who(ctx)
	if err != nil {
		return nil
	}
	return &actor
}

// Once says whether it is called for the first time with the subject, so that
// advice is given once however many resources it concerns.
func (s *Session) Once(subject string) bool {
	_, said := s.advised.LoadOrStore(subject, true)
	return !said
}

// writeTimeout bounds one write to the directory, waiting for other writers included.
const writeTimeout = 2 * time.Minute

// WithoutCancel returns a context for one write. Ctrl-C does not end it: a write
// that was abandoned on its way could exist without being in the state.
func WithoutCancel(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
}
