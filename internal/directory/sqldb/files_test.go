package sqldb_test

import (
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// fails checks that reading and writing fail with the same sentence, which
// contains all of want.
func fails(t *testing.T, db *sqldb.DB, want ...string) {
	t.Helper()
	d := db.Open(owner())
	_, read := directory.Collect(d.Partners(t.Context(), directory.PartnerFilter{}))
	says(t, read, want...)
	if write := setUp(t.Context(), d); write == nil || write.Error() != read.Error() {
		t.Errorf("reading says\n%v\nand writing\n%v", read, write)
	}
}

// says checks that an error is a sentence for users that contains all of want.
func says(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", want)
	}
	t.Log(err)
	text := err.Error()
	if text[0] != '"' && (text[0] < 'A' || text[0] > 'Z') || !strings.HasSuffix(text, ".") || strings.Contains(text, "\n") {
		t.Errorf("not a sentence: %s", text)
	}
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q does not say %q", text, w)
		}
	}
}

// untouched returns a check that the file has not changed since.
func untouched(t *testing.T, path string) func() {
	t.Helper()
	sum := func() [sha256.Size]byte {
		content, err := os.ReadFile(path)
		check(t, err)
		return sha256.Sum256(content)
	}
	before := sum()
	return func() {
		t.Helper()
		if sum() != before {
			t.Errorf("%s has changed", path)
		}
		if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
			t.Errorf("%s-wal has %d bytes", path, info.Size())
		}
	}
}

func TestNotADirectoryFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	text := filepath.Join(folder, "text")
	check(t, os.WriteFile(text, []byte(strings.Repeat("not a database ", 1000)), 0o600))
	short := filepath.Join(folder, "short")
	check(t, os.WriteFile(short, []byte("SQLite format 3\x00"), 0o600))
	foreign := filepath.Join(folder, "foreign")
	db := raw(t, foreign)
	_, err := db.ExecContext(t.Context(), `PRAGMA journal_mode = WAL; CREATE TABLE partners (name TEXT); INSERT INTO partners VALUES ('x')`)
	check(t, err)
	check(t, db.Close())

	for path, want := range map[string]string{text: "is not a SQLite file", short: "is not a SQLite file", foreign: "another program's SQLite database"} {
		same := untouched(t, path)
		fails(t, open(t, path), path, want, "nothing was changed")
		fails(t, readOnlyFails(t, path), path, want)
		same()
	}
	fails(t, open(t, folder), "The path "+folder+" is a folder")
	fails(t, open(t, filepath.Join(folder, "none", "x")), "there is no folder "+filepath.Join(folder, "none"))
	fails(t, open(t, filepath.Join(text, "x")), text)
}

// readOnlyFails opens for reading only; fails then compares with the write's ErrReadOnly, so it is wrapped.
func readOnlyFails(t *testing.T, path string) *sqldb.DB {
	t.Helper()
	db := open(t, path, sqldb.ReadOnly())
	_, err := db.Open(owner()).Partner(t.Context(), "CMSP1")
	says(t, err, path)
	return open(t, path)
}

func TestEmptyFileIsANewDirectory(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "empty 100% & ?#.directory")
	check(t, os.WriteFile(path, nil, 0o600))
	db := open(t, path)
	check(t, setUp(t.Context(), db.Open(owner())))
	check(t, db.Close())
	intact(t, strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path))
}

func TestOpeningIsTriedAgain(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "later")
	db := open(t, filepath.Join(folder, "x.directory"))
	fails(t, db, "there is no folder")
	check(t, os.Mkdir(folder, 0o700))
	check(t, setUp(t.Context(), db.Open(owner())))
	check(t, db.Close())
	fails(t, db, "is closed already")
}

func TestNewTouchesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	open(t, filepath.Join(folder, "x.directory"))
	open(t, "postgres://nobody:secret@nowhere.invalid/none")
	files, err := os.ReadDir(folder)
	check(t, err)
	if len(files) > 0 {
		t.Errorf("New has created %v", files)
	}
}

func TestDSN(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]string{
		"":                               "No directory is given",
		":memory:":                       "is not the path of a file",
		"file:x.directory":               "is not the path of a file",
		"https://user:hunter2@x.example": "and not \"https://...\"",
		"mysql://user:hunter2@x/y":       "and not \"mysql://...\"",
		"postgres:user:hunter2":          "begins with \"postgres://\"",
		"postgres://user:hunter2%zz@x/y": "is not well-formed",
		"postgres://user:hunter2@x:port": "is not well-formed",
		"a\x00b":                         "NUL",
	} {
		_, err := sqldb.New(dsn)
		says(t, err, want)
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the password shows: %v", err)
		}
	}
}

