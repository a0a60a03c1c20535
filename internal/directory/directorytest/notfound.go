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
		_, err = edit(ctx, d, rolemodel.Partner{AccountCode: none, Name: "N", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"n.example"}})
		f.notFound(err, directory.KindPartner, "CNONE")
		f.notFound(drop[rolemodel.Partner](ctx, d, directory.Key{Account: none}), directory.KindPartner, "CNONE")

		_, err = d.Tenant(ctx, none)
		f.notFound(err, directory.KindTenant, "CNONE")
		_, err = edit(ctx, d, rolemodel.Tenant{AccountCode: none, Name: "N", PrimaryDomain: "n.example"})
		f.notFound(err, directory.KindTenant, "CNONE")
		f.notFound(drop[rolemodel.Tenant](ctx, d, directory.Key{Account: none}), directory.KindTenant, "CNONE")

		for _, tenant := range []rolemodel.AccountCode{none, alpha} {
			key := string(tenant) + "/none"
			_, err = d.Role(ctx, tenant, "none")
			f.notFound(err, directory.KindRole, key)
			_, err = edit(ctx, d, rolemodel.Role{TenantID: tenant, ID: "none", Name: "N", SecurityPermission: rolemodel.CannotManageRoles})
			f.notFound(err, directory.KindRole, key)
			f.notFound(drop[rolemodel.Role](ctx, d, directory.Key{Account: tenant, ID: "none"}), directory.KindRole, key)

			key = string(tenant) + "/none@msp.example"
			_, err = d.ExternalAdmin(ctx, tenant, "none@msp.example")
			f.notFound(err, directory.KindExternalAdmin, key)
			_, err = regrant(ctx, d, "none@msp.example", rolemodel.ExternalAdmin{TenantID: tenant, Email: "none@msp.example", RoleID: rolemodel.BasicAdmin})
			f.notFound(err, directory.KindExternalAdmin, key)
			f.notFound(drop[rolemodel.ExternalAdmin](ctx, d, directory.Key{Account: tenant, Email: "none@msp.example"}), directory.KindExternalAdmin, key)
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
			f.notFound(err, directory.KindRole, directory.Key{Account: alpha, ID: rolemodel.RoleID(key)}.String())
			_, err = f.basic.ExternalAdmin(f.ctx, alpha, rolemodel.Email(key))
			f.notFound(err, directory.KindExternalAdmin, directory.Key{Account: alpha, Email: rolemodel.Email(key)}.String())
			of := directory.Key{Account: alpha, Email: rolemodel.Email(key)}
			f.notFound(drop[rolemodel.ExternalAdmin](f.ctx, f.super, of), directory.KindExternalAdmin, of.String())
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
		_, roles := directory.Collect(f.basic.Roles(ctx, customOf(alpha)))
		_, created := add(ctx, f.basic, rolemodel.Tenant{Name: "New", PrimaryDomain: "new.example"})
		_, replaced := replace(ctx, f.basic, alpha, grants("a@msp.example", "basic-admin"))
		for _, err := range []error{read, listed, roles, created, replaced, drop[rolemodel.Tenant](ctx, f.basic, directory.Key{Account: alpha})} {
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
