package cli_test

import (
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/mimecastapi"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/mimecastapi/contract"
)

// TestObserveFromMimecast asks a server built from what is known of Mimecast's
// reads: the directory learns what they prove, and nothing else.
func TestObserveFromMimecast(t *testing.T) {
	t.Setenv("MIMECAST_DIRECTORY", filled(t, ""))
	const anna, bea = "anna@northwind.example", "bea+o'neil@northwind.example"
	s := contract.New(t, "CUSA00A000", map[string]contract.Account{
		"CUSA00A000": {},
		"CUSA01A001": {Profiles: map[string]contract.Profile{
			anna: contract.ProfileOf("CUSA01A001", anna, "Partner Administrator"),
			bea:  contract.ProfileOf("CUSA01A001", bea, "Reviewer"),
		}},
		"CUSA02A002": {},
	})
	t.Setenv(mimecastapi.EnvURL, s.URL)
	expectRun(t, 1, "set MIMECAST_API_CLIENT_ID and MIMECAST_API_CLIENT_SECRET to an API 2.0 credential", "observe", "--from-mimecast")
	t.Setenv(mimecastapi.EnvClientID, contract.ClientID)
	t.Setenv(mimecastapi.EnvClientSecret, contract.ClientSecret)

	const want = `
Alder Legal (CUSA01A001), those who are known only:
  anna@northwind.example        Partner Administrator  as declared
  bea+o'neil@northwind.example  Reviewer               declared: Directory Administrator
  Roles are not observable: The list of roles is of the credential's own account, CUSA00A000: no way to ask for that of a partner's client is documented. A credential of the client's account can.

Birch Dental (CUSA02A002), those who are known only:
  Roles are not observable: The list of roles is of the credential's own account, CUSA00A000: no way to ask for that of a partner's client is documented. A credential of the client's account can.
  Not observable: anna@southwind.example
    Mimecast has 0 profiles for the address; that does not say that nobody is there.

Cedar Gone (CUSA03A003), those who are known only:
  Not observable: The credential of CUSA00A000 does not reach the account: Mimecast refuses get-account (status 403, forbidden): the API application or its role does not permit it; the role needs Account | Dashboard | Read.
`
	preview := expectRun(t, 0, "Nothing is stored yet. The same command with --yes asks again and stores it.", "observe", "--from-mimecast")
	if !strings.HasPrefix(preview, want) {
		t.Errorf("%s", preview)
	}
	expectRun(t, 3, "10 items to be done at Mimecast", "worklist")
	expectRun(t, 0, "Asking about Alder Legal (CUSA01A001), 1 of 3, 2 addresses\nAsking about Birch Dental", "observe", "--from-mimecast")
	stored := expectRun(t, 0, "Stored what was seen of CUSA01A001.", "observe", "--from-mimecast", "--yes")
	if strings.Contains(stored, "Stored what was seen of CUSA02A002") || strings.Contains(stored, contract.ClientSecret) {
		t.Errorf("%s", stored)
	}
	// Anna is there, and Bea with another role: still to be changed. Nobody was seen to be away, and nothing was seen whole.
	expectRun(t, 3, "9 items to be done at Mimecast", "worklist")
	expectRun(t, 3, "Reviewer", "worklist", "--person", bea)
	expectRun(t, 0, "Nothing is to be done", "worklist", "--person", anna)
	expectRun(t, 3, "1 account never looked at", "worklist", "--tenant", "CUSA01A001")
	expectRun(t, 1, "what Mimecast answers proves nothing, so nothing is stored", "observe", "--from-mimecast", "--tenant", "cusa02a002", "--yes")

	for want, args := range map[string][]string{
		"--file or what belongs to it too":     {"observe", "--from-mimecast", "--file", "-"},
		"--complete is for --file":             {"observe", "--from-mimecast", "--complete"},
		`--tenant: "x" is not an account code`: {"observe", "--from-mimecast", "--tenant", "x"},
		`There is no tenant "CNONE"`:           {"observe", "--from-mimecast", "--tenant", "CNONE"},
	} {
		expectRun(t, 1, want, args...)
	}
	expectRun(t, 0, "is seen in others' code only", "observe", "--help")
	s.Close()
	expectRun(t, 1, "nothing was observed: which account the credential is of cannot be told", "observe", "--from-mimecast", "--yes")
}
