// Package externaladmin is how Terraform sees external admins, one grant at a
// time or all of a tenant's.
package externaladmin

import (
	"context"
	"errors"
	"fmt"

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
	_ resource.ResourceWithConfigure      = &adminResource{}
	_ resource.ResourceWithIdentity       = &adminResource{}
	_ resource.ResourceWithValidateConfig = &adminResource{}
	_ resource.ResourceWithModifyPlan     = &adminResource{}
	_ resource.ResourceWithImportState    = &adminResource{}
)

// NewResource returns the resource mimecast_external_admin.
func NewResource() resource.Resource { return &adminResource{} }

type adminResource struct{ session *tfkit.Session }

func (r *adminResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_external_admin"
}

func (r *adminResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (r *adminResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "One external admin: one person from outside who holds one role in one tenant. It owns this grant alone and leaves others as they are. Do not use it on a tenant whose external admins `mimecast_external_admins` owns.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The tenant's account code and the address, as `tenant_id/email`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"tenant_id": schema.StringAttribute{
				Required:            true,
				CustomType:          tfkit.AccountCodeType(),
				MarkdownDescription: "The `id` of the tenant. Another tenant replaces the grant.",
				PlanModifiers:       []planmodifier.String{tfkit.KeepSpelling(), stringplanmodifier.RequiresReplace()},
			},
			"email": schema.StringAttribute{
				Required:            true,
				CustomType:          tfkit.EmailType(),
				MarkdownDescription: "The address that the person logs in to the Partner Portal with. Letter case does not matter. Another address replaces the grant.",
				PlanModifiers:       []planmodifier.String{tfkit.KeepSpelling(), stringplanmodifier.RequiresReplace()},
			},
			"role_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The ID of a default role, for example `help-desk-admin`, or the `id` of a custom role of the tenant.",
			},
			"role_name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The name of the role.",
			},
		},
	}
}

func (r *adminResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"tenant_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The tenant's account code."},
		"email":     identityschema.StringAttribute{RequiredForImport: true, Description: "The address, in lower case."},
	}}
}

// ValidateConfig reports what can be decided from the configuration alone.
func (r *adminResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() && !config.RoleID.IsNull() {
		subject("validate", config.toDirectory()).AddError(&resp.Diagnostics, checkRole(config.RoleID).Err())
	}
}

// ModifyPlan fills in what is known already and decides the rules with it.
func (r *adminResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.session == nil || req.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	state := tfkit.StateOf[model](ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	var before *rolemodel.ExternalAdmin
	if state != nil {
		was := state.toDirectory()
		before = &was
	}
	if req.Plan.Raw.IsNull() {
		r.session.Planned.PlanGrant(before.TenantID, before.Email, "")
		r.decide(ctx, "remove", before, nil, &resp.Diagnostics)
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.RoleName = plannedRoleName(plan.RoleID)
	if state != nil && state.RoleID.Equal(plan.RoleID) {
		plan.RoleName = state.RoleName
	}
	after := plan.toDirectory()
	if plan.ID.IsUnknown() && after.TenantID != "" && after.Email != "" {
		plan.ID = types.StringValue(directory.KeyOf(after).String())
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)

	if before != nil {
		r.session.Planned.PlanGrant(before.TenantID, before.Email, "")
	}
	if after.TenantID != "" && after.Email != "" {
		r.session.Planned.PlanGrant(after.TenantID, after.Email, after.RoleID)
	}
	switch {
	case before == nil:
		r.decide(ctx, "create", nil, &after, &resp.Diagnostics)
	case before.TenantID != after.TenantID: // Terraform plans the replacement once more, as a create.
		r.decide(ctx, "remove", before, nil, &resp.Diagnostics)
	default:
		r.decide(ctx, "update", before, &after, &resp.Diagnostics)
	}
}

// decide reports the rules that the change would break, and advice on the tenant.
func (r *adminResource) decide(ctx context.Context, verb string, before, after *rolemodel.ExternalAdmin, diags *diag.Diagnostics) {
	about := after
	if after == nil {
		about = before
	}
	violations, err := decide.ExternalAdmin(ctx, r.session.Planned, r.session.Actor(ctx), before, after)
	if !subject(verb, *about).AddDecision(diags, violations, err) && after != nil {
		advise(ctx, r.session, after.TenantID, diags)
	}
}

func (r *adminResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	grant := plan.toDirectory()
	created, ok := tfkit.Save(ctx, r.session, subject("create", grant), directory.Key{}, grant, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), directory.KeyOf(created).String())...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(created))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.fromDirectory(created))...)
}

