package directorytest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func reviewCases() []testCase {
	return []testCase{
		{"what is signed is kept and in the trail", reviewSigned},
		{"each subject has its last one", reviewSubjects},
		{"the position is that of the trails it is about", reviewPosition},
		{"everything that is wrong is said", reviewRefused},
		{"who may sign", reviewRight},
		{"who may see it", reviewScope},
		{"named tenants are signed for one by one", reviewNamed},
		{"it belongs to the account, not to its code", reviewIdentity},
		{"signed while others write", reviewAtOnce},
	}
}

// digest is one that a test can tell from others.
func digest(s string) string { return strings.Repeat("0", 64-len(s)) + s }

// position is how far the trails that the caller sees go.
func (f *fixture) position(d directory.Directory) rolemodel.Position {
	f.Helper()
	numbers := map[string]int64{}
	for _, head := range list(f, d.AuditHeads(f.ctx, directory.AuditHeadFilter{})) {
		numbers[head.Trail] = head.Number
	}
	return rolemodel.PositionOf(numbers)
}

// auditor opens the directory for a caller who may read and sign.
func (f *fixture) auditor(scope directory.Scope) directory.Directory {
	scope.ReadOnly, scope.MaySignReviews = true, true
	return f.caller(directory.Caller{
		Actor: rolemodel.Actor{Name: "auditor", Role: f.defaultRole(rolemodel.BasicAdmin), PartnerID: scope.PartnerID, Credential: true}, Scope: scope,
	})
}

// lastReview is the digest and note of the last review, or "none".
func (f *fixture) lastReview(d directory.Directory, tenant rolemodel.AccountCode, person rolemodel.Email) string {
	f.Helper()
	review, err := d.Review(f.ctx, tenant, person)
	if err != nil {
		f.notFound(err, directory.KindReview, directory.ReviewKey(tenant, person))
		return "none"
	}
	return strings.TrimLeft(review.Digest, "0") + " " + review.Note
}

func reviewSigned(f *fixture) {
	f.world()
	f.same("before", f.lastReview(f.basic, alpha, ""), "none")
	content := f.content()
	signed := must(directory.Sign(f.ctx, f.basic, directory.SignReview{
		Tenant: "calpha", Person: "Anna@MSP.example", Digest: strings.ToUpper(digest("abc")), Note: "Looked at with Bob, Q4", Seen: f.position(f.basic),
	}))(f)
	f.same("what is signed", fmt.Sprint(signed.TenantID, " ", signed.Person, " ", signed.Digest, " ", signed.Note, " ", signed.By), "CALPHA anna@msp.example "+digest("abc")+" Looked at with Bob, Q4 tester as basic-admin")
	if _, err := rolemodel.ParseTime(string(signed.At)); err != nil {
		f.Error(err)
	}
	f.same("what is read", must(f.super.Review(f.ctx, alpha, "anna@msp.example"))(f), signed)
	f.same("what it changed", f.content(), content)
	e := f.lastEvent()
	f.same("the event", fmt.Sprint(e.Action, " ", e.Kind, " ", e.Key, " ", e.Outcome, " ", e.TenantID, " ", e.PartnerID, " ", e.Actor), "sign access review CALPHA/anna@msp.example done CALPHA CMSP1 tester as basic-admin")
	var after rolemodel.Review
	f.ok(json.Unmarshal([]byte(e.After), &after))
	f.same("what the event says", after, signed)
	f.same("what is amiss with the trails", len(must(directory.VerifyAudit(f.ctx, f.basic, nil))(f)), 0)
}

