package review_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// client is a tenant with grants: address, role, reason and end of each.
func client(code rolemodel.AccountCode, grants ...[4]string) worklist.State {
	s := worklist.State{Tenant: rolemodel.Tenant{AccountCode: code, Name: "Client " + string(code)}}
	for _, g := range grants {
		s.Admins = append(s.Admins, rolemodel.ExternalAdmin{TenantID: code, Email: rolemodel.Email(g[0]), RoleID: rolemodel.RoleID(g[1]), Reason: g[2], ExpiresAt: rolemodel.Time(g[3])})
	}
	return s
}

func seen(s worklist.State, emailsAndRoles ...string) worklist.State {
	s.Seen = &rolemodel.Observation{TenantID: s.Tenant.AccountCode, CompleteAt: now}
	for i := 0; i < len(emailsAndRoles); i += 2 {
		s.Seen.Admins = append(s.Seen.Admins, rolemodel.ObservedAdmin{
			Email: rolemodel.Email(emailsAndRoles[i]), RoleName: emailsAndRoles[i+1], Sighting: rolemodel.Sighting{At: now, By: "carla"},
		})
	}
	return s
}

// found writes findings: "no_reason anna@msp.example bob@msp.example".
func found(r *review.Report) []string {
	all := []string{}
	for _, f := range r.Findings {
		about := []string{string(f.Kind)}
		for _, i := range f.Rows {
			about = append(about, string(r.Rows[i].Person))
			if !slices.Contains(r.Rows[i].Findings, f.Kind) {
				panic("the row does not know of its finding")
			}
		}
		for _, i := range f.Tenants {
			about = append(about, string(r.Tenants[i].ID))
		}
		all = append(all, strings.Join(about, " "))
	}
	return all
}

func TestFindings(t *testing.T) {
	const a, b, reason = "anna@msp.example", "bob@msp.example", "On call"
	two := [][4]string{{a, "basic-admin", reason}, {b, "basic-admin", reason}}
	for _, test := range []struct {
		what    string
		subject review.Subject
		state   worklist.State
		want    []string
	}{
		{"all is well", review.Subject{}, seen(client(codes[0], two...), a, "Basic Administrator", b, "basic ADMINISTRATOR"), []string{}},
		{"nobody", review.Subject{}, client(codes[0]), []string{"nobody_manages CUSA00A000"}},
		{"nobody who may manage roles", review.Subject{}, seen(client(codes[0], [4]string{a, "help-desk-admin", reason}), a, "Help Desk Administrator"), []string{"nobody_manages CUSA00A000"}},
		{
			"one, and one expired",
			review.Subject{},
			seen(client(codes[0], two[0], [4]string{b, "basic-admin", reason, string(now)}), a, "Basic Administrator", b, "Basic Administrator"),
			[]string{"one_manages CUSA00A000", "expired bob@msp.example"},
		},
		{
			"expires in 30 days and in 31",
			review.Subject{},
			seen(client(codes[0], [4]string{a, "basic-admin", reason, "2026-12-30T12:00:00Z"}, [4]string{b, "basic-admin", reason, "2026-12-30T12:00:01Z"}), a, "Basic Administrator", b, "Basic Administrator"),
			[]string{"expires_soon anna@msp.example"},
		},
		{
			"never confirmed, and confirmed as something else",
			review.Subject{},
			seen(client(codes[0], two...), b, "Reviewer"),
			[]string{"never_confirmed anna@msp.example bob@msp.example"},
		},
		{
			"protected and partner",
			review.Subject{},
			seen(client(codes[0], [4]string{a, "full-admin", reason}, [4]string{b, "partner-admin"}), a, "Full Administrator", b, "Partner Administrator"),
			[]string{"protected_role anna@msp.example", "partner_administrator bob@msp.example", "no_reason bob@msp.example"},
		},
		{
			"undeclared, of a client without others",
			review.Subject{},
			seen(client(codes[0], two...), a, "Basic Administrator", b, "Basic Administrator", "support@elsewhere.example", "Super Administrator"),
			[]string{"undeclared support@elsewhere.example", "protected_role support@elsewhere.example", "shared_mailbox support@elsewhere.example"},
		},
		{"of a person", review.Subject{Person: a}, client(codes[0], two[0]), []string{"never_confirmed anna@msp.example"}},
		{"of a person who is not there", review.Subject{Person: "nobody@msp.example"}, client(codes[0], two...), []string{}},
	} {
		r := review.New(now, test.subject, []worklist.State{test.state})
		if got := found(&r); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.what, got, test.want)
		}
		for _, f := range r.Findings {
			if !strings.HasSuffix(f.Sentence, ".") || strings.Contains(f.Sentence, "%") {
				t.Errorf("%s: %q", test.what, f.Sentence)
			}
		}
	}
}

