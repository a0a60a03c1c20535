package server_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/cli/serving"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// mostMemory is how much memory the service may have at its peak under any attack.
const mostMemory = 256 << 20

// target is a service that is attacked: the program as it is built, in a
// process of its own, with a directory that has something in it.
type target struct {
	*testing.T
	url           *url.URL
	program, path string
	pid           int
	attacker      *http.Client
}

// program builds the program once: with the race detector it would have other memory.
var program = sync.OnceValues(func() (string, error) { //nolint:gochecknoglobals // One program for all tests.
	folder, err := os.MkdirTemp("", "attack")
	if err != nil {
		return "", err
	}
	file := filepath.Join(folder, "program")
	out, err := exec.Command("go", "build", "-o", file, "github.com/msp-as-code/terraform-provider-mimecast").CombinedOutput() //nolint:noctx // A test.
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return file, nil
})

const attackedTenants = 5

// newTarget starts a service, with further flags of "serve", of tenants of two partners, full of external admins.
func newTarget(t *testing.T, flags ...string) *target {
	t.Helper()
	if testing.Short() {
		t.Skip("it builds and attacks a program")
	}
	built, err := program()
	if err != nil {
		t.Fatal(err)
	}
	a := &target{T: t, program: built, path: filepath.Join(t.TempDir(), "msp.directory")}
	a.fill()
	command := exec.CommandContext(t.Context(), a.program, append([]string{"serve", "--directory", a.path, "--listen", "127.0.0.1:0"}, flags...)...) //nolint:gosec // Our own program.
	address, err := serving.Start(command)
	if err != nil {
		t.Fatal(err)
	}
	a.url = &url.URL{Scheme: "http", Host: address}
	if len(flags) > 0 {
		a.url.Scheme = "https"
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	a.pid = command.Process.Pid
	a.attacker = clientFrom(net.IPv4(127, 0, 0, 1))
	return a
}

func (a *target) fill() {
	a.Helper()
	db, err := sqldb.New(a.path)
	if err != nil {
		a.Fatal(err)
	}
	defer db.Close()
	role, _ := rolemodel.DefaultRole(rolemodel.SuperAdmin)
	d := db.Open(directory.Owner(rolemodel.Actor{Name: "operator", Role: role}))
	admins := make([]rolemodel.ExternalAdmin, rolemodel.MaxExternalAdmins)
	for i := range admins {
		admins[i] = rolemodel.ExternalAdmin{Email: rolemodel.Email(fmt.Sprintf("%060d@msp.example", i)), RoleID: rolemodel.HelpDeskAdmin}
	}
	for _, p := range []rolemodel.Partner{
		{AccountCode: "CMSP1", Name: "Northwind", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}},
		{AccountCode: "CMSP2", Name: "Other", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"other.example"}},
	} {
		if _, err := directory.Create(a.Context(), d, p, ""); err != nil {
			a.Fatal(err)
		}
	}
	for i := range attackedTenants {
		code := rolemodel.AccountCode(fmt.Sprintf("CALPHA%d", i))
		if _, err := directory.Create(a.Context(), d, rolemodel.Tenant{
			AccountCode: code, Name: "Alpha", PrimaryDomain: rolemodel.Domain(fmt.Sprintf("alpha%d.example", i)), PartnerID: "CMSP1",
		}, ""); err != nil {
			a.Fatal(err)
		}
		if _, err := directory.ReplaceExternalAdmins(a.Context(), d, directory.Replace{Action: directory.ActionUpdate, Tenant: code, Admins: admins}); err != nil {
			a.Fatal(err)
		}
	}
	if _, err := directory.Create(a.Context(), d, rolemodel.Tenant{AccountCode: "CBETA", Name: "Beta", PrimaryDomain: "beta.example", PartnerID: "CMSP2"}, ""); err != nil {
		a.Fatal(err)
	}
}

// clientFrom returns a client whose connections come from a loopback address.
func clientFrom(from net.IP) *http.Client {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: from}}
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, MaxIdleConnsPerHost: 500, //nolint:gosec // The test's own certificate.
	}}
}

