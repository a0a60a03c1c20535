package tfkit_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// What is deleted at one address and kept at another is reported once, whichever
// of them Terraform plans first.
func TestKeepAndGo(t *testing.T) {
	t.Parallel()
	type step func(*tfkit.Session, *diag.Diagnostics) bool
	anna, bea := directory.Key{Account: "C1", Email: "anna@b.example"}, directory.Key{Account: "C1", Email: "bea@b.example"}
	all, elsewhere := directory.Key{Account: "C1"}, directory.Key{Account: "C2"}
	keep := func(kind directory.Kind, key directory.Key) step {
		return func(s *tfkit.Session, diags *diag.Diagnostics) bool { return s.Keep(kind, key, diags) }
	}
	goes := func(kind directory.Kind, key directory.Key) step {
		return func(s *tfkit.Session, diags *diag.Diagnostics) bool { return s.Go(kind, key, diags) }
	}
	for name, c := range map[string]struct {
		one, other step
		both       bool
	}{
		"a grant":                     {keep(directory.KindExternalAdmin, anna), goes(directory.KindExternalAdmin, anna), true},
		"another grant of the tenant": {keep(directory.KindExternalAdmin, bea), goes(directory.KindExternalAdmin, anna), false},
		"a grant of a map":            {keep(directory.KindExternalAdmins, all), goes(directory.KindExternalAdmin, anna), true},
		"a grant beside a map":        {keep(directory.KindExternalAdmins, elsewhere), goes(directory.KindExternalAdmin, anna), false},
		"a tenant":                    {keep(directory.KindTenant, all), goes(directory.KindTenant, all), true},
		"a partner of that code":      {keep(directory.KindPartner, all), goes(directory.KindTenant, all), false},
	} {
		for order, steps := range map[string][]step{"kept first": {c.one, c.other}, "deleted first": {c.other, c.one}} {
			var diags diag.Diagnostics
			session := &tfkit.Session{}
			first, second := steps[0](session, &diags), steps[1](session, &diags)
			if !first || second == c.both || diags.HasError() != c.both {
				t.Errorf("%s, %s: %t, %t, %v", name, order, first, second, diags)
			}
			steps[1](session, &diags)
			if len(diags) > 1 {
				t.Errorf("%s, %s: reported %d times", name, order, len(diags))
			}
		}
	}
	// Asked without diagnostics, it leaves the report to who has some.
	var diags diag.Diagnostics
	session := &tfkit.Session{}
	session.Go(directory.KindExternalAdmin, anna, &diags)
	if session.Keep(directory.KindExternalAdmin, anna, nil) || session.Keep(directory.KindExternalAdmin, anna, &diags) || len(diags) != 1 {
		t.Errorf("got %v", diags)
	}
}
