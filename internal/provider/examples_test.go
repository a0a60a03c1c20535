package provider_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

const examples = "../../examples"

// folders returns the folders below examples with Terraform files, except the
// modules that others call: those that are applied, and those with tests.
func folders(t *testing.T) (applied, tested []string) {
	t.Helper()
	has := func(folder, pattern string) bool {
		found, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		return len(found) > 0
	}
	err := filepath.WalkDir(examples, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir():
			return err
		case entry.Name() == "modules" || strings.HasPrefix(entry.Name(), ".terraform"):
			return filepath.SkipDir
		case has(path, filepath.Join("tests", "*.tftest.hcl")):
			tested = append(tested, path)
		case has(path, "*.tf"):
			applied = append(applied, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return applied, tested
}

// copyExample copies the example that a folder is part of and returns a CLI in
// the copy of the folder. What an earlier apply left there is not copied.
func copyExample(t *testing.T, folder string) *acctest.CLI {
	t.Helper()
	cli := acctest.NewCLI(t, nil)
	root := cli.Dir
	err := filepath.WalkDir(examples, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(examples, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(root, relative), 0o700)
		}
		if !slices.Contains([]string{".tf", ".hcl", ".csv"}, filepath.Ext(path)) || strings.HasPrefix(entry.Name(), "import-by-") {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(root, relative), content, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	relative, err := filepath.Rel(examples, folder)
	if err != nil {
		t.Fatal(err)
	}
	cli.Dir = filepath.Join(root, relative)
	cli.Env = append(cli.Env, "MIMECAST_DIRECTORY="+filepath.Join(root, "example.directory"))
	cli.Succeed("get") // Local modules; needs no registry.
	return cli
}

// TestExamples applies every example as a reader would, plans again, imports
// what import.sh imports and destroys it.
func TestExamples(t *testing.T) {
	t.Parallel()
	applied, tested := folders(t)
	if len(applied) == 0 || len(tested) == 0 {
		t.Fatalf("found only %q to apply and %q to test", applied, tested)
	}
	for _, folder := range applied {
		t.Run(filepath.ToSlash(strings.TrimPrefix(folder, examples)), func(t *testing.T) {
			t.Parallel()
			cli := copyExample(t, folder)
			cli.Apply()
			cli.ExpectEmptyPlan()
			importAgain(t, cli, folder)
			cli.Succeed("destroy", "-auto-approve")
			if left := strings.TrimSpace(cli.Succeed("state", "list")); left != "" {
				t.Errorf("after destroy the state has\n%s", left)
			}
		})
	}
	for _, folder := range tested {
		t.Run(filepath.ToSlash(strings.TrimPrefix(folder, examples))+"/tests", func(t *testing.T) {
			t.Parallel()
			cli := copyExample(t, folder)
			cli.ExpectSays(cli.Succeed("test"), "0 failed")
		})
	}
}

// importAgain forgets each resource that import.sh imports, and imports it as
// import.sh says, by ID and by identity. The plan is empty after the next apply.
func importAgain(t *testing.T, cli *acctest.CLI, folder string) {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(folder, "import.sh"))
	if err != nil {
		return
	}
	imported := ""
	for line := range strings.Lines(string(script)) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "terraform import ")
		if !ok {
			continue
		}
		address, id, _ := strings.Cut(command, " ")
		if strings.Contains(id, "<") { // An ID that the directory assigns.
			continue
		}
		imported = address
		cli.Succeed("state", "rm", address)
		cli.Succeed("import", address, strings.Trim(id, `"'`))
		cli.Apply() // It declares what was imported.
		cli.ExpectEmptyPlan()
	}
	if imported == "" {
		t.Errorf("%s imports nothing", filepath.Join(folder, "import.sh"))
	}
	byIdentity, err := os.ReadFile(filepath.Join(folder, "import-by-identity.tf"))
	if err != nil || strings.Contains(string(byIdentity), "role_id") || !identities(t, cli) {
		return // The ID of a role is assigned by the directory.
	}
	cli.Succeed("state", "rm", imported)
	cli.Write("import-by-identity.tf", string(byIdentity))
	// The change is that it is declared.
	cli.ExpectSays(cli.Apply(), "1 imported, 0 added, 1 changed, 0 destroyed")
	cli.ExpectEmptyPlan()
}

// identities says whether the CLI knows resource identities.
func identities(t *testing.T, cli *acctest.CLI) bool {
	t.Helper()
	var has struct {
		Version string `json:"terraform_version"`
	}
	out, err := cli.Command("version", "-json").Output()
	if err == nil {
		err = json.Unmarshal(out, &has)
	}
	if err != nil {
		t.Fatal(err)
	}
	var major, minor int
	if _, err := fmt.Sscanf(has.Version, "%d.%d.", &major, &minor); err != nil {
		t.Fatal(err)
	}
	return major > 1 || minor >= 12
}
