package httpclient_test

import (
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/idempotency"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/server"
)

// service is a directory service on a socket of this machine.
type service struct {
	*testing.T
	db     *sqldb.DB
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
	s := &service{T: t, db: db, keeper: credential.NewKeeper(db.Credentials(), 30*time.Minute, time.Now)}
	config := server.Config{Backend: plainNames{db}, Keeper: s.keeper, Rate: 1e6, Burst: 1e6}
	for _, c := range change {
		c(&config)
	}
	s.http = httptest.NewServer(server.New(config))
	t.Cleanup(s.http.Close)
	return s
}

// as returns the directory with a new credential, called as the actor is and with its role.
func (s *service) as(actor rolemodel.Actor) directory.Directory {
	s.Helper()
	return s.client(s.http.URL, credential.Credential{Name: actor.Name, RoleID: actor.Role.ID})
}

func (s *service) client(url string, c credential.Credential) *httpclient.Client {
	s.Helper()
	c, secret, err := s.keeper.Create(s.Context(), c)
	if err != nil {
		s.Fatal(err)
	}
	client, err := httpclient.New(httpclient.Config{URL: url, ClientID: c.ID, ClientSecret: secret, RetryWait: time.Millisecond})
	if err != nil {
		s.Fatal(err)
	}
	return client
}

// plainNames takes the credential's ID out of the actor's name, since the
// conformance suite looks for its actors' names in the audit trail.
type plainNames struct{ server.Backend }

var credentialID = regexp.MustCompile(` \(mcd_[a-z0-9]+\)$`)

func (p plainNames) As(actor rolemodel.Actor) directory.Directory {
	actor.Name = credentialID.ReplaceAllString(actor.Name, "")
	return p.Backend.As(actor)
}

func (p plainNames) Once(actor rolemodel.Actor, key idempotency.Key) directory.Directory {
	actor.Name = credentialID.ReplaceAllString(actor.Name, "")
	return p.Backend.Once(actor, key)
}
