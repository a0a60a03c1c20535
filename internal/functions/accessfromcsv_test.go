package functions_test

import (
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/functions"
)

func TestAccessFromCSV(t *testing.T) {
	const text = "\ufeffName;E-Mail;Role;Clients\r\nAnna;ANNA@msp.example;Partner Administrator;all\r\n;;;\r\nBen;ben@msp.example;help-desk-admin;CUSA01A001\r\n"
	expect(t, functions.NewAccessFromCSV(), map[string]map[string]string{
		"cusa01a001": {"anna@msp.example": "partner-admin", "ben@msp.example": "help-desk-admin"},
		"CUKA02A002": {"anna@msp.example": "partner-admin"},
	}, text, "cusa01a001", "CUKA02A002")
	expect(t, functions.NewAccessFromCSV(), map[string]map[string]string{"C1": {"anna@msp.example": "reviewer"}}, "client,role,email\nc1,reviewer,anna@msp.example\n")
	expect(t, functions.NewAccessFromCSV(), map[string]map[string]string{}, "client,role,email\n")
	expect(t, functions.NewAccessFromCSV(), map[string]map[string]string{"C1": {}}, "client,role,email\n", "C1")
	expectRefusal(t, functions.NewAccessFromCSV(), 0, "some rows cannot be used:\nline 2: \"all\" stands for ", text)
	expectRefusal(t, functions.NewAccessFromCSV(), 1, `"alder" is not an account code: `, text, "C1", "alder")
}
