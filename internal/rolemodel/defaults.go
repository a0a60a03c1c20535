package rolemodel

import (
	"slices"
	"sync"
)

// Capability is one thing that Mimecast's descriptions say a default role can or cannot do.
type Capability string

// The closed set of capabilities. Each comment gives the values a capability
// takes besides NotStated; a value that no default role has is there for completeness.
const (
	ContentView                Capability = "content_view"                 // none, held_messages, discovery_cases, archive_search, all
	DelegateMailboxAccess      Capability = "delegate_mailbox_access"      // yes
	MessageExport              Capability = "message_export"               // yes
	RetentionAdjustments       Capability = "retention_adjustments"        // yes
	AssignProtectedPermissions Capability = "assign_protected_permissions" // yes, no
	ElevateAdministrators      Capability = "elevate_administrators"       // yes
	CreateAdministrators       Capability = "create_administrators"        // none, basic_only, without_protected_permissions, all_below_super
	MessageTracking            Capability = "message_tracking"             // yes
	PolicyManagement           Capability = "policy_management"            // none, read, edit
	EDiscoverySearch           Capability = "ediscovery_search"            // yes
	EDiscoveryReview           Capability = "ediscovery_review"            // yes
	SupervisionReview          Capability = "supervision_review"           // yes
	SynchronizationEngineSites Capability = "synchronization_engine_sites" // yes
)

// Capabilities returns the closed set of capabilities in a fixed order.
func Capabilities() []Capability {
	return []Capability{
		ContentView, DelegateMailboxAccess, MessageExport, RetentionAdjustments, AssignProtectedPermissions,
		ElevateAdministrators, CreateAdministrators, MessageTracking, PolicyManagement, EDiscoverySearch,
		EDiscoveryReview, SupervisionReview, SynchronizationEngineSites,
	}
}

// NotStated is the value of a capability that a role's description does not mention. It is not "no".
const NotStated = "not_stated"

// CapabilityStatement is what the seed says of one capability of one role.
type CapabilityStatement struct {
	Capability Capability `json:"capability"`
	// Value is one of the capability's values, or NotStated.
	Value string `json:"value"`
	// Sentence is the sentence of seed 003 that says so, or "" if NotStated.
	Sentence string `json:"sentence"`
}

// The IDs of the default roles. They are this project's, not Mimecast's.
const (
	SuperAdmin       RoleID = "super-admin"
	PartnerAdmin     RoleID = "partner-admin"
	FullAdmin        RoleID = "full-admin"
	BasicAdmin       RoleID = "basic-admin"
	HelpDeskAdmin    RoleID = "help-desk-admin"
	GatewayAdmin     RoleID = "gateway-admin"
	DiscoveryOfficer RoleID = "discovery-officer"
	Reviewer         RoleID = "reviewer"
	SyncEngineAdmin  RoleID = "sync-engine-admin"
)

// DefaultRole returns the default role with the ID.
func DefaultRole(id RoleID) (Role, bool) {
	for _, r := range builtIn() {
		if r.ID == id {
			return copied(r), true
		}
	}
	return Role{}, false
}

// DefaultRoleByName returns the default role with the name, whatever its letter case.
func DefaultRoleByName(name string) (Role, bool) {
	folded := FoldName(name)
	for _, r := range builtIn() {
		if FoldName(r.Name) == folded {
			return copied(r), true
		}
	}
	return Role{}, false
}

// DefaultRoles returns the nine default roles, present in every tenant, in the order of seed 003.
func DefaultRoles() []Role {
	roles := slices.Clone(builtIn())
	for i, r := range roles {
		roles[i] = copied(r)
	}
	return roles
}

// copied returns a default role that shares nothing with r.
func copied(r Role) Role {
	r.Capabilities = slices.Clone(r.Capabilities)
	return r
}

