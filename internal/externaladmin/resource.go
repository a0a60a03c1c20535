// Package externaladmin is how Terraform sees external admins, one grant at a
// time or all of a tenant's.
package externaladmin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

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
		Attributes: withTerm(map[string]schema.Attribute{
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
			"declared": tfkit.Declared(),
		}),
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
		r.subject("validate", config.toDirectory()).AddError(&resp.Diagnostics, checkRole(config.RoleID).Err())
	}
}

// ModifyPlan fills in what is known already, records the grant for what is
// planned after it, and decides the rules.
func (r *adminResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.session == nil {
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
		r.planRemoval(ctx, before, req, resp)
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || !r.fillIn(ctx, before, &plan, req, resp) {
		return
	}
	after := plan.toDirectory()
	warnOfExpired(r.session, after.TenantID, []rolemodel.ExternalAdmin{after}, path.Root("expires_at"), &resp.Diagnostics)
	if tfkit.Unchanged(ctx, req) {
		r.session.Keep(directory.KindExternalAdmin, directory.KeyOf(*before), &resp.Diagnostics)
		return
	}
	switch {
	case before == nil:
		var ok bool
		if before, ok = r.meet(ctx, after, plan.unknown(), &resp.Diagnostics); !ok {
			return
		}
	case before.TenantID != after.TenantID: // Terraform plans the replacement once more, as a create.
		r.planRemoval(ctx, before, req, resp)
		return
	default:
		note, key := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics), directory.KeyOf(*before)
		if before.Email != after.Email && r.session.Holds(ctx, directory.KindExternalAdmin, key, note) && !r.session.Go(directory.KindExternalAdmin, key, &resp.Diagnostics) {
			return // Another address replaces the grant.
		}
	}
	violations, err := decide.ExternalAdmin(ctx, r.session.Planned, r.session.Actor(ctx), before, &after)
	if before != nil && before.Email != after.Email {
		tfkit.PlanDeletion[rolemodel.ExternalAdmin](r.session, directory.KeyOf(*before))
	}
	if after.TenantID != "" && after.Email != "" {
		tfkit.Plan(r.session, after, true)
	}
	if !r.subject(tfkit.Verb(req), after).AddDecision(&resp.Diagnostics, orLater(violations), err) {
		advise(ctx, r.session, after.TenantID, &resp.Diagnostics)
	}
}

// fillIn gives the plan what is known already, and says whether nobody else declares the grant.
func (r *adminResource) fillIn(ctx context.Context, before *rolemodel.ExternalAdmin, plan *model, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) bool {
	held := ""
	if before != nil {
		held = directory.KeyOf(*before).String()
	}
	instance, _ := tfkit.Instance(ctx, held, req, resp)
	after := plan.toDirectory()
	if after.TenantID != "" && after.Email != "" {
		key := directory.KeyOf(after)
		plan.ID = types.StringValue(key.String())
		if !declareOne(r.session, key, instance, &resp.Diagnostics) {
			return false
		}
	}
	plan.Declared = types.BoolValue(true)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, *plan)...)
	return !resp.Diagnostics.HasError()
}

// meet looks for the grant that a creation meets, which it adopts if it is as
// asked for, as far as that is known. One that gives something else is the violation of a rule.
func (r *adminResource) meet(ctx context.Context, after rolemodel.ExternalAdmin, openTerm bool, diags *diag.Diagnostics) (*rolemodel.ExternalAdmin, bool) {
	if after.TenantID == "" || after.Email == "" {
		return nil, true
	}
	held, err := r.session.Directory.ExternalAdmin(ctx, after.TenantID, after.Email)
	if _, hidden := rolemodel.AsViolations(err); hidden || directory.IsNotFound(err) {
		return nil, true
	}
	about := r.subject("create", after)
	if about.AddError(diags, err) {
		return nil, false
	}
	if openTerm {
		after.Reason, after.ExpiresAt = held.Reason, held.ExpiresAt
	}
	if after.RoleID != "" && !after.Same(&held) {
		taken := rolemodel.OneRoleViolation(held)
		taken.Advice = tfkit.WayOut(directory.KindExternalAdmin, directory.KeyOf(held).String())
		return nil, !about.AddDecision(diags, rolemodel.Violations{taken}, nil)
	}
	return &held, true
}

// planRemoval decides whether the actor may remove the grant, and warns if it is another resource's.
func (r *adminResource) planRemoval(ctx context.Context, before *rolemodel.ExternalAdmin, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	tfkit.PlanDeletion[rolemodel.ExternalAdmin](r.session, directory.KeyOf(*before))
	violations, err := decide.ExternalAdmin(ctx, r.session.Planned, r.session.Actor(ctx), before, nil)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	r.session.PlanRemoval(ctx, r.subject("remove", *before), note, directory.KeyOf(*before), violations, err, &resp.Diagnostics)
}

