package httpclient_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	cryptorand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/calltrace"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient/badnetwork"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/server"
)

// TestFaults declares a world through a bad network with ten workers, and finds
// afterwards that each write was done exactly once.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"sqlite", "postgres"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			dsn := ""
			if where == "postgres" {
				dsn = postgrestest.New(t)
			}
			s := newService(t, dsn)
			var faults []badnetwork.Fault
			for _, f := range badnetwork.Faults() {
				faults = append(faults, f)
			}
			p := badnetwork.New(t, s.http.URL, faults...)
			client := s.client(p.URL, credential.Credential{Name: "worker", RoleID: rolemodel.SuperAdmin})
			partner, err := directory.Create(t.Context(), client, rolemodel.Partner{Name: "MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}}, "")
			if err != nil {
				t.Fatal(err)
			}
			p.Bad.Store(true)
			const workers, rounds = 10, 4
			var group sync.WaitGroup
			for worker := range workers {
				group.Go(func() {
					for round := range rounds {
						if err := declare(t, client, partner.Entry.AccountCode, worker*rounds+round); err != nil {
							t.Error(err)
						}
					}
				})
			}
			group.Wait()
			p.Bad.Store(false)
			const writesOfEach, left = 9, 2 // See declare.
			if p.Done.Load() == 0 {
				t.Error("nothing bad happened")
			}
			events, err := directory.Collect(client.AuditEvents(t.Context(), directory.AuditFilter{}))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.Outcome != directory.OutcomeDone {
					t.Errorf("refused: %+v", e)
				}
			}
			if want := 2 + workers*rounds*writesOfEach; len(events) != want { // The credential and the partner first.
				t.Errorf("%d writes were done, want %d", len(events), want)
			}
			if found, err := directory.VerifyAudit(t.Context(), client, nil); err != nil || len(found) > 0 {
				t.Errorf("the trail: %q, %v", found, err)
			}
			tenants, err := directory.Collect(client.Tenants(t.Context(), directory.TenantFilter{}))
			if err != nil || len(tenants) != workers*rounds {
				t.Errorf("%d tenants, %v", len(tenants), err)
			}
			admins, err := directory.Collect(client.ExternalAdmins(t.Context(), directory.ExternalAdminFilter{}))
			if err != nil || len(admins) != workers*rounds*left {
				t.Errorf("%d grants, %v", len(admins), err)
			}
			t.Logf("%d requests met a fault", p.Done.Load())
		})
	}
}

// declare does what an apply does for one tenant.
func declare(t *testing.T, d directory.Directory, partner rolemodel.AccountCode, i int) error {
	t.Helper()
	ctx := t.Context()
	domain := rolemodel.Domain(fmt.Sprintf("client%d.example", i))
	as := rolemodel.Declaration(fmt.Sprintf("declaration-%d", i))
	created, err := directory.Create(ctx, d, rolemodel.Tenant{Name: "Client", PrimaryDomain: domain, PartnerID: partner}, as)
	if err != nil {
		return err
	}
	if created.Effect != directory.EffectCreated {
		return fmt.Errorf("the tenant was %s", created.Effect)
	}
	tenant := created.Entry
	key := directory.Key{Account: tenant.AccountCode}
	role, err := directory.Create(ctx, d, rolemodel.Role{TenantID: tenant.AccountCode, Name: "Custom Admin", SecurityPermission: rolemodel.CannotManageRoles}, as)
	if err != nil {
		return err
	}
	for _, email := range []rolemodel.Email{"anna@msp.example", "bert@msp.example"} {
		if _, err := directory.Create(ctx, d, rolemodel.ExternalAdmin{TenantID: tenant.AccountCode, Email: email, RoleID: role.Entry.ID}, as); err != nil {
			return err
		}
	}
	tenant.Name = "Client, renamed"
	changed, err := directory.Update(ctx, d, key, tenant, tenant.Revision, as)
	if err != nil {
		return err
	}
	if changed.Entry.Revision != 2 || changed.Effect != directory.EffectChanged {
		return fmt.Errorf("revision %d was %s", changed.Entry.Revision, changed.Effect)
	}
	seen, err := directory.Collect(d.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{tenant.AccountCode}}))
	if err != nil {
		return err
	}
	if _, err := directory.ReplaceExternalAdmins(ctx, d, directory.Replace{
		Action: directory.ActionUpdate, Tenant: tenant.AccountCode, Seen: seen, As: as,
		Admins: []rolemodel.ExternalAdmin{{Email: "anna@msp.example", RoleID: rolemodel.BasicAdmin}, {Email: "carl@msp.example", RoleID: rolemodel.BasicAdmin}},
	}); err != nil {
		return err
	}
	roleKey := directory.KeyOf(role.Entry)
	if gone, err := directory.Delete[rolemodel.Role](ctx, d, roleKey, as); err != nil || gone.Effect != directory.EffectDeleted {
		return fmt.Errorf("the role was %s: %w", gone.Effect, err)
	}
	if _, err := d.Role(ctx, roleKey.Account, roleKey.ID); !directory.IsNotFound(err) {
		return fmt.Errorf("the role is still there: %w", err)
	}
	if _, err := directory.Delete[rolemodel.ExternalAdmin](ctx, d, directory.Key{Account: tenant.AccountCode, Email: "carl@msp.example"}, as); err != nil {
		return err
	}
	if _, err := d.ExternalAdmin(ctx, tenant.AccountCode, "anna@msp.example"); err != nil {
		return err
	}
	_, err = directory.Create(ctx, d, rolemodel.ExternalAdmin{TenantID: tenant.AccountCode, Email: "dora@msp.example", RoleID: rolemodel.BasicAdmin}, as)
	return err
}

