package server_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/bench/attack"
)

func TestMain(m *testing.M) {
	attack.Main()
	os.Exit(m.Run())
}

// TestAttacks runs each attack against a service of its own, a program without
// the race detector, which has other memory. None of them run at once, so that
// the figures are theirs.
func TestAttacks(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds and attacks a program")
	}
	program := filepath.Join(t.TempDir(), "program")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "github.com/msp-as-code/terraform-provider-mimecast").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, a := range attack.All() {
		t.Run(a.Name, func(t *testing.T) {
			report, err := a.On(t.Context(), program, filepath.Join(t.TempDir(), "msp.directory"))
			if err != nil {
				t.Error(err)
			}
			t.Logf("peak memory %d MB; %d reads of others: median %s, p99 %s, longest %s; answers %s, the largest of %d bytes",
				report.Memory>>20, len(report.Reads), report.Read(50), report.Read(99), report.Read(100), report.Statuses(), report.Largest)
			if report.Memory > attack.MostMemory {
				t.Errorf("the service had %d MB of memory, and %d are enough", report.Memory>>20, attack.MostMemory>>20)
			}
			if len(report.Reads) == 0 || len(report.Refused) > 0 {
				t.Errorf("%d reads of somebody else, refused by status: %v", len(report.Reads), report.Refused)
			}
		})
	}
}
