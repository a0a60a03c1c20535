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

func (p *PartnerPath) key() directory.Key { return directory.Key{Account: accountCode(p.Partner)} }

// PartnerFilter narrows a list of partners.
type PartnerFilter struct {
	Codes   []string `query:"code,explode" maxItems:"200" doc:"Only the partners with these account codes. May be repeated."`
	Domains []string `query:"domain,explode" maxItems:"500" doc:"Only the partners whose staff log in with one of these domains. May be repeated."`
	Name    string   `query:"name" maxLength:"1000" doc:"Only the partners with this name, whatever its letter case."`
}

func (f *PartnerFilter) filter() directory.PartnerFilter {
	return directory.PartnerFilter{Codes: accountCodes(f.Codes), Domains: domains(f.Domains), Name: f.Name}
}

func (s *Server) registerPartners() {
	const tag, path = "Partners", "/v1/partners"
	handle(s, operation("list-partners", http.MethodGet, path, tag, "List partners"),
		func(ctx context.Context, in *struct {
			PartnerFilter
			PageInput
		},
		) (*pageOutput[rolemodel.Partner], error) {
			filter := in.filter()
			filter.After, filter.Limit = rolemodel.AccountCode(in.Cursor), in.Limit+1
			return page(&in.PageInput, s.read(ctx).Partners(ctx, filter), keyText)
		})
	count(s, operation("count-partners", http.MethodGet, path+"/count", tag, "Count partners"),
		func(in *struct{ PartnerFilter }) directory.Filter { return in.filter() })
	handle(s, operation("get-partner", http.MethodGet, path+"/{partner}", tag, "Read a partner"),
		func(ctx context.Context, in *struct{ PartnerPath }) (*entry[rolemodel.Partner], error) {
			return tagged(s.read(ctx).Partner(ctx, in.key().Account))
		})
	write[rolemodel.Partner](s, taking[wire.PartnerInput](operation("create-partner", http.MethodPost, path, tag, "Create a partner")),
		creation((*wire.PartnerInput).Entity))
	write[rolemodel.Partner](s, taking[wire.PartnerInput](operation("update-partner", http.MethodPut, path+"/{partner}", tag, "Change a partner")),
		func(in *struct {
			PartnerPath
			UpdateInput
		},
		) (directory.Change, error) {
			return update(&in.UpdateInput, in.key(), (*wire.PartnerInput).Entity)
		})
	write[rolemodel.Partner](s, operation("delete-partner", http.MethodDelete, path+"/{partner}", tag, "Delete a partner"),
		func(in *struct {
			PartnerPath
			DeleteInput
		},
		) (directory.Change, error) {
			return deletion[rolemodel.Partner](&in.DeleteInput, in.key())
		})
}
