package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
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
	status, out, errs := run(t, "credential", "create", "--name", "auditor", "--operator", "--source", "192.0.2.0/24", "--json")
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
		"MIMECAST_DIRECTORY":             {"serve"},
		"needs TLS":                      {"serve", "--directory", dir, "--listen", "0.0.0.0:0"},
		"together":                       {"serve", "--directory", dir, "--tls-cert", "x"},
		"TLS certificate":                {"serve", "--directory", dir, "--tls-cert", "none", "--tls-key", "none"},
		"--partner is set and empty":     {"credential", "create", "--directory", dir, "--name", "x", "--partner", ""},
		"--operator for one that sees":   {"credential", "create", "--directory", dir, "--name", "x"},
		"--partner CODE for a":           {"credential", "create", "--directory", dir, "--name", "x", "--operator", "--partner", "cnone"},
		"There is no directory " + dir:   {"credential", "list", "--directory", dir},
		"--rate is NaN":                  {"serve", "--directory", dir, "--rate", "NaN"},
		"--token-lifetime is 87600h0m0s": {"serve", "--directory", dir, "--token-lifetime", "87600h"},
		"is not what \"audit heads\"":    {"audit", "verify", "--directory", dir, "--heads", "cli_test.go"},
		"the name is empty":              {"credential", "create", "--directory", dir, "--operator"},
		"default role":                   {"credential", "create", "--directory", dir, "--name", "x", "--operator", "--role", "king"},
		"no partner \"CNONE\"":           {"credential", "create", "--directory", dir, "--name", "x", "--partner", "cnone"},
		"no tenant \"CNONE\"":            {"credential", "create", "--directory", dir, "--name", "x", "--operator", "--tenant", "cnone"},
		"write \"192.0.2.1/32":           {"credential", "create", "--directory", dir, "--name", "x", "--operator", "--source", "192.0.2.1"},
		"unknown command":                {"conquer"},
	} {
		if status, _, errs := run(t, args...); status != 1 || !strings.Contains(errs, want) {
			t.Errorf("%q: %d %s, want %q", args, status, errs, want)
		}
	}
}

func TestSetAndEmpty(t *testing.T) {
	t.Setenv("MIMECAST_CREDENTIAL_PARTNER", "")
	dir := filepath.Join(t.TempDir(), "msp.directory")
	if status, _, errs := run(t, "credential", "create", "--directory", dir, "--name", "x", "--operator"); status != 1 || !strings.Contains(errs, "MIMECAST_CREDENTIAL_PARTNER is set and empty") {
		t.Errorf("%d %s", status, errs)
	}
}

// TestAudit: heads that were kept show what an attacker with the file can hide otherwise.
func TestAudit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "msp.directory")
	for _, name := range []string{"one", "two"} {
		if status, _, errs := run(t, "credential", "create", "--directory", dir, "--name", name, "--operator"); status != 0 {
			t.Fatal(errs)
		}
	}
	status, heads, errs := run(t, "audit", "heads", "--directory", dir)
	if status != 0 {
		t.Fatal(errs)
	}
	kept := filepath.Join(t.TempDir(), "heads.json")
	if err := os.WriteFile(kept, []byte(heads), 0o600); err != nil {
		t.Fatal(err)
	}
	verify := func(want int, says string) {
		t.Helper()
		if status, out, errs := run(t, "audit", "verify", "--directory", dir, "--heads", kept); status != want || !strings.Contains(out+errs, says) {
			t.Errorf("%d %s%s, want %q", status, out, errs, says)
		}
	}
	verify(0, "2 events in 1 trails, all in order.")
	if status, _, errs := run(t, "export", "--directory", dir); status != 0 {
		t.Error(errs)
	}
	if files, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(files) != 1 {
		t.Errorf("commands that read leave %v, %v beside the directory", files, err)
	}
	t.Setenv("MIMECAST_AUDIT_HEADS", filepath.Join(t.TempDir(), "none.json"))
	if status, _, errs := run(t, "audit", "verify", "--directory", dir); status != 1 || !strings.Contains(errs, "none.json") {
		t.Errorf("heads given by environment: %d %s", status, errs)
	}
	attack := func(statements ...string) {
		t.Helper()
		db, err := sql.Open("sqlite", dir)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, s := range append([]string{"DROP TRIGGER IF EXISTS audit_events_no_update", "DROP TRIGGER IF EXISTS audit_events_no_delete"}, statements...) {
			if _, err := db.ExecContext(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	attack(`UPDATE audit_events SET event_json = replace(event_json, '"two', '"too') WHERE number = 2`)
	verify(1, "Event 2 of trail directory was altered")
	attack(`UPDATE audit_events SET event_json = replace(event_json, '"too', '"two') WHERE number = 2`, `DELETE FROM audit_events WHERE number = 2`,
		`UPDATE trails SET number = 1, digest = (SELECT json_extract(event_json, '$.digest') FROM audit_events WHERE number = 1)`)
	verify(1, "its last events are missing")
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
	_, out, _ := run(t, "credential", "create", "--directory", dir, "--name", "x", "--operator", "--json")
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
