package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// eventsOnPage is how many events of the trail a page has at most.
const eventsOnPage = 40

// trailBody is a page of the audit trail, the latest first.
type trailBody struct {
	Tenant, Person, Since string
	Events                []eventLine
	// Earlier is the address of the page with what was before, "" if there is nothing.
	Earlier string
	// Later says that the page is not the latest one.
	Later bool
}

// trail shows who changed what.
func (d *Desk) trail(w http.ResponseWriter, r *http.Request) {
	d.show(w, r, "trail", "Trail", http.StatusOK, func(ctx context.Context, dir directory.Directory) (any, error) {
		body := &trailBody{Tenant: r.FormValue("tenant"), Person: r.FormValue("person"), Since: r.FormValue("since")}
		filter, err := body.filter(r.FormValue("until"))
		if err != nil {
			return nil, err
		}
		events, before, err := latest(ctx, dir, filter, eventsOnPage)
		if err != nil {
			return nil, err
		}
		body.Later = !filter.Until.IsZero()
		for i := range events {
			body.Events = append(body.Events, lineOf(&events[i], filter.Email))
		}
		if !before.IsZero() {
			values := url.Values{"until": {before.Format(time.RFC3339Nano)}}
			for name, value := range map[string]string{"tenant": body.Tenant, "person": body.Person, "since": body.Since} {
				if value != "" {
					values.Set(name, value)
				}
			}
			body.Earlier = "/trail?" + values.Encode()
		}
		return body, nil
	})
}

// filter returns what is asked for, or all that is wrong with it.
func (b *trailBody) filter(until string) (directory.AuditFilter, error) {
	var filter directory.AuditFilter
	var wrong []error
	if given := strings.TrimSpace(b.Tenant); given != "" {
		code, err := rolemodel.ParseAccountCode(given)
		wrong, filter.TenantID = append(wrong, err), code
	}
	if given := strings.TrimSpace(b.Person); given != "" {
		email, err := rolemodel.ParseEmail(given)
		wrong, filter.Email = append(wrong, err), email
	}
	if given := strings.TrimSpace(b.Since); given != "" {
		day, err := time.Parse(time.DateOnly, given)
		if err != nil {
			err = errors.New("the day is not one: write it like 2027-01-31")
		}
		wrong, filter.Since = append(wrong, err), day
	}
	if until != "" {
		moment, err := time.Parse(time.RFC3339Nano, until)
		if err != nil {
			err = errors.New("the address of this page is not one of the desk's: begin at the latest events")
		}
		wrong, filter.Until = append(wrong, err), moment
	}
	var said []string
	for _, err := range wrong {
		if err != nil {
			said = append(said, sentence(err.Error()))
		}
	}
	if len(said) > 0 {
		return filter, inputError{errors.New(strings.Join(said, " "))}
	}
	return filter, nil
}

// latest returns the last events of the filter, the latest first, n at most, and
// the time before which there are more, zero if there are none. The port lists
// the earliest first: it is asked for a time until so few are since then, each
// time for n+1 events at most.
func latest(ctx context.Context, r directory.Reader, filter directory.AuditFilter, n int) ([]directory.AuditEvent, time.Time, error) {
	const ahead = 24 * time.Hour // By which the service's clock may be.
	const first, longer, tries = ahead + time.Hour, 8, 64
	long := time.Now().AddDate(-100, 0, 0) // Longer than any trail.
	begin, end := filter.Since, filter.Until
	if end.IsZero() {
		end = time.Now().Add(ahead)
	}
	filter.Limit = n + 1
	// There are too many events since many, and n at most since few.
	var many time.Time
	few, found := end, []directory.AuditEvent{}
	window := first
	for range tries {
		since := few.Add(-few.Sub(many) / 2)
		if many.IsZero() {
			since = end.Add(-window)
			if window *= longer; since.Before(begin) || since.Before(long) {
				since = begin
			}
		}
		filter.Since = since
		events, err := directory.Collect(r.AuditEvents(ctx, filter))
		if err != nil {
			return nil, time.Time{}, err
		}
		if len(events) > n {
			if many = since; since.IsZero() {
				many = long
			}
			if few.Sub(many) <= time.Microsecond { // So many at once there cannot be.
				events = events[:n]
				slices.Reverse(events)
				return events, many, nil
			}
			continue
		}
		few, found = since, events
		if since.Equal(begin) {
			few = time.Time{}
			break
		}
		if len(found) > n/2 {
			break
		}
	}
	slices.Reverse(found)
	if few.IsZero() {
		return found, few, nil
	}
	filter.Since, filter.Until, filter.Limit = begin, few, 1
	if before, err := directory.Collect(r.AuditEvents(ctx, filter)); err != nil || len(before) == 0 {
		return found, time.Time{}, err
	}
	return found, few, nil
}
