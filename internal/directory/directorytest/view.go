package directorytest

import (
	"net/netip"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func authorityCases() []testCase {
	return []testCase{
		{"who cannot manage roles sees none", viewRefused},
		{"who sees roles, by actor", viewActors},
		{"who cannot see roles learns nothing of them by writing", viewTwin},
		{"who manages accounts, by actor", accountActors},
		{"what a partner's own credential leaves to the operator", partnerFacts},
	}
}

func viewRefused(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	f.grant("anna@msp.example", role.ID)
	must(f.desk.Role(f.ctx, alpha, rolemodel.Reviewer))(f)
	must(f.desk.Tenant(f.ctx, alpha))(f)
	for what, err := range map[string]error{
		"a custom role": second(f.desk.Role(f.ctx, alpha, role.ID)), "a grant": second(f.desk.ExternalAdmin(f.ctx, alpha, "anna@msp.example")),
		"roles":  second(directory.Collect(f.desk.Roles(f.ctx, directory.RoleFilter{}))),
		"grants": second(directory.Collect(f.desk.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{}))),
		"events": second(directory.Collect(f.desk.AuditEvents(f.ctx, directory.AuditFilter{}))), "heads": second(directory.Collect(f.desk.AuditHeads(f.ctx, directory.AuditHeadFilter{}))),
		"the number of grants": second(f.desk.Count(f.ctx, directory.ExternalAdminFilter{})),
		"a sign-in":            second(directory.SignIn(f.ctx, f.desk, alpha, "anna@msp.example", netip.MustParseAddr("192.0.2.1"), rolemodel.PartnerPortal)),
	} {
		if !breaks(rolemodel.ViewRoles)(err) {
			f.Errorf("%s: got %v, want view-roles", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func viewActors(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	f.grant("anna@msp.example", role.ID)
	blind := []rolemodel.RoleID{rolemodel.HelpDeskAdmin, rolemodel.DiscoveryOfficer, rolemodel.Reviewer, rolemodel.SyncEngineAdmin}
	for _, actor := range rolemodel.DefaultRoles() {
		d := f.actor(actor.ID)
		_, err := d.ExternalAdmin(f.ctx, alpha, "anna@msp.example")
		if slices.Contains(blind, actor.ID) != breaks(rolemodel.ViewRoles)(err) || !slices.Contains(blind, actor.ID) && err != nil {
			f.Errorf("%s: got %v", actor.ID, err)
		}
		must(d.Tenant(f.ctx, alpha))(f)
		must(d.Partner(f.ctx, msp))(f)
		f.same("default roles", must(d.Role(f.ctx, alpha, rolemodel.Reviewer))(f).Name, "Reviewer")
	}
}

// viewTwin writes about roles and grants as a Help Desk Administrator where they
// are and where they are not: the answers are the same.
func viewTwin(f *fixture) {
	without := f.again()
	for _, g := range []*fixture{f, without} {
		g.world()
	}
	role := f.role("Desk Admin", protected)
	other := f.role("Other Admin")
	f.grant("anna@msp.example", rolemodel.FullAdmin)
	_, err := directory.Create(f.ctx, f.super, rolemodel.ExternalAdmin{TenantID: alpha, Email: "bob@msp.example", RoleID: role.ID}, "d1")
	f.ok(err)
	f.grant("carl@msp.example", other.ID)
	f.ok(drop[rolemodel.Role](f.ctx, f.super, directory.KeyOf(other)))
	tenant, partner := must(f.basic.Tenant(f.ctx, alpha))(f), must(f.basic.Partner(f.ctx, msp))(f)
	tenant.InternalDomains = append(slices.Clone(tenant.InternalDomains), "msp.example")
	partner.PartnerPortal, partner.Domains = false, []rolemodel.Domain{"elsewhere.example"}
	admins := []rolemodel.ExternalAdmin{{TenantID: alpha, Email: "anna@msp.example", RoleID: rolemodel.BasicAdmin}}
	changes := []directory.Change{
		directory.Write[rolemodel.Tenant]{Action: directory.ActionUpdate, Key: directory.Key{Account: alpha}, Entry: tenant},
		directory.Write[rolemodel.Tenant]{Action: directory.ActionDelete, Key: directory.Key{Account: alpha}},
		directory.Write[rolemodel.Tenant]{Action: directory.ActionDelete, Key: directory.Key{Account: alpha}, As: "d2"},
		directory.Write[rolemodel.Partner]{Action: directory.ActionUpdate, Key: directory.Key{Account: msp}, Entry: partner},
		directory.Write[rolemodel.Partner]{Action: directory.ActionDelete, Key: directory.Key{Account: msp}},
	}
	for _, as := range []rolemodel.Declaration{"", "d1", "d2"} {
		for _, name := range []string{"Desk Admin", "Other Admin"} {
			asked := rolemodel.Role{TenantID: alpha, Name: name, SecurityPermission: rolemodel.CannotManageRoles}
			key := directory.Key{Account: alpha, ID: rolemodel.RoleIDFor(name)}
			changes = append(changes, directory.Write[rolemodel.Role]{Action: directory.ActionCreate, Entry: asked, As: as},
				directory.Write[rolemodel.Role]{Action: directory.ActionUpdate, Key: key, Entry: asked, As: as},
				directory.Write[rolemodel.Role]{Action: directory.ActionUpdate, Key: key, Entry: asked, Revision: 9, As: as},
				directory.Write[rolemodel.Role]{Action: directory.ActionDelete, Key: key, As: as},
				directory.Write[rolemodel.Role]{Action: directory.ActionDelete, Key: key, Revision: 9, As: as})
		}
		for _, email := range []rolemodel.Email{"anna@msp.example", "bob@msp.example", "carl@msp.example"} {
			key := directory.Key{Account: alpha, Email: email}
			for _, id := range []rolemodel.RoleID{rolemodel.FullAdmin, role.ID, other.ID} {
				asked := rolemodel.ExternalAdmin{TenantID: alpha, Email: email, RoleID: id}
				changes = append(changes, directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionCreate, Entry: asked, As: as},
					directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionUpdate, Key: key, Entry: asked, As: as},
					directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionUpdate, Key: key, Entry: asked, Revision: 9, As: as})
			}
			changes = append(changes, directory.Write[rolemodel.ExternalAdmin]{Action: directory.ActionDelete, Key: key, As: as})
		}
		for _, action := range []directory.Action{directory.ActionCreate, directory.ActionUpdate} {
			changes = append(changes, directory.Replace{Action: action, Tenant: alpha, Admins: admins, As: as},
				directory.Replace{Action: action, Tenant: alpha, Admins: admins, Seen: admins, As: as})
		}
		changes = append(changes, directory.Replace{Action: directory.ActionDelete, Tenant: alpha, Seen: admins, As: as},
			directory.Replace{Action: directory.ActionDelete, Tenant: alpha, As: as})
	}
	for _, c := range changes {
		f.unchanged(func() {
			got, want := answer(f.desk.Apply(f.ctx, c)), answer(without.desk.Apply(f.ctx, c))
			if got != want {
				f.Errorf("%+v\nanswers %s\nwhere there is nothing: %s", c, got, want)
			}
		})
	}
}

func accountActors(f *fixture) {
	f.world()
	may := []rolemodel.RoleID{rolemodel.SuperAdmin, rolemodel.PartnerAdmin, rolemodel.FullAdmin, rolemodel.BasicAdmin}
	for _, actor := range rolemodel.DefaultRoles() {
		d := f.actor(actor.ID)
		expect := func(what string, err error) {
			f.Helper()
			if allowed := slices.Contains(may, actor.ID); allowed && err != nil || !allowed && !breaks(rolemodel.ManageAccounts)(err) {
				f.Errorf("%s %s: got %v", actor.ID, what, err)
			}
		}
		partner := rolemodel.Partner{AccountCode: "CNEWP", Name: "New", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"newp.example"}}
		tenant := rolemodel.Tenant{AccountCode: "CNEWT", Name: "New", PrimaryDomain: "newt.example", PartnerID: "CNEWP"}
		expect("creates a partner", second(add(f.ctx, d, partner)))
		_, _ = add(f.ctx, f.basic, partner)
		expect("creates a tenant", second(add(f.ctx, d, tenant)))
		_, _ = add(f.ctx, f.basic, tenant)
		partner.Name, tenant.Name = "Renamed", "Renamed"
		expect("changes a partner", second(edit(f.ctx, d, partner)))
		expect("changes a tenant", second(edit(f.ctx, d, tenant)))
		expect("deletes a tenant", drop[rolemodel.Tenant](f.ctx, d, directory.KeyOf(tenant)))
		expect("deletes a partner", drop[rolemodel.Partner](f.ctx, d, directory.KeyOf(partner)))
		_, _ = drop[rolemodel.Tenant](f.ctx, f.basic, directory.KeyOf(tenant)), drop[rolemodel.Partner](f.ctx, f.basic, directory.KeyOf(partner))
	}
}

