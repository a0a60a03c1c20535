package server

import (
	"context"
	"net/http"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// registerWorklist registers the worklist of one tenant, which is bounded as its
// grants and roles are. Those of many are made of their lists, as the program does.
func (s *Server) registerWorklist() {
	handle(s, operation("get-worklist", http.MethodGet, "/v1/tenants/{tenant}/worklist", "Observations", "Read what is still to be done at Mimecast for a tenant"),
		func(ctx context.Context, in *struct{ TenantPath }) (*struct{ Body worklist.Worklist }, error) {
			list, err := gather.Worklist(ctx, s.read(ctx), gather.Filter{Tenants: []rolemodel.AccountCode{in.key().Account}})
			return &struct{ Body worklist.Worklist }{list}, err
		})
}