// A person's review holds only tenants where the person is, and counts them so.
func TestSubject(t *testing.T) {
	states := []worklist.State{client(codes[1], [4]string{"anna@msp.example", "own", "", ""}), client(codes[0]), seen(client(codes[2]), "anna@msp.example", "Own")}
	r := review.New(now, review.Subject{Person: "anna@msp.example"}, states)
	if got, want := r.Counts, (review.Counts{Tenants: 2, People: 1, Grants: 1, Undeclared: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	r = review.New(now, review.Subject{}, states)
	if got, want := r.Counts, (review.Counts{Tenants: 3, People: 1, Grants: 1, Undeclared: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestShared(t *testing.T) {
	for email, want := range map[rolemodel.Email]bool{
		"admin@msp.example": true, "support@msp.example": true, "it@msp.example": true, "help-desk@msp.example": true, "service.desk2@msp.example": true,
		"noc+mimecast@msp.example": true, "it-support@msp.example": true, "admin.it@msp.example": true, "info1@msp.example": true,
		"anna@msp.example": false, "anna.admin@msp.example": false, "italo@msp.example": false, "badmin@msp.example": false, "support.anna@msp.example": false,
		"4711@msp.example": false, "-@msp.example": false,
	} {
		if review.Shared(email) != want {
			t.Errorf("%s: got %t", email, !want)
		}
	}
}

// The guide lists all names, so that a reviewer can tell what a finding is made of.
func TestSharedNamesAreDocumented(t *testing.T) {
	guide, err := os.ReadFile("../../templates/guides/access-review.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range review.SharedNames() {
		if !strings.Contains(string(guide), "`"+name+"`") {
			t.Errorf("%s is not in the guide", name)
		}
	}
	for _, kind := range review.Kinds() {
		if !strings.Contains(string(guide), "`"+string(kind)+"`") {
			t.Errorf("%s is not in the guide", kind)
		}
	}
}

func TestChangeSays(t *testing.T) {
	const a = "anna@msp.example"
	then := []worklist.State{client(codes[0], [4]string{a, "basic-admin", "", ""}, [4]string{"bob@msp.example", "own", "x", ""}, [4]string{"carl@msp.example", "reviewer", "x", ""}), client(codes[1])}
	then[0].Roles = []rolemodel.Role{{TenantID: codes[0], ID: "own", Name: "Own"}}
	after := []worklist.State{seen(client(codes[0], [4]string{a, "full-admin", "CHG-1", "2027-01-01T00:00:00Z"}, [4]string{"bob@msp.example", "own", "x", ""}, [4]string{"dora@msp.example", "reviewer", "x", ""}), "eve@elsewhere.example", "Reviewer"), client(codes[2])}
	after[0].Roles = []rolemodel.Role{{TenantID: codes[0], ID: "own", Name: "Ours"}}
	var got []string
	for _, change := range review.Changes(review.Subject{}, then, after) {
		got = append(got, fmt.Sprintf("%s: %s", change.TenantID, change.String()))
	}
	want := []string{
		"CUSA00A000: eve@elsewhere.example is there as Reviewer without being declared",
		"CUSA00A000: dora@msp.example got Reviewer",
		"CUSA00A000: carl@msp.example lost Reviewer",
		"CUSA00A000: anna@msp.example has Full Administrator and had Basic Administrator",
		`CUSA00A000: the reason of anna@msp.example is "CHG-1" and was ""`,
		"CUSA00A000: the access of anna@msp.example ends 2027-01-01T00:00:00Z and ended never",
		"CUSA00A000: the role Ours is defined otherwise, and was called Own",
		"CUSB00B000: the client is no longer here",
		"CUSC00C000: the client is new here",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
