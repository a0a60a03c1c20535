package functions_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions"
)

func TestAccessFromCSV(t *testing.T) {
	const text = "\ufeffName;E-Mail;Role;Clients\r\nAnna;ANNA@msp.example;Partner Administrator;all\r\n;;;\r\nBen;ben@msp.example;help-desk-admin;CUSA01A001\r\n"
	type access = map[string]map[string]granted
	role := func(id string) granted { return granted{RoleID: id} }
	expect(t, functions.NewAccessFromCSV(), access{
		"cusa01a001": {"anna@msp.example": role("partner-admin"), "ben@msp.example": role("help-desk-admin")},
		"CUKA02A002": {"anna@msp.example": role("partner-admin")},
	}, text, "cusa01a001", "CUKA02A002")
	expect(t, functions.NewAccessFromCSV(), access{"C1": {"anna@msp.example": role("reviewer")}}, "client,role,email\nc1,reviewer,anna@msp.example\n")
	expect(t, functions.NewAccessFromCSV(), access{"C1": {"anna@msp.example": {"reviewer", types.StringValue("Audit"), types.StringValue("2027-01-31T18:00:00Z")}}},
		"client,role,email,reason,expires_at\nc1,reviewer,anna@msp.example,Audit,2027-01-31T18:00:00Z\n")
	expect(t, functions.NewAccessFromCSV(), access{}, "client,role,email\n")
	expect(t, functions.NewAccessFromCSV(), access{"C1": {}}, "client,role,email\n", "C1")
	expectRefusal(t, functions.NewAccessFromCSV(), 0, "some rows cannot be used:\nline 2: \"all\" stands for ", text)
	expectRefusal(t, functions.NewAccessFromCSV(), 1, `"alder" is not an account code: `, text, "C1", "alder")
}
