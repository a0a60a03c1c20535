// Package whoami names who runs the program, for the audit trail.
package whoami

import (
	"os"
	"os/user"
)

// Name returns the user and the machine, "user@host". What cannot be found out
// is called unknown.
func Name() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	u, err := user.Current()
	if err != nil {
		return "unknown user@" + host
	}
	return u.Username + "@" + host
}
