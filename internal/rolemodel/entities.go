package rolemodel

import "net/netip"

// AccountCode is the key of a Mimecast account, a partner's or a tenant's, in
// canonical form: a "C" and then letters and digits, all upper case.
type AccountCode string

// NotYetKnown stands for the partner of a tenant that is not known yet, where ""
// means that there is none.
const NotYetKnown AccountCode = "?"

// Domain is a mail domain in canonical form: lower-case ASCII (IDNA A-labels).
type Domain string

// Email is an address in canonical form: lower case, the domain as in Domain.
type Email string

// Declaration is the random ID under which a resource instance of Terraform
// declares an entry, so that a deletion deletes only what is still its own. ""
// is for what is made outside Terraform.
type Declaration string

// Program is the Mimecast partner program that a partner takes part in.
type Program string

// The partner programs.
const (
	ProgramMSP      Program = "msp"
	ProgramReseller Program = "reseller"
)

// Partner is a service provider's own Mimecast account.
type Partner struct {
	AccountCode AccountCode `json:"account_code"`
	Name        string      `json:"name"`
	Program     Program     `json:"program"`
	// PartnerPortal says whether the partner uses the Partner Portal.
	PartnerPortal bool `json:"partner_portal"`
	// Domains are the domains that the partner's staff log in with, sorted, at least one.
	Domains []Domain `json:"domains"`
	// AdminIPRanges are the account settings' Admin IP Ranges, sorted. None means no restriction.
	AdminIPRanges []netip.Prefix `json:"admin_ip_ranges"`
	// Retired says that the partner was deleted while it was in use: nothing new is in
	// it, and it goes with the last of its dependants.
	Retired bool `json:"retired,omitempty"`
	// Declaration is the one that the entry was created, adopted or last changed as, "" for none.
	Declaration Declaration `json:"declaration,omitempty"`
	// Revision counts the writes to this partner. Zero means not stored yet
	// and, in an update, whatever revision is stored.
	Revision int64 `json:"revision"`
}

// Tenant is one client's Mimecast account.
type Tenant struct {
	AccountCode AccountCode `json:"account_code"`
	Name        string      `json:"name"`
	// Region is Mimecast's region, for example "us", or "" if not said. It never changes.
	Region        string `json:"region"`
	PrimaryDomain Domain `json:"primary_domain"`
	// InternalDomains are all domains of the client, sorted. They always contain PrimaryDomain.
	InternalDomains []Domain `json:"internal_domains"`
	// PartnerID is the partner that manages the tenant, or "" for none.
	PartnerID AccountCode `json:"partner_id"`
	// AdminIPRanges are the account settings' Admin IP Ranges, sorted. None means no restriction.
	AdminIPRanges []netip.Prefix `json:"admin_ip_ranges"`
	// InitialAdminEmail is the administrator created with the account, a Basic
	// Administrator. The directory sets it once, see InitialAdminEmail.
	InitialAdminEmail Email `json:"initial_admin_email"`
	// Retired says that the tenant was deleted while it was in use: nothing new is in
	// it, and it goes with the last of its dependants.
	Retired bool `json:"retired,omitempty"`
	// Declaration is the one that the entry was created, adopted or last changed as, "" for none.
	Declaration Declaration `json:"declaration,omitempty"`
	// Revision counts the writes to this tenant. Zero means not stored yet
	// and, in an update, whatever revision is stored.
	Revision int64 `json:"revision"`
}

// RoleID identifies a role within a tenant. Default roles have the same ID in
// every tenant; the IDs are this project's, not Mimecast's.
type RoleID string

// SecurityPermission is what a role may do in the Role Editor.
type SecurityPermission string

// The security permissions, from the least to the most. The last one belongs
// to Synchronization Engine Administrator alone and cannot manage roles.
const (
	CannotManageRoles                  SecurityPermission = "cannot_manage_roles"
	ManageApplicationRoles             SecurityPermission = "manage_application_roles"
	ManageApplicationAndProtectedRoles SecurityPermission = "manage_application_and_protected_roles"
	ManageSynchronizationEngineSites   SecurityPermission = "manage_synchronization_engine_sites"
)

