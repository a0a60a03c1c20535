package directorytest

import (
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// pairsOfChildren are the pairs of pairCases in which something is deleted,
// taken up or moved while what depends on it changes.
func pairsOfChildren() []testCase {
	return []testCase{
		{"a role is deleted, and granted", pairRole},
		{"a role is taken up, and its last holder goes", pairRoleTakenUp},
		{"a tenant is taken up, and its last grant goes", pairTenantTakenUp},
		{"a partner is taken up, and its last tenant goes", pairPartnerTakenUp},
		{"a tenant moves to another partner, and somebody is granted a role", pairMoved},
		{"a partner gives a domain up, and somebody in it is granted a role", pairPartnerDomain},
		{"a retired tenant's domain is taken, and the tenant taken up", pairGivenUp},
		{"two roles get one name", pairNames},
		{"two declarations adopt one grant", pairAdopted},
		{"a grant is adopted, and its former declaration deletes it", pairAdoptedDeleted},
	}
}

// creating and dropping are writes of a pair.
func creating[E directory.Entry](f *fixture, entry E, as rolemodel.Declaration) func(directory.Directory) error {
	return func(d directory.Directory) error { return second(directory.Create(f.ctx, d, entry, as)) }
}

func dropping[E directory.Entry](f *fixture, key directory.Key, as rolemodel.Declaration) func(directory.Directory) error {
	return func(d directory.Directory) error { return second(directory.Delete[E](f.ctx, d, key, as)) }
}

func anna(role rolemodel.RoleID) rolemodel.ExternalAdmin {
	return rolemodel.ExternalAdmin{TenantID: alpha, Email: "anna@msp.example", RoleID: role}
}

var annaKey = directory.Key{Account: alpha, Email: "anna@msp.example"}

func pairRole(f *fixture) {
	f.world()
	for range rounds {
		role := f.role("Desk Admin")
		deleted, granted := f.together(dropping[rolemodel.Role](f, directory.KeyOf(role), ""), creating(f, anna(role.ID), ""))
		f.ok(deleted)
		if stored, err := f.basic.Role(f.ctx, alpha, role.ID); (err == nil) != (granted == nil) || err == nil && !stored.Retired {
			f.Fatalf("the role is %+v (%v), the grant %v", stored, err, granted)
		}
		f.sound()
		if granted == nil {
			f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, annaKey))
		}
	}
}

func pairRoleTakenUp(f *fixture) {
	f.world()
	for range rounds / 2 {
		role := f.role("Desk Admin")
		f.grant("anna@msp.example", role.ID)
		f.ok(drop[rolemodel.Role](f.ctx, f.basic, directory.KeyOf(role)))
		up, gone := f.together(creating(f, rolemodel.Role{TenantID: alpha, Name: "Desk Admin", SecurityPermission: rolemodel.CannotManageRoles}, "d1"),
			dropping[rolemodel.ExternalAdmin](f, annaKey, ""))
		f.ok(up)
		f.ok(gone)
		if stored := must(f.basic.Role(f.ctx, alpha, role.ID))(f); stored.Retired || stored.Declaration != "d1" {
			f.Fatalf("the role is %+v", stored)
		}
		f.sound()
		f.ok(drop[rolemodel.Role](f.ctx, f.basic, directory.KeyOf(role)))
	}
}

func pairTenantTakenUp(f *fixture) {
	f.world()
	tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
	for range rounds / 2 {
		f.grant("anna@msp.example", rolemodel.BasicAdmin)
		f.ok(drop[rolemodel.Tenant](f.ctx, f.basic, directory.KeyOf(tenant)))
		up, gone := f.together(creating(f, tenant, "d1"), dropping[rolemodel.ExternalAdmin](f, annaKey, ""))
		f.ok(up)
		f.ok(gone)
		if stored := must(f.basic.Tenant(f.ctx, alpha))(f); stored.Retired || stored.Declaration != "d1" {
			f.Fatalf("the tenant is %+v", stored)
		}
		f.sound()
	}
}

func pairPartnerTakenUp(f *fixture) {
	f.world()
	partner := must(f.basic.Partner(f.ctx, msp))(f)
	tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
	for range rounds {
		f.ok(drop[rolemodel.Partner](f.ctx, f.basic, directory.KeyOf(partner)))
		up, gone := f.together(creating(f, partner, "d1"), dropping[rolemodel.Tenant](f, directory.KeyOf(tenant), ""))
		f.ok(up)
		f.ok(gone)
		if stored := must(f.basic.Partner(f.ctx, msp))(f); stored.Retired || stored.Declaration != "d1" {
			f.Fatalf("the partner is %+v", stored)
		}
		f.sound()
		must(add(f.ctx, f.basic, tenant))(f)
	}
}

