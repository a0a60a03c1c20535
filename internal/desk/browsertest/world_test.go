package browsertest

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	reviews "github.com/msp-as-code/terraform-provider-mimecast/internal/review/gather"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

// world is a directory file.
type world struct {
	t  testing.TB
	db *sqldb.DB
}

func newWorld(t testing.TB) *world {
	t.Helper()
	db, err := sqldb.New(filepath.Join(t.TempDir(), "msp.directory"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return &world{t, db}
}

// as is the directory as somebody sees it.
func (w *world) as(name string) directory.Directory {
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	return w.db.Open(directory.Owner(rolemodel.Actor{Name: name, Role: role}))
}

// ok ends the test at an error.
func (w *world) ok(_ any, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// rows reads a file of the quick start, without its heading.
func (w *world) rows(name string) [][]string {
	w.t.Helper()
	file, err := os.Open(filepath.Join("../../../examples/quickstart", name))
	if err != nil {
		w.t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		w.t.Fatal(err)
	}
	return rows[1:]
}

const northwind = rolemodel.AccountCode("CUSA00A000")

// quickstart is what examples/quickstart declares.
func quickstart(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	ctx, d := w.t.Context(), w.as("terraform@ci")
	w.ok(directory.Create(ctx, d, rolemodel.Partner{
		AccountCode: northwind, Name: "Northwind IT", Program: rolemodel.ProgramMSP, PartnerPortal: true,
		Domains: []rolemodel.Domain{"northwind-it.example", "support.northwind-it.example"},
	}, "northwind"))
	for _, client := range w.rows("clients.csv") {
		code := rolemodel.AccountCode(client[0])
		tenant := rolemodel.Tenant{AccountCode: code, Name: client[1], PrimaryDomain: rolemodel.Domain(client[2]), InternalDomains: []rolemodel.Domain{rolemodel.Domain(client[2])}, Region: client[4], PartnerID: northwind}
		for domain := range strings.FieldsSeq(client[3]) {
			tenant.InternalDomains = append(tenant.InternalDomains, rolemodel.Domain(domain))
		}
		w.ok(directory.Create(ctx, d, tenant, rolemodel.Declaration("tenant-"+client[0])))
		w.ok(directory.Create(ctx, d, rolemodel.Role{
			TenantID: code, Name: "Directory Team Administrator", Description: "Keeps groups and addresses in order.", SecurityPermission: rolemodel.CannotManageRoles,
			ApplicationPermissions: []rolemodel.Permission{"Directories | Groups | Edit", "Directories | Internal | Edit", "Gateway | Tracking | Read"},
		}, rolemodel.Declaration("role-"+client[0])))
		grants := directory.Replace{Action: directory.ActionCreate, Tenant: code, As: rolemodel.Declaration("admins-" + client[0])}
		for _, technician := range w.rows("technicians.csv") {
			grants.Admins = append(grants.Admins, rolemodel.ExternalAdmin{Email: rolemodel.Email(technician[0]), RoleID: rolemodel.RoleID(technician[1])})
		}
		w.ok(directory.ReplaceExternalAdmins(ctx, d, grants))
	}
	return w
}

// month is the quick start some time later: all was done and reviewed. Then Hana came, who is
// to reach every client, Emma's time at Alder Legal is over, and somebody is seen
// there whom nobody declared.
func month(t testing.TB) *world {
	t.Helper()
	w := quickstart(t)
	ctx, d := w.t.Context(), w.as("terraform@ci")
	const alder = "CUSA01A001"
	w.ok(directory.Create(ctx, d, rolemodel.ExternalAdmin{
		TenantID: alder, Email: "emma@northwind-it.example", RoleID: rolemodel.GatewayAdmin, Reason: "Migration, INC-4711", ExpiresAt: "2026-11-28T18:00:00Z",
	}, "emma"))
	w.ok(gather.Confirm(ctx, w.as("kim@northwind-it.example"), gather.Filter{}, gather.Selection{}, "INC-4650"))
	reviewer := w.as("sam@northwind-it.example")
	status, err := reviews.StatusOf(ctx, reviewer, review.Subject{})
	w.ok(nil, err)
	w.ok(reviews.Sign(ctx, reviewer, review.Subject{}, status.Digest, "Third quarter"))
	see(w, alder, "emma@northwind-it.example", "Gateway Administrator")
	see(w, alder, "eve@elsewhere.example", "Full Administrator")
	for _, client := range w.rows("clients.csv") {
		w.ok(directory.Create(ctx, d, rolemodel.ExternalAdmin{
			TenantID: rolemodel.AccountCode(client[0]), Email: "hana@northwind-it.example", RoleID: rolemodel.PartnerAdmin, Reason: "New in the team, HR-88",
		}, rolemodel.Declaration("hana-"+client[0])))
	}
	return w
}

func see(w *world, tenant rolemodel.AccountCode, email rolemodel.Email, role string) {
	w.t.Helper()
	w.ok(directory.SayObserved(w.t.Context(), w.as("kim@northwind-it.example"), directory.Observe{
		Tenant: tenant, Means: rolemodel.MeansFile, Note: "The console's list", Admins: []rolemodel.ObservedAdmin{{Email: email, RoleName: role}},
	}))
}

// large has clients × people grants, all of them seen.
func large(t testing.TB, clients, people int) *world {
	t.Helper()
	w := newWorld(t)
	ctx, d := w.t.Context(), w.as("terraform@ci")
	w.ok(directory.Create(ctx, d, rolemodel.Partner{AccountCode: northwind, Name: "Northwind IT", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"northwind-it.example"}}, ""))
	roles := []rolemodel.RoleID{rolemodel.PartnerAdmin, rolemodel.HelpDeskAdmin, rolemodel.GatewayAdmin, rolemodel.BasicAdmin, rolemodel.Reviewer}
	for i := range clients {
		code := rolemodel.AccountCode(fmt.Sprintf("CUSA%03dA000", i))
		w.ok(directory.Create(ctx, d, rolemodel.Tenant{AccountCode: code, Name: fmt.Sprintf("Client %03d", i), PrimaryDomain: rolemodel.Domain(fmt.Sprintf("client%d.example", i)), PartnerID: northwind}, ""))
		grants := directory.Replace{Action: directory.ActionCreate, Tenant: code}
		for j := range people {
			grants.Admins = append(grants.Admins, rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("technician%02d@northwind-it.example", j)), RoleID: roles[(i+j)%len(roles)]})
		}
		w.ok(directory.ReplaceExternalAdmins(ctx, d, grants))
		seen := directory.Observe{Tenant: code, Complete: true, Means: rolemodel.MeansFile}
		for _, grant := range grants.Admins {
			role, _ := rolemodel.DefaultRole(grant.RoleID)
			seen.Admins = append(seen.Admins, rolemodel.ObservedAdmin{Email: grant.Email, RoleName: role.Name})
		}
		w.ok(directory.SayObserved(ctx, d, seen))
	}
	return w
}
