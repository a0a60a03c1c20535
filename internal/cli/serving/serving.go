// Package serving starts the service as a process and waits until it serves.
// Only tests and benchmarks use it.
package serving

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
)

// Start starts a command that is a "serve" and returns the address it listens
// on, as it says in the first line of its log. The log's remainder is dropped.
func Start(serve *exec.Cmd) (address string, err error) {
	log, err := serve.StderrPipe()
	if err != nil {
		return "", err
	}
	if err := serve.Start(); err != nil {
		return "", err
	}
	lines := bufio.NewScanner(log)
	var first struct {
		Listen string `json:"listen"`
	}
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &first) != nil || first.Listen == "" {
		rest, _ := io.ReadAll(log)
		return "", fmt.Errorf("the service does not serve: %s%s: %w", lines.Text(), rest, serve.Wait())
	}
	go func() { _, _ = io.Copy(io.Discard, log) }() // It must not wait for somebody to read its log.
	return first.Listen, nil
}
