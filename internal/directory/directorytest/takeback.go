package directorytest

import (
	"errors"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// confirmed says what was seen of people in alpha as a confirmation, and returns its event.
func (f *fixture) confirmed(complete bool, emailsAndRoles ...string) string {
	f.Helper()
	f.saw(complete, rolemodel.MeansConfirmation, emailsAndRoles...)
	return f.lastEvent().ID
}

func (f *fixture) takeBack(event string) (rolemodel.Observation, error) {
	return directory.SayObserved(f.ctx, f.basic, directory.Observe{Tenant: alpha, Means: rolemodel.MeansConfirmation, Note: "my mistake", TakesBack: event})
}

func observationTakenBack(f *fixture) {
	f.world()
	first := f.confirmed(false, "anna@msp.example", "Reviewer")
	must(f.takeBack(first))(f)
	f.same("as if nothing was said", f.known(), "")
	f.saw(false, rolemodel.MeansFile, "anna@msp.example", "Basic Administrator", "bob@msp.example", "")
	before := list(f, f.basic.Observations(f.ctx, directory.ObservationFilter{}))
	left := f.confirmed(false, "anna@msp.example", "")
	looked := f.confirmed(true, "carl@msp.example", "Reviewer")
	f.confirmed(false, "dora@msp.example", "Reviewer")
	f.same("what is known", f.known(), "carl=Reviewer/confirmation dora=Reviewer/confirmation")
	if o := must(f.takeBack(looked))(f); o.CompleteAt != "" {
		f.Error("it is complete still")
	}
	f.same("what others said stays", f.known(), "anna=/confirmation bob=/file dora=Reviewer/confirmation")
	e := f.lastEvent()
	f.same("the event", e.Action+e.Kind+e.Outcome, "observeobservationdone")
	if !strings.Contains(e.After, `"takes_back":"`+looked+`"`) || !strings.Contains(e.After, "my mistake") {
		f.Errorf("the trail says %s", e.After)
	}
	for email, want := range map[rolemodel.Email]int{"bob@msp.example": 3, "dora@msp.example": 1} {
		f.same("the events about "+string(email), len(list(f, f.basic.AuditEvents(f.ctx, directory.AuditFilter{Email: email}))), want)
	}
	must(f.takeBack(left))(f)
	f.saw(false, rolemodel.MeansConfirmation)
	f.same("as it was seen first", list(f, f.basic.Observations(f.ctx, directory.ObservationFilter{}))[0].Admins[0], before[0].Admins[0])
	role := f.role("Desk Admin")
	must(directory.SayObserved(f.ctx, f.basic, directory.Observe{
		Tenant: alpha, Means: rolemodel.MeansConfirmation,
		Roles: []rolemodel.ObservedRole{{Name: "Desk Admin", ID: role.ID, Definition: rolemodel.RoleDefinition(&role)}},
	}))(f)
	f.same("roles", len(must(f.takeBack(f.lastEvent().ID))(f).Roles), 0)
}

func observationNotTakenBack(f *fixture) {
	f.world()
	refused := func(event, says string) {
		f.Helper()
		known := f.known()
		_, err := f.takeBack(event)
		if !breaks(rolemodel.LastWord)(err) || !strings.Contains(err.Error(), says) {
			f.Errorf("got %v, want %q", err, says)
		}
		f.same("what is known", f.known(), known)
	}
	refused(f.lastEvent().ID, `is no observation of tenant "CALPHA" in the audit trail.`)
	first := f.confirmed(false, "anna@msp.example", "Reviewer", "bob@msp.example", "")
	second := f.confirmed(false, "anna@msp.example", "")
	refused(first, "Since then anna@msp.example was seen, by tester as basic-admin at 20")
	must(f.takeBack(second))(f)
	must(f.takeBack(first))(f)
	refused(f.lastEvent().ID, "is no confirmation") // What takes back stays.
	refused(first, "It was taken back already, by tester as basic-admin.")
	f.saw(true, rolemodel.MeansFile, "anna@msp.example", "Reviewer")
	refused(f.lastEvent().ID, "is no confirmation")
	whole := f.confirmed(true, "anna@msp.example", "Reviewer")
	f.saw(true, rolemodel.MeansAPI, "anna@msp.example", "Reviewer")
	refused(whole, "Since then all external admins were looked at")
	must(directory.SayObserved(f.ctx, f.basic, directory.Observe{Tenant: beta, Means: rolemodel.MeansConfirmation}))(f)
	refused(f.lastEvent().ID, "is no observation of")
	f.saw(false, rolemodel.MeansFile)
	mine := f.confirmed(false, "anna@msp.example", "")
	_, err := directory.SayObserved(f.ctx, f.basic, directory.Observe{Tenant: alpha, Means: rolemodel.MeansConfirmation, Complete: true, TakesBack: mine})
	f.same("taking back and seeing at once", breaks(rolemodel.LastWord)(err), true)
	_, err = directory.SayObserved(f.ctx, f.actor(rolemodel.Reviewer), directory.Observe{Tenant: alpha, Means: rolemodel.MeansConfirmation, TakesBack: mine})
	f.same("somebody who may not", breaks(rolemodel.ManageRoles)(err) || breaks(rolemodel.ViewRoles)(err), true)
	other := f.partner(reseller, rolemodel.BasicAdmin)
	_, err = directory.SayObserved(f.ctx, other, directory.Observe{Tenant: alpha, Means: rolemodel.MeansConfirmation, TakesBack: mine})
	f.notFound(err, directory.KindTenant, string(alpha))
	_, err = directory.SayObserved(f.ctx, f.caller(directory.Caller{
		Actor: rolemodel.Actor{Name: "auditor", Role: must(f.basic.Role(f.ctx, alpha, rolemodel.BasicAdmin))(f), PartnerID: msp, Credential: true},
		Scope: directory.Scope{PartnerID: msp, ReadOnly: true},
	}), directory.Observe{Tenant: alpha, Means: rolemodel.MeansConfirmation, TakesBack: mine})
	f.same("a credential that only reads", errors.Is(err, directory.ErrReadOnly), true)
}
