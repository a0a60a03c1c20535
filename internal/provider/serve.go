package provider

import (
	"os"
	runtimedebug "runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider/slim"
)

// address is where the registry will have the provider.
const address = "registry.terraform.io/msp-as-code/mimecast"

// NewServer returns the provider of the version as Terraform calls it.
func NewServer(version string) tfprotov6.ProviderServer {
	return slim.Server(providerserver.NewProtocol6(New(version)())(), "mimecast_external_admin", "mimecast_external_admins")
}

// Serve serves the provider of the version to the Terraform process that
// started this one, until it is told to stop. With debug it prints how to
// attach Terraform to it instead.
func Serve(version string, debug bool) error {
	if err := logOnlyIfRead(); err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		// The heap is small, and Terraform competes for the same cores: collecting
		// less often is a tenth of a large plan's time for some 10 MB.
		runtimedebug.SetGCPercent(400)
	}
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return NewServer(version) }, options...)
}

// logOnlyIfRead switches the SDK's logs off unless the user asked Terraform for
// logs. The SDK writes all of them at trace level, as JSON, for Terraform to
// parse and drop: about 40% of what the provider does in a plan.
func logOnlyIfRead() error {
	if os.Getenv("TF_LOG") != "" || os.Getenv("TF_LOG_PROVIDER") != "" {
		return nil
	}
	for _, variable := range []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"} {
		if os.Getenv(variable) != "" {
			continue
		}
		if err := os.Setenv(variable, "off"); err != nil {
			return err
		}
	}
	return nil
}
