package tfkit

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

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

	advised, held sync.Map
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

// Hold records that the state has the entry of a kind, one of directory's Kind constants.
func (s *Session) Hold(kind string, code rolemodel.AccountCode) {
	s.held.Store(kind+" "+string(code), true)
}

// Holds says whether the state has the entry, as far as it has been read. An
// entry that is planned to be created and is in the state all the same is to be
// replaced, for example because it is tainted.
func (s *Session) Holds(kind string, code rolemodel.AccountCode) bool {
	_, held := s.held.Load(kind + " " + string(code))
	return held
}

// CheckCode looks for the account that has the code of one that is to be created.
// It returns it if it is a retired one of the same kind, which is taken up, and
// reports another one. It says whether nothing was reported.
func (s *Session) CheckCode(ctx context.Context, subject Subject, code rolemodel.AccountCode, diags *diag.Diagnostics) (*rolemodel.Partner, *rolemodel.Tenant, bool) {
	partner, err := s.Directory.Partner(ctx, code)
	if err == nil && partner.Retired && subject.Kind == directory.KindPartner {
		return &partner, nil, true
	}
	if directory.IsNotFound(err) {
		var tenant rolemodel.Tenant
		tenant, err = s.Directory.Tenant(ctx, code)
		if err == nil && tenant.Retired && subject.Kind == directory.KindTenant {
			return nil, &tenant, true
		}
	}
	if err == nil {
		err = &directory.ConflictError{Kind: subject.Kind, Key: string(code)}
	}
	return nil, nil, directory.IsNotFound(err) || !subject.AddError(diags, err)
}

// CheckCreated reports, at an attribute of a data source, a tenant that this plan
// is still to create. Terraform knows its ID already and so reads the data
// source before the tenant is there, which depends_on prevents.
func (s *Session) CheckCreated(ctx context.Context, tenant rolemodel.AccountCode, attribute string, diags *diag.Diagnostics) bool {
	if !s.Planned.plans(tenant) {
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
