package tfkit

import (
	"fmt"
	"iter"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Lookup is what a data source looks an account up by. One of Code, Name and Domain is set.
type Lookup struct {
	// Kind is one of directory's Kind constants.
	Kind   string
	Code   String
	Name   types.String
	Domain String
}

// by returns the attribute and the value that are set.
func (l Lookup) by() (attribute, value string) {
	switch {
	case !l.Code.IsNull():
		return "account_code", l.Code.ValueString()
	case !l.Name.IsNull():
		return "name", l.Name.ValueString()
	}
	return "domain", l.Domain.ValueString()
}

// Find returns the one account that is looked up, read by its code or the only
// one in the list. It reports none and more than one, and says whether there is one.
func Find[T any](l Lookup, diags *diag.Diagnostics, read func(rolemodel.AccountCode) (T, error), list iter.Seq2[T, error], code func(T) string) (T, bool) {
	attribute, value := l.by()
	var found []T
	var err error
	if attribute == "account_code" {
		var one T
		one, err = read(rolemodel.AccountCode(l.Code.Canonical()))
		found = []T{one}
	} else {
		found, err = directory.Collect(list)
	}
	switch {
	case err == nil && len(found) == 1:
		return found[0], true
	case directory.IsNotFound(err) || err == nil && len(found) == 0:
		err = fmt.Errorf("There is no %s with %s %q in the directory. Check the spelling, or create it first.", l.Kind, attribute, value) //nolint:revive,staticcheck // Shown to users, in sentences.
	case err == nil:
		err = fmt.Errorf("%d of them have %s %q: %s. Look it up by account_code instead.", len(found), attribute, value, strings.Join(Map(found, code), ", ")) //nolint:revive,staticcheck // Shown to users, in sentences.
	}
	diags.AddAttributeError(path.Root(attribute), fmt.Sprintf("Unable to find %s %q", l.Kind, value), err.Error())
	var none T
	return none, false
}
