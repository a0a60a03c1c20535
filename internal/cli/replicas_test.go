package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/cli"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/cli/serving"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// asProgram makes the test binary be the program, so that tests have real processes.
const asProgram = "MIMECAST_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "1" {
		os.Exit(cli.Run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// process is a service in a process of its own.
type process struct {
	*exec.Cmd
	url, listen string
}

func start(t *testing.T, dsn, listen string) *process {
	t.Helper()
	command := exec.Command(os.Args[0], "serve", "--directory", dsn, "--listen", listen, "--rate", "1e6", "--burst", "1000000") //nolint:gosec,noctx // This very binary.
	command.Env = append(os.Environ(), asProgram+"=1")
	listening, err := serving.Start(command)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	return &process{command, "http://" + listening, listening}
}

func (p *process) client(t *testing.T, id, secret string) *httpclient.Client {
	t.Helper()
	client, err := httpclient.New(httpclient.Config{URL: p.url, ClientID: id, ClientSecret: secret, RetryWait: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func newCredential(t *testing.T, dsn string, flags ...string) (id, secret string) {
	t.Helper()
	status, out, errs := run(t, append([]string{"credential", "create", "--directory", dsn, "--name", "worker", "--operator", "--role", "super-admin", "--json"}, flags...)...)
	if status != 0 {
		t.Fatal(errs)
	}
	var made struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	if err := json.Unmarshal([]byte(out), &made); err != nil {
		t.Fatal(err)
	}
	return made.ClientID, made.ClientSecret
}

func partner(i int) rolemodel.Partner {
	return rolemodel.Partner{Name: fmt.Sprint("MSP ", i), Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{rolemodel.Domain(fmt.Sprintf("msp%d.example", i))}}
}

// TestReplicas: two processes on one PostgreSQL are one directory.
func TestReplicas(t *testing.T) {
	dsn := postgrestest.New(t)
	id, secret := newCredential(t, dsn)
	one, two := start(t, dsn, "127.0.0.1:0"), start(t, dsn, "127.0.0.1:0")
	clients := []*httpclient.Client{one.client(t, id, secret), two.client(t, id, secret)}

	made, err := directory.Create(t.Context(), clients[0], partner(0), "")
	if err != nil {
		t.Fatal(err)
	}
	if read, err := clients[1].Partner(t.Context(), made.Entry.AccountCode); err != nil || read.Name != made.Entry.Name {
		t.Fatal(read, err)
	}

	// Both want each domain for a tenant of their own; one gets it.
	var won, lost atomic.Int64
	var group sync.WaitGroup
	const domains = 20
	for _, client := range clients {
		for worker := range 4 {
			group.Go(func() {
				for i := worker; i < domains; i += 4 {
					_, err := directory.Create(t.Context(), client, rolemodel.Tenant{Name: "Client", PrimaryDomain: rolemodel.Domain(fmt.Sprintf("c%d.example", i)), PartnerID: made.Entry.AccountCode}, "")
					vs, refused := rolemodel.AsViolations(err)
					switch {
					case err == nil:
						won.Add(1)
					case refused && vs[0].Rule == rolemodel.DomainTaken:
						lost.Add(1)
					default:
						t.Error(err)
					}
				}
			})
		}
	}
	group.Wait()
	if won.Load() != domains || lost.Load() != domains {
		t.Errorf("%d won and %d lost", won.Load(), lost.Load())
	}

	// A token of one works on the other, and on neither once it is revoked.
	token := tokenOf(t, one.url, id, secret)
	for _, p := range []*process{one, two} {
		if got := caller(t, p.url, token); got != http.StatusOK {
			t.Errorf("%d", got)
		}
	}
	if status, _, errs := run(t, "credential", "revoke", "--directory", dsn, id); status != 0 {
		t.Fatal(errs)
	}
	for _, p := range []*process{one, two} {
		if got := caller(t, p.url, token); got != http.StatusUnauthorized {
			t.Errorf("%d after the revocation", got)
		}
	}
}

// TestKilledAndRestarted: the service dies in the middle of the work, twice,
// and comes back at the same address. Each write is done exactly once.
func TestKilledAndRestarted(t *testing.T) {
	dsn := postgrestest.New(t)
	id, secret := newCredential(t, dsn)
	p := start(t, dsn, "127.0.0.1:0")
	client := p.client(t, id, secret)
	if _, err := client.Actor(t.Context()); err != nil {
		t.Fatal(err)
	}
	const workers, each = 8, 12
	var done atomic.Int64
	work := make(chan struct{}, workers*each)
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for i := range each {
				if _, err := directory.Create(t.Context(), client, partner(worker*each+i), ""); err != nil {
					t.Error(err)
				}
				done.Add(1)
				work <- struct{}{}
			}
		})
	}
	for range 2 {
		for range workers * each / 4 {
			<-work
		}
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = p.Wait()
		p = start(t, dsn, p.listen)
	}
	group.Wait()
	all, err := directory.Collect(client.Partners(t.Context(), directory.PartnerFilter{}))
	if err != nil || len(all) != workers*each {
		t.Errorf("%d partners, want %d: %v", len(all), workers*each, err)
	}
	events, err := directory.Collect(client.AuditEvents(t.Context(), directory.AuditFilter{}))
	if err != nil || len(events) != workers*each+1 { // And the credential.
		t.Errorf("%d events, want %d: %v", len(events), workers*each+1, err)
	}
}

// TestStopFinishesWhatWasAccepted: SIGTERM ends the process with status 0 and no
// write whose answer its caller did not get.
func TestStopFinishesWhatWasAccepted(t *testing.T) {
	dsn := postgrestest.New(t)
	id, secret := newCredential(t, dsn)
	p := start(t, dsn, "127.0.0.1:0")
	token := tokenOf(t, p.url, id, secret)
	var answered atomic.Int64
	first := make(chan struct{}, 1)
	var group sync.WaitGroup
	for worker := range 6 {
		group.Go(func() {
			for i := 0; ; i++ {
				body := fmt.Sprintf(`{"name":"x","program":"msp","domains":["m%d-%d.example"]}`, worker, i)
				request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/v1/partners", strings.NewReader(body))
				request.Header.Set("Authorization", "Bearer "+token)
				request.Header.Set("Content-Type", "application/json")
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					return // It takes no more.
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
				if response.StatusCode == http.StatusCreated {
					answered.Add(1)
				}
				select {
				case first <- struct{}{}:
				default:
				}
			}
		})
	}
	<-first
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Error(err)
	}
	group.Wait()
	again := start(t, dsn, "127.0.0.1:0").client(t, id, secret)
	all, err := directory.Collect(again.Partners(t.Context(), directory.PartnerFilter{}))
	if err != nil || int64(len(all)) != answered.Load() {
		t.Errorf("%d partners, and %d were answered: %v", len(all), answered.Load(), err)
	}
}

func tokenOf(t *testing.T, base, id, secret string) string {
	t.Helper()
	response, err := http.PostForm(base+"/oauth/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}}) //nolint:noctx,gosec // A test.
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&token); err != nil || token.AccessToken == "" {
		t.Fatal(errors.Join(err, errors.New(response.Status)))
	}
	return token.AccessToken
}

func caller(t *testing.T, base, token string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/v1/caller", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}
