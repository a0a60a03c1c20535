// Package partner is how Terraform sees a partner.
package partner

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var (
	_ resource.ResourceWithConfigure   = &partnerResource{}
	_ resource.ResourceWithIdentity    = &partnerResource{}
	_ resource.ResourceWithModifyPlan  = &partnerResource{}
	_ resource.ResourceWithImportState = &partnerResource{}
)

// NewResource returns the resource mimecast_partner.
func NewResource() resource.Resource { return &partnerResource{} }

type partnerResource struct{ session *tfkit.Session }

func (r *partnerResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_partner"
}

func (r *partnerResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (r *partnerResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A partner: the service provider's own Mimecast account. Its staff administer the tenants it manages.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The partner's account code.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"account_code": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				CustomType:          tfkit.AccountCodeType(),
				MarkdownDescription: "The code of the partner's account, for example `CUSA00A000`: a `C`, then letters and digits. Give the code that the account has at Mimecast; without one the directory assigns one in that form. Another code replaces the partner.",
				PlanModifiers:       []planmodifier.String{tfkit.KeepSpelling(), stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The partner's name.",
				Validators:          []validator.String{tfkit.WellFormed("name", rolemodel.ParseName)},
			},
			"program": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(string(rolemodel.ProgramMSP)),
				MarkdownDescription: "The partner program: `msp` (the default) or `reseller`. Only tenants of an MSP may have the role Partner Administrator.",
				Validators:          []validator.String{tfkit.WellFormed("program", rolemodel.ParseProgram)},
			},
			"partner_portal": schema.BoolAttribute{
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(true),
				MarkdownDescription: "Whether the partner uses the Partner Portal (default `true`). Without it, its tenants have no external admins.",
			},
			"domains": schema.SetAttribute{
				Required:            true,
				CustomType:          tfkit.SetOf(tfkit.DomainType()),
				MarkdownDescription: "The domains that the partner's staff log in with. External admins have addresses in these. A subdomain is another domain. International domains may be written either way.",
				PlanModifiers:       []planmodifier.Set{tfkit.KeepSpelling()},
				Validators:          []validator.Set{tfkit.NotEmpty("domains", "the domains that the partner's staff log in with")},
			},
			"declared": tfkit.Declared(),
			"admin_ip_ranges": schema.SetAttribute{
				Optional:            true,
				CustomType:          tfkit.SetOf(tfkit.PrefixType()),
				MarkdownDescription: "The Admin IP Ranges of the partner's account settings, in CIDR notation. They count for everybody who comes through the Partner Portal. None means no restriction.",
				PlanModifiers:       []planmodifier.Set{tfkit.KeepSpelling()},
			},
		},
	}
}

func (r *partnerResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"account_code": identityschema.StringAttribute{RequiredForImport: true, Description: "The partner's account code."},
	}}
}

