package server

import (
	"context"
	"net/http"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// all is the answer with a list that comes at once.
func all[T any](items []T) *struct{ Body wire.All[T] } {
	if items == nil {
		items = []T{}
	}
	return &struct{ Body wire.All[T] }{wire.All[T]{Items: items}}
}

// registerModel adds what is the same for all directories, and who is asking.
func (s *Server) registerModel() {
	const tag = "Role model"
	handle(s, operation("list-permissions", http.MethodGet, "/v1/permissions", tag, "List the catalogue of permissions"),
		func(context.Context, *struct{}) (*struct {
			Body wire.All[rolemodel.ListedPermission]
		}, error,
		) {
			return all(rolemodel.Catalogue()), nil
		})
	handle(s, operation("list-default-roles", http.MethodGet, "/v1/default-roles", tag, "List the default roles"),
		func(context.Context, *struct{}) (*struct{ Body wire.All[rolemodel.Role] }, error) {
			return all(rolemodel.DefaultRoles()), nil
		})
	handle(s, operation("list-rules", http.MethodGet, "/v1/rules", tag, "List the rules"),
		func(context.Context, *struct{}) (*struct{ Body wire.All[rolemodel.Rule] }, error) {
			rules := rolemodel.Rules()
			for i := range rules {
				if r := &rules[i]; r.CredentialAdvice != "" { // Whoever asks comes with a credential.
					r.Advice, r.CredentialAdvice = r.CredentialAdvice, ""
				}
			}
			return all(rules), nil
		})
	handle(s, operation("get-caller", http.MethodGet, "/v1/caller", "Credentials", "Say which credential is asking, and how far it goes"),
		func(ctx context.Context, _ *struct{}) (*struct{ Body wire.Caller }, error) {
			identity, err := s.read(ctx).Identity(ctx)
			client := requestOf(ctx).client
			caller := wire.Caller{
				ClientID: client.id, Actor: client.caller.Actor.Name, RoleID: client.caller.Actor.Role.ID,
				PartnerID: client.caller.Scope.PartnerID, TenantIDs: client.caller.Scope.TenantIDs, ReadOnly: client.caller.Scope.ReadOnly, MaySignReviews: client.caller.Scope.MaySignReviews,
				DirectoryID: identity, Now: time.Now().UTC(),
			}
			if caller.TenantIDs == nil {
				caller.TenantIDs = []rolemodel.AccountCode{}
			}
			return &struct{ Body wire.Caller }{caller}, err
		})
}
