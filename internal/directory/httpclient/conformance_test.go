package httpclient_test

import (
	"path/filepath"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/directorytest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
)

// TestConformance opens two services of one directory, one of them over TLS.
func TestConformance(t *testing.T) {
	t.Parallel()
	keeper := newService(t, "").keeper
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		directorytest.Run(t, func(t *testing.T) (a, b directory.Opener) {
			t.Helper()
			path := filepath.Join(t.TempDir(), "msp.directory")
			return newServiceApart(t, path, keeper).overTLS(), newServiceApart(t, path, keeper)
		})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		directorytest.Run(t, func(t *testing.T) (a, b directory.Opener) {
			t.Helper()
			dsn := postgrestest.New(t)
			return newServiceApart(t, dsn, keeper).overTLS(), newServiceApart(t, dsn, keeper)
		})
	})
}