func (r *adminResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	held := state.toDirectory()
	// Before Terraform 1.12 no identity is stored, and the framework asks for one even where the grant is gone.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(held))...)
	admin, err := r.session.Directory.ExternalAdmin(ctx, held.TenantID, held.Email)
	if directory.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if subject("read", held).AddError(&resp.Diagnostics, err) {
		return
	}
	warnOfRetired(ctx, r.session, admin, path.Root("role_id"), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state.fromDirectory(admin))...)
}

func (r *adminResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	grant := plan.toDirectory()
	updated, ok := tfkit.Save(ctx, r.session, subject("update", grant), directory.KeyOf(grant), grant, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(updated))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.fromDirectory(updated))...)
}

func (r *adminResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	held := state.toDirectory()
	tfkit.Remove[rolemodel.ExternalAdmin](ctx, r.session, subject("remove", held), directory.KeyOf(held), &resp.Diagnostics)
}

func (r *adminResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	parts, ok := tfkit.ImportParts(ctx, req, resp, "CUSA00A000/anna@example.com", "tenant_id", "email")
	if !ok {
		return
	}
	tenant, err := rolemodel.ParseAccountCode(parts[0])
	email, emailErr := rolemodel.ParseEmail(parts[1])
	if err := errors.Join(err, emailErr); err != nil {
		resp.Diagnostics.AddError("Unable to import", err.Error())
		return
	}
	admin := rolemodel.ExternalAdmin{TenantID: tenant, Email: email}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(admin))...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), directory.KeyOf(admin).String())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("tenant_id"), string(tenant))...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("email"), string(email))...)
}

func subject(verb string, a rolemodel.ExternalAdmin) tfkit.Subject {
	return tfkit.Subject{
		Verb: verb, Kind: directory.KindExternalAdmin, Key: string(a.Email),
		Attributes: []string{"tenant_id", "email", "role_id"},
	}
}

// warnOfRetired warns, once for each role, of one that was deleted and is still held.
func warnOfRetired(ctx context.Context, s *tfkit.Session, admin rolemodel.ExternalAdmin, at path.Path, diags *diag.Diagnostics) {
	if _, builtIn := rolemodel.DefaultRole(admin.RoleID); builtIn {
		return
	}
	role, err := s.Directory.Role(ctx, admin.TenantID, admin.RoleID)
	if err != nil || !role.Retired || !s.Once("retired "+directory.KeyOf(role).String()) {
		return
	}
	diags.AddAttributeWarning(at, "A retired role is still held", fmt.Sprintf("The role %q (%s) of tenant %q was deleted while somebody held it. Nobody new gets it, and it goes with its last holder.\n\n"+
		"Give its holders another role, or declare the role again: creating a role of that name takes it up.\n\nRule: %s", role.Name, role.ID, role.TenantID, rolemodel.RoleRetired))
}

// advise warns, once for each tenant, of what is probably not meant about
// signing in to it. What is not known yet is not advised on.
func advise(ctx context.Context, s *tfkit.Session, id rolemodel.AccountCode, diags *diag.Diagnostics) {
	tenant, err := s.Planned.Tenant(ctx, id)
	if err != nil || tenant.PartnerID == "" || !s.Once("sign-in to "+string(id)) {
		return
	}
	partner, err := s.Planned.Partner(ctx, tenant.PartnerID)
	if err != nil {
		return
	}
	about := tfkit.Subject{Kind: directory.KindTenant, Key: string(id), Attributes: []string{"tenant_id"}}
	about.AddAdvice(diags, rolemodel.AdvisePortalSignIn(&tenant, &partner))
}
