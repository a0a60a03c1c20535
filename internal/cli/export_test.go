package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestExportFlags(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "msp.directory")
	if status, _, errs := run(t, "credential", "create", "--name", "auditor", "--operator", "--directory", empty); status != 0 {
		t.Fatal(errs)
	}
	for name, test := range map[string]struct {
		args     []string
		out, err string
	}{
		"hcl":         {[]string{"--directory", empty}, "# What the directory holds.", ""},
		"csv":         {[]string{"--directory", empty, "--format", "csv"}, "account,name,email,role,reason,expires_at\n", ""},
		"neither":     {[]string{"--directory", empty, "--format", "xml"}, "", `--format is "xml": write hcl or csv`},
		"single csv":  {[]string{"--directory", empty, "--format", "csv", "--single"}, "", "--single is for --format hcl"},
		"no path":     {nil, "", "no directory is given"},
		"no such one": {[]string{"--directory", empty + ".not"}, "", "There is no directory"},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, errs := run(t, append([]string{"export"}, test.args...)...)
			if !strings.HasPrefix(out, test.out) || test.out == "" && out != "" {
				t.Errorf("it wrote %q", out)
			}
			if failed := status != 0; failed != (test.err != "") || !strings.Contains(errs, test.err) {
				t.Errorf("status %d, errors %q", status, errs)
			}
		})
	}
	t.Setenv("MIMECAST_EXPORT_FORMAT", "csv")
	if _, out, errs := run(t, "export", "--directory", empty); !strings.HasPrefix(out, "account,") {
		t.Errorf("with the format given by environment it wrote %q (%s)", out, errs)
	}
}