// TestOthersWorkIsNotClaimed: what somebody else made in the meantime is a
// conflict, however often an answer is lost.
func TestOthersWorkIsNotClaimed(t *testing.T) {
	t.Parallel()
	s := newService(t, "")
	var faults []badnetwork.Fault
	for _, f := range badnetwork.Faults() {
		faults = append(faults, f)
	}
	p := badnetwork.New(t, s.http.URL, faults...)
	partner := rolemodel.Partner{AccountCode: "CMSP", Name: "MSP", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"msp.example"}}
	first := s.client(p.URL, credential.Credential{Name: "first", RoleID: rolemodel.SuperAdmin})
	if _, err := directory.Create(t.Context(), first, partner, ""); err != nil {
		t.Fatal(err)
	}
	second := s.client(p.URL, credential.Credential{Name: "second", RoleID: rolemodel.SuperAdmin})
	if _, err := second.Actor(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Bad.Store(true)
	for _, client := range []*httpclient.Client{first, second} { // A second create of one's own is one, too.
		for range 20 {
			_, err := directory.Create(t.Context(), client, partner, "")
			var conflict *directory.ConflictError
			if !errors.As(err, &conflict) || conflict.Key != "CMSP" || conflict.Changed {
				t.Fatal(err)
			}
		}
	}
}

// TestRateLimit: ten workers against a limit that only one would keep within.
// All get there, since a 429 is waited for and not given up on.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	s := newService(t, "", func(c *server.Config) { c.Rate, c.Burst = 200, 2 })
	client := s.client(s.http.URL, credential.Credential{Name: "worker", RoleID: rolemodel.SuperAdmin})
	var group sync.WaitGroup
	for worker := range 10 {
		group.Go(func() {
			for i := range 10 {
				_, err := directory.Create(t.Context(), client, rolemodel.Partner{Name: "MSP", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{rolemodel.Domain(fmt.Sprintf("msp%d-%d.example", worker, i))}}, "")
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	partners, err := directory.Collect(client.Partners(t.Context(), directory.PartnerFilter{}))
	if err != nil || len(partners) != 100 {
		t.Errorf("%d partners, %v", len(partners), err)
	}
}

// TestWaitsAreTold: whoever traces a call learns of every wait, and why it waits.
// Where a connection is reset, net/http itself may try again at once.
func TestWaitsAreTold(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"503 before": "another attempt", "truncate": "another attempt", "429": "rate limit"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, "")
			p := badnetwork.New(t, s.http.URL, badnetwork.Faults()[name])
			client := s.client(p.URL, credential.Credential{Name: "worker", RoleID: rolemodel.SuperAdmin})
			if _, err := client.Identity(t.Context()); err != nil {
				t.Fatal(err)
			}
			p.Bad.Store(true)
			told := map[string]int{}
			ctx := calltrace.With(t.Context(), calltrace.Trace{Waits: func(what string, howLong time.Duration) {
				if howLong <= 0 {
					t.Errorf("waits %s for %s", howLong, what)
				}
				told[what]++
			}})
			for range 40 { // Not every call meets the fault.
				if _, err := client.Identity(ctx); err != nil {
					t.Fatal(err)
				}
			}
			if told[want] == 0 || len(told) != 1 {
				t.Errorf("of %d faults were told: %v", p.Done.Load(), told)
			}
		})
	}
}

// TestTokenEnds: tokens that end while a run goes on are replaced without notice.
func TestTokenEnds(t *testing.T) {
	t.Parallel()
	var shift atomic.Int64
	s := newService(t, "")
	s.keeper = credential.NewKeeper(s.Credentials(), 30*time.Minute, func() time.Time { return time.Now().Add(time.Duration(shift.Load())) })
	s.http = httptest.NewServer(server.New(server.Config{Backend: s.callers, Keeper: s.keeper, Rate: 1e6, Burst: 1e6}))
	t.Cleanup(s.http.Close)
	client := s.client(s.http.URL, credential.Credential{Name: "worker", RoleID: rolemodel.SuperAdmin})
	var group sync.WaitGroup
	for worker := range 5 {
		group.Go(func() {
			for i := range 10 {
				_, err := directory.Create(t.Context(), client, rolemodel.Partner{Name: "MSP", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{rolemodel.Domain(fmt.Sprintf("msp%d-%d.example", worker, i))}}, "")
				if err != nil {
					t.Error(err)
				}
				if i%3 == 0 && worker == 0 {
					shift.Add(int64(31 * time.Minute))
				}
			}
		})
	}
	group.Wait()
}

