package cli_test

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/review"
)

var shownDigest = regexp.MustCompile(`(?m)^Digest: ([0-9a-f]{64})$`)

// TestReviewLoop goes the whole way with the same words in a file, in PostgreSQL
// and through a service, where a credential that only reads signs: look, sign,
// look at what changed since.
func TestReviewLoop(t *testing.T) {
	for name, at := range map[string]func(*testing.T) (location, file string){
		"file":       func(t *testing.T) (string, string) { path := filled(t, ""); return path, path },
		"PostgreSQL": func(t *testing.T) (string, string) { dsn := filled(t, postgrestest.New(t)); return dsn, dsn },
		"service": func(t *testing.T) (string, string) {
			path := filled(t, "")
			id, secret := newCredential(t, path, "--read-only", "--may-sign-reviews")
			t.Setenv("MIMECAST_CLIENT_ID", id)
			t.Setenv("MIMECAST_CLIENT_SECRET", secret)
			return start(t, path, "127.0.0.1:0").url, path
		},
	} {
		t.Run(name, func(t *testing.T) {
			location, file := at(t)
			t.Setenv("MIMECAST_DIRECTORY", location)
			first := expectRun(t, 0, "Nobody has signed a review of this yet.", "review")
			for _, want := range []string{"in 3 clients, 4 people have 4 grants.", "4 grants have no reason.", "In 2 clients nobody from outside", "review sign"} {
				if !strings.Contains(first, want) {
					t.Errorf("%q is not in\n%s", want, first)
				}
			}
			for line := range strings.Lines(first) {
				if len(strings.TrimSuffix(line, "\n")) > 80 && !strings.Contains(line, "--directory") {
					t.Errorf("longer than 80 columns: %q", line)
				}
			}
			digest := shownDigest.FindStringSubmatch(first)[1]
			canonical := sha256.Sum256([]byte(expectRun(t, 0, "", "review", "--format", "canonical")))
			if hex.EncodeToString(canonical[:]) != digest {
				t.Errorf("the canonical form has another digest than %s", digest)
			}
			expectRun(t, 0, "everything, digest "+digest, "review", "sign", "--digest", digest, "--note", "Q4, with Bob")
			expectRun(t, 0, `who wrote "Q4`, "review")
			expectRun(t, 0, "Nothing changed", "review")
			expectRun(t, 0, "Nobody has signed a review of this yet.", "review", "--person", "anna@northwind.example")

			t.Setenv("MIMECAST_DIRECTORY", file)
			seen := write(t, "account,email,role\nCUSA01A001,eve@elsewhere.example,Reviewer\n")
			expectRun(t, 0, "Stored", "observe", "--file", seen, "--yes")
			t.Setenv("MIMECAST_DIRECTORY", location)
			expectRun(t, 0, "eve@elsewhere.example is there as Reviewer", "review")
			expectRun(t, 1, "Nothing is signed. Look at the review again", "review", "sign", "--digest", digest)
			var report review.Report
			if err := json.Unmarshal([]byte(expectRun(t, 0, "", "review", "--format", "json")), &report); err != nil {
				t.Fatal(err)
			}
			if report.Counts.Undeclared != 1 || len(report.LastSigned.Changes) != 1 || !report.LastSigned.Traced || report.LastSigned.Digest != digest {
				t.Errorf("%+v, %+v", report.Counts, report.LastSigned)
			}
			expectRun(t, 0, "all in order", "audit", "verify")
		})
	}
}

func TestReviewFiles(t *testing.T) {
	path := filled(t, "")
	t.Setenv("MIMECAST_DIRECTORY", path)
	file := filepath.Join(t.TempDir(), "review.csv")
	expectRun(t, 0, "Digest:", "review", "--csv", file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	people := 0
	for _, row := range rows[1:] {
		if row[3] != "" {
			people++
		}
	}
	if people != 4 || rows[0][3] != "person" {
		t.Errorf("%q", rows)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others can read it: %v, %v", info, err)
	}
	page := filepath.Join(t.TempDir(), "review.html")
	out := expectRun(t, 1, "there is a file "+file+" already", "review", "--html", page, "--csv", file)
	if _, err := os.Stat(page); err == nil {
		t.Error("half of it is written")
	}
	if out != "" {
		t.Errorf("it says %q", out)
	}
	again, err := os.ReadFile(file)
	if err != nil || string(again) != string(text) {
		t.Error("the file is another one")
	}
	expectRun(t, 1, "--csv: open", "review", "--csv", filepath.Join(file, "x"))
	expectRun(t, 0, "Digest:", "review", "--html", page)
	if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "carl@gone.example") || strings.Contains(string(text), "<script") {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestReviewMistakes(t *testing.T) {
	path := filled(t, "")
	t.Setenv("MIMECAST_DIRECTORY", path)
	for want, args := range map[string][]string{
		`--format is "xml"`:          {"review", "--format", "xml"},
		"--tenant: ":                 {"review", "--tenant", "nonsense!", "--person", "nobody"},
		"--person: ":                 {"review", "--tenant", "nonsense!", "--person", "nobody"},
		`There is no tenant "CNONE"`: {"review", "--tenant", "CNONE"},
		"no digest is given":         {"review", "sign"},
		"64 hexadecimal digits":      {"review", "sign", "--digest", "5c0f"},
		"--person is set and empty":  {"review", "--person", ""},
	} {
		expectRun(t, 1, want, args...)
	}
	id, secret := newCredential(t, path, "--read-only")
	t.Setenv("MIMECAST_CLIENT_ID", id)
	t.Setenv("MIMECAST_CLIENT_SECRET", secret)
	t.Setenv("MIMECAST_DIRECTORY", start(t, path, "127.0.0.1:0").url)
	digest := shownDigest.FindStringSubmatch(expectRun(t, 0, "Digest", "review", "--tenant", "CUSA01A001"))[1]
	expectRun(t, 1, "may not sign reviews, so nothing was signed. Use one that was made with --may-sign-reviews", "review", "sign", "--tenant", "CUSA01A001", "--digest", digest)
	expectRun(t, 0, "Nobody has signed", "review", "--tenant", "CUSA01A001")
}

// The command to sign with has no password in it, and is one that a shell takes.
func TestReviewSigning(t *testing.T) {
	dsn := filled(t, postgrestest.New(t))
	t.Setenv("MIMECAST_DIRECTORY", dsn)
	if out := expectRun(t, 0, "review sign \\", "review"); strings.Contains(out, "postgres") {
		t.Errorf("the URL is in\n%s", out)
	}
	path := filepath.Join(t.TempDir(), "it's here")
	filled(t, path)
	expectRun(t, 0, `--directory '`+strings.ReplaceAll(path, "'", `'\''`)+`' \`, "review", "--directory", path)
}
