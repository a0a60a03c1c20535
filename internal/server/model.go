package server

import (
	"context"
	"net/http"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// All is a list that is short enough to come at once.
type All[T any] struct {
	Items []T `json:"items" nullable:"false" doc:"The entries, in a fixed order."`
}

type allOutput[T any] struct{ Body All[T] }

// registerModel adds what is the same for all directories, and who is asking.
func (s *Server) registerModel() {
	const tag = "Role model"
	handle(s, operation("list-permissions", http.MethodGet, "/v1/permissions", tag, "List the catalogue of permissions"),
		func(context.Context, *struct{}) (*allOutput[rolemodel.ListedPermission], error) {
			return &allOutput[rolemodel.ListedPermission]{All[rolemodel.ListedPermission]{rolemodel.Catalogue()}}, nil
		})
	handle(s, operation("list-default-roles", http.MethodGet, "/v1/default-roles", tag, "List the default roles"),
		func(context.Context, *struct{}) (*allOutput[rolemodel.Role], error) {
			return &allOutput[rolemodel.Role]{All[rolemodel.Role]{rolemodel.DefaultRoles()}}, nil
		})
	handle(s, operation("list-rules", http.MethodGet, "/v1/rules", tag, "List the rules"),
		func(context.Context, *struct{}) (*allOutput[rolemodel.Rule], error) {
			return &allOutput[rolemodel.Rule]{All[rolemodel.Rule]{rolemodel.Rules()}}, nil
		})
	handle(s, operation("get-caller", http.MethodGet, "/v1/caller", "Credentials", "Say which credential is asking, and how far it goes"),
		func(ctx context.Context, _ *struct{}) (*struct{ Body wire.Caller }, error) {
			c := requestOf(ctx).client
			caller := wire.Caller{
				ClientID: c.id, Actor: c.actor.Name, RoleID: c.actor.Role.ID, PartnerID: c.scope.PartnerID,
				TenantIDs: c.scope.TenantIDs, ReadOnly: c.scope.ReadOnly, Now: time.Now().UTC(),
			}
			if caller.TenantIDs == nil {
				caller.TenantIDs = []rolemodel.AccountCode{}
			}
			return &struct{ Body wire.Caller }{caller}, nil
		})
}
