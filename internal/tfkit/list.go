package tfkit

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// Listed is an entry as a list block finds it. Identity and Resource are the
// models of the resource's identity and of the resource as an import leaves it.
type Listed struct {
	DisplayName        string
	Identity, Resource any
}

// List answers a list block with what show makes of the entries, up to the
// block's limit. An error ends it. That there is no directory is one: whoever
// asks what is there would otherwise take a wrong path for an empty directory.
func List[E any](ctx context.Context, s *Session, kind directory.Kind, req list.ListRequest, entries iter.Seq2[E, error], show func(E) Listed) iter.Seq[list.ListResult] {
	var diags diag.Diagnostics
	identity, err := s.Directory.Identity(ctx)
	if (Subject{Verb: "list", Kind: kind}).AddError(&diags, err) {
		return list.ListResultsStreamDiagnostics(diags)
	}
	if identity == "" {
		diags.AddError("There is no directory", "Where the provider looks for the directory there is none, so there is nothing to list. Correct directory (or MIMECAST_DIRECTORY).")
		return list.ListResultsStreamDiagnostics(diags)
	}
	return func(yield func(list.ListResult) bool) {
		listed := int64(0)
		for entry, err := range entries {
			result := req.NewListResult(ctx)
			if (Subject{Verb: "list", Kind: kind}).AddError(&result.Diagnostics, err) {
				yield(result)
				return
			}
			found := show(entry)
			result.DisplayName = found.DisplayName
			result.Diagnostics.Append(result.Identity.Set(ctx, found.Identity)...)
			if req.IncludeResource {
				result.Diagnostics.Append(result.Resource.Set(ctx, found.Resource)...)
			}
			listed++
			if !yield(result) || listed == req.Limit {
				return
			}
		}
	}
}

// InUse returns the entries of a list without the retired ones, which Terraform
// takes for deleted: they cannot be imported.
func InUse[E directory.Entry](entries iter.Seq2[E, error]) iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		for entry, err := range entries {
			if _, retired := Marks(entry); (err != nil || !retired) && !yield(entry, err) {
				return
			}
		}
	}
}

// AnyOf is the attribute of a list block that finds entries with one of some values.
func AnyOf(elem StringType, description string) schema.ListAttribute {
	wellFormed := wellFormed{elem.kind.name, func(s string) error {
		_, err := elem.kind.canonical(s)
		return err
	}}
	return schema.ListAttribute{
		Optional:            true,
		ElementType:         elem,
		MarkdownDescription: description,
		Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(wellFormed)},
	}
}

// CanonicalOf returns the canonical forms of the values as another string type.
func CanonicalOf[T ~string](values []String) []T {
	return Map(values, func(v String) T { return T(v.Canonical()) })
}
