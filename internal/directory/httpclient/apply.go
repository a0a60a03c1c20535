package httpclient

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Apply implements directory.Directory. Each call has an Idempotency-Key of its
// own for all its attempts: whoever asks again finds this call's work, and nobody else's.
func (c *Client) Apply(ctx context.Context, change directory.Change) (directory.Outcome, error) {
	switch w := change.(type) {
	case directory.Write[rolemodel.Partner]:
		return apply(ctx, c, w, wire.PartnerOf(&w.Entry))
	case directory.Write[rolemodel.Tenant]:
		return apply(ctx, c, w, wire.TenantOf(&w.Entry))
	case directory.Write[rolemodel.Role]:
		return apply(ctx, c, w, wire.RoleOf(&w.Entry))
	case directory.Write[rolemodel.ExternalAdmin]:
		return apply(ctx, c, w, wire.ExternalAdminOf(&w.Entry))
	case directory.Replace:
		path, ok := grantsOf(w.Tenant)
		if !ok {
			_, err := rolemodel.ParseAccountCode(string(w.Tenant))
			return directory.Outcome{}, rolemodel.Violations{rolemodel.NotWellFormed(rolemodel.WellFormed, rolemodel.At("tenant_id"), err)}
		}
		return written[[]rolemodel.ExternalAdmin](ctx, c, request{method: http.MethodPut, path: path, body: wire.ReplaceOf(&w)}, w.As)
	case directory.Observe:
		path, err := pathOf[rolemodel.Tenant](directory.Key{Account: w.Tenant})
		if err != nil {
			return directory.Outcome{}, err
		}
		return written[rolemodel.Observation](ctx, c, request{method: http.MethodPost, path: path + "/observations", body: wire.ObservationOf(&w)}, "")
	case directory.SignReview:
		return written[rolemodel.Review](ctx, c, request{method: http.MethodPost, path: "/v1/reviews", body: wire.ReviewOf(&w)}, "")
	}
	return directory.Outcome{}, fmt.Errorf("no change is a %T", change)
}

// apply makes one write, with the body that asks for its entry.
func apply[E directory.Entry](ctx context.Context, c *Client, w directory.Write[E], body any) (directory.Outcome, error) {
	if w.Action == directory.ActionCreate {
		return written[E](ctx, c, request{method: http.MethodPost, path: collectionOf[E](), body: body}, w.As)
	}
	path, err := pathOf[E](w.Key)
	if err != nil {
		return directory.Outcome{}, err
	}
	r := request{method: http.MethodPut, path: path, body: body, header: http.Header{}}
	if w.Action == directory.ActionDelete {
		r.method, r.body = http.MethodDelete, nil
	}
	if w.Revision != 0 {
		r.header.Set("If-Match", fmt.Sprintf(`"%d"`, w.Revision))
	}
	if w.Seen != "" && w.Action == directory.ActionUpdate {
		r.header.Set(wire.SeenHeader, string(w.Seen))
	}
	return written[E](ctx, c, r, w.As)
}

// written sends a write of a T and returns its outcome.
func written[T any](ctx context.Context, c *Client, r request, as rolemodel.Declaration) (directory.Outcome, error) {
	if r.header == nil {
		r.header = http.Header{}
	}
	r.header.Set(wire.IdempotencyKeyHeader, uuid.NewString())
	if as != "" {
		r.header.Set(wire.DeclarationHeader, string(as))
	}
	var result wire.Result[T]
	if err := c.send(ctx, r, &result); err != nil {
		return directory.Outcome{}, err
	}
	return directory.Outcome{Effect: result.Effect, Entry: result.Entry}, nil
}
