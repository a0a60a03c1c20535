package server

import (
	"net/netip"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// The inputs hold what a caller may say about an entry. Whether it is
// well-formed the directory decides, so that the answer is the same wherever
// the directory is; hence the fields are plain strings and few are required.

// PartnerInput is a partner as it is written.
type PartnerInput struct {
	AccountCode   string   `json:"account_code,omitempty" example:"CUSA00A000" doc:"The account code. Left out when a partner is created, the directory assigns one; in an update it is that of the path."`
	Name          string   `json:"name" doc:"The partner's name."`
	Program       string   `json:"program" example:"msp" doc:"The partner program: msp or reseller."`
	PartnerPortal bool     `json:"partner_portal,omitempty" doc:"Whether the partner uses the Partner Portal."`
	Domains       []string `json:"domains" doc:"The domains that the partner's staff log in with."`
	AdminIPRanges []string `json:"admin_ip_ranges,omitempty" doc:"The account settings' Admin IP Ranges, in CIDR notation. None means no restriction."`
}

func (in *PartnerInput) entity() (rolemodel.Partner, error) {
	ranges, err := prefixes(in.AdminIPRanges)
	return rolemodel.Partner{
		AccountCode: rolemodel.AccountCode(in.AccountCode), Name: in.Name, Program: rolemodel.Program(in.Program),
		PartnerPortal: in.PartnerPortal, Domains: typed[rolemodel.Domain](in.Domains), AdminIPRanges: ranges,
	}, err
}

// TenantInput is a tenant as it is written.
type TenantInput struct {
	AccountCode     string   `json:"account_code,omitempty" example:"CUSB00B000" doc:"The account code. Left out when a tenant is created, the directory assigns one; in an update it is that of the path."`
	Name            string   `json:"name" doc:"The client's name."`
	Region          string   `json:"region,omitempty" example:"us" doc:"Mimecast's region. It never changes: an update ignores it."`
	PrimaryDomain   string   `json:"primary_domain" example:"example.com" doc:"The primary domain."`
	InternalDomains []string `json:"internal_domains,omitempty" doc:"All domains of the client, the primary one included. Left out, the primary domain is the only one."`
	PartnerID       string   `json:"partner_id,omitempty" doc:"The account code of the partner that manages the tenant."`
	AdminIPRanges   []string `json:"admin_ip_ranges,omitempty" doc:"The account settings' Admin IP Ranges, in CIDR notation. None means no restriction."`
}

func (in *TenantInput) entity() (rolemodel.Tenant, error) {
	ranges, err := prefixes(in.AdminIPRanges)
	return rolemodel.Tenant{
		AccountCode: rolemodel.AccountCode(in.AccountCode), Name: in.Name, Region: in.Region,
		PrimaryDomain: rolemodel.Domain(in.PrimaryDomain), InternalDomains: typed[rolemodel.Domain](in.InternalDomains),
		PartnerID: rolemodel.AccountCode(in.PartnerID), AdminIPRanges: ranges,
	}, err
}

// RoleInput is a custom role as it is written.
type RoleInput struct {
	TenantID                 string   `json:"tenant_id,omitempty" doc:"The account code of the tenant. In an update it is that of the path."`
	Name                     string   `json:"name" doc:"The role's name, unique in its tenant."`
	Description              string   `json:"description,omitempty" doc:"What the role is for."`
	SecurityPermission       string   `json:"security_permission" example:"cannot_manage_roles" doc:"cannot_manage_roles, manage_application_roles or manage_application_and_protected_roles."`
	ApplicationPermissions   []string `json:"application_permissions,omitempty" doc:"Application permissions as Mimecast's documentation writes them, \"Area | Item | Level\"."`
	ProtectedPermissions     []string `json:"protected_permissions,omitempty" doc:"Permissions on protected content."`
	AllowUnlistedPermissions bool     `json:"allow_unlisted_permissions,omitempty" doc:"Accept permissions that are not in the catalogue."`
}

func (in *RoleInput) entity() rolemodel.Role {
	return rolemodel.Role{
		TenantID: rolemodel.AccountCode(in.TenantID), Name: in.Name, Description: in.Description,
		SecurityPermission:       rolemodel.SecurityPermission(in.SecurityPermission),
		ApplicationPermissions:   typed[rolemodel.Permission](in.ApplicationPermissions),
		ProtectedPermissions:     typed[rolemodel.Permission](in.ProtectedPermissions),
		AllowUnlistedPermissions: in.AllowUnlistedPermissions,
	}
}

// ExternalAdminInput is an external admin as it is written.
type ExternalAdminInput struct {
	TenantID string `json:"tenant_id,omitempty" doc:"The account code of the tenant. Where the path has one, it is that one."`
	Email    string `json:"email" example:"anna@msp.example" doc:"The address that the person logs in to the Partner Portal with."`
	RoleID   string `json:"role_id" example:"basic-admin" doc:"The ID of a default role or of a custom role of the tenant."`
}

func (in *ExternalAdminInput) entity() rolemodel.ExternalAdmin {
	return rolemodel.ExternalAdmin{
		TenantID: rolemodel.AccountCode(in.TenantID), Email: rolemodel.Email(in.Email), RoleID: rolemodel.RoleID(in.RoleID),
	}
}

func typed[T ~string](values []string) []T {
	if values == nil {
		return nil
	}
	all := make([]T, len(values))
	for i, v := range values {
		all[i] = T(v)
	}
	return all
}

// prefixes returns IP ranges as they are written, canonical or not. Only what
// cannot be held in the type at all is refused here, in the directory's words.
func prefixes(values []string) ([]netip.Prefix, error) {
	if values == nil {
		return nil, nil
	}
	all := make([]netip.Prefix, len(values))
	var vs rolemodel.Violations
	for i, v := range values {
		parsed, err := netip.ParsePrefix(v)
		if err != nil && v != "" {
			_, err = rolemodel.ParsePrefix(v)
			vs = append(vs, rolemodel.NotWellFormed(rolemodel.IPRange, rolemodel.At("admin_ip_ranges"), err))
		}
		all[i] = parsed
	}
	return all, vs.Err()
}

// accountCode returns the code in canonical form. What cannot be a code is left
// as it is: there is nothing with that key, and that is the answer.
func accountCode(s string) rolemodel.AccountCode {
	if code, err := rolemodel.ParseAccountCode(s); err == nil {
		return code
	}
	return rolemodel.AccountCode(s)
}

func email(s string) rolemodel.Email {
	if canonical, err := rolemodel.ParseEmail(s); err == nil {
		return canonical
	}
	return rolemodel.Email(s)
}

func domain(s string) rolemodel.Domain {
	if canonical, err := rolemodel.ParseDomain(s); err == nil {
		return canonical
	}
	return rolemodel.Domain(s)
}
