package tfkit

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Declared is the attribute that every resource has, so that an import plans an
// update: without one Terraform would make no call that could declare the entry.
func Declared() schema.BoolAttribute {
	return schema.BoolAttribute{
		Computed:            true,
		MarkdownDescription: "Whether this resource has declared the entry in the directory, so that it is deleted with the resource. It is `false` after an import, until the next apply.",
		PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
	}
}

// Verb is what Terraform plans to do with an entry that is to be there.
func Verb(req resource.ModifyPlanRequest) string {
	if req.State.Raw.IsNull() {
		return "create"
	}
	return "update"
}

// Unchanged says whether Terraform proposes what the state has, and the instance
// has declared it already: then there is nothing to plan.
func Unchanged(ctx context.Context, req resource.ModifyPlanRequest) bool {
	if !req.Plan.Raw.Equal(req.State.Raw) {
		return false
	}
	var declared *bool
	diags := req.State.GetAttribute(ctx, path.Root("declared"), &declared)
	return !diags.HasError() && declared != nil && *declared
}

// Instance returns what tells the planned instance from others, and the key of
// what it replaces, "" for nothing. For one that the state has it notes both for
// the create that Terraform may plan next in its place.
func Instance(ctx context.Context, held string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (instance, replaces string) {
	note := NoteOf(ctx, req.Private, &resp.Diagnostics)
	if held == "" {
		// What was settled has noted nothing but its declaration.
		return cmp.Or(note.Instance, string(note.As), rand.Text()), note.Replaces
	}
	if note.Instance = string(note.As); note.Instance == "" {
		note.Instance = rand.Text()
	}
	note.Replaces = held
	note.Put(ctx, resp.Private, &resp.Diagnostics)
	return note.Instance, ""
}

// MeetAccount is Meet for an account with a code, which an account of another kind may have.
func MeetAccount[E rolemodel.Partner | rolemodel.Tenant](ctx context.Context, s *Session, subject Subject, asked E, known bool, read func(context.Context, rolemodel.AccountCode) (E, error), diags *diag.Diagnostics) (*E, bool) {
	code := directory.KeyOf(asked).Account
	found, ok := Meet(ctx, s, subject, asked, known, func(ctx context.Context) (E, error) { return read(ctx, code) }, diags)
	if found != nil || !ok {
		return found, ok
	}
	taken := &directory.ConflictError{Kind: subject.Kind, Key: string(code)}
	var err error
	if subject.Kind == directory.KindTenant {
		taken.TakenBy = directory.KindPartner
		_, err = s.Directory.Partner(ctx, code)
	} else {
		taken.TakenBy = directory.KindTenant
		_, err = s.Directory.Tenant(ctx, code)
	}
	switch {
	case directory.IsNotFound(err):
		return nil, true
	case err == nil:
		err = taken
	}
	return nil, !subject.AddError(diags, err)
}

// Meet looks for what a creation meets, which it takes up if it is retired, and
// adopts otherwise. An entry that is there and differs is reported with a block that imports it or, where the state has it at another
// address, moves it. What is not known yet is left for apply to compare.
func Meet[E directory.Entry](ctx context.Context, s *Session, subject Subject, asked E, known bool, read func(context.Context) (E, error), diags *diag.Diagnostics) (found *E, ok bool) {
	entry, err := read(ctx)
	if directory.IsNotFound(err) || hidden(err) { // What the actor may not see it may not create, which the decision says.
		return nil, true
	}
	if subject.AddDecision(diags, nil, err) || err != nil {
		return nil, false
	}
	if _, retired := Marks(entry); retired || !known {
		return &entry, true
	}
	if differences := directory.Differences(entry, asked); len(differences) > 0 {
		key := directory.KeyOf(entry)
		err := &directory.ConflictError{Kind: subject.Kind, Key: key.String(), Differences: differences}
		subject.AddConflict(diags, err)
		return nil, false
	}
	return &entry, true
}

// AddConflict reports a conflict with a way out, written out.
func (s Subject) AddConflict(diags *diag.Diagnostics, conflict *directory.ConflictError) {
	text := conflict.Error() + "\n\n" + WayOut(s.Kind, conflict.Key)
	if conflict.Hidden || conflict.TakenBy != "" {
		text = conflict.Error()
	}
	if at, ok := s.keyAttribute(); ok {
		diags.AddAttributeError(path.Root(at), s.summary(), text)
		return
	}
	diags.AddError(s.summary(), text)
}

// WayOut is what to write where a creation meets an entry that differs: a block
// that moves it, if the state has it at another address, or imports it. Whether
// the state has it is not known for sure: Terraform reads that in no order.
func WayOut(kind directory.Kind, key string) string {
	resource := "mimecast_" + strings.ReplaceAll(kind, " ", "_")
	return fmt.Sprintf("If this configuration had it at another address, say so, and it is changed in place:\n\n  moved {\n    from = %[1]s.OLD\n    to   = %[1]s.NEW\n  }\n\n"+
		"Otherwise import it, to take it over:\n\n  import {\n    to = %[1]s.NEW\n    id = %[2]q\n  }", resource, key)
}

// keyAttribute returns the attribute that makes the entry's key.
func (s Subject) keyAttribute() (string, bool) {
	for _, at := range []string{"account_code", "email", "name"} {
		for _, has := range s.Attributes {
			if at == has {
				return at, true
			}
		}
	}
	return "", false
}

// asConflict returns the conflict that err is.
func asConflict(err error) (*directory.ConflictError, bool) {
	var conflict *directory.ConflictError
	ok := errors.As(err, &conflict)
	return conflict, ok
}
