package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// writeNew writes a file that must not be there yet: whoever names the wrong one
// must not lose it. One that could not be written whole is removed. Others do not
// read it, since it says who can reach what.
func writeNew(flag, name string, write func(io.Writer) error) error {
	const ownersOnly = 0o600
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownersOnly) //nolint:gosec // The user's own file.
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s: there is a file %s already: write another name, or remove it", flag, name)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	buffered := bufio.NewWriter(file)
	if err := errors.Join(write(buffered), buffered.Flush(), file.Close()); err != nil {
		return fmt.Errorf("%s: %w", flag, errors.Join(err, os.Remove(name)))
	}
	return nil
}