// declareOne records that an instance declares one grant, and so not all of the tenant's.
func declareOne(s *tfkit.Session, key directory.Key, instance string, diags *diag.Diagnostics) bool {
	return s.Declare(allOf(key.Account), "one at a time", diags) && s.Declare(fmt.Sprintf("the external admin %q", key), instance, diags)
}

// Settle records that an instance goes on to declare the grant with the ID, and
// says whether nothing else in this plan does, or deletes it.
func Settle(s *tfkit.Session, id string, note tfkit.Note) bool {
	tenant, email, _ := strings.Cut(id, "/")
	var diags diag.Diagnostics
	key := directory.Key{Account: rolemodel.AccountCode(tenant), Email: rolemodel.Email(email)}
	return declareOne(s, key, string(note.As), &diags) && s.Keep(directory.KindExternalAdmin, key, nil)
}

// SettleAll is Settle for all grants of the tenant with the ID.
func SettleAll(s *tfkit.Session, id string, note tfkit.Note) bool {
	var diags diag.Diagnostics
	key := directory.Key{Account: rolemodel.AccountCode(id)}
	return s.Declare(allOf(key.Account), string(note.As), &diags) && s.Keep(directory.KindExternalAdmins, key, nil)
}

// allOf names all grants of a tenant.
func allOf(tenant rolemodel.AccountCode) string {
	return fmt.Sprintf("all external admins of tenant %q", tenant)
}

func (r *adminResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	grant := plan.toDirectory()
	created, note, ok := tfkit.Save(ctx, r.session, r.subject("create", grant), tfkit.Note{}, directory.Key{}, grant, &resp.Diagnostics)
	if !ok {
		return
	}
	note.Put(ctx, resp.Private, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(created))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.fromDirectory(created, true))...)
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
	admin, ok := tfkit.Load(ctx, r.session, r.subject("read", held), func(ctx context.Context) (rolemodel.ExternalAdmin, error) {
		return r.session.Directory.ExternalAdmin(ctx, held.TenantID, held.Email)
	}, req, resp)
	if ok {
		warnOfRetired(ctx, r.session, admin, path.Root("role_id"), &resp.Diagnostics)
		warnOfExpired(r.session, admin.TenantID, []rolemodel.ExternalAdmin{admin}, path.Root("expires_at"), &resp.Diagnostics)
		resp.Diagnostics.Append(resp.State.Set(ctx, state.fromDirectory(admin, state.Declared.ValueBool()))...)
	}
}

func (r *adminResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	grant := plan.toDirectory()
	updated, note, ok := tfkit.Save(ctx, r.session, r.subject("update", grant), note, directory.KeyOf(grant), grant, &resp.Diagnostics)
	if !ok {
		return
	}
	note.Put(ctx, resp.Private, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(updated))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.fromDirectory(updated, true))...)
}

func (r *adminResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	held := state.toDirectory()
	tfkit.Remove[rolemodel.ExternalAdmin](ctx, r.session, r.subject("remove", held), note, directory.KeyOf(held), &resp.Diagnostics)
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

func (r *adminResource) subject(verb string, a rolemodel.ExternalAdmin) tfkit.Subject {
	return tfkit.Subject{
		Verb: verb, Kind: directory.KindExternalAdmin, Key: string(a.Email), Tenant: string(a.TenantID), Session: r.session,
		Attributes: []string{"tenant_id", "email", "role_id", "reason", "expires_at"},
	}
}

// orLater adds to violations about a role that is not there how it is planned
// first, if this configuration creates it: Terraform plans what refers to nothing in any order.
func orLater(violations rolemodel.Violations) rolemodel.Violations {
	for i, v := range violations {
		if v.Rule == rolemodel.RoleOfTenant {
			violations[i].Advice += "\n\nIf this configuration creates the role, refer to it, so that it comes first: role_id = mimecast_role.NAME.id."
		}
	}
	return violations
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

// warnOfExpired warns, once for each, of grants that are declared and have expired.
// The summary is the same for all, so that Terraform folds them. It is for reading,
// since what is not changed is not planned, and for what a plan adds.
func warnOfExpired(s *tfkit.Session, tenant rolemodel.AccountCode, admins []rolemodel.ExternalAdmin, at path.Path, diags *diag.Diagnostics) {
	now := rolemodel.TimeOf(time.Now())
	expired := slices.DeleteFunc(slices.Clone(admins), func(a rolemodel.ExternalAdmin) bool {
		return !a.ExpiresAt.Passed(now) || !s.Once("expired "+directory.KeyOf(a).String())
	})
	if len(expired) == 0 {
		return
	}
	diags.AddAttributeWarning(at, "Expired grants are declared", fmt.Sprintf("These grants in tenant %q have expired, and nobody signs in with them: %s.\n\n"+
		"Delete them here, or write a later expires_at.\n\nRule: %s", tenant, some(expired, func(a *rolemodel.ExternalAdmin) string { return string(a.ExpiresAt) }), rolemodel.ExpiryAhead))
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
