package cli_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
)

// openDesk starts the command in a process of its own, follows the link that it prints and returns how a page is got.
func openDesk(t *testing.T, args ...string) func(path string) string {
	t.Helper()
	command := exec.Command(os.Args[0], append([]string{"desk"}, args...)...) //nolint:gosec,noctx // This very binary.
	command.Env = append(os.Environ(), asProgram+"=1")
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs strings.Builder
	command.Stderr = &errs
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		if err := command.Wait(); err != nil || errs.Len() > 0 {
			t.Errorf("%v %s", err, errs.String())
		}
	})
	link := ""
	for lines := bufio.NewScanner(out); link == "" && lines.Scan(); {
		if line := strings.TrimSpace(lines.Text()); strings.HasPrefix(line, "http://127.0.0.1:") {
			link = line
		}
	}
	jar, err := cookiejar.New(nil)
	if err != nil || link == "" {
		t.Fatalf("%v: no link: %s", err, errs.String())
	}
	client := &http.Client{Jar: jar}
	get := func(url string) string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %v", url, response.StatusCode, err)
		}
		return string(text)
	}
	get(link)
	base, _, _ := strings.Cut(link, "/enter")
	return func(path string) string { t.Helper(); return get(base + path) }
}

// TestDesk: the same pages of a file, PostgreSQL and a service, and buttons for whoever may write only.
func TestDesk(t *testing.T) {
	expect := func(t *testing.T, text string, buttons bool, says ...string) {
		t.Helper()
		for _, want := range says {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in\n%s", want, text)
			}
		}
		if got := strings.Contains(text, `data-action="confirm"`); got != buttons {
			t.Errorf("buttons: %v", got)
		}
	}
	views := func(t *testing.T, get func(string) string, buttons bool, says ...string) {
		t.Helper()
		expect(t, get("/"), buttons, append(says, "10 items to be done at Mimecast, in 3 passes")...)
		expect(t, get("/access"), false, "3 clients", `data-person="anna@northwind.example"`)
		expect(t, get("/person/anna@northwind.example"), false, "Reaches 1 client.", "Alder Legal")
		expect(t, get("/trail"), false, "Retired the tenant CUSA03A003")
		expect(t, get("/review"), false, "Access review of")
	}
	t.Run("file", func(t *testing.T) {
		path := filled(t, "")
		views(t, openDesk(t, "--directory", path), true, path)
		views(t, openDesk(t, "--directory", path, "--read-only"), false, "Read only")
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		views(t, openDesk(t, "--directory", filled(t, postgrestest.New(t))), true, "postgres://")
	})
	t.Run("service", func(t *testing.T) {
		path := filled(t, "")
		at := start(t, path, "127.0.0.1:0").url
		id, secret := newCredential(t, path)
		t.Setenv("MIMECAST_CLIENT_ID", id)
		t.Setenv("MIMECAST_CLIENT_SECRET", secret)
		views(t, openDesk(t, "--directory", at), true, at, "worker")
		id, secret = newCredential(t, path, "--read-only")
		t.Setenv("MIMECAST_CLIENT_ID", id)
		t.Setenv("MIMECAST_CLIENT_SECRET", secret)
		views(t, openDesk(t, "--directory", at), false, "Read only")
	})
}

func TestDeskMistakes(t *testing.T) {
	path := filled(t, "")
	for want, args := range map[string][]string{
		"the port is 70000: write one from 1": {"desk", "--directory", path, "--port", "70000"},
		"There is no directory":               {"desk", "--directory", path + ".none"},
		"no directory is given":               {"desk"},
		"client_id":                           {"desk", "--directory", "https://directory.example"},
	} {
		expectRun(t, 1, want, args...)
	}
}
