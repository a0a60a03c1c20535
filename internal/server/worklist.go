package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// ConfirmationInput is what somebody did at Mimecast.
type ConfirmationInput struct {
	ItemIDs []string `json:"item_ids" nullable:"false" doc:"The IDs of items of the tenant's worklist that were done. If one is not on the list any more, nothing is confirmed and the answer is 409."`
	Note    string   `json:"note,omitempty" doc:"What is to be in the trail beside it, for example a ticket."`
}

// Confirmation is what was confirmed.
type Confirmation struct {
	Confirmed []worklist.Item `json:"confirmed" nullable:"false" doc:"The items, as they were on the worklist."`
}

// registerWorklist registers the worklist of one tenant, which is bounded as its
// grants and roles are. Those of many are made of their lists, as the program does.
func (s *Server) registerWorklist() {
	handle(s, operation("get-worklist", http.MethodGet, "/v1/tenants/{tenant}/worklist", "Observations", "Read what is still to be done at Mimecast for a tenant"),
		func(ctx context.Context, in *struct{ TenantPath }) (*struct{ Body worklist.Worklist }, error) {
			list, err := gather.Worklist(ctx, s.read(ctx), gather.Filter{Tenants: []rolemodel.AccountCode{in.key().Account}})
			return &struct{ Body worklist.Worklist }{list}, err
		})
	handle(s, taking[ConfirmationInput](operation("confirm-items", http.MethodPost, "/v1/tenants/{tenant}/worklist/confirmations", "Observations", "Say that items of a tenant's worklist were done at Mimecast")),
		func(ctx context.Context, in *struct {
			TenantPath
			JSONBody

			// Whoever asks again learns that the items are not on the list any more.
			IfMatch        string `header:"If-Match" hidden:"true"`
			IdempotencyKey string `header:"Idempotency-Key" hidden:"true"`
		},
		) (*struct{ Body Confirmation }, error) {
			body, err := decode[ConfirmationInput](&in.JSONBody)
			switch {
			case err != nil:
				return nil, err
			case in.IfMatch != "" || in.IdempotencyKey != "":
				return nil, problem.New(http.StatusBadRequest, problem.TypeRequest, "Items are confirmed once without If-Match or Idempotency-Key, which are for entries. Leave them out.")
			case len(body.ItemIDs) == 0:
				return nil, problem.New(http.StatusUnprocessableEntity, problem.TypeRequest, "No item is named. Write the IDs of items in item_ids, as the worklist has them.")
			}
			d := s.backend.Open(requestOf(ctx).client.caller)
			confirmed, err := gather.Confirm(ctx, d, gather.Filter{Tenants: []rolemodel.AccountCode{in.key().Account}}, gather.Selection{ItemIDs: body.ItemIDs}, body.Note)
			if refused, ok := errors.AsType[*gather.SelectionError](err); ok {
				return nil, problem.New(http.StatusConflict, problem.TypeChanged, refused.Error()+".")
			}
			return &struct{ Body Confirmation }{Confirmation{Confirmed: confirmed}}, err
		})
}
