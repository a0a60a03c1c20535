package sqldb

import (
	"net/url"
	"path/filepath"
	"strings"
)

// location is where a directory is.
type location struct {
	dialect *dialect
	// name is what users are shown: the path, or the URL without password and parameters.
	name string
	// dsn is the absolute path of a SQLite file, or the URL with all that it contains.
	dsn string
}

// parseDSN checks the form of a DSN. Its errors do not repeat a URL, which may
// contain a password.
func parseDSN(dsn string) (location, error) {
	scheme, _, isURL := strings.Cut(dsn, "://")
	switch scheme = strings.ToLower(scheme); {
	case dsn == "":
		return location{}, problemf("No directory is given: write the path of a file, or a postgres:// URL.")
	case isURL && (scheme == "postgres" || scheme == "postgresql"):
		return parseURL(dsn)
	case isURL:
		return location{}, problemf("A directory is the path of a file or a postgres:// URL, and not %q.", scheme+"://...")
	case strings.HasPrefix(dsn, "postgres:") || strings.HasPrefix(dsn, "postgresql:"):
		return location{}, problemf("The URL of a PostgreSQL directory begins with \"postgres://\".")
	case strings.HasPrefix(dsn, "file:") || dsn == ":memory:":
		return location{}, problemf("%q is not the path of a file: write the path alone, for example \"./mimecast.directory\".", dsn)
	case strings.ContainsRune(dsn, 0):
		return location{}, problemf("The path of the directory contains a NUL character.")
	}
	path, err := filepath.Abs(dsn)
	if err != nil {
		return location{}, problemf("%q cannot be made an absolute path: %v.", dsn, err)
	}
	return location{dialect: sqliteDialect, name: path, dsn: path}, nil
}

func parseURL(dsn string) (location, error) {
	u, err := url.Parse(dsn)
	if err != nil { // It repeats the URL.
		return location{}, problemf("The postgres:// URL is not well-formed: write postgres://user:password@host:5432/database, with special characters in the password percent-encoded.")
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if name := u.User.Username(); name != "" {
		shown.User = url.User(name)
	}
	return location{dialect: postgresDialect, name: shown.String(), dsn: dsn}, nil
}

// secrets are the passwords in a URL as it is written and decoded.
func secrets(dsn string) []string {
	u, err := url.Parse(dsn)
	if err != nil {
		return nil
	}
	var found []string
	if password, ok := u.User.Password(); ok {
		found = append(found, password, url.QueryEscape(password), url.PathEscape(password))
		_, written, _ := strings.Cut(u.User.String(), ":")
		found = append(found, written)
	}
	for parameter := range strings.SplitSeq(u.RawQuery, "&") {
		key, value, _ := strings.Cut(parameter, "=")
		if key == "password" || key == "sslpassword" {
			path, _ := url.PathUnescape(value)
			query, _ := url.QueryUnescape(value) // The driver and net/url differ in what "+" is.
			found = append(found, value, path, query)
		}
	}
	return found
}

// redact removes the secrets from a message. Drivers do so themselves; this
// holds if one forgets.
func redact(message, dsn string) string {
	for _, secret := range secrets(dsn) {
		if secret != "" {
			message = strings.ReplaceAll(message, secret, "xxxxx")
		}
	}
	return message
}
