package scoped

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// AuditEvents lists the events of the tenants that lie in the scope now and, if
// the scope has a partner and is not limited to named tenants, of the partner itself.
func (r *reader) AuditEvents(ctx context.Context, filter directory.AuditFilter) iter.Seq2[directory.AuditEvent, error] {
	seen := map[rolemodel.AccountCode]bool{}
	sees := func(code rolemodel.AccountCode) (bool, error) {
		if visible, ok := seen[code]; ok {
			return visible, nil
		}
		visible, err := r.sees(ctx, code)
		seen[code] = visible
		return visible, err
	}
	return func(yield func(directory.AuditEvent, error) bool) {
		for event, err := range r.inner.AuditEvents(ctx, filter) {
			visible := false
			if err == nil {
				visible, err = r.seesEvent(&event, sees)
			}
			if err == nil && visible {
				event.Violations, err = redact(event.Violations, func(code rolemodel.AccountCode) (bool, error) {
					if code == r.scope.PartnerID {
						return true, nil
					}
					return sees(code)
				})
			}
			if err != nil {
				yield(directory.AuditEvent{}, err)
				return
			}
			if visible && !yield(event, nil) {
				return
			}
		}
	}
}

func (r *reader) seesEvent(event *directory.AuditEvent, sees func(rolemodel.AccountCode) (bool, error)) (bool, error) {
	if event.TenantID == "" {
		return event.Kind == directory.KindPartner && r.scope.PartnerID != "" &&
			event.Key == string(r.scope.PartnerID) && len(r.scope.TenantIDs) == 0, nil
	}
	if event.Kind == directory.KindTenant && r.scope.PartnerID != "" && !r.ofPartner(event) {
		// Somebody else's attempt to create a tenant with the same account code, for example.
		return false, nil
	}
	return sees(event.TenantID)
}

// ofPartner says whether a tenant's event concerns the scope's partner.
func (r *reader) ofPartner(event *directory.AuditEvent) bool {
	return slices.ContainsFunc([]string{event.Before, event.After}, func(entry string) bool {
		var tenant rolemodel.Tenant
		return entry != "" && json.Unmarshal([]byte(entry), &tenant) == nil && tenant.PartnerID == r.scope.PartnerID
	})
}

// owner finds the account that a domain-taken violation names, the last thing in quotes.
var owner = regexp.MustCompile(`"(C[A-Z0-9]+)"\.$`)

// redact returns the violations without the accounts that are not visible. The
// only rule that looks beyond a partner's own accounts is domain-taken.
func redact(vs rolemodel.Violations, visible func(rolemodel.AccountCode) (bool, error)) (rolemodel.Violations, error) {
	redacted := slices.Clone(vs)
	for i, v := range redacted {
		if v.Rule != rolemodel.DomainTaken {
			continue
		}
		if match := owner.FindStringSubmatch(v.Problem); match != nil {
			ok, err := visible(rolemodel.AccountCode(match[1]))
			if err != nil {
				return nil, err
			}
			if ok {
				continue
			}
		}
		domain, err := strconv.QuotedPrefix(v.Problem)
		if err != nil {
			domain = "The domain"
		}
		redacted[i].Problem = fmt.Sprintf("%s belongs to another account.", domain)
	}
	return redacted, nil
}
