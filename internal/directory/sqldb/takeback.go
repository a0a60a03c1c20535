package sqldb

import (
	"context"
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// maxSince is after how many newer observations of a tenant a confirmation stays as it is.
const maxSince = 200

// takeBack finds what is taken back in the tenant's trail, and decides whether it may be.
func (tx *transaction) takeBack(ctx context.Context, in trail, c *directory.Observe, said *rolemodel.Said) (rolemodel.Violations, error) {
	if c.Complete || len(c.Admins)+len(c.Roles) > 0 {
		return refuseTakeBack("The observation takes a confirmation back, and says what was seen as well.", "Do one after the other."), nil
	}
	events, err := query(ctx, tx.reader, scanEvent, `SELECT event_json FROM audit_events WHERE trail = $1 AND kind = $2
		AND number >= (SELECT number FROM audit_events WHERE id = $3 AND trail = $1) ORDER BY number`+limited(maxSince+1), in.id, directory.KindObservation, c.TakesBack)
	if err != nil {
		return nil, err
	}
	if len(events) == 0 || events[0].ID != c.TakesBack {
		return refuseTakeBack(fmt.Sprintf("What is to be taken back is no observation of tenant %q in the audit trail.", in.tenant), "Give the ID of a confirmation."), nil
	}
	observed, err := events[0].Observed()
	switch {
	case err != nil:
		return nil, err
	case observed == nil || observed.Means != rolemodel.MeansConfirmation || observed.TakesBack != "":
		return refuseTakeBack("What is to be taken back is no confirmation.", "Say what is there: observe the tenant."), nil
	case len(events) > maxSince:
		return rolemodel.DecideTakenBack(fmt.Sprintf("Of tenant %q more than %d observations were made since.", in.tenant, maxSince-1)), nil
	}
	of, err := events[0].Said(observed)
	if err != nil {
		return nil, err
	}
	*said = *of
	newer, err := newerThan(said, c.TakesBack, events[1:])
	return rolemodel.DecideTakenBack(newer), err
}

func refuseTakeBack(problem, advice string) rolemodel.Violations {
	return rolemodel.Violations{{Rule: rolemodel.LastWord, Path: rolemodel.At("takes_back"), Problem: problem, Advice: advice}}
}

// newerThan says in a sentence who saw what of the same in later events, "" for
// nobody. What was taken back itself does not count.
func newerThan(said *rolemodel.Said, id string, later []directory.AuditEvent) (string, error) {
	newer := ""
	back := map[string]bool{}
	for i := len(later) - 1; i >= 0; i-- {
		observed, err := later[i].Observed()
		switch {
		case err != nil:
			return "", err
		case observed == nil || back[later[i].ID]:
			continue
		case observed.TakesBack == id:
			return fmt.Sprintf("It was taken back already, by %s.", later[i].Actor), nil
		case observed.TakesBack != "":
			back[observed.TakesBack] = true
			continue
		}
		if what := said.Touched(&rolemodel.Said{Complete: observed.Complete, Admins: observed.Admins, Roles: observed.Roles}); newer == "" && what != "" {
			newer = fmt.Sprintf("Since then %s, by %s at %s.", what, later[i].Actor, rolemodel.TimeOf(later[i].At))
		}
	}
	return newer, nil
}
