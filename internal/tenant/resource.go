// Package tenant is how Terraform sees a tenant.
package tenant

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var (
	_ resource.ResourceWithConfigure      = &tenantResource{}
	_ resource.ResourceWithIdentity       = &tenantResource{}
	_ resource.ResourceWithValidateConfig = &tenantResource{}
	_ resource.ResourceWithModifyPlan     = &tenantResource{}
	_ resource.ResourceWithImportState    = &tenantResource{}
)

// NewResource returns the resource mimecast_tenant.
func NewResource() resource.Resource { return &tenantResource{} }

type tenantResource struct{ session *tfkit.Session }

func (r *tenantResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_tenant"
}

func (r *tenantResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (r *tenantResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A tenant: one client's Mimecast account.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The tenant's account code.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"account_code": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				CustomType:          tfkit.AccountCodeType(),
				MarkdownDescription: "The code of the client's account, for example `CUSA00A000`: a `C`, then letters and digits. Give the code that the account has at Mimecast; without one the directory assigns one in that form. Another code replaces the tenant.",
				PlanModifiers:       []planmodifier.String{tfkit.KeepSpelling(), stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The client's name.",
				Validators:          []validator.String{tfkit.WellFormed("name", rolemodel.ParseName)},
			},
			"region": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Mimecast's region, as its API writes it, for example `us`, `uk` or `de`. It may be given later. Another region replaces the tenant.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIf(otherRegion, "Another region replaces the tenant.", "Another region replaces the tenant.")},
				Validators:          []validator.String{tfkit.WellFormed("region", rolemodel.ParseRegion)},
			},
			"primary_domain": schema.StringAttribute{
				Required:            true,
				CustomType:          tfkit.DomainType(),
				MarkdownDescription: "The client's primary domain.",
				PlanModifiers:       []planmodifier.String{tfkit.KeepSpelling()},
			},
			"internal_domains": schema.SetAttribute{
				Optional:            true,
				Computed:            true,
				CustomType:          tfkit.SetOf(tfkit.DomainType()),
				MarkdownDescription: "All domains of the client, the primary one included. Without it the primary domain is the only one. An external admin's address is in none of these. A subdomain is another domain.",
				PlanModifiers:       []planmodifier.Set{tfkit.KeepSpelling()},
				Validators:          []validator.Set{tfkit.NotEmpty("internal_domains", "the primary domain and the others, or leave internal_domains out")},
			},
			"partner_id": schema.StringAttribute{
				Optional:            true,
				CustomType:          tfkit.AccountCodeType(),
				MarkdownDescription: "The `id` of the partner that manages the tenant. Without one the tenant has no external admins.",
				PlanModifiers:       []planmodifier.String{tfkit.KeepSpelling()},
			},
			"admin_ip_ranges": schema.SetAttribute{
				Optional:            true,
				CustomType:          tfkit.SetOf(tfkit.PrefixType()),
				MarkdownDescription: "The Admin IP Ranges of the tenant's account settings, in CIDR notation. They count at the Administration Console; who comes through the Partner Portal is checked against the partner's ranges instead. None means no restriction.",
				PlanModifiers:       []planmodifier.Set{tfkit.KeepSpelling()},
			},
			"declared": tfkit.Declared(),
			"initial_admin_email": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The administrator created with the account, `msp_<client name>@<primary domain>`, a Basic Administrator. It does not change afterwards.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
	}
}

func (r *tenantResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"account_code": identityschema.StringAttribute{RequiredForImport: true, Description: "The tenant's account code."},
	}}
}

// ValidateConfig reports what can be decided from the configuration alone.
func (r *tenantResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.InternalDomains.IsNull() || !config.InternalDomains.FullyKnown() || config.PrimaryDomain.IsUnknown() {
		return
	}
	after := config.toDirectory()
	r.subject("validate", config).AddError(&resp.Diagnostics, rolemodel.CheckInternalDomains(after.PrimaryDomain, after.InternalDomains).Err())
}

// otherRegion requires a replacement where the tenant has a region and gets another one.
func otherRegion(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.StateValue.IsNull() && !req.PlanValue.IsNull()
}

