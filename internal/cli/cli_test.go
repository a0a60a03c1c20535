package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/cli"
)

func run(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	status = cli.Run(t.Context(), args, &out, &err)
	return status, out.String(), err.String()
}

func TestCredentialLife(t *testing.T) {
	t.Setenv("MIMECAST_DIRECTORY", filepath.Join(t.TempDir(), "msp.directory"))
	t.Setenv("MIMECAST_CREDENTIAL_READ_ONLY", "true")
	status, out, errs := run(t, "credential", "create", "--name", "auditor", "--source", "192.0.2.0/24", "--json")
	if status != 0 {
		t.Fatal(errs)
	}
	var made struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	if err := json.Unmarshal([]byte(out), &made); err != nil || made.ClientSecret == "" {
		t.Fatalf("%v %s", err, out)
	}
	_, list, _ := run(t, "credential", "list")
	for _, part := range []string{made.ClientID, "auditor", "live", "(operator)", "basic-admin", "192.0.2.0/24"} {
		if !strings.Contains(list, part) {
			t.Errorf("%q is not in\n%s", part, list)
		}
	}
	if strings.Contains(list, "read and write") || strings.Contains(list, made.ClientSecret) {
		t.Errorf("%s", list)
	}
	if _, out, _ := run(t, "credential", "rotate", made.ClientID); !strings.Contains(out, "client_secret") || strings.Contains(out, made.ClientSecret) {
		t.Error(out)
	}
	if status, _, errs := run(t, "credential", "revoke", made.ClientID); status != 0 {
		t.Error(errs)
	}
	if status, _, errs := run(t, "credential", "rotate", made.ClientID); status != 1 || !strings.Contains(errs, "credential list") {
		t.Error(errs)
	}
}

func TestMistakes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "msp.directory")
	for want, args := range map[string][]string{
		"MIMECAST_DIRECTORY":   {"serve"},
		"needs TLS":            {"serve", "--directory", dir, "--listen", "0.0.0.0:0"},
		"together":             {"serve", "--directory", dir, "--tls-cert", "x"},
		"TLS certificate":      {"serve", "--directory", dir, "--tls-cert", "none", "--tls-key", "none"},
		"the name is empty":    {"credential", "create", "--directory", dir},
		"default role":         {"credential", "create", "--directory", dir, "--name", "x", "--role", "king"},
		"no partner \"CNONE\"": {"credential", "create", "--directory", dir, "--name", "x", "--partner", "cnone"},
		"no tenant \"CNONE\"":  {"credential", "create", "--directory", dir, "--name", "x", "--tenant", "cnone"},
		"write \"192.0.2.1/32": {"credential", "create", "--directory", dir, "--name", "x", "--source", "192.0.2.1"},
		"unknown command":      {"conquer"},
	} {
		if status, _, errs := run(t, args...); status != 1 || !strings.Contains(errs, want) {
			t.Errorf("%q: %d %s, want %q", args, status, errs, want)
		}
	}
}

func TestHelpTeaches(t *testing.T) {
	for want, args := range map[string][]string{
		"MIMECAST_SERVE_LISTEN": {"serve", "--help"},
		"MIMECAST_DIRECTORY":    {"credential", "create", "--help"},
		"Only a hash of it":     {"credential", "create", "--help"},
		"Terraform starts this": {"--help"},
		"What it may not":       {"credential", "--help"},
		"on every replica":      {"credential", "revoke", "--help"},
	} {
		if status, out, _ := run(t, args...); status != 0 || !strings.Contains(out, want) {
			t.Errorf("%q: %d %s, want %q", args, status, out, want)
		}
	}
}

// TestServe starts the service as a user does, uses it and stops it.
func TestServe(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "msp.directory")
	_, out, _ := run(t, "credential", "create", "--directory", dir, "--name", "x", "--json")
	var made map[string]string
	if err := json.Unmarshal([]byte(out), &made); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	logs, log := io.Pipe()
	status := make(chan int)
	go func() {
		status <- cli.Run(ctx, []string{"serve", "--directory", dir, "--listen", "127.0.0.1:0"}, io.Discard, log)
		_ = log.Close()
	}()
	lines := bufio.NewScanner(logs)
	if !lines.Scan() {
		t.Fatal("no log")
	}
	var first struct {
		Listen string `json:"listen"`
	}
	if err := json.Unmarshal(lines.Bytes(), &first); err != nil {
		t.Fatal(err)
	}
	go func() {
		for lines.Scan() {
		}
	}()
	response, err := http.PostForm("http://"+first.Listen+"/oauth/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {made["client_id"]}, "client_secret": {made["client_secret"]}}) //nolint:noctx // A test.
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Error(response.Status)
	}
	stop()
	if s := <-status; s != 0 {
		t.Errorf("exit status %d", s)
	}
}