// builtIn holds the default roles. It is never written to, and callers get copies.
var builtIn = sync.OnceValue(func() []Role {
	const (
		superFull      = "Has full privileges to all account options, including the content view of all emails, delegate mailbox access, and the assignment of protected permissions (e.g., the assignment of content view)."
		superElevate   = "The Super Administrator has the privilege or right to elevate other administrators below the Super Administrator role."
		partnerFull    = "Has full privileges for Partner Administrators, including delegate mailbox access, but excludes protected permissions."
		fullHigh       = "Has high-level administrator privileges, including the content view of all messages, delegate mailbox access, message exports, and the creation/approval of retention adjustments."
		basicPrimary   = "A primary administrator account with rights to create other Basic Administrator accounts but with no access to protected permissions."
		basicHeld      = "Basic Adminstrators have access to the content of an email, but only if the email is being held."
		cannotManage   = "Cannot manage roles."
		helpDesk       = "Has access to common help desk tasks (e.g., message tracking, read-only access to policy management, service connections, and user settings)."
		gateway        = "Has read access to common gateway functionality (e.g., policy management, message tracking, service connections, and user settings) and rights to create other administrator accounts without protected permissions."
		discovery      = "Has access to common eDiscovery features (e.g., archive search with content view, messages exports, and the creation or approval of retention adjustments)."
		discoveryNo    = "Cannot manage gateway policies."
		reviewerReview = "Has access to the eDiscovery Review application as a reviewer, where discovery cases can be reviewed for relevance and privilege."
		reviewerSuper  = "This administration role can access the Supervision application to review the messages for non-compliance."
		syncEngine     = "Has access to perform all tasks related to managing any Mimecast Synchronization Engine site."
	)
	return []Role{
		{
			ID: SuperAdmin, Name: "Super Administrator", SecurityPermission: ManageApplicationAndProtectedRoles,
			DefinitionProtected: true, CarriesProtected: true,
			Description: "Full privileges to all account options, content view of all emails and the assignment of protected permissions; elevates administrators below it.",
			Capabilities: stated(map[Capability]CapabilityStatement{
				ContentView:                {Value: "all", Sentence: superFull},
				DelegateMailboxAccess:      {Value: "yes", Sentence: superFull},
				AssignProtectedPermissions: {Value: "yes", Sentence: superFull},
				ElevateAdministrators:      {Value: "yes", Sentence: superElevate},
				CreateAdministrators:       {Value: "all_below_super", Sentence: superElevate},
			}),
		},
		{
			ID: PartnerAdmin, Name: "Partner Administrator", SecurityPermission: ManageApplicationRoles,
			DefinitionProtected: true,
			Description:         "Full privileges for a partner's administrators, with delegate mailbox access and without protected permissions; MSP partners only.",
			Capabilities: stated(map[Capability]CapabilityStatement{
				DelegateMailboxAccess:      {Value: "yes", Sentence: partnerFull},
				AssignProtectedPermissions: {Value: "no", Sentence: partnerFull},
			}),
		},
		{
			ID: FullAdmin, Name: "Full Administrator", SecurityPermission: ManageApplicationRoles,
			DefinitionProtected: true, CarriesProtected: true,
			Description: "High-level privileges with the content view of all messages, delegate mailbox access, exports and retention adjustments.",
			Capabilities: stated(map[Capability]CapabilityStatement{
				ContentView:           {Value: "all", Sentence: fullHigh},
				DelegateMailboxAccess: {Value: "yes", Sentence: fullHigh},
				MessageExport:         {Value: "yes", Sentence: fullHigh},
				RetentionAdjustments:  {Value: "yes", Sentence: fullHigh},
			}),
		},
		{
			ID: BasicAdmin, Name: "Basic Administrator", SecurityPermission: ManageApplicationRoles,
			Description: "The primary administrator, who creates other Basic Administrators; content of held mail only.",
			Capabilities: stated(map[Capability]CapabilityStatement{
				ContentView:                {Value: "held_messages", Sentence: basicHeld},
				AssignProtectedPermissions: {Value: "no", Sentence: basicPrimary},
				CreateAdministrators:       {Value: "basic_only", Sentence: basicPrimary},
			}),
		},
		{
			ID: HelpDeskAdmin, Name: "Help Desk Administrator", SecurityPermission: CannotManageRoles,
			Description: "Common help desk tasks: message tracking, and reading policies, service connections and user settings.",
			Capabilities: stated(map[Capability]CapabilityStatement{
				CreateAdministrators: {Value: "none", Sentence: cannotManage},
				MessageTracking:      {Value: "yes", Sentence: helpDesk},
				PolicyManagement:     {Value: "read", Sentence: helpDesk},
			}),
		},
		{
			ID: GatewayAdmin, Name: "Gateway Administrator", SecurityPermission: ManageApplicationRoles,
			Description: "Reads common gateway functionality, and creates administrators without protected permissions.",
			Capabilities: stated(map[Capability]CapabilityStatement{
				CreateAdministrators: {Value: "without_protected_permissions", Sentence: gateway},
				MessageTracking:      {Value: "yes", Sentence: gateway},
				PolicyManagement:     {Value: "read", Sentence: gateway},
			}),
		},
		{
			ID: DiscoveryOfficer, Name: "Discovery Officer", SecurityPermission: CannotManageRoles,
			DefinitionProtected: true, CarriesProtected: true,
			Description: "Common eDiscovery features: archive search with content view, exports and retention adjustments; no gateway policies.",
			Capabilities: stated(map[Capability]CapabilityStatement{
				ContentView:          {Value: "archive_search", Sentence: discovery},
				MessageExport:        {Value: "yes", Sentence: discovery},
				RetentionAdjustments: {Value: "yes", Sentence: discovery},
				CreateAdministrators: {Value: "none", Sentence: cannotManage},
				PolicyManagement:     {Value: "none", Sentence: discoveryNo},
				EDiscoverySearch:     {Value: "yes", Sentence: discovery},
			}),
		},
		{
			ID: Reviewer, Name: "Reviewer", SecurityPermission: CannotManageRoles,
			DefinitionProtected: true, CarriesProtected: true,
			Description: "Reviews discovery cases in eDiscovery Review and messages in Supervision.",
			Capabilities: stated(map[Capability]CapabilityStatement{
				ContentView:          {Value: "discovery_cases", Sentence: reviewerReview},
				CreateAdministrators: {Value: "none", Sentence: cannotManage},
				EDiscoveryReview:     {Value: "yes", Sentence: reviewerReview},
				SupervisionReview:    {Value: "yes", Sentence: reviewerSuper},
			}),
		},
		{
			ID: SyncEngineAdmin, Name: "Synchronization Engine Administrator", SecurityPermission: ManageSynchronizationEngineSites,
			Description: "All tasks of managing any Mimecast Synchronization Engine site.",
			Capabilities: stated(map[Capability]CapabilityStatement{
				SynchronizationEngineSites: {Value: "yes", Sentence: syncEngine},
			}),
		},
	}
})

// stated returns a statement for every capability, NotStated where said has none.
func stated(said map[Capability]CapabilityStatement) []CapabilityStatement {
	statements := make([]CapabilityStatement, 0, len(said))
	for _, c := range Capabilities() {
		s, ok := said[c]
		if !ok {
			s.Value = NotStated
		}
		s.Capability = c
		statements = append(statements, s)
	}
	return statements
}
