package desk

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// maxDetails is how many details of an event are shown at most.
const maxDetails = 20

// eventLine is an event of the trail as people read it.
type eventLine struct {
	*directory.AuditEvent
	// Said is what was done, or asked for.
	Said string
	// Details are what changed, or why it was refused, and More how many are left out.
	Details []string
	More    int
}

// Moment is when it happened.
func (e *eventLine) Moment() string { return e.At.UTC().Format("2006-01-02 15:04:05") + " UTC" }

// lineOf returns the line of an event. Where a person is asked for, an event about
// many says what it did to them first.
func lineOf(e *directory.AuditEvent, person rolemodel.Email) eventLine {
	line := eventLine{AuditEvent: e, Said: said(e)}
	switch {
	case e.Outcome != directory.OutcomeDone:
		for _, v := range e.Violations {
			line.Details = append(line.Details, v.Error())
		}
	case e.Kind == directory.KindExternalAdmin || e.Kind == directory.KindExternalAdmins:
		line.Details = grantDetails(e)
	case e.Kind == directory.KindObservation:
		line.Details = sightDetails(e)
	case e.Kind == directory.KindPartner, e.Kind == directory.KindTenant, e.Kind == directory.KindRole:
		line.Details = attributeDetails(e)
	}
	if person != "" {
		slices.SortStableFunc(line.Details, func(a, b string) int {
			return cmp.Compare(strings.Index(b, string(person)), strings.Index(a, string(person)))
		})
	}
	if len(line.Details) > maxDetails {
		line.More, line.Details = len(line.Details)-maxDetails, line.Details[:maxDetails]
	}
	return line
}

// said says what the event did in a few words.
func said(e *directory.AuditEvent) string {
	if e.Action == directory.ActionObserve {
		if observed, err := e.Observed(); err == nil && observed != nil {
			return sightSaid(e, observed)
		}
		return "Said what is at Mimecast in " + e.Key
	}
	verb := verbOf(e)
	if e.Kind == directory.KindExternalAdmins || e.Action == directory.ActionSign {
		return verb + " the " + e.Kind + " of " + e.Key
	}
	return verb + " the " + e.Kind + " " + e.Key
}

// verbOf says what was done, or what somebody wanted to do and was refused.
func verbOf(e *directory.AuditEvent) string {
	verbs := map[string][2]string{
		directory.ActionCreate: {"Created", "create"}, directory.ActionUpdate: {"Changed", "change"}, directory.ActionDelete: {"Deleted", "delete"},
		directory.ActionAdopt: {"Took over", "take over"}, directory.ActionRetire: {"Retired", "delete"}, directory.ActionTakeUp: {"Took up again", "create"},
		directory.ActionRotate: {"Gave a new secret to", "give a new secret to"}, directory.ActionRevoke: {"Revoked", "revoke"},
		directory.ActionUse: {"Used", "use"}, directory.ActionSign: {"Signed", "sign"},
	}
	verb, known := verbs[e.Action]
	switch {
	case !known:
		return e.Action
	case e.Outcome == directory.OutcomeDone:
		return verb[0]
	}
	return "Wanted to " + verb[1]
}

func sightSaid(e *directory.AuditEvent, observed *directory.Observed) string {
	what := "Saw at Mimecast in " + e.Key
	switch {
	case observed.TakesBack != "":
		what = "Took back what was confirmed in " + e.Key
	case observed.Means == rolemodel.MeansConfirmation:
		what = "Confirmed as done at Mimecast in " + e.Key
	}
	if observed.Complete {
		what += ", all external admins"
	}
	if observed.Note != "" {
		what += " (" + observed.Note + ")"
	}
	return what
}

func sightDetails(e *directory.AuditEvent) []string {
	observed, err := e.Observed()
	if err != nil || observed == nil {
		return nil
	}
	var details []string
	for _, admin := range observed.Admins {
		if admin.RoleName == "" && observed.TakesBack != "" {
			details = append(details, fmt.Sprintf("%s is as before: not there as far as is known", admin.Email))
		} else if admin.RoleName == "" {
			details = append(details, fmt.Sprintf("%s is not there", admin.Email))
		} else {
			details = append(details, fmt.Sprintf("%s holds %s", admin.Email, admin.RoleName))
		}
	}
	for _, role := range observed.Roles {
		if role.Absent {
			details = append(details, fmt.Sprintf("the role %q is not there", role.Name))
		} else {
			details = append(details, fmt.Sprintf("the role %q is there", role.Name))
		}
	}
	return details
}

// grantDetails say who got, lost or changed what.
func grantDetails(e *directory.AuditEvent) []string {
	before, after := grants(e.Before), grants(e.After)
	var details []string
	for _, was := range before {
		if !slices.ContainsFunc(after, func(a rolemodel.ExternalAdmin) bool { return a.Email == was.Email }) {
			details = append(details, fmt.Sprintf("%s lost %s", was.Email, roleOf(&was)))
		}
	}
	for _, is := range after {
		at := slices.IndexFunc(before, func(a rolemodel.ExternalAdmin) bool { return a.Email == is.Email })
		switch {
		case at < 0:
			details = append(details, fmt.Sprintf("%s got %s%s", is.Email, roleOf(&is), untilWhen(&is)))
		case before[at].RoleID != is.RoleID:
			details = append(details, fmt.Sprintf("%s got %s instead of %s%s", is.Email, roleOf(&is), roleOf(&before[at]), untilWhen(&is)))
		case !before[at].Same(&is):
			details = append(details, fmt.Sprintf("%s keeps %s%s", is.Email, roleOf(&is), untilWhen(&is)))
		}
	}
	return details
}

func roleOf(a *rolemodel.ExternalAdmin) string {
	if a.RoleName != "" {
		return a.RoleName
	}
	if role, ok := rolemodel.DefaultRole(a.RoleID); ok {
		return role.Name
	}
	return string(a.RoleID)
}

// untilWhen says until when and why, as far as that is said.
func untilWhen(a *rolemodel.ExternalAdmin) string {
	text := ""
	if a.ExpiresAt != "" {
		text += " until " + minute(a.ExpiresAt)
	}
	if a.Reason != "" {
		text += " (" + a.Reason + ")"
	}
	return text
}

// grants are those of an event: one, or those of a replacement. What cannot be read is left out.
func grants(text string) []rolemodel.ExternalAdmin {
	if text == "" {
		return nil
	}
	if text[0] != '[' {
		text = "[" + text + "]"
	}
	var all []rolemodel.ExternalAdmin
	if json.Unmarshal([]byte(text), &all) != nil {
		return nil
	}
	return all
}