// ModifyPlan fills in what is known already, records the tenant for what is
// planned after it, and decides the rules.
func (r *tenantResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
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
	var plan, config resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if config.InternalDomains.IsNull() {
		plan.InternalDomains = defaultInternalDomains(plan, state)
	}
	if config.Region.IsNull() && state == nil {
		plan.Region = types.StringNull()
	}
	before, ok := r.fillIn(ctx, state, &plan, req, resp)
	if !ok {
		return
	}
	if tfkit.Unchanged(ctx, resource.ModifyPlanRequest{State: req.State, Plan: resp.Plan}) {
		r.session.Keep(directory.KindTenant, directory.KeyOf(*before), &resp.Diagnostics)
		return
	}
	after := plan.toDirectory()
	violations, err := decide.Tenant(ctx, r.session.Planned, r.session.Actor(ctx), before, &after)
	if after.AccountCode != "" {
		tfkit.Plan(r.session, after, plan.known())
	}
	subject := r.subject(tfkit.Verb(req), plan)
	if subject.AddDecision(&resp.Diagnostics, violations, err) {
		return
	}
	subject.AddAdvice(&resp.Diagnostics, rolemodel.AdviseIPRanges(after.AdminIPRanges))
}

// fillIn gives the plan what is known already and returns the tenant as it is
// now. It says whether to go on: not where Terraform plans a replacement next, as a create.
func (r *tenantResource) fillIn(ctx context.Context, state, plan *resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (*rolemodel.Tenant, bool) {
	held := ""
	if state != nil {
		held = state.ID.ValueString()
	}
	instance, replaces := tfkit.Instance(ctx, held, req, resp)
	subject := r.subject(tfkit.Verb(req), *plan)
	if !r.declare(plan, state == nil, instance, &resp.Diagnostics) {
		return nil, false
	}
	var before *rolemodel.Tenant
	if state != nil {
		was := state.toDirectory()
		before = &was
	} else {
		var ok bool
		if before, ok = r.meet(ctx, subject, plan, replaces, &resp.Diagnostics); !ok {
			return nil, false
		}
	}
	after := plan.toDirectory()
	if state != nil && (after.AccountCode != before.AccountCode || before.Region != "" && after.Region != before.Region) {
		r.planDelete(ctx, state, req, resp)
		return nil, false
	}
	plan.Declared = types.BoolValue(true)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, *plan)...)
	return before, !resp.Diagnostics.HasError()
}

// declare records that an instance declares the tenant and, where it is created,
// its domains: two new tenants with one domain are not in the directory yet.
func (r *tenantResource) declare(plan *resourceModel, created bool, instance string, diags *diag.Diagnostics) bool {
	asked := plan.toDirectory()
	if asked.AccountCode != "" && !r.session.Declare(fmt.Sprintf("the tenant %q", asked.AccountCode), instance, diags) {
		return false
	}
	for _, domain := range asked.Domains() {
		if created && !r.session.Declare(fmt.Sprintf("the domain %q", domain), instance, diags) {
			return false
		}
	}
	return true
}

