// Package attack does to a running service what strangers and clients did to
// earlier versions of it, while others read, and says how both fared. Only tests
// and benchmarks use it.
package attack

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/cli/serving"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// service is the program serving in a process of its own. What is exported goes to the attacker's.
type service struct {
	Program, Directory string
	// Attack is the name of the attack, and URL the service's.
	Attack, URL string

	process  *exec.Cmd
	url      *url.URL
	attacker *http.Client

	mu sync.Mutex
	// answers counts what the attacker was answered by status, 0 for connections
	// that were closed, and largest is the size of the largest answer.
	answers map[int]int
	largest int64
}

// start fills a directory, a PostgreSQL URL or a file, and serves it.
func start(ctx context.Context, program, directory string, secure bool) (*service, error) {
	if err := fill(ctx, directory); err != nil {
		return nil, err
	}
	s := &service{Program: program, Directory: directory, url: &url.URL{Scheme: "http"}, attacker: clientFrom(net.IPv4(127, 0, 0, 1))}
	args := []string{"serve", "--listen", "127.0.0.1:0", "--directory", directory}
	if secure {
		folder, err := os.MkdirTemp("", "attack")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(folder)
		cert, key, err := certificate(folder)
		if err != nil {
			return nil, err
		}
		args = append(args, "--tls-cert", cert, "--tls-key", key)
		s.url.Scheme = "https"
	}
	s.process = exec.CommandContext(ctx, program, args...)
	var err error
	s.url.Host, err = serving.Start(s.process)
	return s, err
}

// stop ends the service.
func (s *service) stop() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
}

// fullTenants is how many tenants have as many external admins as there may be.
const fullTenants = 5

// fill puts two partners into a new directory: one with tenants full of external
// admins, whose credentials attack, and one with a tenant of its own.
func fill(ctx context.Context, path string) error {
	db, err := sqldb.New(path)
	if err != nil {
		return err
	}
	defer db.Close()
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	d := db.Open(directory.Owner(rolemodel.Actor{Name: "operator", Role: role}))
	admins := make([]rolemodel.ExternalAdmin, rolemodel.MaxExternalAdmins)
	for i := range admins {
		admins[i] = rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("%060d@msp.example", i)), RoleID: rolemodel.HelpDeskAdmin}
	}
	_, err = directory.Create(ctx, d, rolemodel.Partner{AccountCode: "CMSP1", Name: "Northwind", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}}, "")
	if err != nil {
		return err
	}
	for i := range fullTenants {
		tenant := rolemodel.Tenant{AccountCode: rolemodel.AccountCode(fmt.Sprintf("CALPHA%d", i)), Name: "Alpha", PrimaryDomain: rolemodel.Domain(fmt.Sprintf("alpha%d.example", i)), PartnerID: "CMSP1"}
		if _, err := directory.Create(ctx, d, tenant, ""); err != nil {
			return err
		}
		if _, err := directory.ReplaceExternalAdmins(ctx, d, directory.Replace{Action: directory.ActionUpdate, Tenant: tenant.AccountCode, Admins: admins}); err != nil {
			return err
		}
	}
	_, err = directory.Create(ctx, d, rolemodel.Partner{AccountCode: "CMSP2", Name: "Other", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"other.example"}}, "")
	if err != nil {
		return err
	}
	_, err = directory.Create(ctx, d, rolemodel.Tenant{AccountCode: "CBETA", Name: "Beta", PrimaryDomain: "beta.example", PartnerID: "CMSP2"}, "")
	return err
}

// certificate writes a certificate for 127.0.0.1 and its key, and returns their files.
func certificate(folder string) (cert, key string, err error) {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	pair := server.TLS.Certificates[0]
	private, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		return "", "", err
	}
	cert, key = filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	return cert, key, errors.Join(
		os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}), 0o600),
		os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
}

// clientFrom returns a client whose connections come from a loopback address.
func clientFrom(from net.IP) *http.Client {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: from}}
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, MaxIdleConnsPerHost: 500,
	}}
}

// token makes a credential with flags of "credential create" and returns a token of it.
func (s *service) token(ctx context.Context, flags ...string) (string, error) {
	out, err := exec.CommandContext(ctx, s.Program, append([]string{"credential", "create", "--json", "--name", "x", "--directory", s.Directory}, flags...)...).Output()
	if err != nil {
		return "", fmt.Errorf("credential create: %w", err)
	}
	var made map[string]string
	if err := json.Unmarshal(out, &made); err != nil {
		return "", err
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {made["client_id"]}, "client_secret": {made["client_secret"]}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url.String()+"/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := s.attacker.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&token); err != nil || token.AccessToken == "" {
		return "", fmt.Errorf("no token was given: %s: %w", response.Status, err)
	}
	return token.AccessToken, nil
}

// send sends a request and returns the status, 0 if the service has hung up, and how long the answer is.
func (s *service) send(ctx context.Context, client *http.Client, method, path, token string, body []byte) (status int, size int64) {
	request, err := http.NewRequestWithContext(ctx, method, s.url.String()+path, bytes.NewReader(body))
	if err != nil {
		return 0, 0
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	request.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(path, "/oauth") {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, 0
	}
	defer response.Body.Close()
	size, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode, size
}

// attack is send for the attacker. It counts the answers.
func (s *service) attack(ctx context.Context, method, path, token string, body []byte) int {
	return s.attackWith(ctx, s.attacker, method, path, token, body)
}

func (s *service) attackWith(ctx context.Context, client *http.Client, method, path, token string, body []byte) int {
	status, size := s.send(ctx, client, method, path, token, body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[status]++
	s.largest = max(s.largest, size)
	return status
}
