package externaladmin

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

var (
	_ resource.ResourceWithConfigure      = &allResource{}
	_ resource.ResourceWithIdentity       = &allResource{}
	_ resource.ResourceWithValidateConfig = &allResource{}
	_ resource.ResourceWithModifyPlan     = &allResource{}
	_ resource.ResourceWithImportState    = &allResource{}
)

// NewAllResource returns the resource mimecast_external_admins.
func NewAllResource() resource.Resource { return &allResource{} }

type allResource struct{ session *tfkit.Session }

func (r *allResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_external_admins"
}

func (r *allResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (r *allResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All external admins of a tenant. It is authoritative: it applies the whole map in one transaction, and removes whoever holds a role in the tenant without being in the map. Do not use `mimecast_external_admin` on the same tenant.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The tenant's account code.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"tenant_id": schema.StringAttribute{
				Required:            true,
				CustomType:          tfkit.AccountCodeType(),
				MarkdownDescription: "The `id` of the tenant. Another tenant replaces the resource.",
				PlanModifiers:       []planmodifier.String{tfkit.KeepSpelling(), stringplanmodifier.RequiresReplace()},
			},
			"admins": schema.MapNestedAttribute{
				Required:            true,
				MarkdownDescription: "The external admins by the address that they log in to the Partner Portal with. Letter case does not matter. An empty map means that nobody from outside has access.",
				NestedObject: schema.NestedAttributeObject{
					Attributes: map[string]schema.Attribute{
						// Required, which ValidateConfig sees to: the framework takes a required attribute for
						// missing where the whole element is not known yet (terraform-plugin-framework issue 186).
						"role_id": schema.StringAttribute{
							Optional:            true,
							MarkdownDescription: "The ID of a default role, for example `help-desk-admin`, or the `id` of a custom role of the tenant. It must be given.",
						},
					},
				},
			},
		},
	}
}

func (r *allResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"tenant_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The tenant's account code."},
	}}
}

// ValidateConfig reports what can be decided from the configuration alone.
func (r *allResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config allModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.Admins.IsUnknown() {
		return
	}
	grants, spelling, violations := config.grants()
	elements := config.Admins.Elements()
	for _, grant := range grants {
		at := rolemodel.AtKey("admins", string(grant.Email))
		if _, err := rolemodel.ParseEmail(string(grant.Email)); err != nil {
			violations = append(violations, rolemodel.NotWellFormed(rolemodel.WellFormed, at, err))
		}
		violations = append(violations, checkRole(roleOf(elements[spelling[string(grant.Email)]])).Under(at)...)
	}
	r.subject("validate", config, spelling).AddError(&resp.Diagnostics, violations.Err())
}

// ModifyPlan keeps the state's spelling of the addresses and decides the rules with what is known.
func (r *allResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.session == nil || req.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	state := tfkit.StateOf[allModel](ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.Plan.Raw.IsNull() {
		r.planRemoval(ctx, *state, &resp.Diagnostics)
		return
	}
	var plan allModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state != nil && plan.TenantID.Equal(state.TenantID) && plan.means(*state) {
		plan.Admins = state.Admins
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	tenant := rolemodel.AccountCode(plan.TenantID.Canonical())
	if plan.ID.IsUnknown() && tenant != "" {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("id"), string(tenant))...)
	}
	if state != nil && !plan.TenantID.Equal(state.TenantID) { // Terraform plans the replacement once more, as a create.
		r.planRemoval(ctx, *state, &resp.Diagnostics)
		return
	}
	r.planReplacement(ctx, state, plan, tenant, &resp.Diagnostics)
}

// planRemoval decides whether all grants may be removed. Where the tenant is
// gone there are none.
func (r *allResource) planRemoval(ctx context.Context, state allModel, diags *diag.Diagnostics) {
	tenant := rolemodel.AccountCode(state.TenantID.Canonical())
	if r.gone(ctx, tenant) {
		return
	}
	_, spelling, _ := state.grants()
	violations, err := decide.ExternalAdmins(ctx, r.session.Planned, r.session.Actor(ctx), tenant, nil)
	r.subject("remove", state, spelling).AddDecision(diags, violations, err)
	r.recordPlanned(state, nil)
}

// planReplacement decides whether the planned grants may become all that the
// tenant has, and warns of what is probably not meant.
func (r *allResource) planReplacement(ctx context.Context, state *allModel, plan allModel, tenant rolemodel.AccountCode, diags *diag.Diagnostics) {
	verb := "update"
	if state == nil {
		verb = "create"
	}
	if plan.Admins.IsUnknown() { // Whether the actor may do anything at all is known.
		r.subject(verb, plan, nil).AddDecision(diags, rolemodel.DecideGrant(r.session.Actor(ctx), nil, nil), nil)
		return
	}
	grants, spelling, _ := plan.grants()
	violations, err := decide.ExternalAdmins(ctx, r.session.Planned, r.session.Actor(ctx), tenant, grants)
	if state != nil {
		r.recordPlanned(*state, grants)
	}
	if r.subject(verb, plan, spelling).AddDecision(diags, violations, err) || tenant == "" {
		return
	}
	advise(ctx, r.session, tenant, diags)
	if state == nil {
		r.warnOfRemovals(ctx, tenant, spelling, diags)
	}
}