func pairMoved(f *fixture) {
	f.world()
	for range rounds / 2 {
		tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
		tenant.PartnerID, tenant.Revision = reseller, 0
		moved, granted := f.together(func(d directory.Directory) error { return second(edit(f.ctx, d, tenant)) }, creating(f, anna(rolemodel.BasicAdmin), ""))
		f.notBoth(moved, granted)
		f.sound()
		if granted == nil {
			f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, annaKey))
		}
		tenant.PartnerID = msp
		must(edit(f.ctx, f.basic, tenant))(f)
	}
}

func pairPartnerDomain(f *fixture) {
	f.world()
	for range rounds {
		partner := must(f.basic.Partner(f.ctx, msp))(f)
		partner.Domains, partner.Revision = []rolemodel.Domain{"msp.test"}, 0
		given, granted := f.together(func(d directory.Directory) error { return second(edit(f.ctx, d, partner)) }, creating(f, anna(rolemodel.BasicAdmin), ""))
		f.notBoth(given, granted)
		f.sound()
		if granted == nil {
			f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, annaKey))
		}
		partner.Domains = []rolemodel.Domain{"msp.example", "msp.test"}
		must(edit(f.ctx, f.basic, partner))(f)
	}
}

func pairGivenUp(f *fixture) {
	f.world()
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
	for range rounds {
		f.ok(drop[rolemodel.Tenant](f.ctx, f.basic, directory.KeyOf(tenant)))
		taken, up := f.together(creating(f, rolemodel.Tenant{AccountCode: "CTAKER", Name: "Taker", PrimaryDomain: "alpha.test"}, ""), creating(f, tenant, ""))
		f.notBoth(taken, up)
		f.sound()
		if taken == nil {
			f.ok(drop[rolemodel.Tenant](f.ctx, f.basic, directory.Key{Account: "CTAKER"}))
			must(add(f.ctx, f.basic, tenant))(f)
		}
	}
}

func pairNames(f *fixture) {
	f.world()
	for round := range rounds {
		one := f.role(fmt.Sprintf("One %d Admin", round))
		name := fmt.Sprintf("Same %d Admin", round)
		one.Name = name
		renamed, created := f.together(func(d directory.Directory) error { return second(edit(f.ctx, d, one)) },
			creating(f, rolemodel.Role{TenantID: alpha, Name: name, SecurityPermission: rolemodel.CannotManageRoles}, ""))
		f.notBoth(renamed, created)
		f.same("roles of the name", len(list(f, f.basic.Roles(f.ctx, directory.RoleFilter{Name: name}))), 1)
	}
}

func pairAdopted(f *fixture) {
	f.world()
	f.grant("anna@msp.example", rolemodel.BasicAdmin)
	for range rounds {
		before := len(f.events())
		one, other := f.together(creating(f, anna(rolemodel.BasicAdmin), "d1"), creating(f, anna(rolemodel.BasicAdmin), "d2"))
		f.ok(one)
		f.ok(other)
		// Who came second has it, and each change of hands is an event.
		last := f.lastEvent()
		f.same("who has it", must(f.basic.ExternalAdmin(f.ctx, alpha, "anna@msp.example"))(f).Declaration, last.Declaration)
		if n := len(f.events()) - before; n < 1 || n > 2 {
			f.Fatalf("two adoptions are %d events", n)
		}
	}
}

// pairAdoptedDeleted: whichever comes first, who declares the grant in the end has it.
func pairAdoptedDeleted(f *fixture) {
	f.world()
	for range rounds {
		f.ok(creating(f, anna(rolemodel.BasicAdmin), "d1")(f.basic))
		adopted, deleted := f.together(creating(f, anna(rolemodel.BasicAdmin), "d2"), dropping[rolemodel.ExternalAdmin](f, annaKey, "d1"))
		f.ok(adopted)
		f.ok(deleted)
		f.same("who has it", must(f.basic.ExternalAdmin(f.ctx, alpha, "anna@msp.example"))(f).Declaration, rolemodel.Declaration("d2"))
		f.ok(drop[rolemodel.ExternalAdmin](f.ctx, f.basic, annaKey))
	}
}
