package server

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// AuditFilter narrows the audit trail.
type AuditFilter struct {
	TenantID string    `query:"tenant_id" maxLength:"64" doc:"Only events about this tenant, its roles and its external admins."`
	Email    string    `query:"email" maxLength:"400" doc:"Only events about grants of this address."`
	Since    time.Time `query:"since" doc:"Only events at this time or later."`
	Until    time.Time `query:"until" doc:"Only events before this time."`
}

// SignInInput is somebody at an entrance to a tenant.
type SignInInput struct {
	TenantID string `json:"tenant_id" doc:"The account code of the tenant."`
	Email    string `json:"email" doc:"The address that signs in."`
	SourceIP string `json:"source_ip" example:"192.0.2.1" doc:"The IP address that it signs in from."`
	Entrance string `json:"entrance" example:"partner_portal" doc:"partner_portal or administration_console."`
}

// registerTrail adds what is asked about who did what and who may come in.
func (s *Server) registerTrail() {
	const trail, signIn = "Audit trail", "Signing in"
	handle(s, operation("list-audit-events", http.MethodGet, "/v1/audit-events", trail, "List the audit trail, oldest first"),
		func(ctx context.Context, in *struct {
			AuditFilter
			PageInput
		},
		) (*pageOutput[directory.AuditEvent], error) {
			list := s.read(ctx).AuditEvents(ctx, directory.AuditFilter{
				TenantID: accountCode(in.TenantID), Email: email(in.Email), Since: in.Since, Until: in.Until,
				After: in.Cursor, Limit: in.Limit + 1,
			})
			return page(&in.PageInput, list, func(e directory.AuditEvent) string { return e.ID })
		})
	handle(s, operation("list-audit-heads", http.MethodGet, "/v1/audit-heads", trail, "List the last event of each trail"),
		func(ctx context.Context, in *struct {
			TenantID string `query:"tenant_id" maxLength:"64" doc:"Only that of the trail that this tenant has now."`
			PageInput
		},
		) (*pageOutput[directory.AuditHead], error) {
			list := s.read(ctx).AuditHeads(ctx, directory.AuditHeadFilter{TenantID: accountCode(in.TenantID), After: in.Cursor, Limit: in.Limit + 1})
			return page(&in.PageInput, list, func(h directory.AuditHead) string { return h.Trail })
		})

	decide := operation("decide-sign-in", http.MethodPost, "/v1/sign-in-decisions", signIn, "Decide whether somebody may sign in")
	decide.DefaultStatus = http.StatusOK
	handle(s, taking[SignInInput](decide), func(ctx context.Context, in *struct{ JSONBody }) (*struct{ Body rolemodel.SignInDecision }, error) {
		asked, err := decode[SignInInput](&in.JSONBody)
		if err != nil {
			return nil, err
		}
		var vs rolemodel.Violations
		check := func(attribute string, err error) {
			if err != nil {
				vs = append(vs, rolemodel.NotWellFormed(rolemodel.WellFormed, rolemodel.At(attribute), err))
			}
		}
		tenant, err := rolemodel.ParseAccountCode(asked.TenantID)
		check("tenant_id", err)
		address, err := rolemodel.ParseEmail(asked.Email)
		check("email", err)
		source, err := netip.ParseAddr(asked.SourceIP)
		if err != nil {
			err = fmt.Errorf("%q is not an IP address: write one like \"192.0.2.1\"", shortened(asked.SourceIP))
		}
		check("source_ip", err)
		entrance, err := rolemodel.ParseEntrance(asked.Entrance)
		check("entrance", err)
		if len(vs) > 0 {
			return nil, vs
		}
		decision, err := directory.SignIn(ctx, s.read(ctx), tenant, address, source, entrance)
		return &struct{ Body rolemodel.SignInDecision }{decision}, err
	})
}
