// Package refactor_test proves that no refactoring of a configuration costs
// anybody access that is still declared, or leaves somebody access that is not.
// Each test drives a real CLI and asks the directory itself afterwards.
package refactor_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

// TestMain also serves the provider, for the CLI that a test starts.
func TestMain(m *testing.M) { os.Exit(acctest.Main(m)) }

// rounds is how often each refactoring is tried: what races may end well once.
func rounds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("REFACTOR_ROUNDS")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("REFACTOR_ROUNDS is %q, want a number from 1", text)
	}
	return n
}

// eachRound runs the test in a new world, as often as rounds says.
func eachRound(t *testing.T, test func(*world)) {
	t.Helper()
	t.Parallel()
	n := rounds(t)
	if n == 1 {
		test(newWorld(t))
		return
	}
	for i := range n {
		t.Run(strconv.Itoa(i+1), func(t *testing.T) {
			t.Parallel()
			test(newWorld(t))
		})
	}
}
