package cli

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"time"

	"github.com/spf13/cobra"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/server"
)

type serveOptions struct {
	listen, metricsListen, directory, cert, key string
	tokenLifetime                               time.Duration
	rate                                        float64
	burst                                       int
}

const defaultTokenLifetime = 30 * time.Minute

func newServe() *cobra.Command {
	var o serveOptions
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve a directory over HTTP",
		Long: `Serve a directory to everybody who has a credential, as far as the credential goes.

The service keeps nothing but what is in the directory, so any number of
processes may serve one PostgreSQL database. Make a credential with "credential
create", and set directory = "https://..." in the provider with its client_id
and client_secret.

Plain HTTP is served on loopback addresses only; give --tls-cert and --tls-key
for any other. The certificate is read again when the file changes. Source
addresses are those of the connections: behind a proxy they are the proxy's.

/livez and /readyz are for health checks, /metrics is for Prometheus (with
--metrics-listen at an address of its own) and /openapi.json describes the API. The log is JSON on standard error. SIGTERM
finishes what was accepted and ends the process.`,
		Example: `  terraform-provider-mimecast serve --directory msp.directory
  terraform-provider-mimecast serve --listen 0.0.0.0:8443 --tls-cert tls.crt --tls-key tls.key \
    --directory postgres://directory@db.example/directory`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return o.run(command) },
	}
	flags := command.Flags()
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8080", "address to listen on, host:port")
	flags.StringVar(&o.metricsListen, "metrics-listen", "", "address to serve /metrics on instead, over plain HTTP, host:port")
	flags.StringVar(&o.directory, "directory", "", "directory to serve: the path of a file or a postgres:// URL")
	flags.StringVar(&o.cert, "tls-cert", "", "file with the TLS certificate and its chain, PEM")
	flags.StringVar(&o.key, "tls-key", "", "file with the TLS key, PEM")
	flags.DurationVar(&o.tokenLifetime, "token-lifetime", defaultTokenLifetime, "how long a token works")
	flags.Float64Var(&o.rate, "rate", server.DefaultRate, "requests a second that a credential may make, of each process")
	flags.IntVar(&o.burst, "burst", server.DefaultBurst, "requests that a credential may make at once, of each process")
	return fromEnvironment(command, "SERVE")
}

func (o *serveOptions) run(command *cobra.Command) error {
	ctx := command.Context()
	if err := o.check(); err != nil {
		return err
	}
	db, err := open(o.directory)
	if err != nil {
		return err
	}
	defer db.Close()
	logger := slog.New(slog.NewJSONHandler(command.ErrOrStderr(), nil))
	var config *tls.Config
	if o.cert != "" {
		if config, err = server.TLS(o.cert, o.key, logger); err != nil {
			return err
		}
	}
	listener, err := server.Listen(ctx, o.listen, config != nil)
	if err != nil {
		return err
	}
	defer listener.Close()
	started := []any{slog.String("listen", listener.Addr().String()), slog.Bool("tls", config != nil), slog.String("directory", db.String())}
	var metrics net.Listener
	if o.metricsListen != "" {
		if metrics, err = server.Listen(ctx, o.metricsListen, true); err != nil {
			return err
		}
		defer metrics.Close()
		started = append(started, slog.String("metrics", metrics.Addr().String()))
	}
	logger.InfoContext(ctx, "serving", started...)
	return server.New(server.Config{
		Backend: db, Keeper: credential.NewKeeper(db.Credentials(), o.tokenLifetime, time.Now), Log: logger, Rate: o.rate, Burst: o.burst,
		MetricsListener: metrics,
	}).Serve(ctx, listener, config)
}

// check says whether the settings are sensible.
func (o *serveOptions) check() error {
	const shortest, longest = time.Second, 24 * time.Hour
	switch {
	case (o.cert == "") != (o.key == ""):
		return errors.New("give --tls-cert and --tls-key together")
	case !(o.rate > 0) || math.IsInf(o.rate, 0): // NaN is not greater than anything.
		return fmt.Errorf("--rate is %v: write a number of requests a second that is greater than 0", o.rate)
	case o.burst <= 0:
		return fmt.Errorf("--burst is %d: write a number of requests that is greater than 0", o.burst)
	case o.tokenLifetime < shortest || o.tokenLifetime > longest:
		return fmt.Errorf("--token-lifetime is %s: write one from %s to %s, for example 30m; a token cannot be taken back one by one", o.tokenLifetime, shortest, longest)
	}
	return nil
}

func open(dsn string, options ...sqldb.Option) (*sqldb.DB, error) {
	if dsn == "" {
		return nil, errors.New("no directory is given: set --directory (or MIMECAST_DIRECTORY) to the path of a file or a postgres:// URL")
	}
	return sqldb.New(dsn, options...)
}
