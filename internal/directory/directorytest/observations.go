package directorytest

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func observationCases() []testCase {
	return []testCase{
		{"what was seen is stored in canonical form", observationStored},
		{"partial, complete and confirmed", observationMerged},
		{"custom roles", observationRoles},
		{"everything that is wrong is said", observationRefused},
		{"who may say what was seen", observationActors},
		{"it belongs to the account, not to its code", observationIdentity},
		{"a partner sees its own", observationScope},
		{"lists from every position", observationPositions},
		{"it is in the trail", observationTrail},
		{"a confirmation is taken back", observationTakenBack},
		{"what is not taken back", observationNotTakenBack},
	}
}

// saw says what was seen of people in alpha: addresses and role names in turn.
func (f *fixture) saw(complete bool, means rolemodel.Means, emailsAndRoles ...string) rolemodel.Observation {
	f.Helper()
	observe := directory.Observe{Tenant: alpha, Complete: complete, Means: means}
	for i := 0; i < len(emailsAndRoles); i += 2 {
		observe.Admins = append(observe.Admins, rolemodel.ObservedAdmin{Email: rolemodel.Email(emailsAndRoles[i]), RoleName: emailsAndRoles[i+1]})
	}
	return must(directory.SayObserved(f.ctx, f.basic, observe))(f)
}

// known is what is known of people in alpha: "anna=Basic Administrator bob=".
func (f *fixture) known() string {
	f.Helper()
	var all []string
	for _, o := range list(f, f.basic.Observations(f.ctx, directory.ObservationFilter{TenantIDs: []rolemodel.AccountCode{alpha}})) {
		for _, a := range o.Admins {
			local, _, _ := strings.Cut(string(a.Email), "@")
			all = append(all, fmt.Sprintf("%s=%s/%s", local, a.RoleName, a.Means))
		}
	}
	return strings.Join(all, " ")
}

func observationStored(f *fixture) {
	f.world()
	f.same("what is known before", list(f, f.basic.Observations(f.ctx, directory.ObservationFilter{})), []rolemodel.Observation{})
	said := must(directory.SayObserved(f.ctx, f.basic, directory.Observe{
		Tenant: "calpha", Complete: true, Means: rolemodel.MeansFile, Note: "INC-7",
		Admins: []rolemodel.ObservedAdmin{{Email: "Zoe@MSP.example", RoleName: "Basic Administrator"}, {Email: "anna@elsewhere.example", RoleName: "Client's Own Admin"}},
	}))(f)
	f.same("the tenant", said.TenantID, alpha)
	f.same("people", fmt.Sprint(said.Admins[0].Email, said.Admins[1].Email, said.Admins[0].RoleName), "anna@elsewhere.examplezoe@msp.exampleClient's Own Admin")
	f.same("how", fmt.Sprint(said.Admins[0].By, said.Admins[0].Means, said.Admins[0].Note), "tester as basic-adminfileINC-7")
	if _, err := rolemodel.ParseTime(string(said.CompleteAt)); err != nil || said.CompleteAt != said.Admins[0].At {
		f.Errorf("it is complete at %q, and was seen at %q", said.CompleteAt, said.Admins[0].At)
	}
	f.same("what is read", list(f, f.basic.Observations(f.ctx, directory.ObservationFilter{})), []rolemodel.Observation{said})
}

func observationMerged(f *fixture) {
	f.world()
	f.saw(false, rolemodel.MeansFile, "anna@msp.example", "Basic Administrator", "bob@msp.example", "")
	f.same("what is known", f.known(), "anna=Basic Administrator/file bob=/file")
	f.saw(false, rolemodel.MeansConfirmation, "bob@msp.example", "Reviewer", "carl@msp.example", "Reviewer")
	f.same("what is known", f.known(), "anna=Basic Administrator/file bob=Reviewer/confirmation carl=Reviewer/confirmation")
	if o := f.saw(true, rolemodel.MeansAPI, "bob@msp.example", "Reviewer"); o.CompleteAt == "" {
		f.Error("a complete observation is not complete")
	}
	f.same("what is known", f.known(), "bob=Reviewer/api")
	// From now on who is not there is left out.
	if o := f.saw(false, rolemodel.MeansConfirmation, "bob@msp.example", "", "dora@msp.example", "Reviewer"); o.CompleteAt == "" {
		f.Error("a confirmation makes it incomplete")
	}
	f.same("what is known", f.known(), "dora=Reviewer/confirmation")
	f.saw(true, rolemodel.MeansConfirmation)
	f.same("what is known", f.known(), "")
}