// token makes a credential with flags of "credential create" and returns a token of it.
func (a *target) token(flags ...string) string {
	a.Helper()
	out, err := exec.CommandContext(a.Context(), a.program, append([]string{"credential", "create", "--json", "--name", "x", "--directory", a.path}, flags...)...).Output() //nolint:gosec // Our own program.
	if err != nil {
		a.Fatal(err)
	}
	var made map[string]string
	if err := json.Unmarshal(out, &made); err != nil {
		a.Fatal(err)
	}
	response, err := a.attacker.PostForm(a.url.String()+"/oauth/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {made["client_id"]}, "client_secret": {made["client_secret"]}})
	if err != nil {
		a.Fatal(err)
	}
	defer response.Body.Close()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&token); err != nil || token.AccessToken == "" {
		a.Fatal(err, response.Status)
	}
	return token.AccessToken
}

// send sends a request and returns the status, 0 if there is no answer, and how long the answer is.
func (a *target) send(client *http.Client, method, path, token string, body []byte) (status int, size int64) {
	request, err := http.NewRequestWithContext(a.Context(), method, a.url.String()+path, bytes.NewReader(body))
	if err != nil {
		a.Error(err)
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
		return 0, 0 // The service has hung up.
	}
	defer response.Body.Close()
	size, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode, size
}

// under attacks the service while another partner reads, from another address
// and over connections of their own, and reports how both fared: every read of
// theirs is answered, and the memory has a bound.
func (a *target) under(attack func()) {
	a.Helper()
	other := a.token("--partner", "CMSP2", "--role", "super-admin")
	reader := clientFrom(net.IPv4(127, 0, 0, 2))
	ctx, stop := context.WithCancel(a.Context())
	var took []time.Duration
	var reading sync.WaitGroup
	reading.Go(func() {
		for ctx.Err() == nil {
			for _, path := range []string{"/v1/tenants/CBETA", "/v1/tenants", "/v1/external-admins?tenant_id=CBETA"} {
				start := time.Now()
				if status, _ := a.send(reader, http.MethodGet, path, other, nil); status != http.StatusOK {
					a.Errorf("GET %s of somebody else: %d", path, status)
				}
				took = append(took, time.Since(start))
				time.Sleep(15 * time.Millisecond) // Below the rate limit.
			}
		}
	})
	attack()
	stop()
	reading.Wait()
	slices.Sort(took)
	at := func(percent int) time.Duration { return took[(len(took)-1)*percent/100].Round(100 * time.Microsecond) }
	peak := a.peak()
	a.Logf("peak memory %d MB; %d reads of others: median %s, p99 %s, longest %s", peak>>20, len(took), at(50), at(99), at(100))
	if peak > mostMemory {
		a.Errorf("the service had %d MB of memory, and %d are enough", peak>>20, mostMemory>>20)
	}
}

// peak returns how many bytes of memory the service had at most.
func (a *target) peak() int64 {
	a.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", a.pid))
	if err != nil {
		a.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		a.Fatal("the system does not say how much memory a process had")
	}
	kilobytes, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		a.Fatal(err)
	}
	return kilobytes << 10
}

// at once does something n times at once.
func atOnce(n int, do func(i int)) {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { do(i) })
	}
	group.Wait()
}

// statuses counts answers by their status.
type statuses struct {
	mu sync.Mutex
	of map[int]int
}

func (s *statuses) add(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = map[int]int{}
	}
	s.of[status]++
}

// ones is a body of a size with as many elements as there can be.
func ones(size int) []byte {
	const head, tail = `{"items":[`, `1]}`
	return []byte(head + strings.Repeat("1,", (size-len(head)-len(tail))/2) + tail)
}

