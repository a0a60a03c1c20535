package partner_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

type config = map[string]tftypes.Value

func TestPartnerList(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	const northwind, southwind = "Northwind IT (CUSA00A000)", "Southwind IT (CUSA90A090)"
	d.Lists("mimecast_partner", map[string]acctest.Listing{
		"all":             {Finds: []string{northwind, southwind}},
		"limit":           {Limit: 1, Finds: []string{northwind}},
		"codes":           {Config: config{"account_codes": acctest.Strings("cusa90a090", "CUSA00A001")}, Finds: []string{southwind}},
		"domains":         {Config: config{"domains": acctest.Strings("Southwind.example")}, Finds: []string{southwind}},
		"name":            {Config: config{"name": acctest.String("northwind it")}, Finds: []string{northwind}},
		"name and domain": {Config: config{"name": acctest.String("northwind it"), "domains": acctest.Strings("southwind.example")}, Finds: []string{}},
	})
	found, said := d.Query("mimecast_partner", nil, 1, true)
	if len(said) > 0 || found[0].Identity["account_code"] != "CUSA00A000" {
		t.Fatalf("found %v and said %q", found, said)
	}
	found[0].Has(t, map[string]any{"id": "CUSA00A000", "account_code": "CUSA00A000", "name": "Northwind IT", "program": "msp", "partner_portal": true, "admin_ip_ranges": nil, "declared": false})
}
