// Package wire is what goes over HTTP between the service and its clients,
// beside the entries themselves, which are rolemodel's types.
package wire

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

// Entity returns the entry as it is written, or, if an IP range is none, all
// that is not well-formed in it.
func (in *PartnerInput) Entity() (rolemodel.Partner, error) {
	ranges, vs := prefixes(in.AdminIPRanges)
	partner := rolemodel.Partner{
		AccountCode: rolemodel.AccountCode(in.AccountCode), Name: in.Name, Program: rolemodel.Program(in.Program),
		PartnerPortal: in.PartnerPortal, Domains: typed[rolemodel.Domain](in.Domains), AdminIPRanges: ranges,
	}
	if len(vs) > 0 {
		_, others := partner.Normalise()
		return partner, append(others, vs...)
	}
	return partner, nil
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

// Entity returns the entry as it is written, or, if an IP range is none, all
// that is not well-formed in it.
func (in *TenantInput) Entity() (rolemodel.Tenant, error) {
	ranges, vs := prefixes(in.AdminIPRanges)
	tenant := rolemodel.Tenant{
		AccountCode: rolemodel.AccountCode(in.AccountCode), Name: in.Name, Region: in.Region,
		PrimaryDomain: rolemodel.Domain(in.PrimaryDomain), InternalDomains: typed[rolemodel.Domain](in.InternalDomains),
		PartnerID: rolemodel.AccountCode(in.PartnerID), AdminIPRanges: ranges,
	}
	if len(vs) > 0 {
		_, others := tenant.Normalise()
		return tenant, append(others, vs...)
	}
	return tenant, nil
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

// Entity returns the entry as it is written. There is no error.
func (in *RoleInput) Entity() (rolemodel.Role, error) {
	return rolemodel.Role{
		TenantID: rolemodel.AccountCode(in.TenantID), Name: in.Name, Description: in.Description,
		SecurityPermission:       rolemodel.SecurityPermission(in.SecurityPermission),
		ApplicationPermissions:   typed[rolemodel.Permission](in.ApplicationPermissions),
		ProtectedPermissions:     typed[rolemodel.Permission](in.ProtectedPermissions),
		AllowUnlistedPermissions: in.AllowUnlistedPermissions,
	}, nil
}

// ExternalAdminInput is an external admin as it is written.
type ExternalAdminInput struct {
	TenantID string `json:"tenant_id,omitempty" doc:"The account code of the tenant. Where the path has one, it is that one."`
	Email    string `json:"email" example:"anna@msp.example" doc:"The address that the person logs in to the Partner Portal with."`
	RoleID   string `json:"role_id" example:"basic-admin" doc:"The ID of a default role or of a custom role of the tenant."`
	Reason   string `json:"reason,omitempty" example:"On call, CHG-1042" doc:"Why the person has the grant, in one line."`
	// The type of a text, since a malformed one is a violation.
	ExpiresAt string `json:"expires_at,omitempty" example:"2027-01-31T18:00:00Z" doc:"From when on the grant does not count any more, as RFC 3339 has it."`
}

// Entity returns the entry as it is written. There is no error.
func (in *ExternalAdminInput) Entity() (rolemodel.ExternalAdmin, error) {
	return rolemodel.ExternalAdmin{
		TenantID: rolemodel.AccountCode(in.TenantID), Email: rolemodel.Email(in.Email), RoleID: rolemodel.RoleID(in.RoleID),
		Reason: in.Reason, ExpiresAt: rolemodel.Time(in.ExpiresAt),
	}, nil
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
// cannot be held in the type at all is refused here, in the directory's words,
// and left out.
func prefixes(values []string) ([]netip.Prefix, rolemodel.Violations) {
	if values == nil {
		return nil, nil
	}
	all := make([]netip.Prefix, 0, len(values))
	var vs rolemodel.Violations
	for _, v := range values {
		parsed, err := netip.ParsePrefix(v)
		if err != nil && v != "" {
			_, err = rolemodel.ParsePrefix(v)
			vs = append(vs, rolemodel.NotWellFormed(rolemodel.IPRange, rolemodel.At("admin_ip_ranges"), err))
			continue
		}
		all = append(all, parsed)
	}
	return all, vs
}

// PartnerOf returns the input that asks for the partner.
func PartnerOf(p *rolemodel.Partner) PartnerInput {
	return PartnerInput{
		AccountCode: string(p.AccountCode), Name: p.Name, Program: string(p.Program), PartnerPortal: p.PartnerPortal,
		Domains: texts(p.Domains), AdminIPRanges: ranges(p.AdminIPRanges),
	}
}

// TenantOf returns the input that asks for the tenant.
func TenantOf(t *rolemodel.Tenant) TenantInput {
	return TenantInput{
		AccountCode: string(t.AccountCode), Name: t.Name, Region: t.Region, PrimaryDomain: string(t.PrimaryDomain),
		InternalDomains: texts(t.InternalDomains), PartnerID: string(t.PartnerID), AdminIPRanges: ranges(t.AdminIPRanges),
	}
}

// RoleOf returns the input that asks for the role.
func RoleOf(r *rolemodel.Role) RoleInput {
	return RoleInput{
		TenantID: string(r.TenantID), Name: r.Name, Description: r.Description, SecurityPermission: string(r.SecurityPermission),
		ApplicationPermissions: texts(r.ApplicationPermissions), ProtectedPermissions: texts(r.ProtectedPermissions),
		AllowUnlistedPermissions: r.AllowUnlistedPermissions,
	}
}

// ExternalAdminOf returns the input that asks for the external admin.
func ExternalAdminOf(a *rolemodel.ExternalAdmin) ExternalAdminInput {
	return ExternalAdminInput{TenantID: string(a.TenantID), Email: string(a.Email), RoleID: string(a.RoleID), Reason: a.Reason, ExpiresAt: string(a.ExpiresAt)}
}

func texts[T ~string](values []T) []string {
	if values == nil {
		return nil
	}
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}

func ranges(values []netip.Prefix) []string {
	if values == nil {
		return nil
	}
	all := make([]string, len(values))
	for i, v := range values {
		if v != (netip.Prefix{}) { // The zero one is "", as encoding/json has it.
			all[i] = v.String()
		}
	}
	return all
}
