// Package worklist says what is still to be done at Mimecast: the difference
// between what the directory declares and what somebody saw there, as items, and
// the fewest passes by which people do them all. It is pure: declared and
// observed in, items and passes out.
package worklist

import (
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// State is what is declared of one tenant, and what was seen of it.
type State struct {
	Tenant rolemodel.Tenant
	// Partner is the one that manages the tenant, nil for none.
	Partner *rolemodel.Partner
	// Roles are the tenant's custom roles, retired ones included: they stay until their last holder goes.
	Roles  []rolemodel.Role
	Admins []rolemodel.ExternalAdmin
	// Seen is nil if nothing was ever observed.
	Seen *rolemodel.Observation
}

// Worklist is all that is to be done at a moment.
type Worklist struct {
	At rolemodel.Time `json:"at"`
	// Items are by the tenant's name and account code, then as they are done.
	Items  []Item `json:"items"`
	Passes []Pass `json:"passes"`
}

// Kind is a kind of item.
type Kind string

// The kinds of items, in the order in which those of a tenant are done.
const (
	CreateRole      Kind = "create_role"
	EditRole        Kind = "edit_role"
	AddAdmin        Kind = "add_admin"
	ChangeAdminRole Kind = "change_admin_role"
	// RemoveAdmin is of somebody whose grant was deleted or has expired.
	RemoveAdmin Kind = "remove_admin"
	// UndeclaredAdmin is somebody who is there and whom the directory never had.
	UndeclaredAdmin Kind = "undeclared_admin"
	// NeverObserved is a tenant of which nobody has seen all external admins yet.
	NeverObserved Kind = "never_observed"
	DeleteRole    Kind = "delete_role"
)

// Kinds returns the kinds of items, in the order in which those of a tenant are done.
func Kinds() []Kind {
	return []Kind{CreateRole, EditRole, AddAdmin, ChangeAdminRole, RemoveAdmin, UndeclaredAdmin, NeverObserved, DeleteRole}
}

// Item is one thing to be done in one tenant.
type Item struct {
	// ID stays as long as the item means the same: 12 characters of lower-case base32.
	ID         string                `json:"id"`
	Kind       Kind                  `json:"kind"`
	TenantID   rolemodel.AccountCode `json:"tenant_id"`
	TenantName string                `json:"tenant_name"`
	// Person is whom the item is about, "" in items about roles and tenants.
	Person rolemodel.Email `json:"person,omitempty"`
	// RoleID is that of the custom role to create, edit or delete, or of the role that the person is to hold.
	RoleID rolemodel.RoleID `json:"role_id,omitempty"`
	// From and To are names of roles, "" for none: the one that is there or that the
	// person holds, and the one that is to be.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Role is what the custom role is to be, nil unless it is to be created or edited.
	Role *Definition `json:"role,omitempty"`
	// Since is from when on it is due, and DeclaredBy who declared it: "" where the
	// trail does not tell. Of somebody undeclared it is when they were last seen.
	Since      rolemodel.Time `json:"since,omitempty"`
	DeclaredBy string         `json:"declared_by,omitempty"`
	// Seen is when, by whom and how the person or role was last seen, or seen not to be there.
	Seen *rolemodel.Sighting `json:"seen,omitempty"`

	partner rolemodel.AccountCode
	// portal says that the Partner Portal can do it as well.
	portal bool
}

// String says in a phrase what is to be done, without the tenant.
func (i *Item) String() string {
	switch i.Kind {
	case CreateRole:
		return fmt.Sprintf("create the role %q", i.To)
	case EditRole:
		return fmt.Sprintf("edit the role %q", i.From)
	case AddAdmin:
		return fmt.Sprintf("add %s as %s", i.Person, i.To)
	case ChangeAdminRole:
		return fmt.Sprintf("make %s %s instead of %s", i.Person, i.To, i.From)
	case RemoveAdmin:
		return fmt.Sprintf("remove %s, %s", i.Person, i.From)
	case UndeclaredAdmin:
		return fmt.Sprintf("remove %s, %s, who is not declared", i.Person, i.From)
	case DeleteRole:
		return fmt.Sprintf("delete the role %q", i.From)
	case NeverObserved:
	}
	return "look at all external admins"
}

// Definition is what a custom role is at Mimecast.
type Definition struct {
	Description            string                       `json:"description"`
	SecurityPermission     rolemodel.SecurityPermission `json:"security_permission"`
	ApplicationPermissions []rolemodel.Permission       `json:"application_permissions"`
	ProtectedPermissions   []rolemodel.Permission       `json:"protected_permissions"`
}

// Place is where a pass takes place.
type Place string

// The places.
const (
	// Console is one login to the Administration Console of one tenant.
	Console Place = "administration_console"
	// Portal is one visit to the Partner Portal's User Maintenance, for one person.
	Portal Place = "partner_portal"
)

// Pass is what one person does in one go.
type Pass struct {
	// ID stays as long as the pass does the same items.
	ID    string `json:"id"`
	Place Place  `json:"place"`
	// Person is whom a pass in the Partner Portal is about.
	Person rolemodel.Email `json:"person,omitempty"`
	// Accounts are the tenants, by name and then account code; at the console it is one.
	Accounts []Account `json:"accounts"`
	// ItemIDs are the items in the order in which they are done.
	ItemIDs []string `json:"item_ids"`
	Steps   []Step   `json:"steps"`
}

// Account names a tenant.
type Account struct {
	Code rolemodel.AccountCode `json:"account_code"`
	Name string                `json:"name"`
}

// Step is one thing that a person does.
type Step struct {
	// ItemID is the item that is done after it, "" for a step on the way.
	ItemID string `json:"item_id,omitempty"`
	Text   string `json:"text"`
	// Modelled says that no public article of Mimecast's describes the step.
	Modelled bool `json:"modelled,omitempty"`
}

// Counts returns how many items there are of each kind that there are any of.
func (w *Worklist) Counts() map[Kind]int {
	counts := map[Kind]int{}
	for i := range w.Items {
		counts[w.Items[i].Kind]++
	}
	return counts
}

// Oldest returns since when the oldest item is due, "" if there is none of which that is known.
func (w *Worklist) Oldest() rolemodel.Time {
	var oldest rolemodel.Time
	for i := range w.Items {
		if since := w.Items[i].Since; since != "" && (oldest == "" || since < oldest) {
			oldest = since
		}
	}
	return oldest
}
