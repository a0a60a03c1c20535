package role_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

type config = map[string]tftypes.Value

func TestRoleList(t *testing.T) {
	t.Parallel()
	d := acctest.NewDirectory(t)
	const alder, birch = "Directory Administrator (CUSA01A001/directory-administrator)", "Directory Administrator (CUSA02A002/directory-administrator)"
	d.Lists("mimecast_role", map[string]acctest.Listing{
		"all":          {Finds: []string{alder, birch}},
		"limit":        {Limit: 1, Finds: []string{alder}},
		"tenants":      {Config: config{"tenant_ids": acctest.Strings("cusa02a002")}, Finds: []string{birch}},
		"name":         {Config: config{"name": acctest.String("directory ADMINISTRATOR")}, Finds: []string{alder, birch}},
		"another name": {Config: config{"name": acctest.String("Directory")}, Finds: []string{}},
	})
	found, said := d.Query("mimecast_role", nil, 1, true)
	if len(said) > 0 || found[0].Identity["tenant_id"] != "CUSA01A001" || found[0].Identity["role_id"] != "directory-administrator" {
		t.Fatalf("found %v and said %q", found, said)
	}
	found[0].Has(t, map[string]any{"id": "directory-administrator", "tenant_id": "CUSA01A001", "name": "Directory Administrator", "security_permission": "cannot_manage_roles", "protected_permissions": nil, "protected": false, "declared": false})
}