// TestReadingLeavesOneFile: who only reads leaves the directory as one file, with
// the same content, and also tidies up after a process that was killed.
func TestReadingLeavesOneFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "x.directory")
	db := open(t, path)
	check(t, setUp(t.Context(), db.Open(owner())))
	alone := func(when string) {
		t.Helper()
		files, err := os.ReadDir(folder)
		check(t, err)
		if len(files) != 1 {
			t.Errorf("%s: there are %v", when, files)
		}
	}
	read := func(db *sqldb.DB) {
		t.Helper()
		d := db.Open(owner())
		if _, err := d.Partner(t.Context(), "CMSP1"); err != nil {
			t.Error(err)
		}
		if err := setUp(t.Context(), d); !errors.Is(err, directory.ErrReadOnly) {
			t.Errorf("a write to a directory that is only read: %v", err)
		}
	}
	// While another process has it open, its files are that process's to remove.
	beside := open(t, path, sqldb.ReadOnly())
	read(beside)
	check(t, beside.Close())
	check(t, db.Close())
	alone("read beside a writer")

	same := untouched(t, path)
	one, other := open(t, path, sqldb.ReadOnly()), open(t, path, sqldb.ReadOnly())
	read(one)
	read(other)
	check(t, one.Close())
	check(t, other.Close())
	alone("read by two")
	same()

	// A copy of what a killed process leaves.
	writer := open(t, path)
	_, err := directory.Create(t.Context(), writer.Open(owner()), rolemodel.Partner{AccountCode: "CMSP9", Name: "Last", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"last.example"}}, "")
	check(t, err)
	folder = t.TempDir()
	for _, beside := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + beside)
		check(t, err)
		check(t, os.WriteFile(filepath.Join(folder, "x.directory"+beside), content, 0o600))
	}
	check(t, writer.Close())
	killed := open(t, filepath.Join(folder, "x.directory"), sqldb.ReadOnly())
	read(killed)
	if _, err := killed.Open(owner()).Partner(t.Context(), "CMSP9"); err != nil {
		t.Errorf("what was in the -wal file: %v", err)
	}
	check(t, killed.Close())
	alone("read after a kill")
	intact(t, filepath.Join(folder, "x.directory"))
}

func TestNewerSchema(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "newer.directory")
	db := open(t, path)
	check(t, setUp(t.Context(), db.Open(owner())))
	check(t, db.Close())
	setVersion(t, path, `INSERT INTO mimecast_directory_version (version_id, is_applied) VALUES (4711, 1)`)
	same := untouched(t, path)
	newer := open(t, path)
	fails(t, newer, "newer version of this program (schema 4711", "Upgrade this program")
	check(t, newer.Close())
	same()
}

// setVersion changes the file's record of migrations.
func setVersion(t *testing.T, path, statement string) {
	t.Helper()
	db := raw(t, path)
	_, err := db.ExecContext(t.Context(), statement)
	check(t, err)
	check(t, db.Close())
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "read-only.directory")
	_, err := open(t, path, sqldb.ReadOnly()).Open(owner()).Partner(t.Context(), "CMSP1")
	says(t, err, "There is no directory "+path, "without read_only")
	if _, err := os.Stat(path); err == nil {
		t.Fatal("the file was created")
	}
	check(t, os.WriteFile(path, nil, 0o600))
	_, err = open(t, path, sqldb.ReadOnly()).Open(owner()).Partner(t.Context(), "CMSP1")
	says(t, err, "is empty", "without read_only")

	db := open(t, path)
	check(t, setUp(t.Context(), db.Open(owner())))
	check(t, db.Close())
	same := untouched(t, path)
	db = open(t, path, sqldb.ReadOnly())
	d := db.Open(owner())
	if _, err := d.Partner(t.Context(), "CMSP1"); err != nil {
		t.Error(err)
	}
	if err := deleteTenant(t.Context(), d, "CALPHA"); err != directory.ErrReadOnly { //nolint:errorlint // As it is.
		t.Errorf("got %v, want ErrReadOnly", err)
	}
	check(t, db.Close())
	same()

	setVersion(t, path, `DELETE FROM mimecast_directory_version WHERE version_id = (SELECT max(version_id) FROM mimecast_directory_version)`)
	_, err = open(t, path, sqldb.ReadOnly()).Open(owner()).Partner(t.Context(), "CMSP1")
	says(t, err, "older version of this program", "without read_only")
}

func TestTrailIsAppendOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "trail.directory")
	db := open(t, path)
	check(t, setUp(t.Context(), db.Open(owner())))
	for _, statement := range []string{`UPDATE audit_events SET event_json = ''`, `DELETE FROM audit_events`, `INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events`} {
		if _, err := raw(t, path).ExecContext(t.Context(), `PRAGMA recursive_triggers = ON; `+statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// TestBeforeReviews: a directory that was written before there were reviews is
// brought up to date. Its credentials may not sign until somebody says so.
func TestBeforeReviews(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "older.directory")
	db := open(t, path)
	check(t, setUp(t.Context(), db.Open(owner())))
	keeper := credential.NewKeeper(db.Credentials(), time.Hour, time.Now)
	_, _, err := keeper.Create(t.Context(), rolemodel.Actor{Name: "operator"}, credential.Credential{Name: "auditor", RoleID: rolemodel.BasicAdmin, ReadOnly: true})
	check(t, err)
	check(t, db.Close())
	setVersion(t, path, `DROP TABLE reviews; ALTER TABLE credentials DROP COLUMN may_sign_reviews; DELETE FROM mimecast_directory_version WHERE version_id >= 3`)

	db = open(t, path)
	d := db.Open(owner())
	_, err = directory.Sign(t.Context(), d, directory.SignReview{Digest: strings.Repeat("0", 64)})
	check(t, err)
	if _, err := d.Review(t.Context(), "", ""); err != nil {
		t.Error(err)
	}
	all, err := db.Credentials().Credentials(t.Context())
	check(t, err)
	if len(all) != 1 || all[0].MaySignReviews || !all[0].ReadOnly || all[0].Name != "auditor" {
		t.Errorf("the credentials are %+v", all)
	}
	check(t, db.Close())
	intact(t, path)
}
