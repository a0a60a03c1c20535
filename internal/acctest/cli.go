package acctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/cli"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider"
)

// Source is the terraform block of a configuration that a CLI applies.
const Source = `
terraform {
  required_providers {
    mimecast = { source = "msp-as-code/mimecast" }
  }
}
`

// PIDFile is the environment variable that names a file for the provider's process ID.
const PIDFile = "MIMECAST_TEST_PID_FILE"

// asProgram is the environment variable that makes the test's binary the program with its subcommands.
const asProgram = "MIMECAST_TEST_AS_PROGRAM"

// Main is the TestMain of a package that uses NewCLI. Terraform starts the
// test's own binary as the provider, so that what is tested is what was
// compiled, the race detector included.
func Main(m *testing.M) int {
	if os.Getenv("TF_PLUGIN_MAGIC_COOKIE") != "" {
		if file := os.Getenv(PIDFile); file != "" {
			_ = os.WriteFile(file, []byte(strconv.Itoa(os.Getpid())), 0o600)
		}
		if err := provider.Serve("test", false); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	if os.Getenv(asProgram) != "" {
		return cli.Run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)
	}
	return m.Run()
}

// CLI is a working folder and how the Terraform CLI runs in it: as a user runs
// it, with a provider process of its own. It is for what the steps of
// resource.Test cannot do.
type CLI struct {
	// Dir is the working folder.
	Dir string
	// Env is added to the environment, from which nothing of the developer's own settings is left.
	Env []string
	t   *testing.T
}

// NewCLI returns a CLI in a new folder with these files. It skips the test
// where acceptance tests are not asked for.
func NewCLI(t *testing.T, files map[string]string) *CLI {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run only with TF_ACC set")
	}
	provider, rc := t.TempDir(), filepath.Join(t.TempDir(), "dev.tfrc")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := "terraform-provider-mimecast"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if err := os.Symlink(self, filepath.Join(provider, name)); err != nil {
		t.Fatal(err)
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"registry.terraform.io/msp-as-code/mimecast\" = %q\n    \"registry.opentofu.org/msp-as-code/mimecast\" = %q\n  }\n  direct {}\n}\n", provider, provider)
	if err := os.WriteFile(rc, []byte(overrides), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &CLI{Dir: t.TempDir(), Env: []string{"TF_CLI_CONFIG_FILE=" + rc, "CHECKPOINT_DISABLE=1", "TF_CLI_ARGS=-no-color", "TF_INPUT=0", "TF_IN_AUTOMATION=1"}, t: t}
	for name, content := range files {
		c.Write(name, content)
	}
	return c
}

// Write writes a file in the working folder.
func (c *CLI) Write(name, content string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.Dir, name), []byte(content), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// Command returns a command of the CLI that is not started yet.
func (c *CLI) Command(args ...string) *exec.Cmd {
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		path = "terraform"
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = c.Dir
	own := func(variable string) bool {
		return slices.ContainsFunc([]string{"TF_", "MIMECAST_", "PG"}, func(prefix string) bool { return strings.HasPrefix(variable, prefix) })
	}
	cmd.Env = append(slices.DeleteFunc(os.Environ(), own), c.Env...)
	return cmd
}

// Run runs a command and returns what it prints.
func (c *CLI) Run(args ...string) (string, error) {
	out, err := c.Command(args...).CombinedOutput()
	return string(out), err
}

// Succeed runs a command and returns what it prints. If it fails, so does the test.
func (c *CLI) Succeed(args ...string) string {
	c.t.Helper()
	out, err := c.Run(args...)
	if err != nil {
		c.t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// Fail runs a command that is to fail and returns what it prints.
func (c *CLI) Fail(args ...string) string {
	c.t.Helper()
	out, err := c.Run(args...)
	if err == nil {
		c.t.Fatalf("%s did not fail:\n%s", strings.Join(args, " "), out)
	}
	return out
}

// Apply applies the configuration and returns what it prints.
func (c *CLI) Apply() string {
	c.t.Helper()
	return c.Succeed("apply", "-auto-approve")
}

// ExpectEmptyPlan fails the test if there is something to do.
func (c *CLI) ExpectEmptyPlan() {
	c.t.Helper()
	if out, err := c.Run("plan", "-detailed-exitcode"); err != nil {
		c.t.Fatalf("the plan is not empty: %v\n%s", err, out)
	}
}

// ExpectSays fails the test if the output does not have the texts, in this
// order, however its lines are broken.
func (c *CLI) ExpectSays(output string, texts ...string) {
	c.t.Helper()
	if !Message(texts...).MatchString(output) {
		c.t.Fatalf("%q is missing in:\n%s", texts, output)
	}
}
