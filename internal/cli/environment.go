package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// fromEnvironment lets every flag of a command be given by environment as well:
// with the prefix SERVE, MIMECAST_SERVE_LISTEN is --listen. --directory is the
// provider's setting of that name, MIMECAST_DIRECTORY. A flag wins. What is set
// and empty is an error: an unset variable in a script must not mean "no limit".
func fromEnvironment(command *cobra.Command, prefix string) *cobra.Command {
	variables := map[string]string{}
	command.Flags().VisitAll(func(flag *pflag.Flag) {
		variable := "MIMECAST_" + prefix + "_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		if flag.Name == "directory" {
			variable = "MIMECAST_DIRECTORY"
		}
		variables[flag.Name] = variable
		flag.Usage += " (environment: " + variable + ")"
	})
	command.PreRunE = func(command *cobra.Command, _ []string) error {
		var failed error
		command.Flags().VisitAll(func(flag *pflag.Flag) {
			value, set := os.LookupEnv(variables[flag.Name])
			if flag.Changed || !set || variables[flag.Name] == "" || failed != nil {
				return
			}
			if value == "" {
				failed = fmt.Errorf("%s is set and empty: give it a value or unset it", variables[flag.Name])
				return
			}
			if err := command.Flags().Set(flag.Name, value); err != nil {
				failed = fmt.Errorf("%s: %w", variables[flag.Name], err)
			}
		})
		command.Flags().Visit(func(flag *pflag.Flag) {
			if failed == nil && strings.Trim(flag.Value.String(), "[]") == "" {
				failed = fmt.Errorf("--%s is set and empty: give it a value or leave it out", flag.Name)
			}
		})
		return failed
	}
	return command
}
