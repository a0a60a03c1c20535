package server

import "github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"

// accountCode returns the code in canonical form. What cannot be a code is left
// as it is: there is nothing with that key, and that is the answer.
func accountCode(s string) rolemodel.AccountCode {
	if code, err := rolemodel.ParseAccountCode(s); err == nil {
		return code
	}
	return rolemodel.AccountCode(s)
}

func email(s string) rolemodel.Email {
	if canonical, err := rolemodel.ParseEmail(s); err == nil {
		return canonical
	}
	return rolemodel.Email(s)
}

func domain(s string) rolemodel.Domain {
	if canonical, err := rolemodel.ParseDomain(s); err == nil {
		return canonical
	}
	return rolemodel.Domain(s)
}
