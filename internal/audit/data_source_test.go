package audit_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// trail reads the audit trail with these arguments into an output.
func trail(arguments string) string {
	return `
data "mimecast_audit_events" "e" {
` + arguments + `
}

output "events" {
  value = [for e in data.mimecast_audit_events.e.events : join(" ", [e.actor_role, e.action, e.outcome, e.kind, e.key])]
}

output "added" {
  value = [for e in data.mimecast_audit_events.e.events : e.key if contains(flatten(values(e.added)), "help-desk-admin")]
}

output "removed" {
  value = { for e in data.mimecast_audit_events.e.events : e.number => e.removed if contains(keys(e.removed), "anna@northwind.example") }
}

output "changed" {
  value = [for e in data.mimecast_audit_events.e.events : e.changed if length(e.changed) > 0]
}

output "before" {
  value = [for e in data.mimecast_audit_events.e.events : try(jsondecode(e.before).role_id, null)]
}

output "violations" {
  value = flatten(data.mimecast_audit_events.e.events[*].violations)
}
`
}

func lines(texts ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(texts))
	for i, text := range texts {
		checks[i] = knownvalue.StringExact(text)
	}
	return knownvalue.TupleExact(checks)
}

func TestAuditEvents(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	grant := rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "anna@northwind.example", RoleID: rolemodel.HelpDeskAdmin}
	behind := func() {
		d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
			if err := acctest.Create(ctx, db, grant); err != nil {
				return err
			}
			higher := grant
			higher.RoleID = rolemodel.BasicAdmin
			if err := acctest.Update(ctx, db, higher); err != nil {
				return err
			}
			return acctest.Delete[rolemodel.ExternalAdmin](ctx, db, directory.Key{Account: grant.TenantID, Email: grant.Email})
		})()
		d.Do(rolemodel.Reviewer, func(ctx context.Context, db directory.Directory) error {
			if err := acctest.Create(ctx, db, grant); err == nil {
				t.Error("a reviewer granted a role")
			}
			return nil
		})()
	}
	read := func(arguments string, events ...string) resource.TestStep {
		return resource.TestStep{
			Config:            d.Config(acctest.MSP + trail(arguments)),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("events", lines(events...))},
		}
	}
	const (
		partner = "basic-admin create done partner CUSA00A000"
		tenant  = "basic-admin create done tenant CUSA01A001"
		added   = "super-admin create done external admin CUSA01A001/anna@northwind.example"
		changed = "super-admin update done external admin CUSA01A001/anna@northwind.example"
		removed = "super-admin delete done external admin CUSA01A001/anna@northwind.example"
		refused = "reviewer create refused external admin CUSA01A001/anna@northwind.example"
	)
	all := read("", partner, tenant, added, changed, removed, refused)
	all.PreConfig = behind
	all.ConfigStateChecks = append(all.ConfigStateChecks,
		statecheck.ExpectKnownOutputValue("before", knownvalue.TupleExact([]knownvalue.Check{
			knownvalue.Null(), knownvalue.Null(), knownvalue.Null(), knownvalue.StringExact("help-desk-admin"), knownvalue.StringExact("basic-admin"), knownvalue.Null(),
		})),
		statecheck.ExpectKnownOutputValue("added", lines("CUSA01A001/anna@northwind.example")),
		statecheck.ExpectKnownOutputValue("removed", knownvalue.ObjectExact(map[string]knownvalue.Check{
			"4": knownvalue.MapExact(map[string]knownvalue.Check{"anna@northwind.example": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("basic-admin")})}),
		})),
		statecheck.ExpectKnownOutputValue("changed", knownvalue.TupleExact([]knownvalue.Check{knownvalue.MapExact(map[string]knownvalue.Check{
			"anna@northwind.example": knownvalue.ObjectExact(map[string]knownvalue.Check{"before": knownvalue.StringExact("help-desk-admin"), "after": knownvalue.StringExact("basic-admin")}),
		})})),
		statecheck.ExpectKnownOutputValue("violations", lines("Reviewer cannot manage roles, and so neither custom roles nor external admins. "+
			`Set acting_as to a role that can manage roles, for example "basic-admin". [manage-roles]`)))
	malformed := func(arguments, text string) resource.TestStep {
		return resource.TestStep{Config: d.Config(acctest.MSP + trail(arguments)), ExpectError: acctest.Message(text)}
	}
	acctest.Run(t,
		resource.TestStep{Config: d.Config(acctest.MSP)},
		all,
		read(`tenant_id = "cusa01a001"`, tenant, added, changed, removed, refused),
		read(`email = "Anna@NORTHWIND.example"`, added, changed, removed, refused),
		read(`since = "2001-01-01T00:00:00Z"`, partner, tenant, added, changed, removed, refused),
		read(`until = "2001-01-01T00:00:00+02:00"`),
		read(`tenant_id = "CUSA09A009"`),
		malformed(`since = "yesterday"`, `"yesterday" is not a time in RFC 3339. Write one like "2026-01-31T00:00:00Z".`),
		malformed(`until = "2026-01-31"`, `"2026-01-31" is not a time in RFC 3339.`),
		malformed(`email = "anna"`, `"anna" is not an email address`),
		resource.TestStep{Config: d.Config(acctest.MSP)}, // Or nothing could be destroyed at the end.
	)
}
