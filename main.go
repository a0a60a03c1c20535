// Command terraform-provider-mimecast is a Terraform provider for tenants,
// roles and external administrators of Mimecast as code, and, with a
// subcommand, the service that shares a directory of them.
package main

import (
	"context"
	"log"
	"os"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/cli"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider"
)

// version is set by the release build.
var version = "dev"

// main serves the provider if Terraform started the program, which it does
// without arguments, or a debugger did, with -debug. Otherwise it runs a subcommand.
func main() {
	args := os.Args[1:]
	debug := len(args) == 1 && args[0] == "-debug"
	if len(args) > 0 && !debug {
		os.Exit(cli.Run(context.Background(), args, os.Stdout, os.Stderr))
	}
	if err := provider.Serve(version, debug); err != nil {
		log.Fatal(err)
	}
}
