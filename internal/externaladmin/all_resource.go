package externaladmin

import (
	"context"
	"fmt"
	"slices"
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
		MarkdownDescription: "All external admins of a tenant. It is authoritative: it applies the whole map in one transaction, and whoever holds a role in the tenant without being in the map is a removal in the next plan. Do not use `mimecast_external_admin` on the same tenant.",
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
			"declared": tfkit.Declared(),
			"admins": schema.MapNestedAttribute{
				Required:            true,
				MarkdownDescription: "The external admins by the address that they log in to the Partner Portal with. Letter case does not matter. An empty map means that nobody from outside has access.",
				NestedObject: schema.NestedAttributeObject{
					Attributes: withTerm(map[string]schema.Attribute{
						// Required, which ValidateConfig sees to: the framework takes a required attribute for
						// missing where the whole element is not known yet (terraform-plugin-framework issue 186).
						"role_id": schema.StringAttribute{
							Optional:            true,
							MarkdownDescription: "The ID of a default role, for example `help-desk-admin`, or the `id` of a custom role of the tenant. It must be given.",
						},
					}),
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
	if r.session == nil {
		return
	}
	state := tfkit.StateOf[allModel](ctx, req.State, &resp.Diagnostics)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.Plan.Raw.IsNull() {
		r.planRemoval(ctx, *state, note, &resp.Diagnostics)
		return
	}
	var plan allModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.Admins.IsUnknown() {
		grants, _, _ := plan.grants()
		warnOfExpired(r.session, rolemodel.AccountCode(plan.TenantID.Canonical()), grants, path.Root("admins"), &resp.Diagnostics)
	}
	changes := r.fillIn(ctx, state, &plan, req, resp)
	switch {
	case resp.Diagnostics.HasError():
		return
	case tfkit.Unchanged(ctx, resource.ModifyPlanRequest{State: req.State, Plan: resp.Plan}):
		r.session.Keep(directory.KindExternalAdmins, directory.Key{Account: rolemodel.AccountCode(plan.TenantID.Canonical())}, &resp.Diagnostics)
		return
	case !changes:
		return
	}
	if state != nil && !plan.TenantID.Equal(state.TenantID) { // Terraform plans the replacement once more, as a create.
		r.planRemoval(ctx, *state, note, &resp.Diagnostics)
		return
	}
	r.planReplacement(ctx, state, plan, note, &resp.Diagnostics)
}

// fillIn gives the plan what is known already, and says whether there is anything to decide.
func (r *allResource) fillIn(ctx context.Context, state, plan *allModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) bool {
	held := ""
	if state != nil {
		held = state.TenantID.Canonical()
	}
	instance, _ := tfkit.Instance(ctx, held, req, resp)
	tenant := rolemodel.AccountCode(plan.TenantID.Canonical())
	if tenant != "" {
		plan.ID = types.StringValue(string(tenant))
		if !r.session.Declare(allOf(tenant), instance, &resp.Diagnostics) {
			return false
		}
	}
	same := state != nil && plan.TenantID.Equal(state.TenantID) && plan.means(*state)
	if same {
		plan.Admins = state.Admins
	}
	plan.Declared = types.BoolValue(true)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, *plan)...)
	return !same && !resp.Diagnostics.HasError()
}

// planRemoval decides whether the grants may be removed that go with the
// resource. Where the tenant is gone there are none.
func (r *allResource) planRemoval(ctx context.Context, state allModel, note tfkit.Note, diags *diag.Diagnostics) {
	change := state.replace(directory.ActionDelete, note)
	if r.gone(ctx, change.Tenant) {
		return
	}
	held, ok := r.held(ctx, change.Tenant, diags)
	if !ok {
		return
	}
	target, _ := decide.Target(&change, held, nil)
	_, spelling, _ := state.grants()
	violations, err := decide.ExternalAdmins(ctx, r.session.Planned, r.session.Actor(ctx), change.Tenant, held, target)
	r.subject("remove", state, spelling).AddDecision(diags, violations, err)
	r.record(held, target)
	for _, grant := range held {
		stays := slices.ContainsFunc(target, func(a rolemodel.ExternalAdmin) bool { return a.Email == grant.Email })
		if !stays && !r.session.Go(directory.KindExternalAdmin, directory.KeyOf(grant), diags) {
			return
		}
	}
	if len(target) > 0 {
		diags.AddWarning("What another resource declares is not deleted", fmt.Sprintf("Destroying all external admins of tenant %q leaves those that another resource declares: %s.\n\n"+
			"If nothing else declares them, take them over first with -replace=ADDRESS, and then delete the resource.", change.Tenant, some(target, roleName)))
	}
}

