package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/cli/serving"
)

// service is a running directory service and a credential for it.
type service struct {
	url, clientID, clientSecret string
	stop                        func()
}

// temporaryService serves a directory of its own: a new database of the
// PostgreSQL server at POSTGRES_URL or, without that, a new file.
func temporaryService(ctx context.Context, program string) (*service, func(), error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, nil, err
	}
	directory := filepath.Join(folder, "service.directory")
	if server := os.Getenv("POSTGRES_URL"); server != "" {
		if directory, err = newDatabase(ctx, server, filepath.Base(folder)); err != nil {
			return nil, nil, err
		}
	}
	s, err := startService(ctx, program, directory)
	if err != nil {
		return nil, nil, err
	}
	return s, func() {
		s.stop()
		_ = os.RemoveAll(folder)
	}, nil
}

// newDatabase makes a database on a PostgreSQL server and returns its URL.
func newDatabase(ctx context.Context, server, name string) (string, error) {
	connection, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer func() { _ = connection.Close(ctx) }()
	if _, err := connection.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()); err != nil {
		return "", err
	}
	at, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	at.Path = "/" + name
	return at.String(), nil
}

// startService serves the directory, a PostgreSQL URL or a file, with limits
// that are never reached.
func startService(ctx context.Context, program, directory string) (*service, error) {
	var s service
	created, err := exec.CommandContext(ctx, program, "credential", "create", "--name", "bench", "--operator", "--json", "--directory", directory).Output() //nolint:gosec // Our own program.
	if err != nil {
		return nil, fmt.Errorf("credential create: %w", err)
	}
	var credential struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	if err := json.Unmarshal(created, &credential); err != nil {
		return nil, err
	}
	s.clientID, s.clientSecret = credential.ClientID, credential.ClientSecret

	cmd := exec.CommandContext(ctx, program, "serve", "--listen", "127.0.0.1:0", "--rate", "100000", "--burst", "100000", "--directory", directory) //nolint:gosec // Our own program.
	listen, err := serving.Start(cmd)
	if err != nil {
		return nil, err
	}
	s.url = "http://" + listen
	s.stop = func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}
	return &s, nil
}

// far returns the service as it is seen from afar: each request takes longer.
func (s *service) far(latency time.Duration) (settings, func(), error) {
	to, err := url.Parse(s.url)
	if err != nil {
		return nil, nil, err
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 100}
	wire := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(latency)
		proxy.ServeHTTP(w, r)
	}))
	return settings{"MIMECAST_DIRECTORY=" + wire.URL, "MIMECAST_CLIENT_ID=" + s.clientID, "MIMECAST_CLIENT_SECRET=" + s.clientSecret}, wire.Close, nil
}
