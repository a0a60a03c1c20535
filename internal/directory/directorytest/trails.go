package directorytest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func trailCases() []testCase {
	return []testCase{
		{"they are whole from wherever they are seen", trailsScoped},
		{"keys without end are refused like others", trailsLongKeys},
		{"refusals of all kinds are counted after a while", trailsFlood},
	}
}

// trailsScoped: whoever verifies the trails that they see finds nothing amiss,
// whatever is left out of their scope.
func trailsScoped(f *fixture) {
	f.world()
	scope := func(partner rolemodel.AccountCode, tenants ...rolemodel.AccountCode) directory.Directory {
		return f.caller(directory.Caller{
			Actor: rolemodel.Actor{Name: fmt.Sprint("scoped ", partner, tenants), Role: f.defaultRole(rolemodel.SuperAdmin), PartnerID: partner, Credential: true},
			Scope: directory.Scope{All: partner == "", PartnerID: partner, TenantIDs: tenants},
		})
	}
	callers := map[string]directory.Directory{
		"the owner": f.basic, "a partner": scope(msp), "one tenant": scope(msp, alpha), "another's tenant": scope(msp, beta), "no tenant": scope(msp, "CNONE"),
		"the operator, one tenant": scope("", alpha), "the operator, two tenants": scope("", alpha, beta), "another partner": scope(reseller), "its tenant": scope(reseller, beta),
	}
	heads := map[string][]directory.AuditHead{}
	whole := func() {
		f.Helper()
		for who, d := range callers {
			found := must(directory.VerifyAudit(f.ctx, d, heads[who]))(f)
			if len(found) > 0 {
				f.Errorf("%s finds %q", who, found)
			}
		}
	}
	// Attempts of everybody at everything.
	for _, d := range callers {
		for _, tenant := range []rolemodel.AccountCode{alpha, beta, delta, "CNONE"} {
			_, _ = add(f.ctx, d, rolemodel.ExternalAdmin{TenantID: tenant, Email: "anna@alpha.example", RoleID: rolemodel.BasicAdmin})
			_, _ = add(f.ctx, d, rolemodel.Tenant{AccountCode: tenant, Name: "x", PrimaryDomain: "alpha.example", PartnerID: msp})
			_, _ = edit(f.ctx, d, rolemodel.Tenant{AccountCode: tenant, Name: "", PrimaryDomain: "x"})
		}
	}
	whole()
	for who, d := range callers {
		heads[who] = list(f, d.AuditHeads(f.ctx, directory.AuditHeadFilter{}))
	}
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	whole()
}

// trailsLongKeys: what cannot be the key of anything is refused as such, however
// long it is and whatever it is about.
func trailsLongKeys(f *fixture) {
	f.world()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // Text that does not compress.
	long := make([]byte, 20_000)
	for i := range long {
		long[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[random.IntN(36)]
	}
	text := string(long)
	for what, write := range map[string]func() error{
		"a partner": func() error {
			return second(add(f.ctx, f.basic, rolemodel.Partner{AccountCode: rolemodel.AccountCode("C" + text), Name: text, Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{rolemodel.Domain(text)}}))
		},
		"a tenant": func() error {
			return second(add(f.ctx, f.basic, rolemodel.Tenant{AccountCode: rolemodel.AccountCode(text), Name: "x", PrimaryDomain: rolemodel.Domain(text + ".example"), PartnerID: rolemodel.AccountCode(text)}))
		},
		"a role": func() error {
			return second(add(f.ctx, f.basic, rolemodel.Role{TenantID: alpha, Name: text, Description: text, SecurityPermission: rolemodel.CannotManageRoles}))
		},
		"a role of a tenant": func() error {
			return second(add(f.ctx, f.basic, rolemodel.Role{TenantID: rolemodel.AccountCode(text), Name: "x", SecurityPermission: rolemodel.CannotManageRoles}))
		},
		"a grant": func() error {
			return second(add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: rolemodel.Email(text + "@msp.example"), RoleID: rolemodel.RoleID(text)}))
		},
		"a grant in a tenant": func() error {
			return second(add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: rolemodel.AccountCode(text), Email: "anna@msp.example", RoleID: rolemodel.BasicAdmin}))
		},
		"a grant with a role": func() error {
			return second(add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.example", RoleID: rolemodel.RoleID(text)}))
		},
		"a replacement": func() error {
			return second(replace(f.ctx, f.basic, alpha, grants(text+"@msp.example", "basic-admin", "bob@msp.example", text)))
		},
		"a replacement in a tenant": func() error {
			return second(replace(f.ctx, f.basic, rolemodel.AccountCode(text), grants("anna@msp.example", "basic-admin")))
		},
	} {
		f.unchanged(func() {
			err := write()
			if _, refused := rolemodel.AsViolations(err); !refused {
				f.Errorf("%s: got %.300v, want violations", what, err)
				return
			}
			if len(err.Error()) > 5000 {
				f.Errorf("%s: the violations are %d bytes long: %.300v", what, len(err.Error()), err)
			}
			e := f.lastEvent()
			if size := len(must(json.Marshal(e))(f)); size > 20_000 {
				f.Errorf("%s: the event is %d bytes long (key %d, tenant %d, after %d)", what, size, len(e.Key), len(e.TenantID), len(e.After))
			}
		})
	}
	for what, err := range map[string]error{
		"a tenant": drop[rolemodel.Tenant](f.ctx, f.basic, directory.Key{Account: rolemodel.AccountCode(text)}),
		"a role":   drop[rolemodel.Role](f.ctx, f.basic, directory.Key{Account: alpha, ID: rolemodel.RoleID(text)}),
		"a grant":  drop[rolemodel.ExternalAdmin](f.ctx, f.partner(msp, rolemodel.BasicAdmin), directory.Key{Account: alpha, Email: rolemodel.Email(text + "@x.example")}),
	} {
		if !directory.IsNotFound(err) {
			f.Errorf("%s: got %.300v, want not found", what, err)
		}
	}
}

// trailsFlood: whoever is refused in ever new ways does not fill the trail.
func trailsFlood(f *fixture) {
	f.world()
	before := len(f.events())
	const attempts = 150
	for i := range attempts {
		_, err := add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: rolemodel.Email(fmt.Sprintf("a%d@alpha.example", i)), RoleID: rolemodel.BasicAdmin})
		if vs, _ := rolemodel.AsViolations(err); len(vs) == 0 {
			f.Fatalf("got %v, want violations", err)
		}
	}
	if n := len(f.events()) - before; n < 50 || n >= attempts {
		f.Errorf("%d refusals are %d events", attempts, n)
	}
	// What is done is recorded as ever.
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	if e := f.lastEvent(); !strings.Contains(e.Key, "anna@msp.example") {
		f.Errorf("the last event is %s", summary(e))
	}
}