func TestSettingErrors(t *testing.T) {
	t.Parallel()
	s := newService(t, "")
	c, secret, err := s.keeper.Create(t.Context(), operator(), credential.Credential{Name: "x", RoleID: rolemodel.BasicAdmin})
	if err != nil {
		t.Fatal(err)
	}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>Welcome</html>")
	}))
	t.Cleanup(page.Close)
	old := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Mimecast-Directory-Api", "0")
	}))
	t.Cleanup(old.Close)
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(untrusted.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()

	expired := httptest.NewUnstartedServer(http.NotFoundHandler())
	certificate, pool := expiredCertificate(t)
	expired.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	expired.StartTLS()
	t.Cleanup(expired.Close)
	trusting := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}

	for name, test := range map[string]struct {
		config  httpclient.Config
		setting httpclient.Setting
		says    string
	}{
		"wrong secret":    {httpclient.Config{URL: s.http.URL, ClientID: c.ID, ClientSecret: "wrong"}, httpclient.SettingClientSecret, "MIMECAST_CLIENT_SECRET"},
		"no secret":       {httpclient.Config{URL: s.http.URL, ClientID: c.ID}, httpclient.SettingClientSecret, "MIMECAST_CLIENT_SECRET"},
		"no ID":           {httpclient.Config{URL: s.http.URL}, httpclient.SettingClientID, "MIMECAST_CLIENT_ID"},
		"no URL":          {httpclient.Config{URL: "example"}, httpclient.SettingURL, "MIMECAST_DIRECTORY"},
		"plain HTTP":      {httpclient.Config{URL: "http://directory.example"}, httpclient.SettingURL, "in the clear"},
		"password in URL": {httpclient.Config{URL: "https://a:secret@directory.example"}, httpclient.SettingURL, "client_secret"},
		"not a service":   {httpclient.Config{URL: page.URL, ClientID: c.ID, ClientSecret: secret}, httpclient.SettingURL, "not a directory service"},
		"wrong path":      {httpclient.Config{URL: s.http.URL + "/app", ClientID: c.ID, ClientSecret: secret}, httpclient.SettingURL, "no directory service at"},
		"too old":         {httpclient.Config{URL: old.URL, ClientID: c.ID, ClientSecret: secret}, httpclient.SettingURL, "too old"},
		"untrusted":       {httpclient.Config{URL: untrusted.URL, ClientID: c.ID, ClientSecret: secret}, httpclient.SettingURL, "SSL_CERT_FILE"},
		"expired":         {httpclient.Config{URL: expired.URL, ClientID: c.ID, ClientSecret: secret, Transport: trusting}, httpclient.SettingURL, "has expired"},
		"nothing listens": {httpclient.Config{URL: closed.URL, ClientID: c.ID, ClientSecret: secret}, httpclient.SettingURL, "nothing listens there"},
		"no such host":    {httpclient.Config{URL: "https://directory.invalid", ClientID: c.ID, ClientSecret: secret}, httpclient.SettingURL, "no host directory.invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.config.RetryWait = time.Millisecond
			client, err := httpclient.New(test.config)
			if err == nil {
				_, err = client.Tenant(t.Context(), "CT1")
			}
			var setting *httpclient.SettingError
			if !errors.As(err, &setting) || setting.Setting != test.setting || !strings.Contains(err.Error(), test.says) {
				t.Fatalf("%v, want %s: ...%s", err, test.setting, test.says)
			}
			if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "a:secret") {
				t.Errorf("the secret is in %q", err)
			}
			t.Log(err)
		})
	}
}

// expiredCertificate returns a certificate for 127.0.0.1 that ended yesterday, and a pool that trusts it.
func expiredCertificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(cryptorand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// TestRevokedMeanwhile: a credential that is revoked in the middle of a run says so.
func TestRevokedMeanwhile(t *testing.T) {
	t.Parallel()
	s := newService(t, "")
	c, secret, err := s.keeper.Create(t.Context(), operator(), credential.Credential{Name: "x", RoleID: rolemodel.BasicAdmin})
	if err != nil {
		t.Fatal(err)
	}
	client, err := httpclient.New(httpclient.Config{URL: s.http.URL, ClientID: c.ID, ClientSecret: secret})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Actor(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.keeper.Revoke(t.Context(), operator(), c.ID); err != nil {
		t.Fatal(err)
	}
	_, err = client.Actor(t.Context())
	var setting *httpclient.SettingError
	if !errors.As(err, &setting) || setting.Setting != httpclient.SettingClientSecret {
		t.Fatal(err)
	}
}

// TestReadOnlyCredential restores the port's own error.
func TestReadOnlyCredential(t *testing.T) {
	t.Parallel()
	s := newService(t, "")
	client := s.client(s.http.URL, credential.Credential{Name: "auditor", RoleID: rolemodel.SuperAdmin, ReadOnly: true})
	_, err := directory.Create(t.Context(), client, rolemodel.Partner{Name: "x", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"x.example"}}, "")
	if !errors.Is(err, directory.ErrReadOnly) || !strings.Contains(err.Error(), "auditor") {
		t.Fatal(err)
	}
}
