package tfkit

import (
	"context"
	"crypto/rand"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Note is what a resource instance keeps in its private state.
type Note struct {
	// As is the instance's declaration, "" for one that was imported and has not been applied yet.
	As rolemodel.Declaration `json:"as,omitempty"`
	// Seen is the declaration that the entry had when it was last read or written.
	Seen rolemodel.Declaration `json:"seen,omitempty"`
	// Grants are, of a tenant's grants, those with another declaration than As when they were last read.
	Grants map[rolemodel.Email]rolemodel.Declaration `json:"grants,omitempty"`
	// Directory is the identity of the directory that the entry is in.
	Directory string `json:"directory,omitempty"`
	// Replaces is in a plan only. Terraform plans a replacement twice: first as an
	// update, and if that needs a replacement or -replace asks for one, again as a
	// create, which gets nothing from the update but this. It is the key of what the
	// instance holds, and Instance tells the instance from others.
	Replaces string `json:"replaces,omitempty"`
	Instance string `json:"instance,omitempty"`
}

// setter and getter are the framework's private state, whose type has no name outside it.
type (
	setter interface {
		SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
	}
	getter interface {
		GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	}
)

// noteKey is the note's key in the private state.
const noteKey = "note"

// NoteOf returns the note in the private state, a zero one if there is none.
func NoteOf(ctx context.Context, private getter, diags *diag.Diagnostics) Note {
	value, found := private.GetKey(ctx, noteKey)
	diags.Append(found...)
	var n Note
	if err := json.Unmarshal(value, &n); err != nil && value != nil {
		diags.AddError("Unable to read the state", "What the provider noted in it cannot be read. Restore the state from a backup, or import the resource again.")
	}
	return n
}

// NoteIn returns the note in private state as it is on the wire, a zero one if there is none.
func NoteIn(private []byte) Note {
	var keys map[string][]byte
	var n Note
	if json.Unmarshal(private, &keys) == nil && len(keys[noteKey]) > 0 {
		_ = json.Unmarshal(keys[noteKey], &n) // One that cannot be read is reported where it is read.
	}
	return n
}

// Put makes n the note in the private state.
func (n Note) Put(ctx context.Context, private setter, diags *diag.Diagnostics) {
	value, err := json.Marshal(n)
	if err != nil {
		diags.AddError("Unable to note in the state", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, noteKey, value)...)
}

// declared returns the note of an instance that has a declaration.
func (n Note) declared() Note {
	if n.As == "" {
		n.As = rolemodel.Declaration(rand.Text())
	}
	n.Replaces, n.Instance = "", ""
	return n
}

// Foreign says whether the entry was read with another declaration than the instance's.
func (n Note) Foreign() bool { return n.Seen != "" && n.Seen != n.As }
