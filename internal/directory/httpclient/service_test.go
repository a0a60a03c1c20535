package httpclient_test

import (
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/server"
)

// service is a directory service on a socket of this machine.
type service struct {
	*testing.T
	*callers
	keeper *credential.Keeper
	http   *httptest.Server
}

func newService(t *testing.T, dsn string, change ...func(*server.Config)) *service {
	t.Helper()
	if dsn == "" {
		dsn = filepath.Join(t.TempDir(), "msp.directory")
	}
	db, err := sqldb.New(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := &service{T: t, callers: &callers{DB: db}, keeper: credential.NewKeeper(db.Credentials(), 30*time.Minute, time.Now)}
	config := server.Config{Backend: s.callers, Keeper: s.keeper, Rate: 1e6, Burst: 1e6}
	for _, c := range change {
		c(&config)
	}
	s.http = httptest.NewServer(server.New(config))
	t.Cleanup(s.http.Close)
	return s
}

// overTLS serves over TLS and HTTP/2 too, and from now on clients go there.
func (s *service) overTLS() *service {
	s.Helper()
	secure := httptest.NewUnstartedServer(s.http.Config.Handler)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	s.Cleanup(secure.Close)
	s.http = secure
	return s
}

// Open implements directory.Opener with a new credential for the caller.
func (s *service) Open(caller directory.Caller) directory.Directory {
	s.Helper()
	return s.clientOf(s.http.URL, credential.Credential{
		Name: caller.Actor.Name, RoleID: caller.Actor.Role.ID,
		PartnerID: caller.Scope.PartnerID, TenantIDs: caller.Scope.TenantIDs, ReadOnly: caller.Scope.ReadOnly,
	}, caller)
}

// client returns the directory at a URL that leads to the service, with a new credential.
func (s *service) client(url string, c credential.Credential) *httpclient.Client {
	s.Helper()
	role, _ := rolemodel.DefaultRole(c.RoleID)
	return s.clientOf(url, c, directory.Owner(rolemodel.Actor{Name: c.Name, Role: role}))
}

func (s *service) clientOf(url string, c credential.Credential, caller directory.Caller) *httpclient.Client {
	s.Helper()
	c, secret, err := s.keeper.Create(s.Context(), operator(), c)
	if err != nil {
		s.Fatal(err)
	}
	s.known.Store(c.ID, caller)
	client, err := httpclient.New(httpclient.Config{
		URL: url, ClientID: c.ID, ClientSecret: secret, RetryWait: time.Millisecond, Transport: s.http.Client().Transport,
	})
	if err != nil {
		s.Fatal(err)
	}
	return client
}

// operator is who makes credentials.
func operator() rolemodel.Actor { return rolemodel.Actor{Name: "operator"} }

// callers opens the directory for the callers of the conformance suite as they
// are, where a credential cannot say it: by their names in the trail, which for
// a credential has its ID, with the names that they give to writes, and with the
// advice that those get who set acting_as.
type callers struct {
	*sqldb.DB
	known sync.Map // of directory.Caller by client ID
}

// Open implements directory.Opener.
func (c *callers) Open(caller directory.Caller) directory.Directory {
	if known, ok := c.known.Load(caller.Scope.CredentialID); ok {
		known := known.(directory.Caller) //nolint:forcetypeassert // Nothing else is stored.
		caller.Actor.Name, caller.Actor.Credential = known.Actor.Name, known.Actor.Credential
		caller.Scope.All = known.Scope.All
		if known.Request != nil {
			caller.Request = known.Request
		}
	}
	return c.DB.Open(caller)
}
