package mimecastapi

import (
	"maps"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Question is what is to be found out about a tenant.
type Question struct {
	Tenant rolemodel.AccountCode
	// Addresses are those that are declared or were observed before. Nobody else can
	// be found: no API lists a client's external administrators.
	Addresses []rolemodel.Email
	// Roles are the names of the tenant's custom roles. A listed role that is not
	// among them is not claimed to be a custom role, since the list does not say so.
	Roles []string
}

// Ask returns the question about a tenant of which these external admins and
// roles are declared and this was observed before, nil for nothing. Roles that
// somebody confirmed to be those of the directory are left out: a list of names
// knows less of them.
func Ask(tenant rolemodel.AccountCode, admins []rolemodel.ExternalAdmin, roles []rolemodel.Role, observed *rolemodel.Observation) Question {
	if observed == nil {
		observed = &rolemodel.Observation{}
	}
	addresses, names := map[rolemodel.Email]bool{}, map[string]string{}
	for i := range admins {
		addresses[admins[i].Email] = true
	}
	for i := range observed.Admins {
		addresses[observed.Admins[i].Email] = true
	}
	for i := range roles {
		if !roles[i].IsDefault() {
			names[rolemodel.FoldName(roles[i].Name)] = roles[i].Name
		}
	}
	for i := range observed.Roles {
		switch seen := &observed.Roles[i]; {
		case seen.Absent:
		case seen.ID != "":
			delete(names, rolemodel.FoldName(seen.Name))
		default:
			names[rolemodel.FoldName(seen.Name)] = seen.Name
		}
	}
	return Question{Tenant: tenant, Addresses: slices.Sorted(maps.Keys(addresses)), Roles: slices.Sorted(maps.Values(names))}
}
