// Package directorytest is the conformance suite of the directory's port. What
// it does not check is not a behaviour of the port, and every implementation
// passes all of it. Import it from tests only.
package directorytest

import (
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// Open returns two handles of a new, empty directory, as two processes would
// have them, which live as long as the test. It is called from many tests at once.
type Open func(t *testing.T) (a, b directory.Opener)

// NamesRequests is implemented by an Opener whose client names its writes
// itself, so that it does not honour a Caller's Request.
type NamesRequests interface{ NamesRequests() }

// Run checks that what open returns behaves as the port says.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, group := range []struct {
		name  string
		cases []testCase
	}{
		{"partners", partnerCases()},
		{"tenants", tenantCases()},
		{"roles", roleCases()},
		{"external admins", externalAdminCases()},
		{"observations", observationCases()},
		{"access reviews", reviewCases()},
		{"replace", replaceCases()},
		{"rules", ruleCases()},
		{"lists", listCases()},
		{"lists from every position", positionCases()},
		{"audit", auditCases()},
		{"not found", notFoundCases()},
		{"context", contextCases()},
		{"writers at once", concurrencyCases()},
		{"pairs that break together", pairCases()},
		{"pairs of parents and children", pairsOfChildren()},
		{"declarations", declarationCases()},
		{"declarations of every kind", declaredCases()},
		{"retirement", retirementCases()},
		{"identity", identityCases()},
		{"scope", scopeCases()},
		{"authority", authorityCases()},
		{"asked twice", requestCases()},
		{"the chain", chainCases()},
		{"trails", trailCases()},
	} {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range group.cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					f := newFixture(t, open)
					c.run(f)
					f.sound()
				})
			}
		})
	}
}

// testCase is one behaviour. Each has a directory of its own.
type testCase struct {
	name string
	run  func(f *fixture)
}