// held returns the grants that the tenant has, none if it is not there, and says whether they could be read.
func (r *allResource) held(ctx context.Context, tenant rolemodel.AccountCode, diags *diag.Diagnostics) ([]rolemodel.ExternalAdmin, bool) {
	held, err := directory.Collect(r.session.Directory.ExternalAdmins(ctx, grantsOf(tenant)))
	if _, hidden := rolemodel.AsViolations(err); hidden {
		return nil, true // What the actor may not see it may not change either, which the decision says.
	}
	if err != nil {
		diags.AddError(fmt.Sprintf("Unable to read external admins %q", tenant), err.Error())
	}
	return held, err == nil
}

// planReplacement decides whether the planned grants may become all that the
// tenant has, and warns of what is probably not meant.
func (r *allResource) planReplacement(ctx context.Context, state *allModel, plan allModel, note tfkit.Note, diags *diag.Diagnostics) {
	verb, action := "update", directory.ActionUpdate
	if state == nil {
		verb, action = "create", directory.ActionCreate
	}
	if plan.Admins.IsUnknown() { // Whether the actor may do anything at all is known.
		r.subject(verb, plan, nil).AddDecision(diags, rolemodel.DecideGrant(r.session.Actor(ctx), nil, nil, ""), nil)
		return
	}
	wanted, spelling, _ := plan.grants()
	change := plan.replace(action, note)
	change.As = "planned" // A creation adopts.
	held, ok := r.held(ctx, change.Tenant, diags)
	if !ok {
		return
	}
	target, violations := wanted, rolemodel.Violations(nil)
	if state == nil {
		target, violations = decide.Target(&change, held, wanted)
		if len(violations) > 0 {
			violations[0].Advice += "\n\n" + tfkit.WayOut(directory.KindExternalAdmins, string(change.Tenant))
		}
	}
	decided, err := decide.ExternalAdmins(ctx, r.session.Planned, r.session.Actor(ctx), change.Tenant, held, target)
	if change.Tenant != "" {
		r.record(held, target)
	}
	if r.subject(verb, plan, spelling).AddDecision(diags, append(violations, orLater(decided)...), err) || change.Tenant == "" {
		return
	}
	advise(ctx, r.session, change.Tenant, diags)
	if state == nil {
		r.warnOfOthers(change.Tenant, held, spelling, diags)
	}
}

// record records what becomes of the grants that the tenant has.
func (r *allResource) record(held, target []rolemodel.ExternalAdmin) {
	had := map[rolemodel.Email]rolemodel.ExternalAdmin{}
	for _, grant := range held {
		had[grant.Email] = grant
	}
	for _, grant := range target {
		if before, stays := had[grant.Email]; !stays || !grant.Same(&before) {
			tfkit.Plan(r.session, grant, true)
		}
		delete(had, grant.Email)
	}
	for _, grant := range had {
		tfkit.PlanDeletion[rolemodel.ExternalAdmin](r.session, directory.KeyOf(grant))
	}
}

// warnOfOthers names those who hold a role and are not in the map of a create,
// which removes nobody: no plan has shown them.
func (r *allResource) warnOfOthers(tenant rolemodel.AccountCode, held []rolemodel.ExternalAdmin, keep map[string]string, diags *diag.Diagnostics) {
	others := slices.DeleteFunc(slices.Clone(held), func(a rolemodel.ExternalAdmin) bool {
		_, kept := keep[string(a.Email)]
		return kept
	})
	if len(others) > 0 {
		diags.AddAttributeWarning(path.Root("admins"), "Others hold a role as well", fmt.Sprintf("These hold a role in tenant %q and are not in admins: %s.\n\n"+
			"This apply leaves them, and the next plan removes them. Add them to admins to keep them.", tenant, some(others, roleName)))
	}
}

