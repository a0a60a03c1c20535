package directorytest

import (
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// sound checks what must hold whatever was done: every grant keeps the rules of
// its place, a domain is one account's, what is retired is in use, and the audit
// trail is whole. It is called at the end of every case.
func (f *fixture) sound() {
	f.Helper()
	if f.Failed() || f.ctx.Err() != nil {
		return
	}
	owner := map[rolemodel.Domain]rolemodel.AccountCode{}
	own := func(account rolemodel.AccountCode, domains []rolemodel.Domain) {
		for _, d := range domains {
			if other, taken := owner[d]; taken {
				f.Errorf("%s belongs to %s and %s", d, other, account)
			}
			owner[d] = account
		}
	}
	managed, partners := map[rolemodel.AccountCode]int{}, map[rolemodel.AccountCode]rolemodel.Partner{}
	for _, p := range list(f, f.basic.Partners(f.ctx, directory.PartnerFilter{})) {
		own(p.AccountCode, p.Domains)
		partners[p.AccountCode] = p
	}
	admins, roles := map[rolemodel.AccountCode][]rolemodel.ExternalAdmin{}, map[rolemodel.AccountCode][]rolemodel.Role{}
	for _, a := range list(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{})) {
		admins[a.TenantID] = append(admins[a.TenantID], a)
	}
	for _, r := range list(f, f.basic.Roles(f.ctx, directory.RoleFilter{})) {
		roles[r.TenantID] = append(roles[r.TenantID], r)
	}
	for _, t := range list(f, f.basic.Tenants(f.ctx, directory.TenantFilter{})) {
		own(t.AccountCode, t.InternalDomains)
		managed[t.PartnerID]++
		f.soundTenant(t, partners, admins[t.AccountCode], roles[t.AccountCode])
		delete(admins, t.AccountCode)
		delete(roles, t.AccountCode)
	}
	if len(admins)+len(roles) > 0 {
		f.Errorf("grants and roles are in no tenant: %+v, %+v", admins, roles)
	}
	for code, p := range partners {
		if p.Retired && managed[code] == 0 {
			f.Errorf("partner %s is retired and manages nobody", code)
		}
	}
	found, err := directory.VerifyAudit(f.ctx, f.super, nil)
	if err != nil || len(found) > 0 {
		f.Errorf("the audit trail: %q, %v", found, err)
	}
}

// soundTenant checks the grants and roles of a tenant.
func (f *fixture) soundTenant(t rolemodel.Tenant, partners map[rolemodel.AccountCode]rolemodel.Partner, admins []rolemodel.ExternalAdmin, roles []rolemodel.Role) {
	f.Helper()
	partner, there := partners[t.PartnerID]
	if t.PartnerID != "" && !there {
		f.Errorf("tenant %s has the partner %s, which is not there", t.AccountCode, t.PartnerID)
	}
	known, held := map[rolemodel.RoleID]rolemodel.Role{}, map[rolemodel.RoleID]int{}
	for _, r := range append(rolemodel.DefaultRoles(), roles...) {
		known[r.ID] = r
	}
	for _, a := range admins {
		held[a.RoleID]++
		role, there := known[a.RoleID]
		if !there || role.Name != a.RoleName {
			f.Errorf("the grant %+v is of the role %+v", a, role)
		}
		grant := rolemodel.Grant{Email: a.Email, Tenant: &t, Partner: &partner, Role: &role}
		// A retired account has given its domains up to who asked for them.
		if vs := rolemodel.DecideGrant(nil, &grant, &grant, ""); len(vs) > 0 && !t.Retired && !partner.Retired {
			f.Errorf("the grant %+v breaks rules: %v", a, vs)
		}
	}
	for _, r := range roles {
		if r.Retired && held[r.ID] == 0 {
			f.Errorf("role %s of %s is retired and nobody holds it", r.ID, t.AccountCode)
		}
	}
	if t.Retired && len(admins)+len(roles) == 0 {
		f.Errorf("tenant %s is retired and nothing is in it", t.AccountCode)
	}
	if len(admins) > rolemodel.MaxExternalAdmins || !t.Retired && !slices.Contains(t.InternalDomains, t.PrimaryDomain) {
		f.Errorf("tenant %+v has %d external admins", t, len(admins))
	}
}
