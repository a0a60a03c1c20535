package directory

import (
	"errors"
	"fmt"
	"iter"
)

// NotFoundError says that an entry is not in the directory.
type NotFoundError struct {
	// Kind is one of the Kind constants and Key the entry's key.
	Kind, Key string
}

// Error returns a sentence.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("There is no %s %q in the directory.", e.Kind, e.Key)
}

// IsNotFound says whether err is or wraps a *NotFoundError.
func IsNotFound(err error) bool {
	var target *NotFoundError
	return errors.As(err, &target)
}

// ConflictError says that a write lost against another one: its key is taken,
// or the entry has changed since it was read.
type ConflictError struct {
	// Kind is one of the Kind constants and Key the entry's key.
	Kind, Key string
	// Changed is true if the entry's revision is another than the one given,
	// and false if an entry with this key exists already.
	Changed bool
}

// Error returns what is wrong and what to do, in sentences.
func (e *ConflictError) Error() string {
	if e.Changed {
		return fmt.Sprintf("The %s %q has changed since it was read. Read it again and repeat the change.", e.Kind, e.Key)
	}
	return fmt.Sprintf("The directory already has %q. Import it, or use another account code.", e.Key)
}

// ErrReadOnly is returned by every write to a directory that was opened for reading only.
var ErrReadOnly = errors.New("The directory is open for reading only, so nothing was changed. Remove read_only (or MIMECAST_READ_ONLY) to allow changes.") //nolint:revive,staticcheck // Shown to users as it is, in sentences.

// Collect reads a list to its end.
func Collect[T any](list iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for entry, err := range list {
		if err != nil {
			return nil, err
		}
		all = append(all, entry)
	}
	return all, nil
}
