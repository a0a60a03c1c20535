package tfkit_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// texts are the diagnostics as "severity @ path: summary / detail".
func texts(diags diag.Diagnostics) []string {
	all := make([]string, len(diags))
	for i, d := range diags {
		at := "-"
		if d, ok := d.(diag.DiagnosticWithPath); ok {
			at = d.Path().String()
		}
		all[i] = fmt.Sprintf("%s @ %s: %s / %s", d.Severity(), at, d.Summary(), d.Detail())
	}
	return all
}

func expect(t *testing.T, diags diag.Diagnostics, want ...string) {
	t.Helper()
	if got := texts(diags); !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func violation(path rolemodel.Path) rolemodel.Violation {
	return rolemodel.Violation{Rule: rolemodel.OneRole, Path: path, Problem: "Something is wrong.", Advice: "Do better."}
}

func TestAddError(t *testing.T) {
	t.Parallel()
	subject := tfkit.Subject{
		Verb: "create", Kind: "external admin", Key: "CUSA00A000/anna@example.com",
		Attributes: []string{"email", "admins"}, Spelling: map[string]string{"anna@example.com": "Anna@Example.com"},
	}
	const summary = `Unable to create external admin "CUSA00A000/anna@example.com"`
	const text = "Something is wrong.\n\nDo better.\n\nRule: one-role"
	for name, c := range map[string]struct {
		err  error
		want []string
	}{
		"none":         {nil, nil},
		"plain":        {errors.New("The disk is full."), []string{"Error @ -: " + summary + " / The disk is full."}}, //nolint:revive,staticcheck // As users see it.
		"no path":      {rolemodel.Violations{violation(nil)}, []string{"Error @ -: " + summary + " / " + text}},
		"attribute":    {rolemodel.Violations{violation(rolemodel.At("email"))}, []string{"Error @ email: " + summary + " / " + text}},
		"not its own":  {rolemodel.Violations{violation(rolemodel.At("domains"))}, []string{"Error @ -: " + summary + " / " + text}},
		"map key":      {rolemodel.Violations{violation(rolemodel.AtKey("admins", "bob@example.com"))}, []string{`Error @ admins["bob@example.com"]: ` + summary + " / At admins[\"bob@example.com\"]:\n\n" + text}},
		"respelled":    {rolemodel.Violations{violation(rolemodel.AtKey("admins", "anna@example.com"))}, []string{`Error @ admins["Anna@Example.com"]: ` + summary + " / At admins[\"Anna@Example.com\"]:\n\n" + text}},
		"in a map":     {rolemodel.Violations{violation(rolemodel.At("role_id").Under(rolemodel.AtKey("admins", "bob@example.com")))}, []string{`Error @ admins["bob@example.com"].role_id: ` + summary + " / At admins[\"bob@example.com\"].role_id:\n\n" + text}},
		"all of them":  {rolemodel.Violations{violation(rolemodel.At("email")), violation(nil)}, []string{"Error @ email: " + summary + " / " + text, "Error @ -: " + summary + " / " + text}},
		"wrapped ones": {fmt.Errorf("in a transaction: %w", rolemodel.Violations{violation(rolemodel.At("email"))}.Err()), []string{"Error @ email: " + summary + " / " + text}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			if got := subject.AddError(&diags, c.err); got != (c.err != nil) {
				t.Errorf("AddError says %v", got)
			}
			expect(t, diags, c.want...)
		})
	}
	var diags diag.Diagnostics
	tfkit.Subject{Verb: "validate", Kind: "tenant"}.AddError(&diags, errors.New("X."))
	expect(t, diags, "Error @ -: Unable to validate the tenant / X.")
}

func TestAddAdvice(t *testing.T) {
	t.Parallel()
	subject := tfkit.Subject{Kind: "role", Key: "Tier 2", Attributes: []string{"name"}}
	var diags diag.Diagnostics
	subject.AddAdvice(&diags, []rolemodel.Advice{{Path: rolemodel.At("name"), Problem: "P.", Remedy: "R."}, {Path: rolemodel.At("other"), Problem: "P.", Remedy: "R."}})
	expect(t, diags, "Warning @ name: Check name of the role / For the role \"Tier 2\":\n\nP.\n\nR.", "Warning @ -: Check other of the role / For the role \"Tier 2\":\n\nP.\n\nR.")
}

// What was reported for another entry is pointed at; what an entry is reported
// for a second time, in the replacement that Terraform plans next, is said again.
func TestAddErrorAgain(t *testing.T) {
	t.Parallel()
	session := &tfkit.Session{}
	of := func(kind, key, tenant string) tfkit.Subject {
		return tfkit.Subject{Verb: "create", Kind: kind, Key: key, Tenant: tenant, Session: session, Attributes: []string{"email", "admins"}}
	}
	violation := func(path rolemodel.Path, tenant string) error {
		return rolemodel.Violations{{Rule: rolemodel.OneRole, Path: path, Problem: "Wrong in " + tenant + ".", Advice: "Do better."}}
	}
	var diags diag.Diagnostics
	of("external admins", "C1", "C1").AddError(&diags, violation(rolemodel.AtKey("admins", "a@b.example"), "C1"))
	of("external admins", "C2", "C2").AddError(&diags, violation(rolemodel.AtKey("admins", "a@b.example"), "C2"))
	of("external admins", "C2", "C2").AddError(&diags, violation(rolemodel.AtKey("admins", "c@b.example"), "C2"))
	of("external admins", "C1", "C1").AddError(&diags, violation(rolemodel.AtKey("admins", "a@b.example"), "C1"))
	of("external admin", "a@b.example", "C1").AddError(&diags, violation(rolemodel.At("email"), "C1"))
	of("external admin", "a@b.example", "C2").AddError(&diags, violation(rolemodel.At("email"), "C2"))
	of("tenant", "C1", "C1").AddError(&diags, errors.New("The disk is full.")) //nolint:revive,staticcheck // As users see it.
	of("partner", "C9", "").AddError(&diags, errors.New("The disk is full."))  //nolint:revive,staticcheck // As users see it.
	of("partner", "", "").AddError(&diags, errors.New("The disk is full."))    //nolint:revive,staticcheck // As users see it.
	const first = "Error @ admins[\"a@b.example\"]: Unable to create external admins \"C1\" / At admins[\"a@b.example\"]:\n\nWrong in C1.\n\nDo better.\n\nRule: one-role"
	expect(t, diags,
		first,
		`Error @ admins["a@b.example"]: The same as for external admins "C1": admins["a@b.example"] / `,
		"Error @ admins[\"c@b.example\"]: Unable to create external admins \"C2\" / At admins[\"c@b.example\"]:\n\nWrong in C2.\n\nDo better.\n\nRule: one-role",
		// The framework leaves out what is equal to the first one.
		"Error @ email: Unable to create external admin \"a@b.example\" / Wrong in C1.\n\nDo better.\n\nRule: one-role",
		`Error @ email: The same as for external admin "a@b.example" of tenant "C1": one-role / `,
		`Error @ -: Unable to create tenant "C1" / The disk is full.`,
		`Error @ -: The same as for tenant "C1" / `,
		"Error @ -: Unable to create the partner / The disk is full.",
	)
}
