// Command terraform-provider-mimecast is a Terraform provider for tenants,
// roles and external administrators of Mimecast as code.
package main

import (
	"flag"
	"log"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve the provider for a debugger and print how to attach Terraform to it")
	flag.Parse()

	if err := provider.Serve(version, *debug); err != nil {
		log.Fatal(err)
	}
}
