package directorytest

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func concurrencyCases() []testCase {
	return []testCase{
		{"distinct keys: every write is there", writersDistinct},
		{"one key: one writer wins", writersSameKey},
		{"one revision: one writer wins", writersSameRevision},
		{"replacements do not mix", writersReplace},
	}
}

const writers = 12

// atOnce runs a write many times at once and returns the errors.
func atOnce(n int, write func(i int) error) []error {
	errs := make([]error, n)
	var running sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		running.Go(func() {
			<-start
			errs[i] = write(i)
		})
	}
	close(start)
	running.Wait()
	return errs
}

func writersDistinct(f *fixture) {
	f.world()
	trail := len(f.events())
	for _, err := range atOnce(writers, func(i int) error {
		_, err := add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: rolemodel.Email(fmt.Sprintf("a%d@msp.example", i)), RoleID: rolemodel.BasicAdmin})
		return err
	}) {
		f.ok(err)
	}
	f.same("grants", len(list(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{}))), writers)
	f.same("events", len(f.events()), trail+writers)
}

// oneWins checks that one error is nil and the others are losses, and returns who won.
func (f *fixture) oneWins(errs []error, loss func(error) bool) int {
	f.Helper()
	winner := -1
	for i, err := range errs {
		switch {
		case err == nil && winner < 0:
			winner = i
		case err == nil:
			f.Fatal("two writers won")
		case !loss(err):
			f.Fatalf("the loser got %v", err)
		}
	}
	if winner < 0 {
		f.Fatal("no writer won")
	}
	return winner
}

func isConflict(err error) bool {
	var conflict *directory.ConflictError
	return errors.As(err, &conflict)
}

func breaks(rule rolemodel.RuleID) func(error) bool {
	return func(err error) bool {
		vs, ok := rolemodel.AsViolations(err)
		return ok && len(vs) == 1 && vs[0].Rule == rule
	}
}

func writersSameKey(f *fixture) {
	f.world()
	f.oneWins(atOnce(writers, func(i int) error {
		_, err := add(f.ctx, f.basic, rolemodel.Tenant{AccountCode: "CSAME", Name: "Same", PrimaryDomain: rolemodel.Domain(fmt.Sprintf("d%d.example", i))})
		return err
	}), isConflict)
	f.oneWins(atOnce(writers, func(int) error {
		_, err := add(f.ctx, f.basic, rolemodel.Tenant{Name: "Same", PrimaryDomain: "same-domain.example"})
		return err
	}), breaks(rolemodel.DomainTaken))
	f.oneWins(atOnce(writers, func(int) error {
		_, err := add(f.ctx, f.basic, rolemodel.Role{TenantID: alpha, Name: "Same Admin", SecurityPermission: rolemodel.CannotManageRoles})
		return err
	}), breaks(rolemodel.RoleNameUnique))
	f.oneWins(atOnce(writers, func(int) error {
		_, err := add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: "same@msp.example", RoleID: rolemodel.BasicAdmin})
		return err
	}), breaks(rolemodel.OneRole))
	f.oneWins(atOnce(writers, func(int) error {
		return drop[rolemodel.ExternalAdmin](f.ctx, f.basic, directory.Key{Account: alpha, Email: "same@msp.example"})
	}), directory.IsNotFound)
}

func writersSameRevision(f *fixture) {
	f.world()
	stored := must(f.basic.Tenant(f.ctx, alpha))(f)
	name := func(i int) string { return fmt.Sprintf("Name %d", i) }
	winner := f.oneWins(atOnce(writers, func(i int) error {
		tenant := stored
		tenant.Name = name(i)
		_, err := edit(f.ctx, f.basic, tenant)
		return err
	}), isConflict)
	f.same("the name", must(f.basic.Tenant(f.ctx, alpha))(f).Name, name(winner))
}

func writersReplace(f *fixture) {
	f.world()
	want := func(i int) []rolemodel.ExternalAdmin {
		var admins []rolemodel.ExternalAdmin
		for j := range 5 {
			admins = append(admins, grants(fmt.Sprintf("writer%d-%d@msp.example", i, j), "basic-admin")...)
		}
		return admins
	}
	for _, err := range atOnce(writers, func(i int) error {
		_, err := replace(f.ctx, f.basic, alpha, want(i))
		return err
	}) {
		f.ok(err)
	}
	stored := list(f, f.basic.ExternalAdmins(f.ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{alpha}}))
	f.same("grants", len(stored), 5)
	of := func(a rolemodel.ExternalAdmin) string {
		writer, _, _ := strings.Cut(string(a.Email), "-")
		return writer
	}
	for _, admin := range stored {
		f.same("the writer of a grant", of(admin), of(stored[0]))
	}
}
