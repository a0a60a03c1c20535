package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/cli/serving"
)

// service is a running directory service and a credential for it.
type service struct {
	url, clientID, clientSecret string
	stop                        func()
}

// database is where directories are created.
type database struct {
	name string
	// create returns where a new directory is to be, and what removes it.
	create func(context.Context) (dsn string, drop func(), err error)
}

// databases are a file and, if POSTGRES_URL names a server, a database of it.
func databases() []database {
	all := []database{{"SQLite", newFile}}
	if server := os.Getenv("POSTGRES_URL"); server != "" {
		all = append(all, database{"PostgreSQL", func(ctx context.Context) (string, func(), error) { return newDatabase(ctx, server) }})
	}
	return all
}

// temporaryService serves a directory of its own, on PostgreSQL if there is a
// server, which the function fills before.
func temporaryService(ctx context.Context, program string, fill func(dsn string) error) (*service, func(), error) {
	all := databases()
	dsn, drop, err := all[len(all)-1].create(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := fill(dsn); err != nil {
		drop()
		return nil, nil, err
	}
	s, err := startService(ctx, program, dsn)
	if err != nil {
		drop()
		return nil, nil, err
	}
	return s, func() {
		s.stop()
		drop()
	}, nil
}

// empty fills nothing.
func empty(string) error { return nil }

func onPostgres(dsn string) bool { return strings.HasPrefix(dsn, "postgres") }

// newFile returns a file in a folder of its own.
func newFile(context.Context) (string, func(), error) {
	folder, err := os.MkdirTemp("", "bench")
	return filepath.Join(folder, "bench.directory"), func() { _ = os.RemoveAll(folder) }, err
}

// newDatabase makes a database on a PostgreSQL server and returns its URL.
func newDatabase(ctx context.Context, server string) (string, func(), error) {
	name := pgx.Identifier{"bench" + strings.ToLower(rand.Text())}.Sanitize()
	run := func(ctx context.Context, statement string) error {
		connection, err := pgx.Connect(ctx, server)
		if err != nil {
			return err
		}
		_, err = connection.Exec(ctx, statement)
		return errors.Join(err, connection.Close(ctx))
	}
	if err := run(ctx, "CREATE DATABASE "+name); err != nil {
		return "", nil, err
	}
	at, err := url.Parse(server)
	if err != nil {
		return "", nil, err
	}
	at.Path = "/" + strings.Trim(name, `"`)
	return at.String(), func() { _ = run(context.WithoutCancel(ctx), "DROP DATABASE "+name+" WITH (FORCE)") }, nil
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
	return s.at(wire.URL), wire.Close, nil
}

// at are the settings for the service at a URL.
func (s *service) at(url string) settings {
	return settings{"MIMECAST_DIRECTORY=" + url, "MIMECAST_CLIENT_ID=" + s.clientID, "MIMECAST_CLIENT_SECRET=" + s.clientSecret}
}
