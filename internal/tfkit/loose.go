package tfkit

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

var (
	_ basetypes.StringTypable                    = StringType{}
	_ basetypes.StringValuableWithSemanticEquals = String{}
	_ xattr.ValidateableAttribute                = String{}
)

// kind is a kind of text that compares by meaning, not by spelling.
type kind struct {
	name      string
	rule      rolemodel.RuleID
	canonical func(string) (string, error)
}

// StringType is the type of a string that compares by meaning: a different
// spelling of the same value is never a difference.
type StringType struct {
	basetypes.StringType
	kind kind
}

// EmailType is the type of an email address.
func EmailType() StringType {
	return stringType("email address", rolemodel.WellFormed, rolemodel.ParseEmail)
}

// DomainType is the type of a mail domain.
func DomainType() StringType {
	return stringType("domain", rolemodel.WellFormed, rolemodel.ParseDomain)
}

// AccountCodeType is the type of an account code.
func AccountCodeType() StringType {
	return stringType("account code", rolemodel.WellFormed, rolemodel.ParseAccountCode)
}

// PrefixType is the type of an IP range in CIDR notation.
func PrefixType() StringType {
	return stringType("IP range", rolemodel.IPRange, func(s string) (string, error) {
		p, err := rolemodel.ParsePrefix(s)
		return p.String(), err
	})
}

// PermissionType is the type of a permission.
func PermissionType() StringType {
	return stringType("permission", rolemodel.WellFormed, rolemodel.ParsePermission)
}

// ReasonType is the type of the reason of a grant.
func ReasonType() StringType {
	return stringType("reason", rolemodel.WellFormed, rolemodel.ParseReason)
}

// TimeType is the type of a moment in RFC 3339, whatever its offset from UTC.
func TimeType() StringType {
	return stringType("time", rolemodel.WellFormed, rolemodel.ParseTime)
}

func stringType[T ~string](name string, rule rolemodel.RuleID, parse func(string) (T, error)) StringType {
	return StringType{kind: kind{name, rule, func(s string) (string, error) {
		t, err := parse(s)
		return string(t), err
	}}}
}

// Equal says whether the other type is of the same kind.
func (t StringType) Equal(other attr.Type) bool {
	o, ok := other.(StringType)
	return ok && o.kind.name == t.kind.name
}

// String names the type in errors for provider developers.
func (t StringType) String() string { return "tfkit.StringType(" + t.kind.name + ")" }

// ValueType returns a value of this type.
func (t StringType) ValueType(context.Context) attr.Value { return String{kind: t.kind} }

// ValueFromString turns a plain string value into one of this type.
func (t StringType) ValueFromString(_ context.Context, v basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return String{v, t.kind}, nil
}

// ValueFromTerraform turns Terraform's value into one of this type.
func (t StringType) ValueFromTerraform(ctx context.Context, v tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, v)
	if err != nil {
		return nil, err
	}
	plain, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, errors.New("a string type made a value that is not a string")
	}
	return String{plain, t.kind}, nil
}

// Value returns a known value, or null if s is "".
func (t StringType) Value(s string) String {
	if s == "" {
		return t.Null()
	}
	return String{basetypes.NewStringValue(s), t.kind}
}

// Written returns a value for s in the spelling that the other value has for it,
// null if s is "" and the other does not say so.
func (t StringType) Written(s string, other String) String {
	if !other.IsNull() && !other.IsUnknown() && other.Canonical() == s {
		return other
	}
	return t.Value(s)
}

// Null returns the null value.
func (t StringType) Null() String { return String{basetypes.NewStringNull(), t.kind} }

// String is a string that compares by meaning.
type String struct {
	basetypes.StringValue
	kind kind
}

// Type returns the value's type.
func (s String) Type(context.Context) attr.Type { return StringType{kind: s.kind} }

// Equal compares by spelling, as Terraform does; see StringSemanticEquals.
func (s String) Equal(other attr.Value) bool {
	o, ok := other.(String)
	return ok && s.kind.name == o.kind.name && s.StringValue.Equal(o.StringValue)
}

// StringSemanticEquals compares by meaning.
func (s String) StringSemanticEquals(_ context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	o, ok := other.(String)
	return ok && s.kind.name == o.kind.name && s.Canonical() == o.Canonical(), nil
}

// Canonical returns the canonical form, "" for null and unknown, and a
// malformed value as it is.
func (s String) Canonical() string {
	if s.IsNull() || s.IsUnknown() {
		return ""
	}
	if canonical, err := s.kind.canonical(s.ValueString()); err == nil {
		return canonical
	}
	return s.ValueString()
}

// ValidateAttribute reports a value that is not well-formed.
func (s String) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if s.IsNull() || s.IsUnknown() {
		return
	}
	if _, err := s.kind.canonical(s.ValueString()); err != nil {
		v := rolemodel.NotWellFormed(s.kind.rule, nil, err)
		resp.Diagnostics.AddAttributeError(req.Path, fmt.Sprintf("Invalid %s", s.kind.name), detail(v))
	}
}

// canonicals returns the canonical forms, sorted and without duplicates.
func canonicals(values []String) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = v.Canonical()
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// OrNull returns the text as a value, null for "".
func OrNull[T ~string](text T) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(string(text))
}
