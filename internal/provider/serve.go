package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider/slim"
)

// address is where the registry will have the provider.
const address = "registry.terraform.io/msp-as-code/mimecast"

// NewServer returns the provider of the version as Terraform calls it.
func NewServer(version string) tfprotov6.ProviderServer {
	return slim.Server(providerserver.NewProtocol6(New(version)())())
}

// Serve serves the provider of the version to the Terraform process that
// started this one, until it is told to stop. With debug it prints how to
// attach Terraform to it instead.
func Serve(version string, debug bool) error {
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return NewServer(version) }, options...)
}
