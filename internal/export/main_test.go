package export_test

import (
	"os"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/acctest"
)

func TestMain(m *testing.M) { os.Exit(acctest.Main(m)) }
