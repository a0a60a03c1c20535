package gather

import (
	"context"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/history"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// date says of each grant from when on the person has had the role.
func date(ctx context.Context, r directory.Reader, now time.Time, report *review.Report) error {
	wanted := make(map[directory.Key]history.Wanted, len(report.Rows))
	for i := range report.Rows {
		if !report.Rows[i].Undeclared {
			wanted[keyOf(&report.Rows[i])] = begins
		}
	}
	last, err := history.Last(ctx, r, now, directory.AuditFilter{TenantID: report.Subject.TenantID, Email: report.Subject.Person}, wanted)
	if err != nil {
		return err
	}
	for i := range report.Rows {
		if event, found := last[keyOf(&report.Rows[i])]; found && !report.Rows[i].Undeclared {
			report.Rows[i].Since = rolemodel.TimeOf(event.At)
		}
	}
	return nil
}

// begins says whether the change gave the person the role.
func begins(change *history.Change, at rolemodel.Time) bool {
	return change.NewGrant != nil && history.Held(change.Grant, at) != history.Held(change.NewGrant, at)
}

func keyOf(row *review.Row) directory.Key {
	return directory.Key{Account: row.TenantID, Email: row.Person}
}
