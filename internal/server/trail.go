package server

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// SignInInput is somebody at an entrance to a tenant.
type SignInInput struct {
	TenantID string `json:"tenant_id" doc:"The account code of the tenant."`
	Email    string `json:"email" doc:"The address that signs in."`
	SourceIP string `json:"source_ip" example:"192.0.2.1" doc:"The IP address that it signs in from."`
	Entrance string `json:"entrance" example:"partner_portal" doc:"partner_portal or administration_console."`
}

// registerTrail adds what is asked about who did what and who may come in.
func (s *Server) registerTrail() {
	handle(s, operation("list-audit-events", http.MethodGet, "/v1/audit-events", "Audit trail", "List the audit trail, oldest first"),
		func(ctx context.Context, in *struct {
			PageInput
			TenantID string    `query:"tenant_id" maxLength:"64" doc:"Only events about this tenant, its roles and its external admins."`
			Email    string    `query:"email" maxLength:"400" doc:"Only events about grants of this address."`
			Since    time.Time `query:"since" doc:"Only events at this time or later."`
			Until    time.Time `query:"until" doc:"Only events before this time."`
			AfterID  int64     `query:"after_id" minimum:"0" doc:"Only events after the one with this ID."`
		},
		) (*pageOutput[directory.AuditEvent], error) {
			filter := directory.AuditFilter{TenantID: accountCode(in.TenantID), Email: email(in.Email), Since: in.Since, Until: in.Until, AfterID: in.AfterID}
			after, err := in.after()
			if err != nil {
				return nil, err
			}
			if after != "" {
				last, err := strconv.ParseInt(after, 10, 64)
				if err != nil {
					return nil, problem.New(http.StatusBadRequest, problem.TypeRequest, "The cursor is none of this list's. Leave it out to begin the list.")
				}
				filter.AfterID = max(filter.AfterID, last)
			}
			// The IDs are padded for page, which compares keys as text.
			return page(&in.PageInput, s.read(ctx).AuditEvents(ctx, filter), func(e *directory.AuditEvent) string { return fmt.Sprintf("%019d", e.ID) })
		})

	decide := operation("decide-sign-in", http.MethodPost, "/v1/sign-in-decisions", "Audit trail", "Decide whether somebody may sign in")
	decide.DefaultStatus = http.StatusOK
	handle(s, decide, func(ctx context.Context, in *struct{ Body SignInInput }) (*struct{ Body rolemodel.SignInDecision }, error) {
		var vs rolemodel.Violations
		check := func(attribute string, err error) {
			if err != nil {
				vs = append(vs, rolemodel.NotWellFormed(rolemodel.WellFormed, rolemodel.At(attribute), err))
			}
		}
		tenant, err := rolemodel.ParseAccountCode(in.Body.TenantID)
		check("tenant_id", err)
		address, err := rolemodel.ParseEmail(in.Body.Email)
		check("email", err)
		source, err := netip.ParseAddr(in.Body.SourceIP)
		if err != nil {
			err = fmt.Errorf("%q is not an IP address: write one like \"192.0.2.1\"", in.Body.SourceIP)
		}
		check("source_ip", err)
		entrance, err := rolemodel.ParseEntrance(in.Body.Entrance)
		check("entrance", err)
		if len(vs) > 0 {
			return nil, vs
		}
		decision, err := directory.SignIn(ctx, s.read(ctx), tenant, address, source, entrance)
		return &struct{ Body rolemodel.SignInDecision }{decision}, err
	})
}
