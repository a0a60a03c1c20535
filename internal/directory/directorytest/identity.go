package directorytest

import (
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func identityCases() []testCase {
	return []testCase{
		{"the directory has one", identityOfDirectory},
		{"a code that returns under its partner", identitySamePartner},
		{"a code that returns under another partner", identityOtherPartner},
		{"a tenant that moves", identityMoved},
	}
}

func identityOfDirectory(f *fixture) {
	f.same("before anything is written", must(f.basic.Identity(f.ctx))(f), "")
	f.world()
	id := must(f.basic.Identity(f.ctx))(f)
	if id == "" || id != must(f.super.Identity(f.ctx))(f) {
		f.Fatalf("the identity is %q", id)
	}
}

// seen are the events about alpha that somebody sees.
func (f *fixture) seen(d directory.Directory) []directory.AuditEvent {
	f.Helper()
	return list(f, d.AuditEvents(f.ctx, directory.AuditFilter{TenantID: alpha}))
}

// gone removes alpha with a grant in it, so that there is history.
func (f *fixture) gone() {
	f.Helper()
	f.world()
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: alpha, Email: "anna@msp.example"}))
	f.ok(drop[rolemodel.Tenant](f.ctx, f.basic, directory.Key{Account: alpha}))
}

func (f *fixture) returns(partner rolemodel.AccountCode) {
	f.Helper()
	must(add(f.ctx, f.basic, rolemodel.Tenant{AccountCode: alpha, Name: "Alpha", PrimaryDomain: "alpha.example", PartnerID: partner}))(f)
}

func identitySamePartner(f *fixture) {
	f.gone()
	own := f.partner(msp, rolemodel.BasicAdmin)
	before := f.seen(own)
	f.same("the history of a tenant that is gone", len(before), 4)
	f.returns(msp)
	after := f.seen(own)
	f.same("it goes on", len(after), 5)
	f.same("in the same trail", after[4].Trail, before[0].Trail)
	f.same("the number", after[4].Number, int64(5))
}

func identityOtherPartner(f *fixture) {
	f.gone()
	f.returns(reseller)
	f.same("what the new partner sees", len(f.seen(f.partner(reseller, rolemodel.BasicAdmin))), 1)
	f.same("what the former partner sees", len(f.seen(f.partner(msp, rolemodel.BasicAdmin))), 4)
	f.same("what the operator sees", len(f.seen(f.basic)), 5)
	named := f.caller(directory.Caller{Actor: rolemodel.Actor{Name: "named", Role: f.defaultRole(rolemodel.BasicAdmin), Credential: true}, Scope: directory.Scope{All: true, TenantIDs: []rolemodel.AccountCode{alpha}}})
	f.same("what somebody sees who is limited to the code", len(f.seen(named)), 1)
}

func identityMoved(f *fixture) {
	f.world()
	f.role("Desk Admin")
	before := len(f.seen(f.partner(msp, rolemodel.BasicAdmin)))
	tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
	tenant.PartnerID = reseller
	must(edit(f.ctx, f.basic, tenant))(f)
	tenant.Name, tenant.Revision = "Its new partner's", 0
	must(edit(f.ctx, f.basic, tenant))(f)
	left := f.seen(f.partner(msp, rolemodel.BasicAdmin))
	f.same("what the former partner sees", len(left), before+1)
	f.same("it is not told whose it is now", entry[rolemodel.Tenant](f, left[before].After).PartnerID, rolemodel.AccountCode(""))
	came := f.seen(f.partner(reseller, rolemodel.BasicAdmin))
	f.same("what the new partner sees", len(came), 2)
	f.same("nothing of before", came[0].Before, "")
	f.same("it is numbered anew", came[0].Number, int64(1))
	_, err := f.partner(msp, rolemodel.BasicAdmin).Tenant(f.ctx, alpha)
	f.notFound(err, directory.KindTenant, string(alpha))
}

func (f *fixture) defaultRole(id rolemodel.RoleID) rolemodel.Role {
	f.Helper()
	role, ok := rolemodel.DefaultRole(id)
	if !ok {
		f.Fatalf("no default role %q", id)
	}
	return role
}
