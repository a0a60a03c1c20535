package problem_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestErrorsAreRestored: what comes out of the wire is what went in, and its
// sentences are the same.
func TestErrorsAreRestored(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"violations": rolemodel.Violations{
			{Rule: rolemodel.DomainTaken, Path: rolemodel.At("domains"), Problem: "It is taken.", Advice: "Use another one.", Accounts: []rolemodel.AccountCode{"CA"}},
			{
				Rule: rolemodel.PartnerLogin, Path: rolemodel.AtKey("admins", "a/b~c@msp.example").Under(nil), Problem: "Many.", Advice: "Remove them.",
				Accounts: []rolemodel.AccountCode{"CA", "CB"}, People: []rolemodel.Email{"a@msp.example"}, Total: 12,
			},
			{Rule: rolemodel.ManageRoles, Problem: "No path.", Advice: "None."},
		},
		"not found":           &directory.NotFoundError{Kind: directory.KindRole, Key: "CA/x"},
		"exists":              &directory.ConflictError{Kind: directory.KindTenant, Key: "CA"},
		"hidden":              &directory.ConflictError{Kind: directory.KindTenant, Key: "CA", Hidden: true},
		"taken by another":    &directory.ConflictError{Kind: directory.KindTenant, Key: "CA", TakenBy: directory.KindPartner},
		"differs":             &directory.ConflictError{Kind: directory.KindExternalAdmin, Key: "CA/a@b.example", Differences: []string{"One.", "Two."}},
		"changed":             &directory.ConflictError{Kind: directory.KindTenant, Key: "CA", Changed: true},
		"changed differently": &directory.ConflictError{Kind: directory.KindExternalAdmins, Key: "CA", Changed: true, Differences: []string{"One."}},
		"forbidden":           &directory.ForbiddenError{Detail: "It is not allowed."},
		"read only":           directory.ErrReadOnly,
		"read only because":   &directory.ReadOnlyError{Detail: "The credential may only read."},
		"revoked":             directory.ErrRevoked,
		"key reused":          directory.ErrKeyReused,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, ok := problem.From(fmt.Errorf("wrapped: %w", err))
			if !ok {
				t.Fatal("it is no problem")
			}
			if p.Status < 400 || p.Status > 499 || p.Detail != err.Error() {
				t.Errorf("%d %s", p.Status, p.Detail)
			}
			text, failed := json.Marshal(p)
			if failed != nil {
				t.Fatal(failed)
			}
			var received problem.Problem
			if failed := json.Unmarshal(text, &received); failed != nil {
				t.Fatal(failed)
			}
			if restored := received.Err(); !reflect.DeepEqual(restored, err) {
				t.Errorf("%#v\nwant %#v", restored, err)
			}
		})
	}
	if _, ok := problem.From(errors.New("the disk is full")); ok {
		t.Error("any error is a problem")
	}
	if p := problem.New(503, problem.TypeUnavailable, "Later."); !errors.Is(p.Err(), p) {
		t.Error("a problem that is no error of the port is lost")
	}
}

// TestPointers: a pointer is to the innermost part of the path that the body has.
func TestPointers(t *testing.T) {
	t.Parallel()
	const (
		one  = `{"email":"x","a/b~c":{"d":1},"Name":"y"}`
		many = `{"items":[{"email":"Anna@MSP.example","role_id":"r"},{"email":"anna@msp.example"},7,{"email":"no address"},{}]}`
	)
	admin := func(email string, more ...string) rolemodel.Path {
		path := rolemodel.AtKey("admins", email)
		for _, attribute := range more {
			path = append(path, rolemodel.Step{Attribute: attribute})
		}
		return path
	}
	for _, test := range []struct {
		path       rolemodel.Path
		body, want string
	}{
		{rolemodel.At("email"), one, "/email"},
		{rolemodel.At("role_id"), one, ""},
		{rolemodel.At("name"), one, ""}, // The body has it in another letter case.
		{rolemodel.At("a/b~c"), one, "/a~1b~0c"},
		{rolemodel.Path{{Attribute: "a/b~c"}, {Attribute: "d"}, {Attribute: "e"}}, one, "/a~1b~0c/d"},
		{nil, one, ""},
		{rolemodel.At("email"), "", ""},
		{rolemodel.At("email"), "[1]", ""},
		{admin("Anna@MSP.example", "role_id"), many, "/items/0/role_id"},
		{admin("anna@msp.example", "role_id"), many, "/items/1"},
		{admin("ANNA@msp.example"), many, "/items"},
		{admin("no address"), many, "/items/3"},
		{admin("removed@msp.example", "role_id"), many, "/items"},
		{admin("removed@msp.example", "role_id"), `{"action":"delete"}`, ""},
		{rolemodel.At("admins"), many, "/items"},
		{rolemodel.At("tenant_id"), many, ""},
		{admin("bert@msp.example", "role_id"), `{"items":[{"email":"Bert@msp.Example","role_id":1}]}`, "/items/0/role_id"},
	} {
		p, _ := problem.From(rolemodel.Violations{{Rule: rolemodel.WellFormed, Path: test.path}})
		p.PointInto([]byte(test.body))
		if got := p.Violations[0].Pointer; got != test.want {
			t.Errorf("%s in %s: %q, want %q", test.path, test.body, got, test.want)
		}
	}
}
