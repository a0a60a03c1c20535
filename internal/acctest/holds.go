package acctest

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Grants returns all external admins of the directory, each as "<tenant>/<email> <role>".
func (d Directory) Grants() []string {
	d.t.Helper()
	admins, err := directory.Collect(d.As(rolemodel.BasicAdmin).ExternalAdmins(context.Background(), directory.ExternalAdminFilter{}))
	if err != nil {
		d.t.Fatal(err)
	}
	grants := make([]string, len(admins))
	for i, a := range admins {
		grants[i] = fmt.Sprintf("%s/%s %s", a.TenantID, a.Email, a.RoleID)
	}
	return grants
}

// Holds checks, behind Terraform's back, that these are all external admins of
// the directory, each given as Grants returns it.
func (d Directory) Holds(grants ...string) statecheck.StateCheck { return holds{d, grants} }

type holds struct {
	directory Directory
	want      []string
}

// CheckState implements statecheck.StateCheck.
func (h holds) CheckState(_ context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	if got := h.directory.Grants(); !slices.Equal(got, h.want) {
		resp.Error = fmt.Errorf("the directory holds %q, want %q", got, h.want)
	}
}
