package acctest

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Fill puts two partners with a tenant each into the directory, behind
// Terraform's back, with two custom roles and three external admins. Of each
// kind but the last one more is retired.
func (d Directory) Fill() {
	d.t.Helper()
	d.Do(rolemodel.SuperAdmin, func(ctx context.Context, db directory.Directory) error {
		entries := []func() error{
			put(ctx, db, rolemodel.Partner{AccountCode: "CUSA00A000", Name: "Northwind IT", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"northwind.example"}}),
			put(ctx, db, rolemodel.Partner{AccountCode: "CUSA90A090", Name: "Southwind IT", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"southwind.example"}}),
			put(ctx, db, rolemodel.Partner{AccountCode: "CUSA99A099", Name: "Gone IT", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"gone.example"}}),
			put(ctx, db, rolemodel.Tenant{AccountCode: "CUSA01A001", Name: "Alder Legal", Region: "uk", PrimaryDomain: "alder.example", PartnerID: "CUSA00A000"}),
			put(ctx, db, rolemodel.Tenant{AccountCode: "CUSA02A002", Name: "Birch Dental", PrimaryDomain: "birch.example", PartnerID: "CUSA90A090"}),
			put(ctx, db, rolemodel.Tenant{AccountCode: "CUSA03A003", Name: "Cedar Gone", PrimaryDomain: "cedar.example", PartnerID: "CUSA99A099"}),
			put(ctx, db, rolemodel.Role{TenantID: "CUSA01A001", Name: "Directory Administrator", Description: "Groups: ${all} of \"them\"", SecurityPermission: rolemodel.CannotManageRoles, ApplicationPermissions: []rolemodel.Permission{"Directories | Groups | Edit", "Directories | Internal | Read"}}),
			put(ctx, db, rolemodel.Role{TenantID: "CUSA02A002", Name: "Directory Administrator", SecurityPermission: rolemodel.CannotManageRoles}),
			put(ctx, db, rolemodel.Role{TenantID: "CUSA03A003", Name: "Directory Administrator", SecurityPermission: rolemodel.CannotManageRoles}),
			put(ctx, db, rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "anna@northwind.example", RoleID: rolemodel.PartnerAdmin}),
			put(ctx, db, rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "bea+o'neil@northwind.example", RoleID: "directory-administrator"}),
			put(ctx, db, rolemodel.ExternalAdmin{TenantID: "CUSA02A002", Email: "anna@southwind.example", RoleID: rolemodel.HelpDeskAdmin}),
			put(ctx, db, rolemodel.ExternalAdmin{TenantID: "CUSA03A003", Email: "carl@gone.example", RoleID: "directory-administrator"}),
			func() error {
				return Delete[rolemodel.Role](ctx, db, directory.Key{Account: "CUSA03A003", ID: "directory-administrator"})
			},
			func() error { return Delete[rolemodel.Tenant](ctx, db, directory.Key{Account: "CUSA03A003"}) },
			func() error { return Delete[rolemodel.Partner](ctx, db, directory.Key{Account: "CUSA99A099"}) },
		}
		for _, entry := range entries {
			if err := entry(); err != nil {
				return err
			}
		}
		return nil
	})()
}

func put[E directory.Entry](ctx context.Context, db directory.Directory, entry E) func() error {
	return func() error { return Create(ctx, db, entry) }
}

// Listing is a list block and the names of what it finds, in order.
type Listing struct {
	Config map[string]tftypes.Value
	Limit  int64
	Finds  []string
}

// Lists checks list blocks of a resource in the directory that Fill fills, and
// that a directory that is not there is no empty one.
func (d Directory) Lists(resource string, blocks map[string]Listing) {
	d.t.Helper()
	if _, said := d.Query(resource, nil, 0, false); len(said) != 1 || !strings.HasPrefix(said[0], "There is no directory") {
		d.t.Errorf("before there is a directory it says %q", said)
	}
	d.Fill()
	for what, block := range blocks {
		found, said := d.Query(resource, block.Config, block.Limit, false)
		names := []string{}
		for _, f := range found {
			names = append(names, f.Name)
			if f.Resource != nil {
				d.t.Errorf("%s: %s comes with its attributes, which were not asked for", what, f.Name)
			}
		}
		if len(said) > 0 || !slices.Equal(names, block.Finds) {
			d.t.Errorf("%s finds %q and says %q, want %q", what, names, said, block.Finds)
		}
	}
}
