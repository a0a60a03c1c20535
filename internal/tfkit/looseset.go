package tfkit

import (
	"context"
	"errors"
	"net/netip"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

var (
	_ basetypes.SetTypable                    = SetType{}
	_ basetypes.SetValuableWithSemanticEquals = Set{}
	_ xattr.ValidateableAttribute             = Set{}
)

// SetType is the type of a set of strings that compares by meaning, as a whole:
// spelling and repetition are no difference, nor is a permission that another
// one of the set includes.
type SetType struct {
	basetypes.SetType
	elem StringType
}

// SetOf returns the type of a set of elem.
func SetOf(elem StringType) SetType { return SetType{basetypes.SetType{ElemType: elem}, elem} }

// Equal says whether the other type is a set of the same kind.
func (t SetType) Equal(other attr.Type) bool {
	o, ok := other.(SetType)
	return ok && t.elem.Equal(o.elem)
}

// String names the type in errors for provider developers.
func (t SetType) String() string { return "tfkit.SetType(" + t.elem.kind.name + ")" }

// ValueType returns a value of this type.
func (t SetType) ValueType(context.Context) attr.Value { return t.Null() }

// ValueFromSet turns a plain set value into one of this type.
func (t SetType) ValueFromSet(_ context.Context, v basetypes.SetValue) (basetypes.SetValuable, diag.Diagnostics) {
	return Set{v, t.elem}, nil
}

// ValueFromTerraform turns Terraform's value into one of this type.
func (t SetType) ValueFromTerraform(ctx context.Context, v tftypes.Value) (attr.Value, error) {
	value, err := t.SetType.ValueFromTerraform(ctx, v)
	if err != nil {
		return nil, err
	}
	plain, ok := value.(basetypes.SetValue)
	if !ok {
		return nil, errors.New("a set type made a value that is not a set")
	}
	return Set{plain, t.elem}, nil
}

// Null returns the null value.
func (t SetType) Null() Set { return Set{basetypes.NewSetNull(t.elem), t.elem} }

// Unknown returns the unknown value.
func (t SetType) Unknown() Set { return Set{basetypes.NewSetUnknown(t.elem), t.elem} }

// Set is a set of strings that compares by meaning.
type Set struct {
	basetypes.SetValue
	elem StringType
}

// Type returns the value's type.
func (s Set) Type(context.Context) attr.Type { return SetOf(s.elem) }

// Equal compares by spelling, as Terraform does; see SetSemanticEquals.
func (s Set) Equal(other attr.Value) bool {
	o, ok := other.(Set)
	return ok && s.SetValue.Equal(o.SetValue)
}

// SetSemanticEquals compares by meaning.
func (s Set) SetSemanticEquals(_ context.Context, other basetypes.SetValuable) (bool, diag.Diagnostics) {
	o, ok := other.(Set)
	return ok && s.FullyKnown() && o.FullyKnown() && slices.Equal(s.meaning(), o.meaning()), nil
}

// ValidateAttribute reports each element that is not well-formed, at the set:
// the message names the element. The framework validates no elements itself.
func (s Set) ValidateAttribute(ctx context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	for _, e := range s.Elements() {
		if v, ok := e.(String); ok {
			v.ValidateAttribute(ctx, req, resp)
		}
	}
}

// FullyKnown says whether the set and all its elements are known. Null is known.
func (s Set) FullyKnown() bool {
	return !s.IsUnknown() && !slices.ContainsFunc(s.Elements(), attr.Value.IsUnknown)
}

// Canonical returns the canonical forms of the elements, sorted and without
// duplicates. The set must be fully known; null has none.
func (s Set) Canonical() []string {
	values := make([]String, 0, len(s.Elements()))
	for _, e := range s.Elements() {
		if v, ok := e.(String); ok {
			values = append(values, v)
		}
	}
	return canonicals(values)
}

// meaning is what two sets have in common if they mean the same.
func (s Set) meaning() []string {
	if s.elem.kind.name != PermissionType().kind.name {
		return s.Canonical()
	}
	reduced := rolemodel.ReducePermissions(Canonical[rolemodel.Permission](s))
	// One that is not in the catalogue has no canonical letter case.
	folded := Map(reduced, func(p rolemodel.Permission) string { return rolemodel.FoldName(string(p)) })
	slices.Sort(folded)
	return folded
}

// Canonical returns the canonical forms of the elements of a set as another string type.
func Canonical[T ~string](s Set) []T {
	canonical := s.Canonical()
	values := make([]T, len(canonical))
	for i, c := range canonical {
		values[i] = T(c)
	}
	return values
}

// SetFrom returns the set of the values. No values become null, unless the
// prior value, the plan's or the state's, is an empty set.
func SetFrom[T ~string](elem StringType, values []T, prior Set) Set {
	if len(values) == 0 && (prior.IsNull() || prior.IsUnknown() || len(prior.Elements()) > 0) {
		return SetOf(elem).Null()
	}
	elements := make([]attr.Value, len(values))
	for i, v := range values {
		elements[i] = elem.Value(string(v))
	}
	return Set{basetypes.NewSetValueMust(elem, elements), elem}
}

// Map returns what f makes of each value.
func Map[T, U any](values []T, f func(T) U) []U {
	all := make([]U, len(values))
	for i, v := range values {
		all[i] = f(v)
	}
	return all
}

// Prefixes returns the IP ranges of a set. A set that is not fully known, or
// has a malformed element, which validation reports, has none.
func Prefixes(s Set) []netip.Prefix {
	if !s.FullyKnown() {
		return nil
	}
	canonical := s.Canonical()
	prefixes := make([]netip.Prefix, 0, len(canonical))
	for _, c := range canonical {
		if p, err := rolemodel.ParsePrefix(c); err == nil {
			prefixes = append(prefixes, p)
		}
	}
	return prefixes
}
