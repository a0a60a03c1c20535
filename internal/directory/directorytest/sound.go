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
	for _, t := range list(f, f.basic.Tenants(f.ctx, directory.TenantFilter{})) {
		own(t.AccountCode, t.InternalDomains)
		managed[t.PartnerID]++
		f.soundTenant(t, partners)
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
func (f *fixture) soundTenant(t rolemodel.Tenant, partners map[rolemodel.AccountCode]rolemodel.Partner) {
	f.Helper()
	partner, known := partners[t.PartnerID]
	if t.PartnerID != "" && !known {
		f.Errorf("tenant %s has the partner %s, which is not there", t.AccountCode, t.PartnerID)
	}
	held := map[rolemodel.RoleID]int{}
	admins := list(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{t.AccountCode}}))
	for _, a := range admins {
		held[a.RoleID]++
		role := must(f.basic.Role(f.ctx, t.AccountCode, a.RoleID))(f)
		grant := rolemodel.Grant{Email: a.Email, Tenant: &t, Partner: &partner, Role: &role}
		// A retired account has given its domains up to who asked for them.
		if vs := rolemodel.DecideGrant(nil, &grant, &grant); len(vs) > 0 && !t.Retired && !partner.Retired {
			f.Errorf("the grant %+v breaks rules: %v", a, vs)
		}
	}
	roles := list(f, f.basic.Roles(f.ctx, customOf(t.AccountCode)))
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
