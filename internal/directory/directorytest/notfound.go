package directorytest

import (
	"context"
	"errors"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func notFoundCases() []testCase {
	return []testCase{
		{"every verb says what is not there and changes nothing", notFoundVerbs},
		{"keys that nothing can have", notFoundStrangeKeys},
	}
}

func notFoundVerbs(f *fixture) {
	f.world()
	const none rolemodel.AccountCode = "CNONE"
	d, ctx := f.super, f.ctx
	f.unchanged(func() {
		_, err := d.Partner(ctx, none)
		f.notFound(err, directory.KindPartner, "CNONE")
		_, err = d.Partner(ctx, alpha) // A tenant is no partner.
		f.notFound(err, directory.KindPartner, "CALPHA")
		_, err = d.UpdatePartner(ctx, rolemodel.Partner{AccountCode: none, Name: "N", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"n.example"}})
		f.notFound(err, directory.KindPartner, "CNONE")
		f.notFound(d.DeletePartner(ctx, none), directory.KindPartner, "CNONE")

		_, err = d.Tenant(ctx, none)
		f.notFound(err, directory.KindTenant, "CNONE")
		_, err = d.UpdateTenant(ctx, rolemodel.Tenant{AccountCode: none, Name: "N", PrimaryDomain: "n.example"})
		f.notFound(err, directory.KindTenant, "CNONE")
		f.notFound(d.DeleteTenant(ctx, none), directory.KindTenant, "CNONE")

		for _, tenant := range []rolemodel.AccountCode{none, alpha} {
			key := string(tenant) + "/none"
			_, err = d.Role(ctx, tenant, "none")
			f.notFound(err, directory.KindRole, key)
			_, err = d.UpdateRole(ctx, rolemodel.Role{TenantID: tenant, ID: "none", Name: "N", SecurityPermission: rolemodel.CannotManageRoles})
			f.notFound(err, directory.KindRole, key)
			f.notFound(d.DeleteRole(ctx, tenant, "none"), directory.KindRole, key)

			key = string(tenant) + "/none@msp.example"
			_, err = d.ExternalAdmin(ctx, tenant, "none@msp.example")
			f.notFound(err, directory.KindExternalAdmin, key)
			_, err = d.UpdateExternalAdmin(ctx, "none@msp.example", rolemodel.ExternalAdmin{TenantID: tenant, Email: "none@msp.example", RoleID: rolemodel.BasicAdmin})
			f.notFound(err, directory.KindExternalAdmin, key)
			f.notFound(d.DeleteExternalAdmin(ctx, tenant, "none@msp.example"), directory.KindExternalAdmin, key)
		}
		_, err = d.Role(ctx, none, rolemodel.BasicAdmin)
		f.notFound(err, directory.KindRole, "CNONE/basic-admin")
	})
}

func notFoundStrangeKeys(f *fixture) {
	f.world()
	for _, key := range []string{"", " ", "%", "' OR 1=1 --", "..", "é", "a/b", "NULL"} {
		f.unchanged(func() {
			_, err := f.basic.Partner(f.ctx, rolemodel.AccountCode(key))
			f.notFound(err, directory.KindPartner, key)
			_, err = f.basic.Tenant(f.ctx, rolemodel.AccountCode(key))
			f.notFound(err, directory.KindTenant, key)
			_, err = f.basic.Role(f.ctx, alpha, rolemodel.RoleID(key))
			f.notFound(err, directory.KindRole, "CALPHA/"+key)
			_, err = f.basic.ExternalAdmin(f.ctx, alpha, rolemodel.Email(key))
			f.notFound(err, directory.KindExternalAdmin, "CALPHA/"+key)
			f.notFound(f.super.DeleteExternalAdmin(f.ctx, alpha, rolemodel.Email(key)), directory.KindExternalAdmin, "CALPHA/"+key)
		})
	}
}

func contextCases() []testCase {
	return []testCase{
		{"cancelled before", contextCancelled},
		{"cancelled inside a list", contextCancelledInList},
	}
}

func contextCancelled(f *fixture) {
	f.world()
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	f.unchanged(func() {
		_, read := f.basic.Tenant(ctx, alpha)
		_, listed := directory.Collect(f.basic.Tenants(ctx, directory.TenantFilter{}))
		_, roles := directory.Collect(f.basic.Roles(ctx, alpha))
		_, created := f.basic.CreateTenant(ctx, rolemodel.Tenant{Name: "New", PrimaryDomain: "new.example"})
		_, replaced := f.basic.ReplaceExternalAdmins(ctx, alpha, grants("a@msp.example", "basic-admin"))
		for _, err := range []error{read, listed, roles, created, replaced, f.basic.DeleteTenant(ctx, alpha)} {
			if !errors.Is(err, context.Canceled) {
				f.Errorf("got %v, want context.Canceled", err)
			}
		}
	})
}

// contextCancelledInList: a list that is read page by page ends with the
// context's error, and one that is complete already ends in order.
func contextCancelledInList(f *fixture) {
	f.world()
	ctx, cancel := context.WithCancel(f.ctx)
	defer cancel()
	for _, err := range f.basic.Tenants(ctx, directory.TenantFilter{}) {
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			f.Fatalf("got %v, want context.Canceled", err)
		}
	}
	must(f.basic.Tenant(f.ctx, alpha))(f)
}
