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
	s := &service{T: t, callers: &callers{DB: db}}
	config := server.Config{Backend: s.callers, Keeper: credential.NewKeeper(db.Credentials(), 30*time.Minute, time.Now), Rate: 1e6, Burst: 1e6}
	for _, c := range change {
		c(&config)
	}
	s.keeper = config.Keeper
	s.http = httptest.NewServer(server.New(config))
	t.Cleanup(s.http.Close)
	return s
}

// newServiceApart is newService with the credentials in another directory, so
// that the trail has what the conformance suite did and nothing else.
func newServiceApart(t *testing.T, dsn string, keeper *credential.Keeper) *service {
	t.Helper()
	s := newService(t, dsn, func(c *server.Config) { c.Keeper = keeper })
	s.apart = true
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
	c := credential.Credential{Name: caller.Actor.Name, RoleID: caller.Actor.Role.ID}
	if !s.apart {
		c.PartnerID, c.TenantIDs = caller.Scope.PartnerID, caller.Scope.TenantIDs
		c.ReadOnly, c.MaySignReviews = caller.Scope.ReadOnly, caller.Scope.MaySignReviews
	}
	client, id := s.connect(s.http.URL, c)
	s.known.Store(id, caller)
	return client
}

// client returns the directory at a URL that leads to the service, with a new credential.
func (s *service) client(url string, c credential.Credential) *httpclient.Client {
	s.Helper()
	client, _ := s.connect(url, c)
	return client
}

func (s *service) connect(url string, c credential.Credential) (client *httpclient.Client, id string) {
	s.Helper()
	c, secret, err := s.keeper.Create(s.Context(), operator(), c)
	if err != nil {
		s.Fatal(err)
	}
	client, err = httpclient.New(httpclient.Config{
		URL: url, ClientID: c.ID, ClientSecret: secret, RetryWait: time.Millisecond, Transport: s.http.Client().Transport,
	})
	if err != nil {
		s.Fatal(err)
	}
	return client, c.ID
}

// operator is who makes credentials.
func operator() rolemodel.Actor { return rolemodel.Actor{Name: "operator"} }

// callers opens the directory for those who made a credential as they are: with
// their names in the trail, which for a credential have its ID, with the names
// that they give to writes, and with the advice for those who come without one.
type callers struct {
	*sqldb.DB
	known sync.Map // of directory.Caller by client ID
	apart bool     // The directory does not have the credentials.
}

// Open implements directory.Opener.
func (c *callers) Open(caller directory.Caller) directory.Directory {
	if known, ok := c.known.Load(caller.Scope.CredentialID); ok {
		came := caller
		caller = known.(directory.Caller) //nolint:forcetypeassert // Nothing else is stored.
		if caller.Request == nil {
			caller.Request = came.Request
		}
		if !c.apart {
			caller.Scope.CredentialID, caller.Scope.Generation = came.Scope.CredentialID, came.Scope.Generation
		}
	}
	return c.DB.Open(caller)
}
