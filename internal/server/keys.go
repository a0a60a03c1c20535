package server

import "github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"

// accountCode returns the code in canonical form. What cannot be a code is left
// as it is: there is nothing with that key, and that is the answer.
func accountCode(s string) rolemodel.AccountCode { return canonical(s, rolemodel.ParseAccountCode) }

func email(s string) rolemodel.Email { return canonical(s, rolemodel.ParseEmail) }

func accountCodes(all []string) []rolemodel.AccountCode {
	return canonicals(all, rolemodel.ParseAccountCode)
}

func domains(all []string) []rolemodel.Domain { return canonicals(all, rolemodel.ParseDomain) }

func canonical[T ~string](s string, parse func(string) (T, error)) T {
	if c, err := parse(s); err == nil {
		return c
	}
	return T(s)
}

func canonicals[T ~string](all []string, parse func(string) (T, error)) []T {
	var canonicals []T
	for _, s := range all {
		canonicals = append(canonicals, canonical(s, parse))
	}
	return canonicals
}
