package externaladmin_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

type config = map[string]tftypes.Value

// carl is held in a tenant that is retired, with a role that is.
const (
	annaOfAlder = "anna@northwind.example: Partner Administrator of CUSA01A001"
	beaOfAlder  = "bea+o'neil@northwind.example: Directory Administrator of CUSA01A001"
	annaOfBirch = "anna@southwind.example: Help Desk Administrator of CUSA02A002"
	carl        = "carl@gone.example: Directory Administrator of CUSA03A003"
)

func TestAdminList(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	d.Lists("mimecast_external_admin", map[string]acctest.Listing{
		"all":     {Finds: []string{annaOfAlder, beaOfAlder, annaOfBirch, carl}},
		"limit":   {Limit: 3, Finds: []string{annaOfAlder, beaOfAlder, annaOfBirch}},
		"tenants": {Config: config{"tenant_ids": acctest.Strings("CUSA02A002", "cusa03a003")}, Finds: []string{annaOfBirch, carl}},
		"partner": {Config: config{"partner_id": acctest.String("cusa90a090")}, Finds: []string{annaOfBirch}},
		"email":   {Config: config{"email": acctest.String("Anna@Northwind.example")}, Finds: []string{annaOfAlder}},
		"domains": {Config: config{"domains": acctest.Strings("southwind.example", "Gone.example")}, Finds: []string{annaOfBirch, carl}},
		"role":    {Config: config{"role_id": acctest.String("directory-administrator")}, Finds: []string{beaOfAlder, carl}},
	})
	found, said := d.Query("mimecast_external_admin", nil, 1, true)
	if len(said) > 0 || found[0].Identity["tenant_id"] != "CUSA01A001" || found[0].Identity["email"] != "anna@northwind.example" {
		t.Fatalf("found %v and said %q", found, said)
	}
	found[0].Has(t, map[string]any{"id": "CUSA01A001/anna@northwind.example", "tenant_id": "CUSA01A001", "email": "anna@northwind.example", "role_id": "partner-admin", "declared": false})
	wrong := config{
		"email": acctest.String("anna"), "domains": acctest.Strings("southwind.example", "a b"), "tenant_ids": acctest.Strings(), "partner_id": acctest.String("!"),
	}
	for attribute, bad := range wrong {
		if found, said := d.Query("mimecast_external_admin", config{attribute: bad}, 0, false); len(found) > 0 || len(said) != 1 {
			t.Errorf("%s = %s finds %v and says %q", attribute, bad, found, said)
		}
	}
}

func TestAdminsList(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	const alder, birch, cedar = "External admins of CUSA01A001: 2", "External admins of CUSA02A002: 1", "External admins of CUSA03A003: 1"
	d.Lists("mimecast_external_admins", map[string]acctest.Listing{
		"all":     {Finds: []string{alder, birch, cedar}},
		"limit":   {Limit: 1, Finds: []string{alder}},
		"tenants": {Config: config{"tenant_ids": acctest.Strings("cusa02a002", "CUSA03A003")}, Finds: []string{birch, cedar}},
		"partner": {Config: config{"partner_id": acctest.String("CUSA00A000")}, Finds: []string{alder}},
	})
	found, said := d.Query("mimecast_external_admins", nil, 1, true)
	if len(said) > 0 || found[0].Identity["tenant_id"] != "CUSA01A001" {
		t.Fatalf("found %v and said %q", found, said)
	}
	found[0].Has(t, map[string]any{"id": "CUSA01A001", "tenant_id": "CUSA01A001", "declared": false})
	var admins map[string]tftypes.Value
	if err := found[0].Resource["admins"].As(&admins); err != nil || len(admins) != 2 {
		t.Errorf("the admins are %v (%v), want both of the tenant", admins, err)
	}
}