func roleName(a *rolemodel.ExternalAdmin) string { return a.RoleName }

// some names ten grants, each with what is said of it, and how many more there are.
func some(admins []rolemodel.ExternalAdmin, say func(*rolemodel.ExternalAdmin) string) string {
	const most = 10
	names := make([]string, 0, most)
	for _, a := range admins[:min(len(admins), most)] {
		names = append(names, fmt.Sprintf("%s (%s)", a.Email, say(&a)))
	}
	text := strings.Join(names, ", ")
	if more := len(admins) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func (r *allResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan allModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	note, ok := r.save(ctx, "create", plan, plan.replace(directory.ActionCreate, tfkit.Note{}), tfkit.Note{}, &resp.Diagnostics)
	if !ok {
		return
	}
	note.Put(ctx, resp.Private, &resp.Diagnostics)
	tenant := rolemodel.AccountCode(plan.TenantID.Canonical())
	wanted, _, _ := plan.grants()
	resp.Diagnostics.Append(resp.Identity.Set(ctx, allIdentityOf(tenant))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.fromDirectory(tenant, wanted, true))...)
}

func (r *allResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state allModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !r.session.CheckDirectory(ctx, note, &resp.Diagnostics) {
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
	r.session.NoteGrants(ctx, &note, code, admins, &resp.Diagnostics)
	note.Put(ctx, resp.Private, &resp.Diagnostics)
	warnOfExpired(r.session, code, admins, path.Root("admins"), &resp.Diagnostics)
	for _, admin := range admins {
		warnOfRetired(ctx, r.session, admin, path.Root("admins"), &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state.fromDirectory(code, admins, state.Declared.ValueBool()))...)
}

func (r *allResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state allModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	change := plan.replace(directory.ActionUpdate, note)
	change.Seen = state.seen(note)
	note, ok := r.save(ctx, "update", plan, change, note, &resp.Diagnostics)
	if !ok {
		return
	}
	note.Put(ctx, resp.Private, &resp.Diagnostics)
	wanted, _, _ := plan.grants()
	resp.Diagnostics.Append(resp.Identity.Set(ctx, allIdentityOf(change.Tenant))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.fromDirectory(change.Tenant, wanted, true))...)
}

func (r *allResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state allModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	note := tfkit.NoteOf(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	change := state.replace(directory.ActionDelete, note)
	if r.gone(ctx, change.Tenant) {
		return
	}
	r.save(ctx, "remove", state, change, note, &resp.Diagnostics)
}

// gone says whether the tenant is not in the directory, and so has no external admins.
func (r *allResource) gone(ctx context.Context, tenant rolemodel.AccountCode) bool {
	_, err := r.session.Directory.Tenant(ctx, tenant)
	return directory.IsNotFound(err)
}

// save makes the replacement, and returns the note of it.
func (r *allResource) save(ctx context.Context, verb string, m allModel, change directory.Replace, note tfkit.Note, diags *diag.Diagnostics) (tfkit.Note, bool) {
	ctx, cancel := tfkit.WithoutCancel(ctx)
	defer cancel()
	_, spelling, violations := m.grants()
	subject := r.subject(verb, m, spelling)
	if subject.AddError(diags, violations.Err()) {
		return note, false
	}
	note = r.session.Declaring(ctx, note)
	change.As = note.As
	_, err := directory.ReplaceExternalAdmins(ctx, r.session.Directory, change)
	return note, !subject.AddError(diags, err)
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
		Verb: verb, Kind: directory.KindExternalAdmins, Key: m.TenantID.Canonical(), Tenant: m.TenantID.Canonical(), Session: r.session,
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
