// Package role is how Terraform sees default and custom roles.
package role

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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
	_ resource.ResourceWithConfigure      = &roleResource{}
	_ resource.ResourceWithIdentity       = &roleResource{}
	_ resource.ResourceWithValidateConfig = &roleResource{}
	_ resource.ResourceWithModifyPlan     = &roleResource{}
	_ resource.ResourceWithImportState    = &roleResource{}
)

// NewResource returns the resource mimecast_role.
func NewResource() resource.Resource { return &roleResource{} }

type roleResource struct{ session *tfkit.Session }

func (r *roleResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_role"
}

func (r *roleResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.session = tfkit.Configure(req.ProviderData, &resp.Diagnostics)
}

func (r *roleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A custom role of a tenant. Default roles are in every tenant and are not managed; see the data source `mimecast_default_roles`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The ID of the role, made from its name when it is created, for example `directory-team-administrator`. It stays when the role is renamed. It is not an ID of Mimecast's.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"tenant_id": schema.StringAttribute{
				Required:            true,
				CustomType:          tfkit.AccountCodeType(),
				MarkdownDescription: "The `id` of the tenant. Another tenant replaces the role.",
				PlanModifiers:       []planmodifier.String{tfkit.KeepSpelling(), stringplanmodifier.RequiresReplace()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The role's name, unique in the tenant whatever its letter case. Holders of a role whose name lacks \"Admin\" cannot open Mimecast's Support portal.",
				Validators:          []validator.String{tfkit.WellFormed("name", rolemodel.ParseName)},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the role is for.",
				Validators:          []validator.String{tfkit.WellFormed("description", rolemodel.ParseDescription)},
			},
			"security_permission": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(string(rolemodel.CannotManageRoles)),
				MarkdownDescription: "What the role may do in the Role Editor: `cannot_manage_roles` (the default), `manage_application_roles` or `manage_application_and_protected_roles`. Not above that of the role in the provider's `acting_as`.",
				Validators:          []validator.String{tfkit.WellFormed("security permission", rolemodel.ParseSecurityPermission)},
			},
			"application_permissions": schema.SetAttribute{
				Optional:            true,
				CustomType:          tfkit.SetOf(tfkit.PermissionType()),
				MarkdownDescription: "Application permissions as Mimecast's documentation writes them, `Area | Item | Level`, for example `Directories | Groups | Edit`. Spacing and letter case do not matter. `Edit` includes `Read` of the same item. See the data source `mimecast_permissions`.",
				PlanModifiers:       []planmodifier.Set{tfkit.KeepSpelling()},
			},
			"protected_permissions": schema.SetAttribute{
				Optional:            true,
				CustomType:          tfkit.SetOf(tfkit.PermissionType()),
				MarkdownDescription: "Permissions on protected content, for example `Archive | Search Content View`. Only an actor who can manage protected roles may give these.",
				PlanModifiers:       []planmodifier.Set{tfkit.KeepSpelling()},
			},
			"allow_unlisted_permissions": schema.BoolAttribute{
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(false),
				MarkdownDescription: "Whether to accept permissions that are not in the catalogue (default `false`). Mimecast publishes no complete list.",
			},
			"declared": tfkit.Declared(),
			"protected": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether the role carries permissions on protected content.",
			},
		},
	}
}

func (r *roleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"tenant_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The tenant's account code."},
		"role_id":   identityschema.StringAttribute{RequiredForImport: true, Description: "The role's ID."},
	}}
}

// ValidateConfig reports what can be decided from the configuration alone.
func (r *roleResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	role := config.toDirectory()
	subject := r.subject("validate", config)
	subject.AddError(&resp.Diagnostics, rolemodel.CheckRole(&role).Err())
	subject.AddAdvice(&resp.Diagnostics, rolemodel.AdviseRole(&role))
}