func reviewSubjects(f *fixture) {
	f.world()
	own := f.auditor(directory.Scope{PartnerID: msp})
	sign := func(d directory.Directory, of, note string, tenant rolemodel.AccountCode, person rolemodel.Email) {
		f.Helper()
		must(directory.Sign(f.ctx, d, directory.SignReview{Tenant: tenant, Person: person, Digest: digest(of), Note: note}))(f)
	}
	sign(f.basic, "1", "all", "", "")
	sign(f.basic, "2", "anna", "", "anna@msp.example")
	sign(f.basic, "3", "alpha", alpha, "")
	sign(own, "4", "the partner's", "", "")
	sign(f.basic, "5", "all again", "", "")
	f.same("all", f.lastReview(f.basic, "", ""), "5 all again")
	f.same("a person", f.lastReview(f.basic, "", "anna@msp.example"), "2 anna")
	f.same("another person", f.lastReview(f.basic, "", "bob@msp.example"), "none")
	f.same("a tenant", f.lastReview(f.basic, alpha, ""), "3 alpha")
	f.same("another tenant", f.lastReview(f.basic, beta, ""), "none")
	f.same("a person in a tenant", f.lastReview(f.basic, alpha, "anna@msp.example"), "none")
	f.same("the partner's", f.lastReview(own, "", ""), "4 the partner's")
	f.same("the partner's of a person", f.lastReview(own, "", "anna@msp.example"), "none")
	f.same("the partner's tenant", f.lastReview(own, alpha, ""), "3 alpha")
	var keys []string
	for _, e := range f.events() {
		if e.Kind == directory.KindReview {
			keys = append(keys, fmt.Sprintf("%s of %s", e.Key, e.PartnerID))
		}
	}
	f.same("what is in the trail", strings.Join(keys, ", "), "everything of , everything/anna@msp.example of , CALPHA of CMSP1, everything of CMSP1, everything of ")
}

func reviewPosition(f *fixture) {
	f.world()
	all := f.position(f.basic)
	signed := must(directory.Sign(f.ctx, f.basic, directory.SignReview{Digest: digest("1"), Seen: all}))(f)
	f.same("of everything", signed.Seen, all)
	own := f.auditor(directory.Scope{PartnerID: msp})
	mine := f.position(own)
	signed = must(directory.Sign(f.ctx, own, directory.SignReview{Digest: digest("1"), Seen: all + " invented=7"}))(f)
	f.same("of a partner's", signed.Seen, mine)
	signed = must(directory.Sign(f.ctx, f.basic, directory.SignReview{Tenant: alpha, Digest: digest("1"), Seen: f.position(f.basic)}))(f)
	f.same("the heads of a tenant", len(list(f, f.basic.AuditHeads(f.ctx, directory.AuditHeadFilter{TenantID: alpha}))), 1)
	f.same("the heads of another partner's tenant", len(list(f, own.AuditHeads(f.ctx, directory.AuditHeadFilter{TenantID: beta}))), 0)
	f.same("the heads of no tenant", len(list(f, f.basic.AuditHeads(f.ctx, directory.AuditHeadFilter{TenantID: "CNONE"}))), 0)
	numbers := must(signed.Seen.Numbers())(f)
	trail := f.lastEvent().Trail
	f.same("of a tenant", fmt.Sprint(len(numbers), numbers[trail]), fmt.Sprint(1, f.lastEvent().Number-1))
	signed = must(directory.Sign(f.ctx, f.basic, directory.SignReview{Tenant: alpha, Digest: digest("1"), Seen: rolemodel.Position(trail + "=999999")}))(f)
	numbers = must(signed.Seen.Numbers())(f)
	f.same("beyond the end", numbers[trail], f.lastEvent().Number-1)
}

