package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/mimecastapi"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist/gather"
)

const aboutFromMimecast = `--from-mimecast asks Mimecast's API about every address that is declared or was
seen before, one by one, in the tenant's account or in all. It only reads. No API
lists external admins, so nobody else can be found, and nobody is ever proven not
to be there: an address that does not answer is "not observable". Which account
answers is made sure of first, with documented reads. The read of a person's role
is seen in others' code only; whether it knows external admins is not documented,
and nobody of this project could try it. The guide "Observing through Mimecast's
API" says what each call is and proves.

The credential is of API 2.0, of the tenant's account or of your own for the
clients that you manage, in ` + mimecastapi.EnvClientID + ` and
` + mimecastapi.EnvClientSecret + `; ` + mimecastapi.EnvURL + ` is another gateway than
` + mimecastapi.DefaultURL + `.`

func (o *observeOptions) runFromMimecast(ctx context.Context, d directory.Directory, out, progress io.Writer) error {
	if o.file != "" || o.Columns.Account != "" || o.Columns.Email != "" || o.Columns.Role != "" || o.skipUnknown {
		return errors.New("--from-mimecast is given, and --file or what belongs to it too: write one or the other")
	}
	if o.Complete {
		return errors.New("--complete is for --file: Mimecast's API lists no external admins, so what it answers is never complete")
	}
	var narrow narrowing
	if o.tenant != "" {
		narrow.tenants = []string{o.tenant}
	}
	filter, err := narrow.filter()
	if err != nil {
		return err
	}
	client, err := mimecastapi.FromEnvironment("terraform-provider-mimecast")
	if err != nil {
		return err
	}
	states, err := gather.States(ctx, d, filter.Tenants)
	if err != nil {
		return err
	}
	questions := make([]mimecastapi.Question, len(states))
	for i := range states {
		questions[i] = mimecastapi.Ask(states[i].Tenant.AccountCode, states[i].Admins, states[i].Roles, states[i].Seen)
	}
	seen, err := mimecastapi.Observe(ctx, client, questions, func(i int) {
		_, _ = fmt.Fprintf(progress, "Asking about %s (%s), %d of %d, %d addresses\n", states[i].Tenant.Name, states[i].Tenant.AccountCode, i+1, len(states), len(questions[i].Addresses))
	})
	if err != nil {
		return fmt.Errorf("nothing was observed: %w", err)
	}
	var sights []worklist.Sight
	for i := range seen {
		if len(seen[i].Admins)+len(seen[i].Roles) > 0 {
			sights = append(sights, worklist.Sight{Tenant: seen[i].Tenant, Admins: seen[i].Admins, Roles: seen[i].Roles})
		}
	}
	previewSeen(out, seen, sights, states)
	switch {
	case len(sights) == 0:
		return errors.New("what Mimecast answers proves nothing, so nothing is stored")
	case !o.yes:
		_, err := fmt.Fprintln(out, "\nNothing is stored yet. The same command with --yes asks again and stores it.")
		return err
	}
	return o.store(ctx, d, out, sights, rolemodel.MeansAPI)
}

// previewSeen shows what Mimecast's answers prove, and of whom they prove nothing and why.
func previewSeen(out io.Writer, seen []mimecastapi.Seen, sights []worklist.Sight, states []worklist.State) {
	todo, names := todoAfter(states, sights), namesOf(states)
	for i := range seen {
		s := &seen[i]
		_, _ = fmt.Fprintf(out, "\n%s (%s), those who are known only:\n", names[s.Tenant], s.Tenant)
		if s.Why != "" {
			_, _ = fmt.Fprintf(out, "  Not observable: %s\n", s.Why)
			continue
		}
		if len(s.Admins) > 0 {
			previewOf(out, worklist.Sight{Tenant: s.Tenant, Admins: s.Admins}, todo[s.Tenant])
		}
		for _, role := range s.Roles {
			_, _ = fmt.Fprintf(out, "  There is a role called %q.\n", role.Name)
		}
		if s.RolesWhy != "" {
			_, _ = fmt.Fprintf(out, "  Roles are not observable: %s\n", s.RolesWhy)
		}
		previewNotObservable(out, s.NotObservable)
	}
}

// previewNotObservable shows each reason once, with those whom it is about.
func previewNotObservable(out io.Writer, people []mimecastapi.NotObservable) {
	var reasons []string
	of := map[string][]string{}
	for _, person := range people {
		if of[person.Why] == nil {
			reasons = append(reasons, person.Why)
		}
		of[person.Why] = append(of[person.Why], string(person.Email))
	}
	for _, why := range reasons {
		_, _ = fmt.Fprintf(out, "  Not observable: %s\n    %s\n", strings.Join(of[why], ", "), why)
	}
}
