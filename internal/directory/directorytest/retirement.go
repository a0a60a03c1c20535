package directorytest

import (
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func retirementCases() []testCase {
	return []testCase{
		{"a role goes with its last holder", retiredRole},
		{"a role is taken up by its name", retiredRoleTakenUp},
		{"accounts go with the last of what is in them", retiredAccounts},
		{"accounts are taken up", retiredAccountsTakenUp},
		{"domains are given up to who asks for them", retiredDomains},
	}
}

func dropped[E directory.Entry](f *fixture, key directory.Key, want directory.Effect) {
	f.Helper()
	got, err := directory.Delete[E](f.ctx, f.super, key, "")
	f.ok(err)
	f.same("the effect", got.Effect, want)
}

func retiredRole(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	key := directory.KeyOf(role)
	f.grant("anna@msp.example", role.ID)
	f.grant("bob@msp.example", role.ID)
	dropped[rolemodel.Role](f, key, directory.EffectRetired)
	f.same("the event", f.lastEvent().Action, directory.ActionRetire)
	f.unchanged(func() { dropped[rolemodel.Role](f, key, directory.EffectRetired) })
	if !must(f.basic.Role(f.ctx, alpha, role.ID))(f).Retired {
		f.Fatal("the role does not say that it is retired")
	}
	must(regrant(f.ctx, f.super, "anna@msp.example", rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.example", RoleID: rolemodel.BasicAdmin}))(f)
	must(replace(f.ctx, f.super, alpha, grants("anna@msp.example", "basic-admin")))(f)
	_, err := f.basic.Role(f.ctx, alpha, role.ID)
	f.notFound(err, directory.KindRole, key.String())
	f.same("the last event", f.lastEvent().Key, key.String())
}

func retiredRoleTakenUp(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	role.Name = "Renamed Admin" // It keeps its ID.
	role = must(edit(f.ctx, f.super, role))(f)
	f.grant("anna@msp.example", role.ID)
	dropped[rolemodel.Role](f, directory.KeyOf(role), directory.EffectRetired)
	up, err := directory.Create(f.ctx, f.super, rolemodel.Role{TenantID: alpha, Name: "renamed ADMIN", Description: "again", SecurityPermission: rolemodel.ManageApplicationRoles}, "d1")
	got := effect(f, up, err, directory.EffectTakenUp, "d1")
	if got.ID != role.ID || got.Retired || got.Description != "again" || got.Name != "renamed ADMIN" || got.SecurityPermission != rolemodel.ManageApplicationRoles {
		f.Fatalf("taken up is %+v", got)
	}
	f.same("the event", f.lastEvent().Action, directory.ActionTakeUp)
	f.same("the grant's role", must(f.basic.ExternalAdmin(f.ctx, alpha, "anna@msp.example"))(f).RoleName, "renamed ADMIN")
}

func retiredAccounts(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	f.grant("anna@msp.example", role.ID)
	dropped[rolemodel.Partner](f, directory.Key{Account: msp}, directory.EffectRetired)
	dropped[rolemodel.Tenant](f, directory.Key{Account: alpha}, directory.EffectRetired)
	dropped[rolemodel.Role](f, directory.KeyOf(role), directory.EffectRetired)
	dropped[rolemodel.ExternalAdmin](f, directory.Key{Account: alpha, Email: "anna@msp.example"}, directory.EffectDeleted)
	_, err := f.basic.Tenant(f.ctx, alpha)
	f.notFound(err, directory.KindTenant, string(alpha))
	_, err = f.basic.Partner(f.ctx, msp)
	f.notFound(err, directory.KindPartner, string(msp))
}

func retiredAccountsTakenUp(f *fixture) {
	f.world()
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	before := must(f.basic.Tenant(f.ctx, alpha))(f)
	dropped[rolemodel.Partner](f, directory.Key{Account: msp}, directory.EffectRetired)
	dropped[rolemodel.Tenant](f, directory.Key{Account: alpha}, directory.EffectRetired)
	partner, err := directory.Create(f.ctx, f.basic, rolemodel.Partner{AccountCode: msp, Name: "Northwind again", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}}, "d1")
	effect(f, partner, err, directory.EffectTakenUp, "d1")
	tenant, err := directory.Create(f.ctx, f.basic, rolemodel.Tenant{Name: "Alpha again", Region: "uk", PrimaryDomain: "alpha.example", PartnerID: msp}, "d1") // By its domain.
	got := effect(f, tenant, err, directory.EffectTakenUp, "d1")
	if got.AccountCode != alpha || got.Name != "Alpha again" || got.Region != "uk" || got.InitialAdminEmail != before.InitialAdminEmail {
		f.Fatalf("taken up is %+v", got)
	}
	must(f.basic.ExternalAdmin(f.ctx, alpha, "anna@msp.example"))(f)
}

func retiredDomains(f *fixture) {
	f.world()
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	dropped[rolemodel.Partner](f, directory.Key{Account: msp}, directory.EffectRetired)
	other := must(add(f.ctx, f.basic, rolemodel.Partner{AccountCode: "COTHER", Name: "Other", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example", "other.example"}}))(f)
	f.same("the domains left", must(f.basic.Partner(f.ctx, msp))(f).Domains, []rolemodel.Domain{"msp.test"})
	tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
	tenant.PartnerID = other.AccountCode
	must(edit(f.ctx, f.basic, tenant))(f)
	_, err := f.basic.Partner(f.ctx, msp)
	f.notFound(err, directory.KindPartner, string(msp))
}