func observationRoles(f *fixture) {
	f.world()
	role := f.role("Desk Admin")
	say := func(roles ...rolemodel.ObservedRole) string {
		f.Helper()
		o := must(directory.SayObserved(f.ctx, f.basic, directory.Observe{Tenant: alpha, Roles: roles, Means: rolemodel.MeansConfirmation}))(f)
		var all []string
		for _, r := range o.Roles {
			all = append(all, fmt.Sprintf("%s/%s/%s/%t", r.Name, r.ID, r.Definition, r.Absent))
		}
		return strings.Join(all, " ")
	}
	definition := rolemodel.RoleDefinition(&role)
	f.same("a name", say(rolemodel.ObservedRole{Name: "desk ADMIN"}), "desk ADMIN///false")
	f.same("confirmed", say(rolemodel.ObservedRole{Name: "Desk Admin", ID: role.ID, Definition: definition}), "Desk Admin/desk-admin/"+definition+"/false")
	f.same("the name again", say(rolemodel.ObservedRole{Name: "Desk Admin"}), "Desk Admin/desk-admin/"+definition+"/false")
	f.same("renamed", say(rolemodel.ObservedRole{Name: "Front Admin", ID: role.ID, Definition: "other"}), "Front Admin/desk-admin/other/false")
	f.same("gone", say(rolemodel.ObservedRole{Name: "front admin", ID: role.ID, Absent: true}), "front admin/desk-admin//true")
	f.same("back by name", say(rolemodel.ObservedRole{Name: "front admin"}), "front admin///false")
}

func observationRefused(f *fixture) {
	f.world()
	f.saw(false, rolemodel.MeansFile, "anna@msp.example", "Reviewer")
	f.unchanged(func() {
		_, err := directory.SayObserved(f.ctx, f.basic, directory.Observe{
			Tenant: alpha, Means: "telepathy", Note: "two\nlines",
			Admins: []rolemodel.ObservedAdmin{{Email: "anna", RoleName: "Reviewer"}, {Email: "bob@msp.example", RoleName: " x"}, {Email: "BOB@msp.example"}},
			Roles:  []rolemodel.ObservedRole{{Name: ""}, {Name: "Reviewer"}, {Name: "Desk", Definition: "x"}, {Name: "DESK"}},
		})
		vs, _ := rolemodel.AsViolations(err)
		f.same("where the violations lie", paths(vs), `admins["BOB@msp.example"] admins["anna"] admins["bob@msp.example"].role_name means note roles roles["DESK"] roles["Desk"].definition roles["Reviewer"]`)
	})
	f.same("what is known", f.known(), "anna=Reviewer/file")
	_, err := directory.SayObserved(f.ctx, f.basic, directory.Observe{Tenant: "CNONE", Means: rolemodel.MeansFile})
	f.notFound(err, directory.KindTenant, "CNONE")
	many := directory.Observe{Tenant: alpha, Means: rolemodel.MeansFile}
	for i := range rolemodel.MaxExternalAdmins {
		many.Admins = append(many.Admins, rolemodel.ObservedAdmin{Email: rolemodel.Email(fmt.Sprintf("a%d@msp.example", i)), RoleName: "Reviewer"})
	}
	_, err = directory.SayObserved(f.ctx, f.basic, many)
	f.same("one too many with what was known", breaks(rolemodel.WithinLimits)(err), true)
	many.Complete = true
	f.same("all", len(must(directory.SayObserved(f.ctx, f.basic, many))(f).Admins), rolemodel.MaxExternalAdmins)
}

func observationActors(f *fixture) {
	f.world()
	observe := directory.Observe{Tenant: alpha, Means: rolemodel.MeansFile, Admins: []rolemodel.ObservedAdmin{{Email: "anna@msp.example", RoleName: "Reviewer"}}}
	for _, actor := range rolemodel.DefaultRoles() {
		d := f.actor(actor.ID)
		_, err := directory.SayObserved(f.ctx, d, observe)
		_, read := directory.Collect(d.Observations(f.ctx, directory.ObservationFilter{}))
		may := actor.SecurityPermission.Level() > 0
		refused := breaks(rolemodel.ManageRoles)(err) && breaks(rolemodel.ViewRoles)(read)
		if may && (err != nil || read != nil) || !may && !refused {
			f.Errorf("%s: got %v and %v", actor.ID, err, read)
		}
	}
}

