package sqldb_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// The environment of a child: what the test binary does instead of testing,
// where, and under which name.
const childRole, childDSN, childName = "MIMECAST_TEST_CHILD", "MIMECAST_TEST_CHILD_DSN", "MIMECAST_TEST_CHILD_NAME"

// TestMain makes the test binary its own child process: faults are tried on
// real processes.
func TestMain(m *testing.M) {
	roles := map[string]func(context.Context, *sqldb.DB, string) error{
		"write for ever": writeForEver, "write some": writeSome, "use": use, "contend": contendWrites,
	}
	role, ok := roles[os.Getenv(childRole)]
	if !ok {
		os.Exit(m.Run())
	}
	var options []sqldb.Option
	if strings.HasPrefix(os.Getenv(childName), "read-only") {
		options = append(options, sqldb.ReadOnly())
	}
	db, err := sqldb.New(os.Getenv(childDSN), options...)
	if err == nil {
		err = role(context.Background(), db, os.Getenv(childName))
	}
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child prepares a child process.
func child(t testing.TB, role, dsn, name string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), childRole+"="+role, childDSN+"="+dsn, childName+"="+name)
	cmd.Stderr = os.Stderr
	return cmd
}

// lines starts the child and sends what it prints, line by line, until it ends.
func lines(t testing.TB, cmd *exec.Cmd) <-chan string {
	t.Helper()
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	sent := make(chan string, 1000)
	go func() {
		defer close(sent)
		reader := bufio.NewReader(output)
		for {
			line, err := reader.ReadString('\n')
			if err != nil { // A line that was cut off is not reported.
				_, _ = io.Copy(io.Discard, reader)
				return
			}
			sent <- strings.TrimSpace(line)
		}
	}()
	return sent
}

func actor(id rolemodel.RoleID) rolemodel.Actor {
	role, _ := rolemodel.DefaultRole(id)
	return rolemodel.Actor{Name: "tester", Role: role}
}

// owner goes everywhere with the authority of a Basic Administrator.
func owner() directory.Caller { return directory.Owner(actor(rolemodel.BasicAdmin)) }

func deleteTenant(ctx context.Context, d directory.Directory, code rolemodel.AccountCode) error {
	_, err := directory.Delete[rolemodel.Tenant](ctx, d, directory.Key{Account: code}, "")
	return err
}

func grant(ctx context.Context, d directory.Directory, tenant rolemodel.AccountCode, email rolemodel.Email) error {
	_, err := directory.Create(ctx, d, rolemodel.ExternalAdmin{TenantID: tenant, Email: email, RoleID: rolemodel.BasicAdmin}, "")
	return err
}

// setUp makes sure that there are a partner and a tenant to write to, whoever
// else does so at the same time.
func setUp(ctx context.Context, d directory.Directory) error {
	_, err := directory.Create(ctx, d, rolemodel.Partner{AccountCode: "CMSP1", Name: "MSP", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"msp.example"}}, "")
	if err != nil && !isConflict(err) {
		return err
	}
	_, err = directory.Create(ctx, d, rolemodel.Tenant{AccountCode: "CALPHA", Name: "Alpha", PrimaryDomain: "alpha.example", PartnerID: "CMSP1"}, "")
	if err != nil && !isConflict(err) {
		return err
	}
	return nil
}

func isConflict(err error) bool {
	_, ok := err.(*directory.ConflictError) //nolint:errorlint // The port returns it as it is.
	return ok
}

// writeForEver grants and removes until it is killed, and says before each
// write what it tries and after it what is done.
func writeForEver(ctx context.Context, db *sqldb.DB, name string) error {
	d := db.Open(owner())
	if err := setUp(ctx, d); err != nil {
		return err
	}
	for i := 0; ; i++ {
		email := rolemodel.Email(fmt.Sprintf("%s-%d@msp.example", name, i))
		fmt.Println("try", email, "there")
		if err := grant(ctx, d, "CALPHA", email); err != nil {
			return err
		}
		fmt.Println("done", email, "there")
		if i%3 == 2 {
			email = rolemodel.Email(fmt.Sprintf("%s-%d@msp.example", name, i-1))
			fmt.Println("try", email, "gone")
			if _, err := directory.Delete[rolemodel.ExternalAdmin](ctx, d, directory.Key{Account: "CALPHA", Email: email}, ""); err != nil {
				return err
			}
			fmt.Println("done", email, "gone")
		}
	}
}

// someWrites is how many grants writeSome adds.
const someWrites = 30

// writeSome races others for the first use of the directory, for one tenant's
// code and then for the right to write.
func writeSome(ctx context.Context, db *sqldb.DB, name string) error {
	d := db.Open(owner())
	if err := setUp(ctx, d); err != nil {
		return err
	}
	_, err := directory.Create(ctx, d, rolemodel.Tenant{AccountCode: "CSHARED", Name: name, PrimaryDomain: "shared.example"}, "")
	switch {
	case err == nil:
		fmt.Println("won")
	case !isConflict(err):
		return err
	}
	for i := range someWrites {
		email := rolemodel.Email(fmt.Sprintf("%s-%d@msp.example", name, i))
		if err := grant(ctx, d, "CALPHA", email); err != nil {
			return err
		}
		fmt.Println("done", email)
	}
	return db.Close()
}

// use reads and writes once and says how it went.
func use(ctx context.Context, db *sqldb.DB, _ string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	d := db.Open(owner())
	_, err := directory.Collect(d.Partners(ctx, directory.PartnerFilter{}))
	fmt.Println("read:", err)
	_, err = directory.Create(ctx, d, rolemodel.Partner{Name: "New", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"new.example"}}, "")
	fmt.Println("write:", err)
	return nil
}

// copySelf copies the test binary to where any user may run it.
func copySelf(t *testing.T, folder string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	binary, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "child")
	if err := os.WriteFile(path, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}
