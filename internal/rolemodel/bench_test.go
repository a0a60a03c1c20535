package rolemodel_test

import (
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// An allowed decision is taken for every grant of a plan, so it must cost nothing.
func TestAllowedGrantDoesNotAllocate(t *testing.T) {
	who, added := actor("basic-admin"), grant(defaultRole("partner-admin"))
	before, after := grant(defaultRole("help-desk-admin")), grant(customRole("Auditor", rolemodel.ManageApplicationRoles))
	for name, decide := range map[string]func() rolemodel.Violations{
		"add":    func() rolemodel.Violations { return rolemodel.DecideGrant(who, nil, added, now) },
		"change": func() rolemodel.Violations { return rolemodel.DecideGrant(who, before, after, now) },
		"remove": func() rolemodel.Violations { return rolemodel.DecideGrant(who, before, nil, now) },
	} {
		if vs := decide(); len(vs) > 0 {
			t.Fatalf("%s: %v", name, vs)
		}
		if n := testing.AllocsPerRun(100, func() { _ = decide() }); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func BenchmarkDecideGrant(b *testing.B) {
	for name, bench := range map[string]struct {
		actor         *rolemodel.Actor
		before, after *rolemodel.Grant
	}{
		"allowed": {actor("basic-admin"), nil, grant(defaultRole("partner-admin"))},
		"denied":  {actor("basic-admin"), nil, grant(defaultRole("full-admin"), func(g *rolemodel.Grant) { g.Email = "anna@contoso.example" })},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = rolemodel.DecideGrant(bench.actor, bench.before, bench.after, now)
			}
		})
	}
}

func BenchmarkDecideRole(b *testing.B) {
	who, role := actor("basic-admin"), customRole("Auditor Admin", rolemodel.CannotManageRoles)
	for _, l := range rolemodel.Catalogue() {
		if l.Kind == rolemodel.ApplicationPermission {
			role.ApplicationPermissions = append(role.ApplicationPermissions, l.Permission)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = rolemodel.DecideRole(who, nil, role, rolemodel.RoleFacts{})
	}
}

func BenchmarkNormaliseRole(b *testing.B) {
	role := *customRole("Auditor Admin", rolemodel.CannotManageRoles)
	for _, l := range rolemodel.Catalogue() {
		role.ApplicationPermissions = append(role.ApplicationPermissions, l.Permission)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = role.Normalise()
	}
}

func BenchmarkParse(b *testing.B) {
	for name, in := range map[string]string{
		"account code": "CUSA00A000", "domain": "mail.example.com", "email": "Anna.Smith@mail.example.com",
		"prefix": "192.0.2.0/24", "permission": "directories | groups | edit", "name": "Contoso Ltd.",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parsers[name](in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("domain/international", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := rolemodel.ParseDomain("bücher.example"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDefaultRole(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		rolemodel.DefaultRole(rolemodel.SyncEngineAdmin)
	}
}
