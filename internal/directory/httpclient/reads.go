package httpclient

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Partner implements directory.Reader.
func (c *Client) Partner(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Partner, error) {
	return get[rolemodel.Partner](ctx, c, directory.KindPartner, string(code), "partners", string(code))
}

// Partners implements directory.Reader.
func (c *Client) Partners(ctx context.Context, filter directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	return list[rolemodel.Partner](ctx, c, "/v1/partners", query("domain", string(filter.Domain), "name", filter.Name))
}

// Tenant implements directory.Reader.
func (c *Client) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return get[rolemodel.Tenant](ctx, c, directory.KindTenant, string(code), "tenants", string(code))
}

// Tenants implements directory.Reader.
func (c *Client) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	return list[rolemodel.Tenant](ctx, c, "/v1/tenants", query("partner_id", string(filter.PartnerID), "domain", string(filter.Domain), "name", filter.Name))
}

// Role implements directory.Reader.
func (c *Client) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	return get[rolemodel.Role](ctx, c, directory.KindRole, roleKey(tenant, id), "tenants", string(tenant), "roles", string(id))
}

// Roles implements directory.Reader.
func (c *Client) Roles(ctx context.Context, tenant rolemodel.AccountCode) iter.Seq2[rolemodel.Role, error] {
	path, ok := pathOf("tenants", string(tenant), "roles")
	if !ok {
		return func(yield func(rolemodel.Role, error) bool) {
			yield(rolemodel.Role{}, &directory.NotFoundError{Kind: directory.KindTenant, Key: string(tenant)})
		}
	}
	return list[rolemodel.Role](ctx, c, path, url.Values{})
}

// ExternalAdmin implements directory.Reader.
func (c *Client) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	return get[rolemodel.ExternalAdmin](ctx, c, directory.KindExternalAdmin, adminKey(tenant, email), "tenants", string(tenant), "external-admins", string(email))
}

// ExternalAdmins implements directory.Reader.
func (c *Client) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	return list[rolemodel.ExternalAdmin](ctx, c, "/v1/external-admins", query("tenant_id", string(filter.TenantID),
		"partner_id", string(filter.PartnerID), "email", string(filter.Email), "role_id", string(filter.RoleID)))
}

// AuditEvents implements directory.Reader.
func (c *Client) AuditEvents(ctx context.Context, filter directory.AuditFilter) iter.Seq2[directory.AuditEvent, error] {
	q := query("tenant_id", string(filter.TenantID), "email", string(filter.Email), "since", instant(filter.Since), "until", instant(filter.Until))
	if filter.AfterID > 0 {
		q.Set("after_id", strconv.FormatInt(filter.AfterID, 10))
	}
	return list[directory.AuditEvent](ctx, c, "/v1/audit-events", q)
}

// Actor returns the actor that the credential is: its name in the audit trail
// and the role whose authority it has. It is how a plan can decide as the service will.
func (c *Client) Actor(ctx context.Context) (rolemodel.Actor, error) {
	var caller wire.Caller
	if err := c.send(ctx, request{method: http.MethodGet, path: "/v1/caller"}, &caller); err != nil {
		return rolemodel.Actor{}, err
	}
	role, _ := rolemodel.DefaultRole(caller.RoleID)
	return rolemodel.Actor{Name: caller.Actor, Role: role}, nil
}

// get reads one entry.
func get[T any](ctx context.Context, c *Client, kind, key string, segments ...string) (T, error) {
	var entry T
	path, ok := pathOf(segments...)
	if !ok {
		return entry, &directory.NotFoundError{Kind: kind, Key: key}
	}
	err := c.send(ctx, request{method: http.MethodGet, path: path}, &entry)
	if err != nil {
		var none T
		return none, err
	}
	return entry, nil
}

// pageSize is the largest that the service gives.
const pageSize = "1000"

// list streams a list, page by page.
func list[T any](ctx context.Context, c *Client, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		query := url.Values(http.Header(query).Clone()) // The list may be read again.
		query.Set("limit", pageSize)
		for {
			var page wire.Page[T]
			if err := c.send(ctx, request{method: http.MethodGet, path: path, query: query}, &page); err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, entry := range page.Items {
				if !yield(entry, nil) {
					return
				}
			}
			if page.NextCursor == "" {
				return
			}
			query.Set("cursor", page.NextCursor)
		}
	}
}

// query returns the parameters, names and values in turn, that are not empty.
func query(pairs ...string) url.Values {
	values := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		if name, value := pair[0], pair[1]; value != "" {
			values.Set(name, value)
		}
	}
	return values
}

// pathOf returns the path of the segments, or false if one of them cannot be
// in a path. Nothing has such a key.
func pathOf(segments ...string) (string, bool) {
	path := "/v1"
	for _, s := range segments {
		if s == "" || s == "." || s == ".." {
			return "", false
		}
		path += "/" + url.PathEscape(s)
	}
	return path, true
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func roleKey(tenant rolemodel.AccountCode, id rolemodel.RoleID) string {
	return string(tenant) + "/" + string(id)
}

func adminKey(tenant rolemodel.AccountCode, email rolemodel.Email) string {
	return string(tenant) + "/" + string(email)
}
