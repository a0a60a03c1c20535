package httpclient

import (
	"context"
	"fmt"
	"iter"
	"maps"
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
	return get[rolemodel.Partner](ctx, c, directory.Key{Account: code})
}

// Tenant implements directory.Reader.
func (c *Client) Tenant(ctx context.Context, code rolemodel.AccountCode) (rolemodel.Tenant, error) {
	return get[rolemodel.Tenant](ctx, c, directory.Key{Account: code})
}

// Role implements directory.Reader.
func (c *Client) Role(ctx context.Context, tenant rolemodel.AccountCode, id rolemodel.RoleID) (rolemodel.Role, error) {
	return get[rolemodel.Role](ctx, c, directory.Key{Account: tenant, ID: id})
}

// ExternalAdmin implements directory.Reader.
func (c *Client) ExternalAdmin(ctx context.Context, tenant rolemodel.AccountCode, email rolemodel.Email) (rolemodel.ExternalAdmin, error) {
	return get[rolemodel.ExternalAdmin](ctx, c, directory.Key{Account: tenant, Email: email})
}

// Partners implements directory.Reader.
func (c *Client) Partners(ctx context.Context, filter directory.PartnerFilter) iter.Seq2[rolemodel.Partner, error] {
	return entries[rolemodel.Partner](ctx, c, queriesOf(filter), string(filter.After), filter.Limit)
}

// Tenants implements directory.Reader.
func (c *Client) Tenants(ctx context.Context, filter directory.TenantFilter) iter.Seq2[rolemodel.Tenant, error] {
	return entries[rolemodel.Tenant](ctx, c, queriesOf(filter), string(filter.After), filter.Limit)
}

// Roles implements directory.Reader.
func (c *Client) Roles(ctx context.Context, filter directory.RoleFilter) iter.Seq2[rolemodel.Role, error] {
	return entries[rolemodel.Role](ctx, c, queriesOf(filter), filter.After.String(), filter.Limit)
}

// ExternalAdmins implements directory.Reader.
func (c *Client) ExternalAdmins(ctx context.Context, filter directory.ExternalAdminFilter) iter.Seq2[rolemodel.ExternalAdmin, error] {
	return entries[rolemodel.ExternalAdmin](ctx, c, queriesOf(filter), filter.After.String(), filter.Limit)
}

// Observations implements directory.Reader.
func (c *Client) Observations(ctx context.Context, filter directory.ObservationFilter) iter.Seq2[rolemodel.Observation, error] {
	q := queries{{}}
	some(&q, "tenant_id", filter.TenantIDs, wire.MaxKeys)
	q.set("partner_id", string(filter.PartnerID))
	return func(yield func(rolemodel.Observation, error) bool) {
		left := filter.Limit
		for _, query := range q { // In the order of the tenants that they name.
			for o, err := range list[rolemodel.Observation](ctx, c, "/v1/observations", query, string(filter.After), left) {
				if !yield(o, err) || err != nil {
					return
				}
				if left--; left == 0 {
					return
				}
			}
		}
	}
}

// Review implements directory.Reader.
func (c *Client) Review(ctx context.Context, tenant rolemodel.AccountCode, person rolemodel.Email) (rolemodel.Review, error) {
	q := url.Values{}
	set(q, "tenant_id", tenant)
	set(q, "person", person)
	var review rolemodel.Review
	if err := c.send(ctx, request{method: http.MethodGet, path: "/v1/reviews/last", query: q}, &review); err != nil {
		return rolemodel.Review{}, err
	}
	return review, nil
}

// Count implements directory.Reader.
func (c *Client) Count(ctx context.Context, filter directory.Filter) (int, error) {
	switch filter.(type) {
	case directory.PartnerFilter:
		return count[rolemodel.Partner](ctx, c, queriesOf(filter))
	case directory.TenantFilter:
		return count[rolemodel.Tenant](ctx, c, queriesOf(filter))
	case directory.RoleFilter:
		return count[rolemodel.Role](ctx, c, queriesOf(filter))
	case directory.ExternalAdminFilter:
		return count[rolemodel.ExternalAdmin](ctx, c, queriesOf(filter))
	}
	return 0, fmt.Errorf("no list has the filter %T", filter)
}

