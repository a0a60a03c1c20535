package acctest

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/cli/serving"
)

// Service is a directory service in a process of its own, which is the test's
// own binary, and a credential for it.
type Service struct {
	// URL is where it is.
	URL string
	// Env is the environment of a provider that uses it.
	Env    []string
	dsn    string
	listen string
	flags  []string
	cmd    *exec.Cmd
	t      *testing.T
}

// NewService serves the directory at dsn, with further flags of "serve".
func NewService(t *testing.T, dsn string, flags ...string) *Service {
	t.Helper()
	s := &Service{dsn: dsn, listen: "127.0.0.1:0", flags: flags, t: t}
	created, err := program("credential", "create", "--json", "--name", "test", "--operator", "--directory", dsn).Output()
	if err != nil {
		t.Fatal(err)
	}
	var credential struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	if err := json.Unmarshal(created, &credential); err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Kill)
	s.Env = []string{"MIMECAST_DIRECTORY=" + s.URL, "MIMECAST_CLIENT_ID=" + credential.ClientID, "MIMECAST_CLIENT_SECRET=" + credential.ClientSecret}
	return s
}

// Start starts the service, again at the address that it had.
func (s *Service) Start() {
	s.t.Helper()
	s.cmd = program(append([]string{"serve", "--directory", s.dsn, "--listen", s.listen}, s.flags...)...)
	listen, err := serving.Start(s.cmd)
	if err != nil {
		s.t.Fatal(err)
	}
	s.listen, s.URL = listen, "http://"+listen
}

// Kill ends the service without giving it time to finish anything.
func (s *Service) Kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// program returns a command that is the program with a subcommand.
func program(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}