// meet looks for what a creation meets, by its code or, without one, by its
// primary domain, and gives the plan what is known from it.
func (r *tenantResource) meet(ctx context.Context, subject tfkit.Subject, plan *resourceModel, replaces string, diags *diag.Diagnostics) (*rolemodel.Tenant, bool) {
	asked := plan.toDirectory()
	if replaces != "" {
		tfkit.PlanDeletion[rolemodel.Tenant](r.session, directory.Key{Account: rolemodel.AccountCode(replaces)})
	}
	var met *rolemodel.Tenant
	switch {
	case asked.AccountCode != "":
		var ok bool
		known := plan.known() && !plan.PartnerID.IsUnknown() && replaces != string(asked.AccountCode)
		if met, ok = tfkit.MeetAccount(ctx, r.session, subject, asked, known, r.session.Directory.Tenant, diags); !ok {
			return nil, false
		}
	case plan.AccountCode.IsUnknown() && asked.PrimaryDomain != "":
		filter := directory.TenantFilter{Domains: []rolemodel.Domain{asked.PrimaryDomain}, Limit: 1}
		for tenant, err := range r.session.Directory.Tenants(ctx, filter) {
			if err == nil && tenant.PrimaryDomain == asked.PrimaryDomain && (tenant.Retired || len(directory.Differences(tenant, asked)) == 0) {
				met = &tenant
			}
		}
	}
	code := asked.AccountCode
	if met != nil {
		code = met.AccountCode
	} else if left, ok := r.session.Left(asked.PrimaryDomain); ok && code == "" && plan.AccountCode.IsUnknown() && len(directory.Differences(left, asked)) == 0 {
		code = left.AccountCode
	}
	if code != asked.AccountCode {
		plan.AccountCode = tfkit.AccountCodeType().Value(string(code))
	}
	computed := rolemodel.InitialAdminEmail(asked.Name, code, asked.PrimaryDomain)
	if met != nil && replaces == string(code) {
		// It is taken up, or created anew if nothing is in it.
		retired := *met
		retired.Retired, met = true, &retired
		if computed == retired.InitialAdminEmail {
			plan.InitialAdminEmail = types.StringValue(string(computed))
		}
	} else if met != nil {
		plan.InitialAdminEmail = types.StringValue(string(met.InitialAdminEmail))
	} else if asked.Name != "" && asked.PrimaryDomain != "" {
		// The code counts only where the name leaves nothing.
		if code != "" || computed != rolemodel.InitialAdminEmail("", "", asked.PrimaryDomain) {
			plan.InitialAdminEmail = types.StringValue(string(computed))
		}
	}
	if code != "" {
		plan.ID = types.StringValue(string(code))
	}
	return met, true
}

// planDelete decides whether the actor may delete the tenant, and warns of what is in it.
func (r *tenantResource) planDelete(ctx context.Context, state *resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	held := state.toDirectory()
	violations, err := decide.Tenant(ctx, r.session.Planned, r.session.Actor(ctx), &held, nil)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	r.session.PlanRemoval(ctx, r.subject("delete", *state), note, directory.KeyOf(held), violations, err, &resp.Diagnostics)
	tfkit.PlanDeletion[rolemodel.Tenant](r.session, directory.KeyOf(held))
}

// defaultInternalDomains returns the primary domain alone, in the state's
// spelling of the set if it means the same.
func defaultInternalDomains(plan resourceModel, state *resourceModel) tfkit.Set {
	domains := tfkit.SetOf(tfkit.DomainType())
	if plan.PrimaryDomain.IsUnknown() {
		return domains.Unknown()
	}
	primary := plan.PrimaryDomain.Canonical()
	if state != nil {
		if held := state.InternalDomains.Canonical(); len(held) == 1 && held[0] == primary {
			return state.InternalDomains
		}
	}
	return tfkit.SetFrom(tfkit.DomainType(), []string{primary}, domains.Null())
}

func (r *tenantResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
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

func (r *tenantResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	code := rolemodel.AccountCode(state.ID.ValueString())
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(code))...) // Also where the tenant is gone: the framework asks for it.
	tenant, ok := tfkit.Load(ctx, r.session, r.subject("read", state), func(ctx context.Context) (rolemodel.Tenant, error) {
		return r.session.Directory.Tenant(ctx, code)
	}, req, resp)
	if ok {
		resp.Diagnostics.Append(resp.State.Set(ctx, state.stored(tenant, state.Declared.ValueBool()))...)
	}
}

func (r *tenantResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
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

func (r *tenantResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	held := state.toDirectory()
	r.session.Leave(held)
	tfkit.Remove[rolemodel.Tenant](ctx, r.session, r.subject("delete", state), note, directory.KeyOf(held), &resp.Diagnostics)
}

func (r *tenantResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
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

func (r *tenantResource) subject(verb string, m resourceModel) tfkit.Subject {
	key := m.AccountCode.Canonical()
	if key == "" {
		key = m.Name.ValueString()
	}
	return tfkit.Subject{
		Verb: verb, Kind: directory.KindTenant, Key: key, Tenant: m.AccountCode.Canonical(), Session: r.session,
		Attributes: []string{"account_code", "name", "region", "primary_domain", "internal_domains", "partner_id", "admin_ip_ranges"},
	}
}

func identityOf(code rolemodel.AccountCode) identity {
	return identity{AccountCode: types.StringValue(string(code))}
}