func reviewRefused(f *fixture) {
	f.world()
	f.unchanged(func() {
		_, err := directory.Sign(f.ctx, f.basic, directory.SignReview{Tenant: alpha, Person: "anna", Digest: "abc", Note: strings.Repeat("x", rolemodel.MaxReason+1), Seen: "x=y"})
		vs, _ := rolemodel.AsViolations(err)
		f.same("where the violations lie", paths(vs), `digest note person seen`)
	})
	many := map[string]int64{}
	for i := range rolemodel.MaxReviewedTrails + 1 {
		many[fmt.Sprintf("t%d", i)] = 1
	}
	_, err := directory.Sign(f.ctx, f.basic, directory.SignReview{Digest: digest("1"), Seen: rolemodel.PositionOf(many)})
	vs, _ := rolemodel.AsViolations(err)
	f.same("where too many trails lie", paths(vs), `seen`)
	for _, tenant := range []rolemodel.AccountCode{"CNONE", "nonsense!"} {
		_, err := directory.Sign(f.ctx, f.basic, directory.SignReview{Tenant: tenant, Digest: digest("1")})
		f.notFound(err, directory.KindTenant, string(tenant))
	}
	f.same("what is signed", f.lastReview(f.basic, alpha, ""), "none")
}

func reviewRight(f *fixture) {
	f.world()
	of := func(scope directory.Scope) error {
		_, err := directory.Sign(f.ctx, f.caller(directory.Caller{
			Actor: rolemodel.Actor{Name: "somebody", Role: f.defaultRole(rolemodel.BasicAdmin), PartnerID: scope.PartnerID, Credential: true}, Scope: scope,
		}), directory.SignReview{Tenant: alpha, Digest: digest("1"), Note: fmt.Sprint(scope.PartnerID)})
		return err
	}
	var forbidden *directory.ForbiddenError
	for _, scope := range []directory.Scope{{All: true}, {All: true, ReadOnly: true}, {PartnerID: msp}, {PartnerID: msp, ReadOnly: true}} {
		if err := of(scope); !errors.As(err, &forbidden) {
			f.Errorf("%+v: got %v, want that it is forbidden", scope, err)
		}
		f.same("what is signed", f.lastReview(f.basic, alpha, ""), "none")
	}
	f.same("the attempt", summary(f.lastEvent()), `denied sign access review "CALPHA" tenant="CALPHA"`)
	f.ok(of(directory.Scope{PartnerID: msp, ReadOnly: true, MaySignReviews: true}))
	f.same("what is signed", f.lastReview(f.basic, alpha, ""), "1 CMSP1")
	// Whoever does not see who can reach what signs nothing, whatever the scope.
	_, err := directory.Sign(f.ctx, f.desk, directory.SignReview{Tenant: alpha, Digest: digest("2")})
	_, read := f.desk.Review(f.ctx, alpha, "")
	f.same("a help desk", fmt.Sprint(breaks(rolemodel.ManageRoles)(err), breaks(rolemodel.ViewRoles)(read)), "true true")
	// The right is for signing only.
	f.unchanged(func() {
		if err := drop[rolemodel.Tenant](f.ctx, f.auditor(directory.Scope{All: true}), directory.Key{Account: delta}); !errors.Is(err, directory.ErrReadOnly) {
			f.Errorf("got %v, want ErrReadOnly", err)
		}
	})
}

func reviewScope(f *fixture) {
	f.world()
	own, other := f.auditor(directory.Scope{PartnerID: msp}), f.auditor(directory.Scope{PartnerID: reseller})
	must(directory.Sign(f.ctx, own, directory.SignReview{Tenant: alpha, Digest: digest("1")}))(f)
	must(directory.Sign(f.ctx, own, directory.SignReview{Digest: digest("2")}))(f)
	f.same("the partner's own", f.lastReview(own, alpha, "")+f.lastReview(own, "", ""), "1 2 ")
	f.same("another partner's", f.lastReview(other, alpha, "")+f.lastReview(other, "", ""), "nonenone")
	for _, e := range list(f, other.AuditEvents(f.ctx, directory.AuditFilter{})) {
		if e.Kind == directory.KindReview {
			f.Errorf("another partner sees %+v", e)
		}
	}
	_, err := directory.Sign(f.ctx, other, directory.SignReview{Tenant: alpha, Digest: digest("3")})
	f.notFound(err, directory.KindTenant, "CALPHA")
	f.same("the partner's own", f.lastReview(own, alpha, ""), "1 ")
	f.same("the owner's", f.lastReview(f.basic, "", ""), "none")
}

