package worklist

import (
	"fmt"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// The steps are in the words of Mimecast's articles: "Managing Partner
// Administrators" (seed 000) for adding somebody at the console, "Managing
// Administrator Roles" for creating a role, and "Partner - Delegating Access" for
// the Partner Portal. How to change or remove what is there no readable article says.

// consoleSteps writes the steps of all items of one tenant.
func (p *pass) consoleSteps(v *view, items []*Item) {
	p.step("Log in to the account's Administration Console as an administrator who can manage roles, for example %s.", v.Tenant.InitialAdminEmail)
	menu := ""
	for _, item := range items {
		if to := menuOf(item.Kind); to != menu {
			menu = to
			p.step("%s", menu)
		}
		if taken, ok := v.names.takenBy(item); ok {
			p.modelled("", "Give the role %q another name for now: this one is needed, and names are unique.", taken.Name)
		}
		p.consoleStep(v, item)
	}
}

func menuOf(kind Kind) string {
	switch kind {
	case CreateRole, EditRole, DeleteRole:
		return "Go to Account > Roles, the Role Editor."
	case AddAdmin, ChangeAdminRole, RemoveAdmin, UndeclaredAdmin, NeverObserved:
	}
	return "Go to Account > Roles > Manage External Administrators."
}

// takenBy returns the role that has the name which another is to get.
func (n *names) takenBy(item *Item) (rolemodel.ObservedRole, bool) {
	if item.Role == nil {
		return rolemodel.ObservedRole{}, false
	}
	seen := n.seen[rolemodel.FoldName(item.To)]
	return seen, seen.ID != "" && seen.ID != item.RoleID
}

func (p *pass) consoleStep(v *view, item *Item) {
	switch item.Kind {
	case CreateRole:
		p.item(item, "Create the role %q: %s. Save and Exit.", item.To, item.Role)
	case EditRole:
		name := ""
		if item.From != item.To {
			name = fmt.Sprintf("name %q, ", item.To)
		}
		p.modelled(item.ID, "Make the role %q this: %s%s. Save and Exit.", item.From, name, item.Role)
	case AddAdmin:
		p.item(item, "Add External Admin: %s, Select Role: %s. Save and Exit.%s", item.Person, item.To, v.whoGrants(item.RoleID))
	case ChangeAdminRole:
		p.modelled(item.ID, "Give %s the role %s instead of %s. Save and Exit.%s", item.Person, item.To, item.From, v.whoGrants(item.RoleID, v.names.is(item.From)))
	case RemoveAdmin, UndeclaredAdmin:
		p.modelled(item.ID, "Remove %s (%s).%s", item.Person, item.From, v.whoGrants(v.names.is(item.From)))
	case DeleteRole:
		p.modelled(item.ID, "Delete the role %q.", item.From)
	case NeverObserved:
		p.modelled(item.ID, "Look through the list: it is to have exactly the external admins that are declared. Whoever else is there is undeclared.")
	}
}

// whoGrants says who can do something with the roles, where not everybody can who manages roles.
func (v *view) whoGrants(ids ...rolemodel.RoleID) string {
	for _, id := range ids {
		if role, ok := v.defaults.byID[id]; ok && role.CarriesProtected || v.roles[id] != nil && v.roles[id].CarriesProtected {
			return " The role carries protected permissions: Mimecast Support or a Super Administrator does this."
		}
	}
	return ""
}

// portalSteps writes the steps of all items of one person.
func (p *pass) portalSteps() {
	p.step("In the Partner Portal go to Account icon > User Maintenance, choose %s and the Manage Partner Administrator icon.", p.Person)
	for _, item := range p.items {
		if item.Kind == AddAdmin {
			p.item(item, "Tick %s (%s).", item.TenantName, item.TenantID)
		} else {
			p.modelled(item.ID, "Untick %s (%s).", item.TenantName, item.TenantID)
		}
	}
	p.step("Update.")
}

func (p *pass) step(format string, args ...any) {
	p.Steps = append(p.Steps, Step{Text: fmt.Sprintf(format, args...)})
}

func (p *pass) item(item *Item, format string, args ...any) {
	p.Steps = append(p.Steps, Step{ItemID: item.ID, Text: fmt.Sprintf(format, args...)})
}

func (p *pass) modelled(id, format string, args ...any) {
	p.Steps = append(p.Steps, Step{ItemID: id, Text: fmt.Sprintf(format, args...), Modelled: true})
}

// String writes the definition as the Role Editor has it.
func (d *Definition) String() string {
	var parts []string
	if d.Description != "" {
		parts = append(parts, fmt.Sprintf("description %q", d.Description))
	}
	parts = append(parts, "security permission "+securityPermission(d.SecurityPermission),
		"application permissions "+permissions(d.ApplicationPermissions))
	if len(d.ProtectedPermissions) > 0 {
		parts = append(parts, "protected permissions "+permissions(d.ProtectedPermissions))
	}
	return strings.Join(parts, "; ")
}

func permissions(list []rolemodel.Permission) string {
	if len(list) == 0 {
		return "none"
	}
	texts := make([]string, len(list))
	for i, permission := range list {
		texts[i] = string(permission)
	}
	return strings.Join(texts, ", ")
}

// securityPermission is the label in the Role Editor.
func securityPermission(p rolemodel.SecurityPermission) string {
	switch p {
	case rolemodel.ManageApplicationRoles:
		return "Manage Application Roles"
	case rolemodel.ManageApplicationAndProtectedRoles:
		return "Manage Application and Protected Roles"
	case rolemodel.CannotManageRoles, rolemodel.ManageSynchronizationEngineSites:
	}
	return "Cannot Manage Roles"
}