// recordPlanned records what becomes of the grants in the state.
func (r *allResource) recordPlanned(state allModel, planned []rolemodel.ExternalAdmin) {
	roles := map[rolemodel.Email]rolemodel.RoleID{}
	for _, grant := range planned {
		roles[grant.Email] = grant.RoleID
	}
	held, _, _ := state.grants()
	for _, grant := range held {
		r.session.Planned.PlanGrant(grant.TenantID, grant.Email, roles[grant.Email])
	}
}

// warnOfRemovals names those whom a create will remove: they are not in the
// state, so Terraform's plan does not show them.
func (r *allResource) warnOfRemovals(ctx context.Context, tenant rolemodel.AccountCode, keep map[string]string, diags *diag.Diagnostics) {
	var removed []string
	for admin, err := range r.session.Directory.ExternalAdmins(ctx, grantsOf(tenant)) {
		if err != nil {
			diags.AddError(fmt.Sprintf("Unable to read external admins %q", tenant), err.Error())
			return
		}
		if _, kept := keep[string(admin.Email)]; !kept {
			removed = append(removed, fmt.Sprintf("  - %s (%s)", admin.Email, admin.RoleName))
		}
	}
	if len(removed) > 0 {
		diags.AddAttributeWarning(path.Root("admins"), fmt.Sprintf("External admins of tenant %q will be removed", tenant),
			"These hold a role in the tenant and are not in admins:\n\n"+strings.Join(removed, "\n")+
				"\n\nAdd them to admins to keep them, or import the resource first to see the change in the plan.")
	}
}

func (r *allResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan allModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tenant, admins, ok := r.replace(ctx, "create", plan, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), string(tenant))...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, allIdentityOf(tenant))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.fromDirectory(tenant, admins))...)
}

func (r *allResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state allModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	code := rolemodel.AccountCode(state.TenantID.Canonical())
	// Before Terraform 1.12 no identity is stored, and the framework asks for one even where the tenant is gone.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, allIdentityOf(code))...)
	_, err := r.session.Directory.Tenant(ctx, code)
	if directory.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	subject := r.subject("read", state, nil)
	if subject.AddError(&resp.Diagnostics, err) {
		return
	}
	admins, err := directory.Collect(r.session.Directory.ExternalAdmins(ctx, grantsOf(code)))
	if subject.AddError(&resp.Diagnostics, err) {
		return
	}
	for _, admin := range admins {
		warnOfRetired(ctx, r.session, admin, path.Root("admins"), &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state.fromDirectory(code, admins))...)
}

func (r *allResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan allModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tenant, admins, ok := r.replace(ctx, "update", plan, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, allIdentityOf(tenant))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.fromDirectory(tenant, admins))...)
}

func (r *allResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state allModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := tfkit.WithoutCancel(ctx)
	defer cancel()
	tenant := rolemodel.AccountCode(state.TenantID.Canonical())
	if r.gone(ctx, tenant) {
		return
	}
	_, spelling, _ := state.grants()
	_, err := directory.ReplaceExternalAdmins(ctx, r.session.Directory, directory.Replace{Tenant: tenant})
	r.subject("remove", state, spelling).AddError(&resp.Diagnostics, err)
}

// gone says whether the tenant is not in the directory, and so has no external admins.
func (r *allResource) gone(ctx context.Context, tenant rolemodel.AccountCode) bool {
	_, err := r.session.Directory.Tenant(ctx, tenant)
	return directory.IsNotFound(err)
}

// replace makes the planned grants all that the tenant has.
func (r *allResource) replace(ctx context.Context, verb string, plan allModel, diags *diag.Diagnostics) (rolemodel.AccountCode, []rolemodel.ExternalAdmin, bool) {
	ctx, cancel := tfkit.WithoutCancel(ctx)
	defer cancel()
	tenant := rolemodel.AccountCode(plan.TenantID.Canonical())
	grants, spelling, violations := plan.grants()
	subject := r.subject(verb, plan, spelling)
	if subject.AddError(diags, violations.Err()) {
		return "", nil, false
	}
	replaced, err := directory.ReplaceExternalAdmins(ctx, r.session.Directory, directory.Replace{Tenant: tenant, Admins: grants})
	return tenant, replaced.Entry, !subject.AddError(diags, err)
}

func (r *allResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	parts, ok := tfkit.ImportParts(ctx, req, resp, "CUSA00A000", "tenant_id")
	if !ok {
		return
	}
	code, err := rolemodel.ParseAccountCode(parts[0])
	if err != nil {
		resp.Diagnostics.AddError("Unable to import", err.Error())
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, allIdentityOf(code))...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), string(code))...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("tenant_id"), string(code))...)
}

func (r *allResource) subject(verb string, m allModel, spelling map[string]string) tfkit.Subject {
	return tfkit.Subject{
		Verb: verb, Kind: directory.KindExternalAdmins, Key: m.TenantID.Canonical(),
		Attributes: []string{"tenant_id", "admins"}, Spelling: spelling,
	}
}

// grantsOf selects all grants of a tenant.
func grantsOf(tenant rolemodel.AccountCode) directory.ExternalAdminFilter {
	return directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{tenant}}
}

func allIdentityOf(code rolemodel.AccountCode) allIdentity {
	return allIdentity{TenantID: types.StringValue(string(code))}
}