func reviewNamed(f *fixture) {
	f.world()
	for _, scope := range []directory.Scope{{PartnerID: msp, TenantIDs: []rolemodel.AccountCode{alpha}}, {All: true, TenantIDs: []rolemodel.AccountCode{alpha}}} {
		named := f.auditor(scope)
		_, err := directory.Sign(f.ctx, named, directory.SignReview{Digest: digest("1")})
		var forbidden *directory.ForbiddenError
		f.same("everything is forbidden", errors.As(err, &forbidden), true)
		f.same("and has no last one", f.lastReview(named, "", ""), "none")
		must(directory.Sign(f.ctx, named, directory.SignReview{Tenant: alpha, Digest: digest("2"), Seen: f.position(f.basic)}))(f)
		f.same("its tenant", f.lastReview(named, alpha, ""), "2 ")
		_, err = directory.Sign(f.ctx, named, directory.SignReview{Tenant: beta, Digest: digest("2")})
		f.notFound(err, directory.KindTenant, "CBETA")
	}
}

func reviewIdentity(f *fixture) {
	f.world()
	must(directory.Sign(f.ctx, f.basic, directory.SignReview{Tenant: alpha, Digest: digest("1")}))(f)
	tenant := must(f.basic.Tenant(f.ctx, alpha))(f)
	tenant.PartnerID = reseller
	must(edit(f.ctx, f.basic, tenant))(f)
	f.same("under another partner", f.lastReview(f.basic, alpha, ""), "none")
	f.same("what the other partner sees", f.lastReview(f.auditor(directory.Scope{PartnerID: reseller}), alpha, ""), "none")
	must(directory.Sign(f.ctx, f.basic, directory.SignReview{Tenant: alpha, Digest: digest("2")}))(f)
	tenant = must(f.basic.Tenant(f.ctx, alpha))(f)
	tenant.PartnerID = msp
	must(edit(f.ctx, f.basic, tenant))(f)
	f.same("under the former partner again", f.lastReview(f.basic, alpha, ""), "1 ")
	f.ok(drop[rolemodel.Tenant](f.ctx, f.basic, directory.Key{Account: alpha}))
	f.same("of a tenant that is gone", f.lastReview(f.basic, alpha, ""), "none")
}

// reviewAtOnce: who signs waits for nobody for ever, and the position never has
// more than there was.
func reviewAtOnce(f *fixture) {
	f.world()
	seen := f.position(f.basic)
	for _, err := range atOnce(writers, func(i int) error {
		if i%2 == 0 {
			_, err := directory.Sign(f.ctx, f.basic, directory.SignReview{Digest: digest("1"), Note: fmt.Sprint(i), Seen: seen})
			return err
		}
		_, err := add(f.ctx, f.basic, rolemodel.ExternalAdmin{TenantID: alpha, Email: rolemodel.Email(fmt.Sprintf("a%d@msp.example", i)), RoleID: rolemodel.BasicAdmin})
		return err
	}) {
		f.ok(err)
	}
	f.same("the position", must(f.basic.Review(f.ctx, "", ""))(f).Seen, seen)
	signed := 0
	last := directory.AuditEvent{}
	for _, e := range f.events() {
		if e.Kind == directory.KindReview {
			signed, last = signed+1, e
		}
	}
	f.same("what was signed", signed, writers/2)
	var after rolemodel.Review
	f.ok(json.Unmarshal([]byte(last.After), &after))
	f.same("the last one", must(f.basic.Review(f.ctx, "", ""))(f), after)
	f.same("what is amiss with the trails", len(must(directory.VerifyAudit(f.ctx, f.basic, nil))(f)), 0)
}
