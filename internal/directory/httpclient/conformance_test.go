package httpclient_test

import (
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/directorytest"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb/postgrestest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		directorytest.Run(t, func(t *testing.T) directorytest.As { t.Helper(); return newService(t, "").as })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		directorytest.Run(t, func(t *testing.T) directorytest.As { t.Helper(); return newService(t, postgrestest.New(t)).as })
	})
}
