package partner

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var _ list.ListResourceWithConfigure = &partnerList{}

// NewListResource returns the list resource mimecast_partner.
func NewListResource() list.ListResource { return &partnerList{} }

type partnerList struct{ partnerResource }

// filter is the config of a list block.
type filter struct {
	AccountCodes []tfkit.String `tfsdk:"account_codes"`
	Domains      []tfkit.String `tfsdk:"domains"`
	Name         types.String   `tfsdk:"name"`
}

func (l *partnerList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The partners of the directory by account code, for `terraform query`. Retired ones are left out.",
		Attributes: map[string]schema.Attribute{
			"account_codes": tfkit.AnyOf(tfkit.AccountCodeType(), "Only the partners with these account codes."),
			"domains":       tfkit.AnyOf(tfkit.DomainType(), "Only the partners whose staff log in with one of these domains."),
			"name":          schema.StringAttribute{Optional: true, MarkdownDescription: "Only the partners of this name. Letter case does not matter."},
		},
	}
}

func (l *partnerList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var f filter
	if diags := req.Config.Get(ctx, &f); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	partners := l.session.Directory.Partners(ctx, directory.PartnerFilter{
		Codes:   tfkit.CanonicalOf[rolemodel.AccountCode](f.AccountCodes),
		Domains: tfkit.CanonicalOf[rolemodel.Domain](f.Domains),
		Name:    f.Name.ValueString(),
	})
	stream.Results = tfkit.List(ctx, l.session, directory.KindPartner, req, tfkit.InUse(partners), func(p rolemodel.Partner) tfkit.Listed {
		return tfkit.Listed{
			DisplayName: fmt.Sprintf("%s (%s)", p.Name, p.AccountCode),
			Identity:    identityOf(p.AccountCode),
			Resource:    resourceModel{}.stored(p, false),
		}
	})
}
