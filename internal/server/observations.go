package server

import (
	"context"
	"net/http"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func (s *Server) registerObservations() {
	const tag = "Observations"
	handle(s, operation("list-observations", http.MethodGet, "/v1/observations", tag, "List what was seen at Mimecast, by tenant"),
		func(ctx context.Context, in *struct {
			TenantIDs []string `query:"tenant_id,explode" maxItems:"200" doc:"Only those of these tenants. May be repeated."`
			PartnerID string   `query:"partner_id" maxLength:"64" doc:"Only those of tenants of this partner."`
			PageInput
		},
		) (*pageOutput[rolemodel.Observation], error) {
			filter := directory.ObservationFilter{TenantIDs: accountCodes(in.TenantIDs), PartnerID: accountCode(in.PartnerID), After: rolemodel.AccountCode(in.Cursor), Limit: in.Limit + 1}
			return page(&in.PageInput, s.read(ctx).Observations(ctx, filter), func(o rolemodel.Observation) string { return string(o.TenantID) })
		})
	write[rolemodel.Observation](s, taking[wire.ObservationInput](operation("observe", http.MethodPost, "/v1/tenants/{tenant}/observations", tag, "Say what was seen at Mimecast for a tenant")),
		func(in *struct {
			TenantPath
			CreateInput
		},
		) (directory.Change, error) {
			if err := unmatched(in.IfMatch); err != nil {
				return nil, err
			}
			body, err := decode[wire.ObservationInput](&in.JSONBody)
			observe := body.Observe()
			observe.Tenant = in.key().Account
			return observe, err
		})
}
