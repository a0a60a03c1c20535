package server

import (
	"context"
	"net/http"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// registerReviews registers what is signed, and the review of one tenant, which
// is bounded as its grants are. That of many is made of their lists, as the program does.
func (s *Server) registerReviews() {
	const tag = "Access reviews"
	handle(s, operation("get-last-review", http.MethodGet, "/v1/reviews/last", tag, "Read the last review that was signed of the same"),
		func(ctx context.Context, in *struct {
			TenantID string `query:"tenant_id" maxLength:"64" doc:"The tenant that it is of. Left out, it is of everything that the credential sees."`
			Person   string `query:"person" maxLength:"400" doc:"The address of the person that it is of. Left out, it is of everybody."`
		},
		) (*struct{ Body rolemodel.Review }, error) {
			last, err := s.read(ctx).Review(ctx, accountCode(in.TenantID), email(in.Person))
			return &struct{ Body rolemodel.Review }{last}, err
		})
	handle(s, operation("get-tenant-review", http.MethodGet, "/v1/tenants/{tenant}/review", tag, "Read who can reach a tenant, what stands out, and what changed since that was last signed"),
		func(ctx context.Context, in *struct{ TenantPath }) (*struct{ Body review.Report }, error) {
			report, err := gather.Report(ctx, s.read(ctx), review.Subject{TenantID: in.key().Account})
			return &struct{ Body review.Report }{report}, err
		})
	write[rolemodel.Review](s, taking[wire.ReviewInput](operation("sign-review", http.MethodPost, "/v1/reviews", tag, "Sign that one looked at who can reach what")),
		func(in *CreateInput) (directory.Change, error) {
			if err := unmatched(in.IfMatch); err != nil {
				return nil, err
			}
			body, err := decode[wire.ReviewInput](&in.JSONBody)
			return body.SignReview(), err
		})
}
