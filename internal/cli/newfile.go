package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// newFile is a file to write, which a flag names, or "" if it does not.
type newFile struct {
	flag, name string
	write      func(io.Writer) error
}

// writeNew writes files that must not be there yet: whoever names the wrong one
// must not lose it. If one could not be written whole, none is left. Others do not
// read them, since they say who can reach what.
func writeNew(files ...newFile) error {
	const ownersOnly = 0o600
	var opened []*os.File
	undo := func(f newFile, err error) error {
		err = fmt.Errorf("%s: %w", f.flag, err)
		for _, file := range opened {
			_ = file.Close() // It may be closed already.
			err = errors.Join(err, os.Remove(file.Name()))
		}
		return err
	}
	for _, f := range files {
		if f.name == "" {
			continue
		}
		file, err := os.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownersOnly)
		if errors.Is(err, fs.ErrExist) {
			err = fmt.Errorf("there is a file %s already: write another name, or remove it", f.name)
		}
		if err != nil {
			return undo(f, err)
		}
		opened = append(opened, file)
		buffered := bufio.NewWriter(file)
		if err := errors.Join(f.write(buffered), buffered.Flush(), file.Close()); err != nil {
			return undo(f, err)
		}
	}
	return nil
}
