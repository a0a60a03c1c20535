package directory

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Differences returns a phrase for each attribute in which the entry that the
// directory has is another than the one that is asked for, none if it is just as
// asked for. What nobody asks for, such as revisions, declarations and an account
// code that is left to the directory, is not compared.
func Differences[E Entry](has, asked E) []string {
	var found []string
	compare := func(attribute string, has, asked any) {
		if !reflect.DeepEqual(has, asked) {
			found = append(found, fmt.Sprintf("%s: it has %s, and %s is asked for", attribute, written(has), written(asked)))
		}
	}
	switch h := any(has).(type) {
	case rolemodel.Partner:
		a := any(asked).(rolemodel.Partner) //nolint:forcetypeassert // E is the same type.
		compare("name", h.Name, a.Name)
		compare("program", h.Program, a.Program)
		compare("partner_portal", h.PartnerPortal, a.PartnerPortal)
		compare("domains", texts(h.Domains), texts(a.Domains))
		compare("admin_ip_ranges", texts(h.AdminIPRanges), texts(a.AdminIPRanges))
	case rolemodel.Tenant:
		a := any(asked).(rolemodel.Tenant) //nolint:forcetypeassert // E is the same type.
		compare("name", h.Name, a.Name)
		compare("region", h.Region, a.Region)
		compare("primary_domain", h.PrimaryDomain, a.PrimaryDomain)
		compare("internal_domains", texts(h.InternalDomains), texts(a.InternalDomains))
		compare("partner_id", h.PartnerID, a.PartnerID)
		compare("admin_ip_ranges", texts(h.AdminIPRanges), texts(a.AdminIPRanges))
	case rolemodel.Role:
		a := any(asked).(rolemodel.Role) //nolint:forcetypeassert // E is the same type.
		compare("name", h.Name, a.Name)
		compare("description", h.Description, a.Description)
		compare("security_permission", h.SecurityPermission, a.SecurityPermission)
		compare("application_permissions", texts(h.ApplicationPermissions), texts(a.ApplicationPermissions))
		compare("protected_permissions", texts(h.ProtectedPermissions), texts(a.ProtectedPermissions))
		compare("allow_unlisted_permissions", h.AllowUnlistedPermissions, a.AllowUnlistedPermissions)
	case rolemodel.ExternalAdmin:
		a := any(asked).(rolemodel.ExternalAdmin) //nolint:forcetypeassert // E is the same type.
		compare("email", h.Email, a.Email)
		compare("role_id", h.RoleID, a.RoleID)
		compare("reason", h.Reason, a.Reason)
		compare("expires_at", h.ExpiresAt, a.ExpiresAt)
	}
	return found
}

// texts makes lists comparable: sorted text, empty or not there the same.
func texts[T any](values []T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = fmt.Sprint(v)
	}
	slices.Sort(list)
	return list
}

// written is a value as a configuration has it, shortened if it is long.
func written(value any) string {
	const most = 200
	text := fmt.Sprintf("%v", value)
	switch v := reflect.ValueOf(value); v.Kind() { //nolint:exhaustive // The kinds of attributes.
	case reflect.String:
		text = fmt.Sprintf("%q", v.String())
	case reflect.Slice:
		quoted := make([]string, v.Len())
		for i := range quoted {
			quoted[i] = fmt.Sprintf("%q", v.Index(i).String())
		}
		text = "[" + strings.Join(quoted, ", ") + "]"
	}
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return text
}