// Level orders security permissions: 0 cannot manage roles, 1 application
// roles, 2 application and protected roles.
func (s SecurityPermission) Level() int {
	switch s {
	case ManageApplicationRoles:
		return 1
	case ManageApplicationAndProtectedRoles:
		return 2
	case CannotManageRoles, ManageSynchronizationEngineSites:
	}
	return 0
}

// Role is a default role, the same in every tenant, or a custom role of one tenant.
type Role struct {
	// TenantID is the tenant of a custom role, or "" for a default role.
	TenantID           AccountCode        `json:"tenant_id"`
	ID                 RoleID             `json:"id"`
	Name               string             `json:"name"`
	Description        string             `json:"description"`
	SecurityPermission SecurityPermission `json:"security_permission"`
	// DefinitionProtected says that the role cannot be edited. Only default roles can be so.
	DefinitionProtected bool `json:"definition_protected"`
	// CarriesProtected says that the role carries permissions on protected content.
	CarriesProtected bool `json:"carries_protected"`
	// ApplicationPermissions and ProtectedPermissions of a custom role, sorted, in
	// catalogue spelling, without what another one includes. Default roles have none:
	// Mimecast publishes no such list for them.
	ApplicationPermissions []Permission `json:"application_permissions"`
	ProtectedPermissions   []Permission `json:"protected_permissions"`
	// AllowUnlistedPermissions accepts permissions that are not in the catalogue.
	AllowUnlistedPermissions bool `json:"allow_unlisted_permissions"`
	// Capabilities are what the seed says of a default role. Custom roles have none.
	Capabilities []CapabilityStatement `json:"capabilities,omitempty"`
	// Retired says that the role was deleted while it was in use: nothing new is in
	// it, and it goes with the last of its dependants.
	Retired bool `json:"retired,omitempty"`
	// Declaration is the one that the entry was created, adopted or last changed as, "" for none.
	Declaration Declaration `json:"declaration,omitempty"`
	// Revision counts the writes to this role. Zero means not stored yet
	// and, in an update, whatever revision is stored. Default roles have none.
	Revision int64 `json:"revision"`
}

// IsDefault says whether the role is one of the default roles.
func (r *Role) IsDefault() bool { return r.TenantID == "" }

// ExternalAdmin is one person from outside who holds one role in one tenant.
type ExternalAdmin struct {
	TenantID AccountCode `json:"tenant_id"`
	Email    Email       `json:"email"`
	RoleID   RoleID      `json:"role_id"`
	// RoleName is the name of the role. The directory fills it in; input ignores it.
	RoleName string `json:"role_name"`
	// Reason is why the person has the grant, in one line, or "".
	Reason string `json:"reason,omitempty"`
	// ExpiresAt is from when on the grant does not count any more, "" for never. It
	// stays, as expired, until somebody deletes it.
	ExpiresAt Time `json:"expires_at,omitempty"`
	// Declaration is the one that the grant was created, adopted or last changed as, "" for none.
	Declaration Declaration `json:"declaration,omitempty"`
	// Revision counts the writes to this grant. Zero means not stored yet
	// and, in an update, whatever revision is stored.
	Revision int64 `json:"revision"`
}

// Same says whether both grants give the same: role, reason and end.
func (a *ExternalAdmin) Same(b *ExternalAdmin) bool {
	return a.RoleID == b.RoleID && a.Reason == b.Reason && a.ExpiresAt == b.ExpiresAt
}

// Actor is who makes a write: a name for the audit trail and the default role
// whose authority is used.
type Actor struct {
	Name string
	Role Role
	// PartnerID is the partner whose credential the actor uses, "" for the owner
	// of a file or database and the operator of a service.
	PartnerID AccountCode
	// Credential says that the actor comes with a service's credential, whose role
	// acting_as does not change, so that no advice speaks of it.
	Credential bool
}