func count[E directory.Entry](ctx context.Context, c *Client, queries []url.Values) (int, error) {
	if len(queries) != 1 {
		all, err := directory.Collect(entries[E](ctx, c, queries, "", 0))
		return len(all), err
	}
	var n wire.Count
	err := c.send(ctx, request{method: http.MethodGet, path: collectionOf[E]() + "/count", query: queries[0]}, &n)
	return n.Count, err
}

// AuditEvents implements directory.Reader.
func (c *Client) AuditEvents(ctx context.Context, filter directory.AuditFilter) iter.Seq2[directory.AuditEvent, error] {
	q := url.Values{}
	set(q, "tenant_id", filter.TenantID)
	set(q, "email", filter.Email)
	set(q, "since", instant(filter.Since))
	set(q, "until", instant(filter.Until))
	return list[directory.AuditEvent](ctx, c, "/v1/audit-events", q, filter.After, filter.Limit)
}

// AuditHeads implements directory.Reader.
func (c *Client) AuditHeads(ctx context.Context, filter directory.AuditHeadFilter) iter.Seq2[directory.AuditHead, error] {
	q := url.Values{}
	set(q, "tenant_id", filter.TenantID)
	return list[directory.AuditHead](ctx, c, "/v1/audit-heads", q, filter.After, filter.Limit)
}

// Identity implements directory.Reader.
func (c *Client) Identity(ctx context.Context) (string, error) {
	caller, err := c.Caller(ctx)
	return caller.DirectoryID, err
}

// Actor returns the actor that the credential is: its name in the audit trail
// and the role whose authority it has. It is how a plan can decide as the service will.
func (c *Client) Actor(ctx context.Context) (rolemodel.Actor, error) {
	caller, err := c.Caller(ctx)
	if err != nil {
		return rolemodel.Actor{}, err
	}
	role, _ := rolemodel.DefaultRole(caller.RoleID)
	return rolemodel.Actor{Name: caller.Actor, Role: role, PartnerID: caller.PartnerID, Credential: true}, nil
}

// Caller returns how far the credential goes.
func (c *Client) Caller(ctx context.Context) (wire.Caller, error) {
	var caller wire.Caller
	err := c.send(ctx, request{method: http.MethodGet, path: "/v1/caller"}, &caller)
	return caller, err
}

// get reads one entry.
func get[E directory.Entry](ctx context.Context, c *Client, key directory.Key) (E, error) {
	var entry, none E
	path, err := pathOf[E](key)
	if err != nil {
		return none, err
	}
	if err := c.send(ctx, request{method: http.MethodGet, path: path}, &entry); err != nil {
		return none, err
	}
	return entry, nil
}

// entries streams what the queries find, each entry once.
func entries[E directory.Entry](ctx context.Context, c *Client, queries []url.Values, after string, limit int) iter.Seq2[E, error] {
	path := collectionOf[E]()
	if len(queries) == 1 {
		return list[E](ctx, c, path, queries[0], after, limit)
	}
	return func(yield func(E, error) bool) {
		found := map[directory.Key]E{}
		for _, q := range queries {
			for entry, err := range list[E](ctx, c, path, q, after, limit) {
				if err != nil {
					yield(entry, err)
					return
				}
				found[directory.KeyOf(entry)] = entry
			}
		}
		for i, key := range slices.SortedFunc(maps.Keys(found), directory.Key.Compare) {
			if limit > 0 && i >= limit || !yield(found[key], nil) {
				return
			}
		}
	}
}

// list streams a list page by page, beginning after a key, "" for its beginning,
// and ending after so many entries, 0 for its end.
func list[T any](ctx context.Context, c *Client, path string, query url.Values, after string, limit int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		query := url.Values(http.Header(query).Clone()) // The list may be read again.
		set(query, "cursor", after)
		for left := limit; ; {
			size := wire.PageSize
			if limit > 0 {
				size = min(size, left)
			}
			query.Set("limit", strconv.Itoa(size))
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
			left -= len(page.Items)
			if page.NextCursor == "" || limit > 0 && left <= 0 {
				return
			}
			query.Set("cursor", page.NextCursor)
		}
	}
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
