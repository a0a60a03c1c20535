package httpclient

import (
	"net/url"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
)

// maxQuery is how many bytes the values of one list in a query have at most:
// with everything else they must fit into the 32 kB that the service reads.
const maxQuery = 16 << 10

// queriesOf returns the queries that together ask for what the filter selects:
// one, several where it names more than one URL can hold, and none where it
// names nothing that can be there.
func queriesOf(filter directory.Filter) []url.Values {
	q := queries{{}}
	switch f := filter.(type) {
	case directory.PartnerFilter:
		some(&q, "code", f.Codes, wire.MaxKeys)
		some(&q, "domain", f.Domains, wire.MaxDomains)
		q.set("name", f.Name)
	case directory.TenantFilter:
		some(&q, "code", f.Codes, wire.MaxKeys)
		some(&q, "domain", f.Domains, wire.MaxDomains)
		q.set("name", f.Name)
		q.set("partner_id", string(f.PartnerID))
	case directory.RoleFilter:
		some(&q, "tenant_id", f.TenantIDs, wire.MaxKeys)
		q.set("name", f.Name)
	case directory.ExternalAdminFilter:
		some(&q, "tenant_id", f.TenantIDs, wire.MaxKeys)
		some(&q, "domain", f.Domains, wire.MaxDomains)
		for _, values := range q {
			for _, domain := range f.OutsideDomains {
				values.Add("outside_domain", string(domain))
			}
		}
		q.set("partner_id", string(f.PartnerID))
		q.set("email", string(f.Email))
		q.set("role_id", string(f.RoleID))
	}
	return q
}

type queries []url.Values

// set adds a value to every query, unless it is "".
func (q queries) set(name, value string) {
	for _, values := range q {
		set(values, name, value)
	}
}

// some multiplies the queries by as many as are needed to name all values, of
// which an entry has one. Without values it changes nothing.
func some[T ~string](q *queries, name string, all []T, most int) {
	if len(all) == 0 {
		return
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(all)))
	sorted = slices.DeleteFunc(sorted, func(v T) bool { return v == "" }) // Nothing has it.
	var parts [][]T
	size := 0
	for _, v := range sorted {
		length := len(url.QueryEscape(string(v))) + len("&=") + len(name)
		if last := len(parts) - 1; last < 0 || len(parts[last]) == most || size+length > maxQuery {
			parts, size = append(parts, nil), 0
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], v)
		size += length
	}
	var multiplied queries
	for _, before := range *q {
		for _, part := range parts {
			values := url.Values{}
			for k, v := range before {
				values[k] = slices.Clone(v)
			}
			for _, v := range part {
				values.Add(name, string(v))
			}
			multiplied = append(multiplied, values)
		}
	}
	*q = multiplied
}

func set[T ~string](values url.Values, name string, value T) {
	if value != "" {
		values.Set(name, string(value))
	}
}