// ModifyPlan fills in what is known already, records the role for what is planned
// after it, and decides the rules.
func (r *roleResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.session == nil {
		return
	}
	state := tfkit.StateOf[model](ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.Plan.Raw.IsNull() {
		r.planDelete(ctx, state, req, resp)
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before, ok := r.fillIn(ctx, state, &plan, req, resp)
	if !ok {
		return
	}
	if tfkit.Unchanged(ctx, req) {
		r.session.Keep(directory.KindRole, directory.KeyOf(*before), &resp.Diagnostics)
		return
	}
	after := plan.toDirectory()
	violations, err := decide.Role(ctx, r.session.Planned, r.session.Actor(ctx), before, &after)
	if after.ID != "" {
		tfkit.Plan(r.session, after, plan.known())
	}
	r.subject(tfkit.Verb(req), plan).AddDecision(&resp.Diagnostics, violations, err)
}

// fillIn gives the plan what is known already and returns the role as it is now.
// It says whether to go on: not where Terraform plans a replacement next, as a create.
func (r *roleResource) fillIn(ctx context.Context, state, plan *model, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (*rolemodel.Role, bool) {
	held := ""
	if state != nil {
		held = state.ID.ValueString()
	}
	instance, replaces := tfkit.Instance(ctx, held, req, resp)
	subject := r.subject(tfkit.Verb(req), *plan)
	after := plan.toDirectory()
	if after.TenantID != "" && after.Name != "" {
		what := fmt.Sprintf("a role %q of tenant %q", rolemodel.FoldName(after.Name), after.TenantID)
		if !r.session.Declare(what, instance, &resp.Diagnostics) {
			return nil, false
		}
	}
	var before *rolemodel.Role
	if state != nil {
		was := state.toDirectory()
		before = &was
	} else {
		var ok bool
		if before, ok = r.meet(ctx, subject, plan, replaces, &resp.Diagnostics); !ok {
			return nil, false
		}
	}
	if state != nil && after.TenantID != before.TenantID {
		r.planDelete(ctx, state, req, resp)
		return nil, false
	}
	if plan.ApplicationPermissions.FullyKnown() && plan.ProtectedPermissions.FullyKnown() {
		plan.Protected = types.BoolValue(after.CarriesProtected)
	}
	plan.Declared = types.BoolValue(true)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, *plan)...)
	return before, !resp.Diagnostics.HasError()
}

// meet looks for the role of its name that a creation meets, and gives the plan
// the ID that the role has or will have. Where it replaces one that was renamed,
// that depends on whether somebody holds it.
func (r *roleResource) meet(ctx context.Context, subject tfkit.Subject, plan *model, replaces string, diags *diag.Diagnostics) (*rolemodel.Role, bool) {
	asked, _ := plan.toDirectory().Normalise()
	if plan.Name.IsUnknown() || plan.TenantID.IsUnknown() || asked.Name == "" || asked.TenantID == "" {
		return nil, true
	}
	if replaces != "" {
		tfkit.PlanDeletion[rolemodel.Role](r.session, directory.Key{Account: asked.TenantID, ID: rolemodel.RoleID(replaces)})
	}
	met, ok := tfkit.Meet(ctx, r.session, subject, asked, plan.known() && replaces == "", func(ctx context.Context) (rolemodel.Role, error) {
		return named(ctx, r.session.Directory, asked.TenantID, asked.Name)
	}, diags)
	if !ok {
		return nil, false
	}
	id := rolemodel.RoleIDFor(asked.Name)
	if met != nil {
		if replaces != "" && met.ID != id {
			return met, true
		}
		id = met.ID
	}
	plan.ID = types.StringValue(string(id))
	return met, true
}

// named returns the custom role of a tenant that has the name.
func named(ctx context.Context, d directory.Reader, tenant rolemodel.AccountCode, name string) (rolemodel.Role, error) {
	for role, err := range d.Roles(ctx, directory.RoleFilter{TenantIDs: []rolemodel.AccountCode{tenant}, Name: name, Limit: 1}) {
		return role, err
	}
	return rolemodel.Role{}, &directory.NotFoundError{Kind: directory.KindRole, Key: string(tenant) + "/" + name}
}

// planDelete decides whether the actor may delete the role, and warns of those who hold it.
func (r *roleResource) planDelete(ctx context.Context, state *model, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	held := state.toDirectory()
	violations, err := decide.Role(ctx, r.session.Planned, r.session.Actor(ctx), &held, nil)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	r.session.PlanRemoval(ctx, r.subject("delete", *state), note, directory.KeyOf(held), violations, err, &resp.Diagnostics)
	tfkit.PlanDeletion[rolemodel.Role](r.session, directory.KeyOf(held))
}

func (r *roleResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	created, note, ok := tfkit.Save(ctx, r.session, r.subject("create", plan), tfkit.Note{}, directory.Key{}, plan.toDirectory(), &resp.Diagnostics)
	if !ok {
		return
	}
	note.Put(ctx, resp.Private, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(created.TenantID, created.ID))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.fromDirectory(created, true))...)
}

