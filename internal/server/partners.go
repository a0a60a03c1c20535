package server

import (
	"context"
	"net/http"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// PartnerPath names a partner. Huma wants what it fills in exported.
type PartnerPath struct {
	Partner string `path:"partner" example:"CUSA00A000" doc:"The partner's account code."`
}

// entry is one entry with its ETag.
type entry[T any] struct {
	ETag string `header:"ETag" doc:"The entry's revision, for If-Match."`
	Body T
}

func partnerEntry(p rolemodel.Partner, err error) (*entry[rolemodel.Partner], error) {
	return &entry[rolemodel.Partner]{ETag: etag(p.Revision), Body: p}, err
}

func (s *Server) registerPartners() {
	const tag = "Partners"
	handle(s, operation("list-partners", http.MethodGet, "/v1/partners", tag, "List partners"),
		func(ctx context.Context, in *struct {
			PageInput
			Domain string `query:"domain" maxLength:"300" doc:"Only the partners with this domain."`
			Name   string `query:"name" maxLength:"1000" doc:"Only the partners with this name, whatever its letter case."`
		},
		) (*pageOutput[rolemodel.Partner], error) {
			list := s.read(ctx).Partners(ctx, directory.PartnerFilter{Domain: domain(in.Domain), Name: in.Name})
			return page(&in.PageInput, list, func(p *rolemodel.Partner) string { return string(p.AccountCode) })
		})
	handle(s, operation("create-partner", http.MethodPost, "/v1/partners", tag, "Create a partner"),
		func(ctx context.Context, in *struct {
			WriteInput
			Body wire.PartnerInput
		},
		) (*entry[rolemodel.Partner], error) {
			return partnerEntry(write(ctx, s, &in.WriteInput, "create-partner", in.Body, func(d directory.Directory) (rolemodel.Partner, error) {
				partner, err := in.Body.Entity()
				if err != nil {
					return partner, err
				}
				return d.CreatePartner(ctx, partner)
			}))
		})
	handle(s, operation("get-partner", http.MethodGet, "/v1/partners/{partner}", tag, "Read a partner"),
		func(ctx context.Context, in *struct{ PartnerPath }) (*entry[rolemodel.Partner], error) {
			return partnerEntry(s.read(ctx).Partner(ctx, accountCode(in.Partner)))
		})
	handle(s, operation("update-partner", http.MethodPut, "/v1/partners/{partner}", tag, "Change a partner"),
		func(ctx context.Context, in *struct {
			PartnerPath
			WriteInput
			UpdateInput
			Body wire.PartnerInput
		},
		) (*entry[rolemodel.Partner], error) {
			return partnerEntry(write(ctx, s, &in.WriteInput, "update-partner", in, func(d directory.Directory) (rolemodel.Partner, error) {
				partner, err := in.Body.Entity()
				if err != nil {
					return partner, err
				}
				partner.AccountCode = accountCode(in.Partner)
				if partner.Revision, err = in.revision(); err != nil {
					return partner, err
				}
				return d.UpdatePartner(ctx, partner)
			}))
		})
	handle(s, operation("delete-partner", http.MethodDelete, "/v1/partners/{partner}", tag, "Delete a partner"),
		func(ctx context.Context, in *struct {
			PartnerPath
			WriteInput
		},
		) (*struct{}, error) {
			_, err := write(ctx, s, &in.WriteInput, "delete-partner", in, func(d directory.Directory) (nothing, error) {
				return nothing{}, d.DeletePartner(ctx, accountCode(in.Partner))
			})
			return nil, err
		})
}
