package directorytest

import (
	"net/netip"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func accountRefusals() []refusal {
	const basic = rolemodel.BasicAdmin
	creatingTenant := func(tenant rolemodel.Tenant) func(*fixture, directory.Directory) error {
		return func(f *fixture, d directory.Directory) error {
			_, err := add(f.ctx, d, tenant)
			return err
		}
	}
	creatingPartner := func(partner rolemodel.Partner) func(*fixture, directory.Directory) error {
		return func(f *fixture, d directory.Directory) error {
			_, err := add(f.ctx, d, partner)
			return err
		}
	}
	unmasked := []netip.Prefix{netip.PrefixFrom(netip.MustParseAddr("10.0.0.1"), 8)}
	return []refusal{
		{"domains of other accounts", nil, basic, creatingTenant(rolemodel.Tenant{
			Name: "New", PrimaryDomain: "alpha.test", InternalDomains: []rolemodel.Domain{"Alpha.TEST", "MSP.example", "new.example"},
		}), []string{
			`domain-taken at primary_domain: "alpha.test" belongs to tenant "CALPHA".`,
			`domain-taken at internal_domains: "msp.example" belongs to partner "CMSP1".`,
		}},
		{"a change to another tenant's domain", nil, basic, changingTenant(beta, func(t *rolemodel.Tenant) {
			t.InternalDomains = append(t.InternalDomains, "delta.example")
		}), []string{
			`domain-taken at internal_domains: "delta.example" belongs to tenant "CDELTA".`,
		}},
		{"a partner with a tenant's domain", nil, basic, creatingPartner(rolemodel.Partner{
			Name: "New", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"Alpha.example", "new.example"},
		}), []string{
			`domain-taken at domains: "alpha.example" belongs to tenant "CALPHA".`,
		}},
		{"a change to a tenant's domain", nil, basic, changingPartner(func(p *rolemodel.Partner) {
			p.Domains = append(p.Domains, "beta.example")
		}), []string{
			`domain-taken at domains: "beta.example" belongs to tenant "CBETA".`,
		}},
		{"a domain in which an external admin has an address", annaHolds(basic), basic, changingTenant(alpha, func(t *rolemodel.Tenant) {
			t.InternalDomains = append(t.InternalDomains, "msp.example")
		}), []string{
			`domain-taken at internal_domains: "msp.example" belongs to partner "CMSP1".`,
			`domain-in-use at internal_domains: These external admins have an address in one of the internal domains: "anna@msp.example".`,
		}},
		{"an actor who has no part in accounts", nil, rolemodel.GatewayAdmin, creatingTenant(rolemodel.Tenant{Name: "New", PrimaryDomain: "new.example"}), []string{
			`manage-accounts at : Gateway Administrator neither creates nor changes nor deletes partners and tenants: Super, Partner, Full and Basic Administrators do.`,
		}},
		{"a partner's own credential makes it an MSP", nil, basic, func(f *fixture, _ directory.Directory) error {
			p := must(f.basic.Partner(f.ctx, reseller))(f)
			p.Program, p.Revision = rolemodel.ProgramMSP, 0
			_, err := edit(f.ctx, f.partner(reseller, basic), p)
			return err
		}, []string{
			`partner-facts at program: The program of a partner is not set with the partner's own credential: it decides what the partner may do.`,
		}},
		{"something new in what is retired", func(f *fixture) {
			f.role("Desk Admin")
			f.ok(drop[rolemodel.Tenant](f.ctx, f.basic, directory.Key{Account: alpha}))
		}, basic, func(f *fixture, d directory.Directory) error {
			_, err := add(f.ctx, d, rolemodel.Role{TenantID: alpha, Name: "New Admin", SecurityPermission: rolemodel.CannotManageRoles})
			return err
		}, []string{
			`account-retired at tenant_id: The tenant "CALPHA" was deleted while it was in use, so it is retired.`,
		}},
		{"a name without end", nil, basic, creatingTenant(rolemodel.Tenant{Name: strings.Repeat("x", 201), PrimaryDomain: "new.example"}), []string{
			`within-limits at name: The name has 201 characters: write at most 200.`,
		}},
		{"the region changes", nil, basic, changingTenant(alpha, func(t *rolemodel.Tenant) { t.Region = "uk" }), []string{
			`well-formed at region: The region of tenant "CALPHA" is "us", and never changes.`,
		}},
		{"the portal is turned off", annaHolds(basic), basic, changingPartner(func(p *rolemodel.Partner) { p.PartnerPortal = false }), []string{
			`portal-required at partner_portal: These external admins need a partner that uses the Partner Portal: "anna@msp.example".`,
		}},
		{"a partner's domain goes", annaHolds(basic), basic, changingPartner(func(p *rolemodel.Partner) { p.Domains = []rolemodel.Domain{"msp.test"} }), []string{
			`partner-login at domains: These external admins would have an address outside the partner's domains: "anna@msp.example".`,
		}},
		{"an MSP becomes a reseller", annaHolds(rolemodel.PartnerAdmin), basic, changingPartner(func(p *rolemodel.Partner) { p.Program = rolemodel.ProgramReseller }), []string{
			`msp-only-role at program: These external admins hold Partner Administrator, which is only for tenants of an MSP partner: "anna@msp.example".`,
		}},
		{"the partner goes", annaHolds(basic), basic, changingTenant(alpha, func(t *rolemodel.Tenant) { t.PartnerID = "" }), []string{
			`portal-required at partner_id: These external admins need a partner that uses the Partner Portal: "anna@msp.example".`,
		}},
		{"the partner becomes another one", annaHolds(rolemodel.PartnerAdmin), basic, changingTenant(alpha, func(t *rolemodel.Tenant) { t.PartnerID = reseller }), []string{
			`partner-login at partner_id: These external admins would have an address outside the partner's domains: "anna@msp.example".`,
			`msp-only-role at partner_id: These external admins hold Partner Administrator, which is only for tenants of an MSP partner: "anna@msp.example".`,
		}},
		{"no such partner", nil, basic, creatingTenant(rolemodel.Tenant{Name: "New", PrimaryDomain: "new.example", PartnerID: "CNONE"}), []string{
			`reference-exists at partner_id: There is no partner "CNONE" in the directory.`,
		}},
		{"a tenant is no partner", nil, basic, changingTenant(alpha, func(t *rolemodel.Tenant) { t.PartnerID = beta }), []string{
			`reference-exists at partner_id: There is no partner "CBETA" in the directory.`,
		}},
		{"IP ranges of a partner", nil, basic, changingPartner(func(p *rolemodel.Partner) { p.AdminIPRanges = unmasked }), []string{
			`ip-range at admin_ip_ranges: "10.0.0.1/8" has bits set after the first 8: write "10.0.0.0/8" for the whole range or "10.0.0.1/32" for one address.`,
		}},
		{"IP ranges of a tenant", nil, basic, creatingTenant(rolemodel.Tenant{Name: "New", PrimaryDomain: "new.example", AdminIPRanges: unmasked}), []string{
			`ip-range at admin_ip_ranges: "10.0.0.1/8" has bits set after the first 8: write "10.0.0.0/8" for the whole range or "10.0.0.1/32" for one address.`,
		}},
		{"a malformed partner", nil, basic, creatingPartner(rolemodel.Partner{AccountCode: "X1", Name: " MSP", Program: "gold"}), []string{
			`well-formed at account_code: "X1" is not an account code: write a "C" and then letters and digits, for example "CUSA00A000".`,
			`well-formed at name: The name " MSP" begins or ends with a space: write "MSP".`,
			`well-formed at program: "gold" is not a program: write one of "msp", "reseller".`,
			`well-formed at domains: A partner has at least one domain.`,
		}},
		{"a malformed tenant", nil, basic, creatingTenant(rolemodel.Tenant{Name: "New", Region: "Mars!", PrimaryDomain: "new.example", InternalDomains: []rolemodel.Domain{"other.example"}}), []string{
			`well-formed at region: "Mars!" is not a region: write it as Mimecast's API does, in lower-case letters, for example "us", "uk" or "de".`,
			`well-formed at internal_domains: The internal domains lack the primary domain "new.example".`,
		}},
	}
}
