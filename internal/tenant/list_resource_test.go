package tenant_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

type config = map[string]tftypes.Value

func TestTenantList(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	const alder, birch = "Alder Legal (CUSA01A001)", "Birch Dental (CUSA02A002)"
	d.Lists("mimecast_tenant", map[string]acctest.Listing{
		"all":     {Finds: []string{alder, birch}},
		"limit":   {Limit: 1, Finds: []string{alder}},
		"codes":   {Config: config{"account_codes": acctest.Strings("CUSA02A002", "cusa01a001")}, Finds: []string{alder, birch}},
		"partner": {Config: config{"partner_id": acctest.String("cusa90a090")}, Finds: []string{birch}},
		"domains": {Config: config{"domains": acctest.Strings("Alder.example", "cedar.example")}, Finds: []string{alder}},
		"name":    {Config: config{"name": acctest.String("BIRCH dental")}, Finds: []string{birch}},
	})
	found, said := d.Query("mimecast_tenant", nil, 1, true)
	if len(said) > 0 || found[0].Identity["account_code"] != "CUSA01A001" {
		t.Fatalf("found %v and said %q", found, said)
	}
	found[0].Has(t, map[string]any{"id": "CUSA01A001", "name": "Alder Legal", "region": "uk", "primary_domain": "alder.example", "partner_id": "CUSA00A000", "admin_ip_ranges": nil, "declared": false})
}