func partnerFacts(f *fixture) {
	f.world()
	for _, id := range []rolemodel.RoleID{rolemodel.SuperAdmin, rolemodel.BasicAdmin} {
		own := f.partner(msp, id)
		stored := must(own.Partner(f.ctx, msp))(f)
		f.unchanged(func() {
			for what, change := range map[string]func(*rolemodel.Partner){
				"program":        func(p *rolemodel.Partner) { p.Program = rolemodel.ProgramReseller },
				"partner_portal": func(p *rolemodel.Partner) { p.PartnerPortal = false },
				"domains":        func(p *rolemodel.Partner) { p.Domains = []rolemodel.Domain{"msp.example"} },
			} {
				changed := stored
				change(&changed)
				_, err := edit(f.ctx, own, changed)
				if vs, _ := rolemodel.AsViolations(err); !breaks(rolemodel.PartnerFacts)(err) || vs[0].Path.String() != what {
					f.Errorf("%s: got %v, want partner-facts", what, err)
				}
			}
			fresh := rolemodel.Partner{Name: "New", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"new.example"}}
			for what, err := range map[string]error{
				"creates a partner": second(add(f.ctx, own, fresh)), "deletes itself": drop[rolemodel.Partner](f.ctx, own, directory.Key{Account: msp}),
			} {
				if !breaks(rolemodel.PartnerFacts)(err) {
					f.Errorf("%s: got %v, want partner-facts", what, err)
				}
			}
		})
		stored.Name, stored.AdminIPRanges = "By "+string(id), prefixes("192.0.2.0/24")
		must(edit(f.ctx, own, stored))(f)
		tenant := must(add(f.ctx, own, rolemodel.Tenant{Name: "Own", PrimaryDomain: "own.example", PartnerID: msp}))(f)
		f.ok(drop[rolemodel.Tenant](f.ctx, own, directory.KeyOf(tenant)))
	}
}
