package tfkit

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/planned"
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
	// Closer closes the directory, nil if there is nothing to close.
	Closer io.Closer
	// Planned is the directory as this plan would leave it.
	Planned *Planned

	advised, declared sync.Map
	said              sync.Map // What texts were reported for first.
	kept, going       keys     // See Keep and Go.
	leaving           sync.Map // Tenants by primary domain.
	directoryIdentity atomic.Pointer[string]
}

// keys is a set.
type keys = sync.Map

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

// Close closes the directory. Nobody is left to tell if that fails.
func (s *Session) Close() {
	if s.Closer != nil {
		_ = s.Closer.Close()
	}
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

// Declare records that a resource instance declares something in this plan, and
// reports if another one does. A replacement is planned as an update first, which
// notes the instance in the plan's private data for the create.
func (s *Session) Declare(what, instance string, diags *diag.Diagnostics) bool {
	other, taken := s.declared.LoadOrStore(what, instance)
	if !taken || other == instance {
		return true
	}
	diags.AddError("Declared twice", fmt.Sprintf("Another resource of this configuration declares %s too, so neither would ever have its way. Keep one of them.", what))
	return false
}

// Leave records a tenant that is about to be deleted in this process.
func (s *Session) Leave(tenant rolemodel.Tenant) { s.leaving.Store(tenant.PrimaryDomain, tenant) }

// Left returns the tenant with the primary domain that was deleted in this process.
// Without a code of its own it returns under the code that it had, which the plan
// promised to whoever adopts it: Terraform plans that once more in the apply.
func (s *Session) Left(primary rolemodel.Domain) (rolemodel.Tenant, bool) {
	left, ok := s.leaving.Load(primary)
	tenant, _ := left.(rolemodel.Tenant)
	return tenant, ok
}

// identity returns the directory's identity, "" if there is none or it cannot be read.
func (s *Session) identity(ctx context.Context) string {
	if known := s.directoryIdentity.Load(); known != nil {
		return *known
	}
	identity, err := s.Directory.Identity(ctx)
	if err != nil {
		return ""
	}
	if identity != "" {
		s.directoryIdentity.Store(&identity)
	}
	return identity
}

// CheckDirectory reports, once, that the directory is another one than the state
// knows, and says whether it is the same. A state that knows none fits all.
func (s *Session) CheckDirectory(ctx context.Context, note Note, diags *diag.Diagnostics) bool {
	if note.Directory == "" {
		return true
	}
	if s.identity(ctx) == note.Directory {
		return true
	}
	identity, err := s.Directory.Identity(ctx)
	if !s.Once("another directory") {
		return false
	}
	if err != nil { // It is what reading anything would report.
		diags.AddError("Unable to read the directory", err.Error())
		return false
	}
	what := fmt.Sprintf("it is another one (%s)", identity)
	if identity == "" {
		what = "there is none"
	}
	diags.AddError("Not the directory of this state", fmt.Sprintf("The entries of this state are in the directory %s, and where the provider looks for it %s. Correct directory (or MIMECAST_DIRECTORY), or restore the directory from a copy.\n\n"+
		"To start over with another directory, forget what this state knows: remove its resources with terraform state rm, or begin a new state.", note.Directory, what))
	return false
}

// Declaring returns the note of an instance that is about to declare grants.
func (s *Session) Declaring(ctx context.Context, note Note) Note {
	note = note.declared()
	note.Seen, note.Grants, note.Directory = note.As, nil, s.identity(ctx)
	return note
}

// NoteGrants notes whose the grants of a tenant are, and warns of those that
// another resource has adopted since.
func (s *Session) NoteGrants(ctx context.Context, note *Note, tenant rolemodel.AccountCode, admins []rolemodel.ExternalAdmin, diags *diag.Diagnostics) {
	note.Grants, note.Directory = nil, s.identity(ctx)
	for _, a := range admins {
		if a.Declaration == note.As {
			continue
		}
		if note.Grants == nil {
			note.Grants = map[rolemodel.Email]rolemodel.Declaration{}
		}
		note.Grants[a.Email] = a.Declaration
		if note.As != "" && a.Declaration != "" {
			s.warnForeign(ctx, directory.KindExternalAdmin, directory.KeyOf(a), a.Declaration, diags)
		}
	}
}

// warnForeign warns that another configuration has adopted an entry of the state.
func (s *Session) warnForeign(ctx context.Context, kind directory.Kind, key directory.Key, declaration rolemodel.Declaration, diags *diag.Diagnostics) {
	text := fmt.Sprintf("The %s %q is declared by another resource as well", kind, key)
	filter := directory.AuditFilter{TenantID: key.Account, Email: key.Email}
	if kind == directory.KindPartner { // Its events are no tenant's.
		filter = directory.AuditFilter{Limit: 200}
	}
	var last directory.AuditEvent
	for e, err := range s.Directory.AuditEvents(ctx, filter) {
		if err != nil {
			break
		}
		if e.Outcome == directory.OutcomeDone && e.Declaration == declaration {
			last = e
			break
		}
	}
	if last.ID != "" {
		text += fmt.Sprintf(", by %s since %s", last.Actor, last.At.Format(time.RFC3339))
	}
	diags.AddWarning("Declared by another resource", text+". Whoever applied last has it: keep the declaration in one configuration only.")
}

// CheckCreated reports, at an attribute of a data source, a tenant that this plan
// is still to create. Terraform knows its ID already and so reads the data
// source before the tenant is there, which depends_on prevents.
func (s *Session) CheckCreated(ctx context.Context, tenant rolemodel.AccountCode, attribute string, diags *diag.Diagnostics) bool {
	if !planned.Has[rolemodel.Tenant](s.Planned.Directory, directory.Key{Account: tenant}) {
		return true
	}
	if _, err := s.Directory.Tenant(ctx, tenant); !directory.IsNotFound(err) {
		return true // Another error is the read's to report.
	}
	diags.AddAttributeError(path.Root(attribute), fmt.Sprintf("Tenant %q is not created yet", tenant),
		"This plan creates it, so there is nothing to read before apply.\n\n"+
			"Add depends_on with the tenant's resource to the data source: Terraform then reads it after the tenant is created.")
	return false
}

// Once says whether it is called for the first time with the subject, so that
// advice is given once however many resources it concerns.
func (s *Session) Once(subject string) bool {
	_, said := s.advised.LoadOrStore(subject, true)
	return !said
}