func observationIdentity(f *fixture) {
	f.world()
	f.saw(true, rolemodel.MeansFile, "anna@msp.example", "Reviewer")
	tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
	f.ok(drop[rolemodel.Tenant](f.ctx, f.basic, directory.Key{Account: alpha}))
	f.same("of a tenant that is gone", f.known(), "")
	must(add(f.ctx, f.basic, tenant))(f)
	f.same("of the same account again", f.known(), "anna=Reviewer/file")
	tenant = must(f.basic.Tenant(f.ctx, alpha))(f)
	tenant.PartnerID = reseller
	must(edit(f.ctx, f.basic, tenant))(f)
	f.same("under another partner", f.known(), "")
	tenant = must(f.basic.Tenant(f.ctx, alpha))(f)
	tenant.PartnerID = msp
	must(edit(f.ctx, f.basic, tenant))(f)
	f.same("under the former partner again", f.known(), "anna=Reviewer/file")
}

func observationScope(f *fixture) {
	f.world()
	f.saw(true, rolemodel.MeansFile, "anna@msp.example", "Reviewer")
	must(directory.SayObserved(f.ctx, f.basic, directory.Observe{Tenant: beta, Means: rolemodel.MeansFile}))(f)
	own := f.partner(msp, rolemodel.BasicAdmin)
	f.same("what its partner sees", len(list(f, own.Observations(f.ctx, directory.ObservationFilter{}))), 1)
	f.same("what its partner sees of others", len(list(f, own.Observations(f.ctx, directory.ObservationFilter{TenantIDs: []rolemodel.AccountCode{beta}}))), 0)
	_, err := directory.SayObserved(f.ctx, own, directory.Observe{Tenant: beta, Means: rolemodel.MeansFile})
	f.notFound(err, directory.KindTenant, "CBETA")
	must(directory.SayObserved(f.ctx, own, directory.Observe{Tenant: alpha, Means: rolemodel.MeansFile}))(f)
	_, err = directory.SayObserved(f.ctx, f.caller(directory.Caller{
		Actor: rolemodel.Actor{Name: "auditor", Role: must(f.basic.Role(f.ctx, alpha, rolemodel.BasicAdmin))(f), PartnerID: msp, Credential: true},
		Scope: directory.Scope{PartnerID: msp, ReadOnly: true},
	}), directory.Observe{Tenant: alpha, Means: rolemodel.MeansFile})
	f.same("a credential that only reads", errors.Is(err, directory.ErrReadOnly), true)
}

func observationPositions(f *fixture) {
	f.world()
	for i := range 60 { // More than are read at once.
		code := rolemodel.AccountCode(fmt.Sprintf("CT%02d", i))
		must(add(f.ctx, f.basic, rolemodel.Tenant{AccountCode: code, Name: "T", PrimaryDomain: rolemodel.Domain(fmt.Sprintf("t%d.example", i)), PartnerID: msp}))(f)
		must(directory.SayObserved(f.ctx, f.basic, directory.Observe{Tenant: code, Means: rolemodel.MeansFile}))(f)
	}
	f.same("all", len(list(f, f.basic.Observations(f.ctx, directory.ObservationFilter{}))), 60)
	some := []rolemodel.AccountCode{"CT03", "CT01", "CNONE", "CT59", "CT01"}
	want := list(f, f.basic.Observations(f.ctx, directory.ObservationFilter{TenantIDs: some, PartnerID: msp}))
	f.same("those asked for", len(want), 3)
	positioned(f, "observations", want, func(o rolemodel.Observation) string { return string(o.TenantID) }, func(after string, limit int) iter.Seq2[rolemodel.Observation, error] {
		return f.basic.Observations(f.ctx, directory.ObservationFilter{TenantIDs: some, After: rolemodel.AccountCode(after), Limit: limit})
	})
	f.same("another partner's", len(list(f, f.basic.Observations(f.ctx, directory.ObservationFilter{PartnerID: reseller}))), 0)
}

func observationTrail(f *fixture) {
	f.world()
	f.saw(false, rolemodel.MeansFile, "anna@msp.example", "Reviewer")
	f.saw(true, rolemodel.MeansConfirmation, "bob@msp.example", "Reviewer")
	e := f.lastEvent()
	f.same("the event", fmt.Sprint(e.Action, e.Kind, e.Key, e.Outcome, e.TenantID, e.PartnerID), "observeobservationCALPHAdoneCALPHACMSP1")
	var after struct {
		Complete bool
		Admins   []rolemodel.ObservedAdmin
		Means    rolemodel.Means
	}
	f.ok(json.Unmarshal([]byte(e.After), &after))
	f.same("what it says", fmt.Sprint(after.Complete, after.Admins[0].Email, after.Means), "truebob@msp.exampleconfirmation")
	for email, want := range map[rolemodel.Email]int{"anna@msp.example": 2, "bob@msp.example": 1} {
		f.same("the events about "+string(email), len(list(f, f.basic.AuditEvents(f.ctx, directory.AuditFilter{Email: email}))), want)
	}
}