// ModifyPlan fills in what is known already, records the partner for what is
// planned after it, and decides the rules.
func (r *partnerResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.session == nil {
		return
	}
	state := tfkit.StateOf[resourceModel](ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.Plan.Raw.IsNull() {
		r.planDelete(ctx, state, req, resp)
		return
	}
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before, ok := r.fillIn(ctx, state, &plan, req, resp)
	if !ok {
		return
	}
	if tfkit.Unchanged(ctx, req) {
		r.session.Keep(directory.KindPartner, directory.KeyOf(*before), &resp.Diagnostics)
		return
	}
	after := plan.toDirectory()
	if after.AccountCode != "" {
		tfkit.Plan(r.session, after, plan.known())
	}
	subject := r.subject(tfkit.Verb(req), plan)
	violations, err := decide.Partner(ctx, r.session.Planned, r.session.Actor(ctx), before, &after)
	if subject.AddDecision(&resp.Diagnostics, violations, err) {
		return
	}
	subject.AddAdvice(&resp.Diagnostics, rolemodel.AdviseIPRanges(after.AdminIPRanges))
}

// fillIn gives the plan what is known already and returns the partner as it is
// now. It says whether to go on: not where Terraform plans a replacement next, as a create.
func (r *partnerResource) fillIn(ctx context.Context, state, plan *resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (*rolemodel.Partner, bool) {
	held := ""
	if state != nil {
		held = state.ID.ValueString()
	}
	instance, replaces := tfkit.Instance(ctx, held, req, resp)
	subject := r.subject(tfkit.Verb(req), *plan)
	after := plan.toDirectory()
	if code := after.AccountCode; code != "" && !r.session.Declare(fmt.Sprintf("the partner %q", code), instance, &resp.Diagnostics) {
		return nil, false
	}
	for _, domain := range after.Domains {
		if state == nil && !r.session.Declare(fmt.Sprintf("the domain %q", domain), instance, &resp.Diagnostics) {
			return nil, false
		}
	}
	if state != nil {
		was := state.toDirectory()
		if after.AccountCode != was.AccountCode {
			r.planDelete(ctx, state, req, resp)
			return nil, false
		}
		plan.Declared = types.BoolValue(true)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, *plan)...)
		return &was, true
	}
	plan.Declared = types.BoolValue(true)
	var before *rolemodel.Partner
	if after.AccountCode != "" {
		plan.ID = types.StringValue(string(after.AccountCode))
		var ok bool
		if replaces != "" {
			tfkit.PlanDeletion[rolemodel.Partner](r.session, directory.Key{Account: rolemodel.AccountCode(replaces)})
		}
		before, ok = tfkit.MeetAccount(ctx, r.session, subject, after, plan.known() && replaces != string(after.AccountCode), r.session.Directory.Partner, &resp.Diagnostics)
		if !ok {
			return nil, false
		}
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, *plan)...)
	return before, true
}

// planDelete decides whether the actor may delete the partner, and warns of the tenants that it manages.
func (r *partnerResource) planDelete(ctx context.Context, state *resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	held := state.toDirectory()
	violations, err := decide.Partner(ctx, r.session.Planned, r.session.Actor(ctx), &held, nil)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	r.session.PlanRemoval(ctx, r.subject("delete", *state), note, directory.KeyOf(held), violations, err, &resp.Diagnostics)
}

func (r *partnerResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	created, note, ok := tfkit.Save(ctx, r.session, r.subject("create", plan), tfkit.Note{}, directory.Key{}, plan.toDirectory(), &resp.Diagnostics)
	if !ok {
		return
	}
	note.Put(ctx, resp.Private, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(created.AccountCode))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.stored(created, true))...)
}

func (r *partnerResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	code := rolemodel.AccountCode(state.ID.ValueString())
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(code))...) // Also where the partner is gone: the framework asks for it.
	partner, ok := tfkit.Load(ctx, r.session, r.subject("read", state), func(ctx context.Context) (rolemodel.Partner, error) {
		return r.session.Directory.Partner(ctx, code)
	}, req, resp)
	if ok {
		resp.Diagnostics.Append(resp.State.Set(ctx, state.stored(partner, state.Declared.ValueBool()))...)
	}
}

func (r *partnerResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	after := plan.toDirectory()
	updated, note, ok := tfkit.Save(ctx, r.session, r.subject("update", plan), note, directory.KeyOf(after), after, &resp.Diagnostics)
	if !ok {
		return
	}
	note.Put(ctx, resp.Private, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(updated.AccountCode))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.stored(updated, true))...)
}

func (r *partnerResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Remove[rolemodel.Partner](ctx, r.session, r.subject("delete", state), note, directory.KeyOf(state.toDirectory()), &resp.Diagnostics)
}

func (r *partnerResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	parts, ok := tfkit.ImportParts(ctx, req, resp, "CUSA00A000", "account_code")
	if !ok {
		return
	}
	code, err := rolemodel.ParseAccountCode(parts[0])
	if err != nil {
		resp.Diagnostics.AddError("Unable to import", err.Error())
		return
	}
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_code"), string(code))...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), string(code))...)
}

func (r *partnerResource) subject(verb string, m resourceModel) tfkit.Subject {
	key := m.AccountCode.Canonical()
	if key == "" {
		key = m.Name.ValueString()
	}
	return tfkit.Subject{
		Verb: verb, Kind: directory.KindPartner, Key: key, Session: r.session,
		Attributes: []string{"account_code", "name", "program", "partner_portal", "domains", "admin_ip_ranges"},
	}
}

func identityOf(code rolemodel.AccountCode) identity {
	return identity{AccountCode: types.StringValue(string(code))}
}
