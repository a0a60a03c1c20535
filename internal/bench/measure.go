package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// bench is how to measure.
type bench struct {
	cli, rc string
	runs    int
	// remoteState keeps the state in an http backend instead of a local file,
	// which Terraform writes anew after every resource.
	remoteState bool
	// skipDestroy leaves out the destroy, which takes longest with a local state.
	skipDestroy bool
	// way is the name of the only way of granting to measure, "" for both.
	way string
}

// ways returns the ways of granting to measure.
func (b bench) ways() []way {
	return slices.DeleteFunc(ways(), func(w way) bool { return b.way != "" && w.name != b.way })
}

// settings are the environment that names the directory to a provider.
type settings []string

// embedded is a directory file in the folder of the configuration.
func embedded() settings { return settings{"MIMECAST_DIRECTORY=bench.directory"} }

// figures are what one configuration took.
type figures struct {
	create, plan, refresh, destroy time.Duration
	// memory is the peak resident set of the largest provider process, in bytes.
	memory int64
}

// measure applies, plans, refreshes and destroys a configuration in a folder of its own.
func (b bench) measure(ctx context.Context, size size, files map[string]string, to settings) (figures, error) {
	var f figures
	folder, remove, err := b.folder(ctx, size, files)
	if err != nil {
		return f, err
	}
	defer remove()
	var memory atomic.Int64
	watch, stop := context.WithCancel(ctx)
	defer stop()
	go watchMemory(watch, &memory)

	step := func(into *time.Duration, runs int, args ...string) {
		var took []time.Duration
		for range runs {
			start := time.Now()
			if err == nil {
				err = b.terraform(ctx, folder, to, args...)
			}
			took = append(took, time.Since(start))
		}
		*into = median(took)
	}
	step(&f.create, 1, "apply", "-auto-approve")
	step(&f.plan, b.runs, "plan", "-detailed-exitcode")
	step(&f.refresh, b.runs, "plan", "-refresh-only")
	if !b.skipDestroy {
		step(&f.destroy, 1, "destroy", "-auto-approve")
	}
	f.memory = memory.Load()
	return f, err
}

// folder returns a folder with a configuration that is ready to be planned, and what removes it.
func (b bench) folder(ctx context.Context, size size, files map[string]string) (string, func(), error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return "", nil, err
	}
	remove := func() { _ = os.RemoveAll(folder) }
	err = write(folder, size, files)
	if err == nil && b.remoteState {
		var state *httptest.Server
		state, err = b.useRemoteState(ctx, folder)
		remove = func() {
			state.Close()
			_ = os.RemoveAll(folder)
		}
	}
	if err == nil {
		err = b.terraform(ctx, folder, nil, "get")
	}
	if err != nil {
		remove()
	}
	return folder, remove, err
}

func (b bench) terraform(ctx context.Context, folder string, to settings, args ...string) error {
	rc, err := filepath.Abs(b.rc)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, b.cli, args...) //nolint:gosec // The command is the caller's choice.
	cmd.Dir = folder
	cmd.Env = slices.Concat(os.Environ(), []string{"TF_CLI_CONFIG_FILE=" + rc, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1"}, to)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", b.cli, strings.Join(args, " "), err, output[max(0, len(output)-2000):])
	}
	return nil
}

// useRemoteState adds an http backend to the configuration and serves it from memory.
func (b bench) useRemoteState(ctx context.Context, folder string) (*httptest.Server, error) {
	var mu sync.Mutex
	var state []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case r.Method == http.MethodPost:
			state, _ = io.ReadAll(r.Body)
		case state == nil:
			http.NotFound(w, r)
		default:
			_, _ = w.Write(state)
		}
	}))
	backend := fmt.Sprintf("terraform {\n  backend \"http\" {\n    address = %q\n  }\n}\n", server.URL)
	if err := os.WriteFile(filepath.Join(folder, "backend.tf"), []byte(backend), 0o600); err != nil {
		return server, err
	}
	// With dev_overrides the init ends in an error, since no registry has the
	// provider; the backend is set up before that.
	err := b.terraform(ctx, folder, nil, "init")
	if _, missing := os.Stat(filepath.Join(folder, ".terraform", "terraform.tfstate")); missing != nil {
		return server, err
	}
	return server, nil
}

// watchMemory keeps the highest VmHWM that any provider process reports, until
// the context ends. Processes are Terraform's children, so /proc is what tells (Linux).
func watchMemory(ctx context.Context, peak *atomic.Int64) {
	for ctx.Err() == nil {
		names, _ := filepath.Glob("/proc/[0-9]*/comm")
		for _, name := range names {
			// The kernel cuts a process name to 15 bytes.
			if comm, err := os.ReadFile(name); err != nil || strings.TrimSpace(string(comm)) != "terraform-provi" {
				continue
			}
			status, _ := os.ReadFile(filepath.Join(filepath.Dir(name), "status"))
			for line := range strings.Lines(string(status)) {
				if kB, ok := strings.CutPrefix(line, "VmHWM:"); ok {
					n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(kB), " kB"), 10, 64)
					peak.Store(max(peak.Load(), n<<10))
				}
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
}
