// Package export writes what a directory holds in forms that others take: as
// configuration for Terraform and OpenTofu, and as a spreadsheet.
package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// HCL writes a resource and an import block for everything that the directory
// holds, so that a plan in an empty state imports all of it and changes nothing
// but who declares it. External admins are written as one map for each tenant,
// or one by one if single is set. What is retired is left out, in a comment: it
// cannot be declared, and goes with the last of what depends on it.
func HCL(ctx context.Context, r directory.Reader, out io.Writer, single bool) error {
	if err := check(ctx, r); err != nil {
		return err
	}
	w := &writer{out: out, written: map[string]string{}, taken: map[string]bool{}}
	w.printf("# What the directory holds. A plan imports it and changes only who declares it.\n# The import blocks may be deleted once they are applied.\n")
	if err := w.accounts(ctx, r); err != nil {
		return err
	}
	if err := each(w, r.Roles(ctx, directory.RoleFilter{}), w.role); err != nil {
		return err
	}
	admins := r.ExternalAdmins(ctx, directory.ExternalAdminFilter{})
	if single {
		return each(w, admins, w.admin)
	}
	return each(w, directory.ByTenant(admins), w.admins)
}

// check finds, before anything is written, that there is no directory or no way to it.
func check(ctx context.Context, r directory.Reader) error {
	identity, err := r.Identity(ctx)
	if err == nil && identity == "" {
		err = errors.New("there is no directory, or nothing was ever written to it: check where it is")
	}
	return err
}

func (w *writer) accounts(ctx context.Context, r directory.Reader) error {
	if err := each(w, r.Partners(ctx, directory.PartnerFilter{}), w.partner); err != nil {
		return err
	}
	return each(w, r.Tenants(ctx, directory.TenantFilter{}), w.tenant)
}

func (w *writer) partner(p rolemodel.Partner) {
	key := directory.KeyOf(p)
	if p.Retired {
		w.leaveOut(directory.KindPartner, key, p.Name)
		return
	}
	w.block(directory.KindPartner, key, string(p.AccountCode), p.Name, func(body *hclwrite.Body) {
		set(body, "account_code", text(string(p.AccountCode)))
		set(body, "name", text(p.Name))
		set(body, "program", text(string(p.Program)))
		set(body, "partner_portal", boolean(p.PartnerPortal))
		set(body, "domains", texts(p.Domains))
		setRanges(body, p.AdminIPRanges)
	})
}

func (w *writer) tenant(t rolemodel.Tenant) {
	key := directory.KeyOf(t)
	if t.Retired {
		w.leaveOut(directory.KindTenant, key, t.Name)
		return
	}
	w.block(directory.KindTenant, key, string(t.AccountCode), t.Name, func(body *hclwrite.Body) {
		set(body, "account_code", text(string(t.AccountCode)))
		set(body, "name", text(t.Name))
		if t.Region != "" {
			set(body, "region", text(t.Region))
		}
		set(body, "primary_domain", text(string(t.PrimaryDomain)))
		if !slices.Equal(t.InternalDomains, []rolemodel.Domain{t.PrimaryDomain}) {
			set(body, "internal_domains", texts(t.InternalDomains))
		}
		if t.PartnerID != "" {
			set(body, "partner_id", w.id(directory.KindPartner, directory.Key{Account: t.PartnerID}, string(t.PartnerID)))
		}
		setRanges(body, t.AdminIPRanges)
	})
}

func (w *writer) role(r rolemodel.Role) {
	key := directory.KeyOf(r)
	if r.Retired {
		w.leaveOut(directory.KindRole, key, r.Name)
		return
	}
	w.block(directory.KindRole, key, key.String(), r.Name, func(body *hclwrite.Body) {
		set(body, "tenant_id", w.tenantID(r.TenantID))
		set(body, "name", text(r.Name))
		if r.Description != "" {
			set(body, "description", text(r.Description))
		}
		set(body, "security_permission", text(string(r.SecurityPermission)))
		if len(r.ApplicationPermissions) > 0 {
			set(body, "application_permissions", texts(r.ApplicationPermissions))
		}
		if len(r.ProtectedPermissions) > 0 {
			set(body, "protected_permissions", texts(r.ProtectedPermissions))
		}
		if r.AllowUnlistedPermissions {
			set(body, "allow_unlisted_permissions", boolean(true))
		}
	})
}

func (w *writer) admin(a rolemodel.ExternalAdmin) {
	key := directory.KeyOf(a)
	w.block(directory.KindExternalAdmin, key, key.String(), a.RoleName, func(body *hclwrite.Body) {
		set(body, "tenant_id", w.tenantID(a.TenantID))
		set(body, "email", text(string(a.Email)))
		for _, attribute := range w.given(a) {
			set(body, attribute.name, attribute.value)
		}
	})
}

func (w *writer) admins(of []rolemodel.ExternalAdmin) {
	key := directory.Key{Account: of[0].TenantID}
	w.block(directory.KindExternalAdmins, key, string(key.Account), "", func(body *hclwrite.Body) {
		set(body, "tenant_id", w.tenantID(key.Account))
		elements := make([]hclwrite.ObjectAttrTokens, len(of))
		for i, a := range of {
			elements[i] = hclwrite.ObjectAttrTokens{Name: text(string(a.Email)), Value: inline(w.given(a))}
		}
		set(body, "admins", hclwrite.TokensForObject(elements))
	})
}

// given is what a grant gives: its role, why and until when.
func (w *writer) given(a rolemodel.ExternalAdmin) []attribute {
	all := []attribute{{"role_id", w.roleID(a)}}
	if a.Reason != "" {
		all = append(all, attribute{"reason", text(a.Reason)})
	}
	if a.ExpiresAt != "" {
		all = append(all, attribute{"expires_at", text(string(a.ExpiresAt))})
	}
	return all
}

// tenantID refers to the tenant, so that Terraform knows the order.
func (w *writer) tenantID(code rolemodel.AccountCode) hclwrite.Tokens {
	return w.id(directory.KindTenant, directory.Key{Account: code}, string(code))
}

// roleID refers to a custom role. Default roles have no resource.
func (w *writer) roleID(a rolemodel.ExternalAdmin) hclwrite.Tokens {
	return w.id(directory.KindRole, directory.Key{Account: a.TenantID, ID: a.RoleID}, string(a.RoleID))
}

func setRanges(body *hclwrite.Body, ranges []netip.Prefix) {
	if len(ranges) == 0 {
		return
	}
	prefixes := make([]string, len(ranges))
	for i, p := range ranges {
		prefixes[i] = p.String()
	}
	set(body, "admin_ip_ranges", texts(prefixes))
}

// leaveOut says that a retired entry is not written.
func (w *writer) leaveOut(kind directory.Kind, key directory.Key, name string) {
	w.printf("\n# Left out: the %s %s is retired and goes with the last of what depends on it.\n", kind, fmt.Sprintf("%q (%s)", name, key))
}
