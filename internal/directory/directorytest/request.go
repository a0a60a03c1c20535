package directorytest

import (
	"errors"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

func requestCases() []testCase {
	return []testCase{
		{"the second time has the first outcome", requestTwice},
		{"a name is one change's", requestReused},
		{"a review is signed once", requestSigned},
		{"what was refused may be asked again", requestRefused},
		{"twice at once is once", requestAtOnce},
	}
}

// named opens the directory for one write with a name, over one of the handles.
func (f *fixture) named(o directory.Opener, name string) directory.Directory {
	if _, own := o.(NamesRequests); own {
		f.Skip("the client names its writes itself")
	}
	caller := directory.Owner(rolemodel.Actor{Name: "tester", Role: f.defaultRole(rolemodel.SuperAdmin)})
	caller.Request = &directory.Request{Client: "c", Name: name}
	return o.Open(caller)
}

func requestTwice(f *fixture) {
	f.world()
	asked := rolemodel.Tenant{Name: "New", PrimaryDomain: "new.example", PartnerID: msp}
	first, err := directory.Create(f.ctx, f.named(f.a, "1"), asked, "")
	f.ok(err)
	f.ok(drop[rolemodel.Tenant](f.ctx, f.basic, directory.KeyOf(first.Entry)))
	second, err := directory.Create(f.ctx, f.named(f.b, "1"), asked, "")
	f.ok(err)
	f.same("the outcome", second, first)
	_, err = f.basic.Tenant(f.ctx, first.Entry.AccountCode)
	f.notFound(err, directory.KindTenant, string(first.Entry.AccountCode))
	change := directory.Replace{Action: directory.ActionUpdate, Tenant: alpha, Admins: grants("anna@msp.example", "basic-admin")}
	one, err := directory.ReplaceExternalAdmins(f.ctx, f.named(f.a, "2"), change)
	f.ok(err)
	other, err := directory.ReplaceExternalAdmins(f.ctx, f.named(f.b, "2"), change)
	f.ok(err)
	f.same("the outcome", other, one)
}

// requestSigned: a review that is signed again after a lost answer is one.
func requestSigned(f *fixture) {
	f.world()
	sign := directory.SignReview{Tenant: alpha, Digest: digest("1"), Note: "Q4"}
	first, err := directory.Sign(f.ctx, f.named(f.a, "1"), sign)
	f.ok(err)
	n := len(f.events())
	second, err := directory.Sign(f.ctx, f.named(f.b, "1"), sign)
	f.ok(err)
	f.same("the review", second, first)
	f.same("the events", len(f.events()), n)
}

func requestReused(f *fixture) {
	f.world()
	_, err := directory.Create(f.ctx, f.named(f.a, "1"), rolemodel.Tenant{Name: "New", PrimaryDomain: "new.example"}, "")
	f.ok(err)
	f.unchanged(func() {
		_, err := directory.Create(f.ctx, f.named(f.b, "1"), rolemodel.Tenant{Name: "Other", PrimaryDomain: "other.example"}, "")
		if !errors.Is(err, directory.ErrKeyReused) {
			f.Fatalf("got %v, want ErrKeyReused", err)
		}
	})
}

func requestRefused(f *fixture) {
	f.world()
	asked := rolemodel.Tenant{Name: "New", PrimaryDomain: "alpha.example"}
	_, err := directory.Create(f.ctx, f.named(f.a, "1"), asked, "")
	if !breaks(rolemodel.DomainTaken)(err) {
		f.Fatalf("got %v, want domain-taken", err)
	}
	f.ok(drop[rolemodel.Tenant](f.ctx, f.basic, directory.Key{Account: alpha}))
	_, err = directory.Create(f.ctx, f.named(f.b, "1"), asked, "")
	f.ok(err)
}

func requestAtOnce(f *fixture) {
	f.world()
	before := len(f.events())
	for round := range rounds {
		name := string(rune('a' + round))
		outcomes := make([]directory.Result[rolemodel.Tenant], 4)
		openers := []directory.Directory{f.named(f.a, name), f.named(f.b, name), f.named(f.a, name), f.named(f.b, name)}
		for _, err := range atOnce(len(openers), func(i int) (err error) {
			outcomes[i], err = directory.Create(f.ctx, openers[i], rolemodel.Tenant{Name: "New", PrimaryDomain: rolemodel.Domain(name + ".example")}, "")
			return err
		}) {
			f.ok(err)
		}
		for _, o := range outcomes {
			f.same("the outcome", o, outcomes[0])
		}
		f.same("events", len(f.events()), before+round+1)
	}
}