func (r *roleResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tenant, id := rolemodel.AccountCode(state.TenantID.Canonical()), rolemodel.RoleID(state.ID.ValueString())
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(tenant, id))...) // Also where the role is gone: the framework asks for it.
	role, ok := tfkit.Load(ctx, r.session, r.subject("read", state), func(ctx context.Context) (rolemodel.Role, error) {
		return r.session.Directory.Role(ctx, tenant, id)
	}, req, resp)
	if ok {
		resp.Diagnostics.Append(resp.State.Set(ctx, state.fromDirectory(role, state.Declared.ValueBool()))...)
	}
}

func (r *roleResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan model
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
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(updated.TenantID, updated.ID))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.fromDirectory(updated, true))...)
}

func (r *roleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Remove[rolemodel.Role](ctx, r.session, r.subject("delete", state), note, directory.KeyOf(state.toDirectory()), &resp.Diagnostics)
}

// ImportState takes the role by ID or by name. Default roles are not imported:
// they are in every tenant and cannot be changed.
func (r *roleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	parts, ok := tfkit.ImportParts(ctx, req, resp, "CUSA00A000/Helpdesk Tier 2 Administrator", "tenant_id", "role_id")
	if !ok {
		return
	}
	tenant, err := rolemodel.ParseAccountCode(parts[0])
	if err != nil {
		resp.Diagnostics.AddError("Unable to import", err.Error())
		return
	}
	role, err := find(ctx, r.session.Directory, tenant, parts[1])
	if err != nil {
		resp.Diagnostics.AddError("Unable to import", err.Error())
		return
	}
	if role.IsDefault() {
		resp.Diagnostics.AddError("Unable to import", fmt.Sprintf("%s is a default role: it is in every tenant and cannot be managed. Refer to it by its ID %q, without a resource.", role.Name, role.ID))
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(role.TenantID, role.ID))...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("tenant_id"), string(role.TenantID))...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), string(role.ID))...)
}

func (r *roleResource) subject(verb string, m model) tfkit.Subject {
	return tfkit.Subject{
		Verb: verb, Kind: directory.KindRole, Key: m.Name.ValueString(), Tenant: m.TenantID.Canonical(), Session: r.session,
		Attributes: []string{"tenant_id", "name", "description", "security_permission", "application_permissions", "protected_permissions"},
	}
}

func identityOf(tenant rolemodel.AccountCode, id rolemodel.RoleID) identity {
	return identity{TenantID: types.StringValue(string(tenant)), RoleID: types.StringValue(string(id))}
}

// find returns the role of a tenant that has the ID or, failing that, the name.
func find(ctx context.Context, d directory.Reader, tenant rolemodel.AccountCode, idOrName string) (rolemodel.Role, error) {
	roles, err := directory.RolesOf(ctx, d, tenant)
	if err != nil {
		return rolemodel.Role{}, err
	}
	i := slices.IndexFunc(roles, func(role rolemodel.Role) bool { return string(role.ID) == idOrName })
	if i < 0 {
		i = slices.IndexFunc(roles, func(role rolemodel.Role) bool { return rolemodel.FoldName(role.Name) == rolemodel.FoldName(idOrName) })
	}
	if i < 0 {
		return rolemodel.Role{}, &directory.NotFoundError{Kind: directory.KindRole, Key: string(tenant) + "/" + idOrName}
	}
	return roles[i], nil
}