// strangers is a replacement with so many addresses that are nobody's.
func strangers(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"items":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"email":"stranger%06d@elsewhere.example","role_id":"none"}`, i)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

const large = 4 << 20

// TestAttacks runs what was done to the first version, and more, each against a
// service of its own. None of them run at once, so that the figures are theirs.
func TestAttacks(t *testing.T) {
	nothing := make([]byte, large)
	t.Run("400 connections without a credential send a body each", func(t *testing.T) {
		a := newTarget(t)
		a.under(func() {
			paths := []string{"/v1/partners", "/livez", "/oauth/token", "/nothing"}
			for _, path := range paths {
				atOnce(400, func(int) { a.send(a.attacker, http.MethodPost, path, "", nothing) })
			}
		})
	})
	t.Run("400 connections announce a body and send it byte by byte", func(t *testing.T) {
		a := newTarget(t)
		token := a.token("--operator", "--role", "super-admin")
		a.under(func() {
			atOnce(400, func(i int) {
				conn, err := net.Dial("tcp", a.url.Host) //nolint:noctx // A test.
				if err != nil {
					return
				}
				defer conn.Close()
				head := "POST /v1/partners HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nAuthorization: Bearer " + token + "\r\n\r\n"
				if i%2 == 0 {
					head = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 16000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
				}
				if _, err := conn.Write([]byte(head)); err != nil {
					return
				}
				for range 20 {
					if _, err := conn.Write([]byte("x")); err != nil {
						return
					}
					time.Sleep(100 * time.Millisecond)
				}
			})
		})
	})
	t.Run("one HTTP/2 connection has 240 streams with a body each", func(t *testing.T) {
		cert, key := writeCertificate(t, t.TempDir(), 1)
		a := newTarget(t, "--tls-cert", cert, "--tls-key", key)
		token := a.token("--operator", "--role", "super-admin")
		a.under(func() {
			for _, token := range []string{"", token} {
				conn, err := tls.Dial("tcp", a.url.Host, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}) //nolint:noctx,gosec // A test.
				if err != nil {
					t.Fatal(err)
				}
				streams, err := new(http2.Transport).NewClientConn(conn) //nolint:staticcheck // Only this opens streams one by one.
				if err != nil {
					t.Fatal(err)
				}
				client := &http.Client{Transport: streams, Timeout: time.Minute}
				var got statuses
				atOnce(240, func(i int) {
					body := ones(1_000_000)
					if i%2 == 0 {
						body = nothing
					}
					status, _ := a.send(client, http.MethodPut, "/v1/tenants/CALPHA0/external-admins", token, body)
					got.add(status)
				})
				t.Log("answers by status:", got.of)
				_ = conn.Close()
			}
		})
	})
	t.Run("a reader of one tenant sends lists of ones", func(t *testing.T) {
		a := newTarget(t)
		token := a.token("--partner", "CMSP1", "--tenant", "CALPHA0", "--read-only")
		a.under(func() {
			for _, size := range []int{large, 1_000_000} {
				body := ones(size)
				atOnce(8, func(int) {
					status, size := a.send(a.attacker, http.MethodPut, "/v1/tenants/CALPHA0/external-admins", token, body)
					if status < 400 || status > 499 || size > 2000 {
						t.Errorf("%d with %d bytes", status, size)
					}
				})
			}
		})
	})
	t.Run("replacements with strangers are refused", func(t *testing.T) {
		a := newTarget(t)
		token := a.token("--partner", "CMSP1")
		a.under(func() {
			if status, _ := a.send(a.attacker, http.MethodPut, "/v1/tenants/CALPHA0/external-admins", token, strangers(60_000)); status != http.StatusRequestEntityTooLarge {
				t.Errorf("%d", status)
			}
			for _, n := range []int{1000, 2000} {
				body := strangers(n)
				atOnce(75, func(int) {
					status, size := a.send(a.attacker, http.MethodPut, "/v1/tenants/CALPHA0/external-admins", token, body)
					if status != http.StatusUnprocessableEntity {
						t.Errorf("%d with %d bytes", status, size)
					}
				})
			}
			if status, size := a.send(a.attacker, http.MethodGet, "/v1/audit-events?tenant_id=CALPHA0", token, nil); status != http.StatusOK || size > 4<<20 {
				t.Errorf("the trail: %d with %d bytes", status, size)
			}
		})
	})
	t.Run("200 long pages are asked for at once", func(t *testing.T) {
		a := newTarget(t)
		token := a.token("--partner", "CMSP1")
		a.under(func() {
			var got statuses
			atOnce(200, func(int) {
				status, _ := a.send(a.attacker, http.MethodGet, "/v1/external-admins?limit=1000", token, nil)
				got.add(status)
			})
			t.Log("answers by status:", got.of)
		})
	})
	t.Run("wrong secrets and tokens from 400 connections", func(t *testing.T) {
		a := newTarget(t)
		a.under(func() {
			var got statuses
			atOnce(400, func(i int) {
				for range 20 {
					status := 0
					if i%2 == 0 {
						status, _ = a.send(a.attacker, http.MethodGet, "/v1/tenants", "mcdt_wrong", nil)
					} else {
						status, _ = a.send(a.attacker, http.MethodPost, "/oauth/token", "", []byte("grant_type=client_credentials&client_id=mcd_x&client_secret=wrong"))
					}
					got.add(status)
				}
			})
			t.Log("answers by status:", got.of)
			a.token("--partner", "CMSP1") // From the same address.
		})
	})
}
