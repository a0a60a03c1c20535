//go:build linux

package sqldb_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestPermissions uses files as a user who lacks rights to them. Root has all
// rights, so it lets another user do it.
func TestPermissions(t *testing.T) {
	t.Parallel()
	folder, err := os.MkdirTemp("/tmp", "mimecast-permissions-") //nolint:usetesting // Other users may not enter t.TempDir.
	check(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	check(t, os.Chmod(folder, 0o755))
	self := copySelf(t, folder)

	const fine = "<nil>"
	for i, c := range []struct {
		name           string
		file, inFolder os.FileMode
		child          string
		read, write    string
	}{
		{"all is allowed", 0o666, 0o777, "", fine, fine},
		{"a file that may be read", 0o444, 0o777, "", fine, "cannot be written: this user may not write the file"},
		{"a file that may be read, for reading only", 0o444, 0o777, "read-only", fine, "open for reading only"},
		{"a folder that nothing may be added to", 0o666, 0o555, "", "or its folder", "or its folder"},
		{"a copy that only may be read", 0o444, 0o555, "read-only", fine, "open for reading only"},
		{"a file that may not be read", 0o000, 0o777, "", "cannot be read by this user", "cannot be read by this user"},
		{"a folder that may not be entered", 0o666, 0o000, "", "may not look into its folder", "may not look into its folder"},
		{"a new file in a folder that nothing may be added to", 0, 0o555, "new", fine, "may not create the file"},
	} {
		inside := filepath.Join(folder, fmt.Sprint(i))
		path := filepath.Join(inside, "x.directory")
		check(t, os.Mkdir(inside, 0o755))
		if c.child != "new" {
			db := open(t, path)
			check(t, setUp(t.Context(), db.Open(owner())))
			check(t, db.Close())
			check(t, os.Chmod(path, c.file))
		}
		check(t, os.Chmod(inside, c.inFolder))
		cmd := child(t, "use", path, c.child)
		cmd.Path = self
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		var said []string
		for line := range lines(t, cmd) {
			said = append(said, line)
		}
		check(t, cmd.Wait())
		check(t, os.Chmod(inside, 0o755)) //nolint:gosec // So that it can be removed.
		if len(said) != 2 || !strings.HasPrefix(said[0], "read: ") || !strings.Contains(said[0], c.read) || !strings.Contains(said[1], c.write) {
			t.Errorf("%s:\n%s", c.name, strings.Join(said, "\n"))
		}
		t.Log(c.name, said)
	}
}

// TestFullDisk fills a small disk. What does not fit is refused with a sentence
// and what did fit is there; with space, it goes on.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=2m"); err != nil {
		postgrestest.Skip(t, "no small disk can be mounted: "+err.Error())
	}
	t.Cleanup(func() { _ = unix.Unmount(disk, unix.MNT_DETACH) })
	ballast := filepath.Join(disk, "ballast")
	check(t, os.WriteFile(ballast, make([]byte, 1<<20), 0o600))

	path := filepath.Join(disk, "full.directory")
	db := open(t, path)
	d := db.Open(owner())
	check(t, setUp(t.Context(), d))
	role := func(i int) error {
		_, err := directory.Create(t.Context(), d, rolemodel.Role{
			TenantID: "CALPHA", Name: fmt.Sprintf("Role %d Admin", i), Description: strings.Repeat("much to say ", 80), SecurityPermission: rolemodel.CannotManageRoles,
		}, "")
		return err
	}
	done, err := 0, error(nil)
	for err == nil && done < 10_000 {
		if err = role(done); err == nil {
			done++
		}
	}
	says(t, err, path, "Nothing was changed", "space")
	if again := role(done); again == nil {
		done++ // A rollback may have left room for one.
	}
	hasRoles(t, db, done)
	check(t, os.Remove(ballast))
	check(t, role(done))
	hasRoles(t, db, done+1)
	check(t, db.Close())
	intact(t, path)
}

func hasRoles(t *testing.T, db *sqldb.DB, want int) {
	t.Helper()
	consistent(t.Context(), t, db)
	got := 0
	for _, err := range db.Open(owner()).Roles(t.Context(), directory.RoleFilter{}) {
		check(t, err)
		got++
	}
	if got != want {
		t.Fatalf("%d roles are there, and %d were done", got, want)
	}
}
