package review_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

const (
	now = rolemodel.Time("2026-11-30T12:00:00Z")
	msp = rolemodel.AccountCode("CMSP00A000")
)

var (
	codes   = []rolemodel.AccountCode{"CUSA00A000", "CUSB00B000", "CUSC00C000"}
	people  = []rolemodel.Email{"anna@msp.example", "bob@msp.example", "noc@msp.example"}
	roleIDs = []rolemodel.RoleID{rolemodel.BasicAdmin, rolemodel.PartnerAdmin, rolemodel.FullAdmin, "own"}
	seenAs  = []string{"", "Basic Administrator", "Partner Administrator", "Own", "Something Else"}
)

// world draws what is declared and was seen of some tenants.
func world(t *rapid.T, label string) []worklist.State {
	partner := &rolemodel.Partner{AccountCode: msp, Name: "Northwind", Domains: []rolemodel.Domain{"msp.example"}}
	var states []worklist.State
	for _, code := range codes {
		if !rapid.Bool().Draw(t, label+" has "+string(code)) {
			continue
		}
		state := worklist.State{Partner: partner, Tenant: rolemodel.Tenant{AccountCode: code, Name: "Client " + string(code), PartnerID: msp, InternalDomains: []rolemodel.Domain{"client.example"}}}
		state.Roles = []rolemodel.Role{{
			TenantID: code, ID: "own", Name: "Own", Description: rapid.SampledFrom([]string{"", "Other"}).Draw(t, "description"),
			SecurityPermission: rolemodel.CannotManageRoles,
		}}
		seen := rolemodel.Observation{TenantID: code}
		for _, email := range people {
			if rapid.Bool().Draw(t, "declared") {
				state.Admins = append(state.Admins, rolemodel.ExternalAdmin{
					TenantID: code, Email: email, RoleID: rapid.SampledFrom(roleIDs).Draw(t, "role"),
					Reason:    rapid.SampledFrom([]string{"", "On call"}).Draw(t, "reason"),
					ExpiresAt: rapid.SampledFrom([]rolemodel.Time{"", "2026-11-01T00:00:00Z", "2026-12-10T00:00:00Z"}).Draw(t, "expiry"),
				})
			}
			if rapid.Bool().Draw(t, "seen") {
				seen.Admins = append(seen.Admins, rolemodel.ObservedAdmin{
					Email: email, RoleName: rapid.SampledFrom(seenAs).Draw(t, "seen as"),
					Sighting: rolemodel.Sighting{At: rapid.SampledFrom([]rolemodel.Time{now, "2026-10-01T00:00:00Z"}).Draw(t, "seen at"), By: "carla", Means: rolemodel.MeansFile},
				})
			}
		}
		if rapid.Bool().Draw(t, "observed") {
			state.Seen = &seen
		}
		states = append(states, state)
	}
	return states
}

func subject(t *rapid.T) review.Subject {
	if rapid.Bool().Draw(t, "of a person") {
		return review.Subject{Person: rapid.SampledFrom(people).Draw(t, "person")}
	}
	return review.Subject{}
}

// shuffled is the same in another order.
func shuffled(states []worklist.State) []worklist.State {
	states = slices.Clone(states)
	shuffle := func(n int, swap func(i, j int)) { rand.Shuffle(n, swap) }
	shuffle(len(states), func(i, j int) { states[i], states[j] = states[j], states[i] })
	for i := range states {
		admins := slices.Clone(states[i].Admins)
		shuffle(len(admins), func(i, j int) { admins[i], admins[j] = admins[j], admins[i] })
		states[i].Admins = admins
		if states[i].Seen != nil {
			seen := *states[i].Seen
			seen.Admins = slices.Clone(seen.Admins)
			shuffle(len(seen.Admins), func(i, j int) { seen.Admins[i], seen.Admins[j] = seen.Admins[j], seen.Admins[i] })
			states[i].Seen = &seen
		}
	}
	return states
}

// A report does not depend on the order of what it is made of.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states, of := world(t, "it"), subject(t)
		if got, want := review.New(now, of, shuffled(states)), review.New(now, of, states); !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
}

// What changed is nothing exactly if the digest is the same.
func TestChangesAndDigest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of, then := subject(t), world(t, "then")
		after := shuffled(then)
		if rapid.Bool().Draw(t, "otherwise") {
			after = world(t, "now")
		}
		changes := review.Changes(of, then, after)
		if same := review.Digest(of, then) == review.Digest(of, after); same != (len(changes) == 0) {
			t.Fatalf("the digest is the same: %t; changes: %v\n%s\n%s", same, changes, review.Canonical(of, then), review.Canonical(of, after))
		}
		back := review.Changes(of, after, then)
		if len(back) != len(changes) {
			t.Fatalf("forth %v\nback %v", changes, back)
		}
		for _, change := range changes {
			if of.Person != "" && change.Person != of.Person && change.Kind != review.DefinitionChanged {
				t.Fatalf("%v is not about %s", change, of.Person)
			}
		}
	})
}

// The digest is of what a report shows, and not of times that pass.
func TestDigestAndTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states, of := world(t, "it"), subject(t)
		today, later := review.New(now, of, states), review.New("2030-01-01T00:00:00Z", of, states)
		if today.Digest != later.Digest || len(today.Rows) != len(later.Rows) {
			t.Fatalf("%+v became %+v", today, later)
		}
		// It is recomputed from the rows and tenants, as an auditor would.
		lines := []string{}
		quoted := func(parts ...string) {
			for i, part := range parts {
				parts[i] = fmt.Sprintf("%q", part)
			}
			lines = append(lines, "["+strings.Join(parts, ",")+"]\n")
		}
		for _, tenant := range today.Tenants {
			quoted("tenant", string(tenant.ID))
		}
		for _, row := range today.Rows {
			if row.Undeclared {
				quoted("undeclared", string(row.TenantID), string(row.Person), row.RoleName)
			} else {
				quoted("grant", string(row.TenantID), string(row.Person), string(row.RoleID), row.Definition, row.Reason, string(row.ExpiresAt))
			}
		}
		slices.Sort(lines)
		sum := sha256.Sum256([]byte("mimecast access review 1\n" + strings.Join(lines, "")))
		if hex.EncodeToString(sum[:]) != today.Digest {
			t.Fatalf("the rows have another digest:\n%s\n%s", strings.Join(lines, ""), review.Canonical(of, states))
		}
	})
}

func TestCanonical(t *testing.T) {
	text := review.Canonical(review.Subject{}, []worklist.State{{
		Tenant: rolemodel.Tenant{AccountCode: codes[0], Name: "Contoso"},
		Roles:  []rolemodel.Role{{TenantID: codes[0], ID: "own", Name: "Own"}},
		Admins: []rolemodel.ExternalAdmin{
			{TenantID: codes[0], Email: people[1], RoleID: "own", ExpiresAt: now},
			{TenantID: codes[0], Email: people[0], RoleID: rolemodel.BasicAdmin, Reason: `"<On>" & call`},
		},
		Seen: &rolemodel.Observation{Admins: []rolemodel.ObservedAdmin{{Email: "eve@elsewhere.example", RoleName: "Own"}}},
	}})
	want := `mimecast access review 1
["grant","CUSA00A000","anna@msp.example","basic-admin","","\"<On>\" & call",""]
["grant","CUSA00A000","bob@msp.example","own","` + rolemodel.RoleDefinition(&rolemodel.Role{Name: "Own"}) + `","","2026-11-30T12:00:00Z"]
["tenant","CUSA00A000"]
["undeclared","CUSA00A000","eve@elsewhere.example","Own"]
`
	if string(text) != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}
