package tfkit

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// writeTimeout bounds one write to the directory, waiting for other writers included.
const writeTimeout = 2 * time.Minute

// WithoutCancel returns a context for one write. Ctrl-C does not end it: a write
// that was abandoned on its way could exist without being in the state.
func WithoutCancel(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
}

// Save creates the entry, or updates the one with the key unless that is zero,
// under the declaration of the note, and returns it as stored and the note of
// it. It reports an error and says whether there is none.
func Save[E directory.Entry](ctx context.Context, s *Session, subject Subject, note Note, key directory.Key, entry E, diags *diag.Diagnostics) (E, Note, bool) {
	ctx, cancel := WithoutCancel(ctx)
	defer cancel()
	seen := note.Seen
	note = note.declared()
	change := directory.Write[E]{Action: directory.ActionUpdate, Key: key, Entry: entry, As: note.As, Seen: seen}
	if key == (directory.Key{}) {
		change.Action = directory.ActionCreate
	}
	outcome, err := s.Directory.Apply(ctx, change)
	if subject.AddError(diags, err) {
		var none E
		return none, note, false
	}
	saved, _ := outcome.Entry.(E)
	note.Seen, note.Directory = note.As, s.identity(ctx)
	return saved, note, true
}

// Load reads the entry of a resource instance and notes whose it is. Without one
// it removes the resource from the state. It reports an error, and that the
// directory is another one than the entry was in, and says whether there is an entry.
func Load[E directory.Entry](ctx context.Context, s *Session, subject Subject, read func(context.Context) (E, error), req resource.ReadRequest, resp *resource.ReadResponse) (E, bool) {
	var none E
	note := NoteOf(ctx, req.Private, &resp.Diagnostics)
	if !s.CheckDirectory(ctx, note, &resp.Diagnostics) {
		return none, false
	}
	entry, err := read(ctx)
	declaration, retired := Marks(entry)
	if directory.IsNotFound(err) || retired {
		resp.State.RemoveResource(ctx)
		return none, false
	}
	if subject.AddError(&resp.Diagnostics, err) {
		return none, false
	}
	note.Seen, note.Directory = declaration, s.identity(ctx)
	note.Put(ctx, resp.Private, &resp.Diagnostics)
	if note.As != "" && note.Foreign() {
		s.warnForeign(ctx, directory.KindOf[E](), directory.KeyOf(entry), declaration, &resp.Diagnostics)
	}
	return entry, true
}

// Marks returns the declaration of an entry and whether it is retired.
func Marks[E directory.Entry](entry E) (rolemodel.Declaration, bool) {
	switch e := any(entry).(type) {
	case rolemodel.Partner:
		return e.Declaration, e.Retired
	case rolemodel.Tenant:
		return e.Declaration, e.Retired
	case rolemodel.Role:
		return e.Declaration, e.Retired
	case rolemodel.ExternalAdmin:
		return e.Declaration, false
	}
	return "", false
}

// Remove deletes the entry with the key, if it is still the instance's, and
// reports an error. That there is none is what was asked for.
func Remove[E directory.Entry](ctx context.Context, s *Session, subject Subject, note Note, key directory.Key, diags *diag.Diagnostics) {
	ctx, cancel := WithoutCancel(ctx)
	defer cancel()
	removed, err := directory.Delete[E](ctx, s.Directory, key, note.declared().As)
	if directory.IsNotFound(err) || subject.AddError(diags, err) {
		return
	}
	if removed.Effect == directory.EffectLeft {
		diags.AddWarning("Left in the directory", fmt.Sprintf("The %s %q is declared by another resource since, so it was not deleted with this one.", subject.Kind, key))
	}
}

// PlanRemoval reports what a decision on the deletion of the subject found. It
// warns of what still depends on the entry, which retires it, and that it is left
// if another resource declares it.
func (s *Session) PlanRemoval(ctx context.Context, subject Subject, note Note, key directory.Key, violations rolemodel.Violations, err error, diags *diag.Diagnostics) {
	if !s.Holds(ctx, subject.Kind, key, note) {
		diags.AddWarning("What another resource declares is not deleted", fmt.Sprintf("The %s %q is declared by another resource, so destroying this one leaves it.\n\n"+
			"If nothing else declares it, take it over first with -replace=ADDRESS, and then delete it.", subject.Kind, key))
		return
	}
	if subject.AddDecision(diags, violations, err) || !s.Go(subject.Kind, key, diags) {
		return
	}
	dependants, err := decide.Dependants(ctx, s.Planned, subject.Kind, key)
	if subject.AddDecision(diags, nil, err) {
		return
	}
	for _, has := range dependants {
		text := detail(rolemodel.RetiringViolation(subject.Kind, key.String(), has))
		if has.Declared() {
			// Terraform folds no warnings about what has left the configuration, and plans it in no order.
			if !s.Once("retiring " + subject.Kind + has.What) {
				continue
			}
			text += fmt.Sprintf("\n\nIf this plan deletes these %s too, nothing is left. The same goes for others that it deletes, which are not named again.", has.What)
		}
		diags.AddWarning("What is in use is retired", text)
	}
}

// Holds says whether deleting the entry would delete it, and not leave it to
// another resource that declares it.
func (s *Session) Holds(ctx context.Context, kind directory.Kind, key directory.Key, note Note) bool {
	holder := s.holder(ctx, kind, key)
	return holder == "" || holder == note.As
}

// holder returns the declaration of an entry, "" if it has none or cannot be
// read. It is read here because Terraform 1.11 plans the destruction of what left
// the configuration before it refreshes it.
func (s *Session) holder(ctx context.Context, kind directory.Kind, key directory.Key) rolemodel.Declaration {
	switch kind {
	case directory.KindPartner:
		entry, _ := s.Directory.Partner(ctx, key.Account)
		return entry.Declaration
	case directory.KindTenant:
		entry, _ := s.Directory.Tenant(ctx, key.Account)
		return entry.Declaration
	case directory.KindRole:
		entry, _ := s.Directory.Role(ctx, key.Account, key.ID)
		return entry.Declaration
	}
	entry, _ := s.Directory.ExternalAdmin(ctx, key.Account, key.Email)
	return entry.Declaration
}
