package rolemodel_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func TestRulesAreComplete(t *testing.T) {
	// The rules of the specification, in its order, and the two that every input is checked by.
	want := strings.Fields(`external-address portal-required partner-login msp-only-role one-role role-of-tenant manage-roles view-roles manage-accounts partner-facts
		protected-assignment super-by-support address-by-support default-role-fixed role-name-unique no-escalation known-permission
		role-retired domain-taken domain-in-use account-retired ip-range expiry-ahead last-word within-limits well-formed reference-exists`)
	rules := rolemodel.Rules()
	if len(rules) != len(want) {
		t.Fatalf("%d rules, want %d", len(rules), len(want))
	}
	for i, r := range rules {
		if string(r.ID) != want[i] {
			t.Errorf("rule %d is %s, want %s", i, r.ID, want[i])
		}
		if r.Source == "" || !strings.HasSuffix(r.Sentence, ".") || !strings.HasSuffix(r.Advice, ".") {
			t.Errorf("%s lacks a sentence, a source or advice: %+v", r.ID, r)
		}
	}
	rules[0].Sentence = "changed"
	if rolemodel.Rules()[0].Sentence == "changed" {
		t.Error("a caller can change the rules")
	}
}

func TestViolations(t *testing.T) {
	vs := rolemodel.Violations{
		{Rule: rolemodel.OneRole, Path: rolemodel.At("email"), Problem: "P.", Advice: "A."},
		{Rule: rolemodel.ManageRoles, Problem: "Q.", Advice: "B."},
	}
	if got, want := vs.Error(), "P. A. [one-role]\nQ. B. [manage-roles]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := (rolemodel.Violations{}).Err(); err != nil {
		t.Errorf("no violations are the error %v", err)
	}
	found, ok := rolemodel.AsViolations(fmt.Errorf("wrapped: %w", vs.Err()))
	if !ok || len(found) != 2 {
		t.Errorf("found %v, %t in a wrapped error", found, ok)
	}
	if _, ok := rolemodel.AsViolations(errors.New("another")); ok {
		t.Error("found violations in an error that has none")
	}
	parent := rolemodel.AtKey("admins", `a"b@example.com`)
	moved := vs.Under(parent)
	if got, want := moved[0].Path.String(), `admins["a\"b@example.com"].email`; got != want {
		t.Errorf("path %s, want %s", got, want)
	}
	if got, want := moved[1].Path.String(), parent.String(); got != want {
		t.Errorf("path %s, want %s", got, want)
	}
	if vs[0].Path.String() != "email" || len(parent) != 2 {
		t.Error("Under changed what it was given")
	}
}
