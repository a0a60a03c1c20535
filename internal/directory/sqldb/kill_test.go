package sqldb_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// kills is how often a writer is killed in each test.
const kills = 30

// TestKilledWriter kills a process that writes. Whatever it reported as done
// must be there, and the file must be whole.
func TestKilledWriter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "killed.directory")
	tried, done := map[string]string{}, map[string]string{}
	for run := range kills {
		cmd := child(t, "write for ever", path, fmt.Sprintf("run%d", run))
		output := lines(t, cmd)
		note := func(line string) {
			words := strings.Fields(line)
			switch words[0] {
			case "try":
				tried[words[1]] = words[2]
			case "done":
				done[words[1]] = words[2]
			default:
				t.Errorf("run %d: %s", run, line)
			}
		}
		for range 1 + rand.N(20) {
			note(<-output)
		}
		time.Sleep(rand.N(5 * time.Millisecond)) // Anywhere in a write.
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for line := range output {
			note(line)
		}
		_ = cmd.Wait()
	}
	if len(done) < kills {
		t.Fatalf("only %d writes were done", len(done))
	}
	t.Logf("%d kills, %d writes done", kills, len(done))

	db := open(t, path)
	consistent(t.Context(), t, db)
	there := map[string]bool{}
	for admin, err := range db.Open(owner()).ExternalAdmins(t.Context(), directory.ExternalAdminFilter{}) {
		check(t, err)
		there[string(admin.Email)] = true
	}
	for email, state := range done {
		if tried[email] == state && there[email] != (state == "there") {
			t.Errorf("%s was reported %s and is not", email, state)
		}
	}
	for email := range there {
		if tried[email] == "" {
			t.Errorf("%s is there and nobody tried", email)
		}
	}
	check(t, db.Close())
	intact(t, path)
}

// TestKilledWhileOpening kills processes that create and migrate a new file.
// The next one must find a file that it can use.
func TestKilledWhileOpening(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var longest time.Duration
	for run := range kills {
		path := filepath.Join(folder, fmt.Sprintf("%d.directory", run))
		started := time.Now()
		cmd := child(t, "write for ever", path, "first")
		output := lines(t, cmd)
		if run == 0 { // How long it takes here until the file is set up.
			<-output
			longest = time.Since(started)
		} else {
			time.Sleep(rand.N(longest))
		}
		check(t, cmd.Process.Kill())
		for range output {
		}
		_ = cmd.Wait()

		db := open(t, path)
		check(t, setUp(t.Context(), db.Open(owner())))
		consistent(t.Context(), t, db)
		check(t, db.Close())
		intact(t, path)
	}
}
