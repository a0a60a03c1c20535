package directory

import (
	"errors"
	"fmt"
	"strings"
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
	// Hidden says that what has the key is out of the caller's scope.
	Hidden bool
	// TakenBy is the kind of the account that has the account code, if it is
	// another kind than Kind, "" otherwise.
	TakenBy Kind
	// Differences are sentences that say where what exists is another than what
	// was asked for.
	Differences []string
}

// Error returns what is wrong and what to do, in sentences.
func (e *ConflictError) Error() string {
	differences := strings.Join(e.Differences, "; ")
	switch {
	case e.Changed && differences != "":
		return fmt.Sprintf("The %s of %q have changed since they were read for the plan, so nothing was changed (%s). Plan again and look at the difference.", e.Kind, e.Key, differences)
	case e.Changed:
		return fmt.Sprintf("The %s %q has changed since it was read. Read it again and repeat the change.", e.Kind, e.Key)
	case e.Hidden:
		return fmt.Sprintf("The account code %q is taken. Use another one.", e.Key)
	case e.TakenBy != "":
		return fmt.Sprintf("The account code %q is that of a %s. Use another one.", e.Key, e.TakenBy)
	case differences != "":
		return fmt.Sprintf("The directory already has the %s %q, and it is not as asked for (%s). Import it, which shows the difference in a plan, or use another one.", e.Kind, e.Key, differences)
	}
	return fmt.Sprintf("The directory already has the %s %q. Import it, or use another one.", e.Kind, e.Key)
}

// ForbiddenError says that something that is visible in the scope cannot be done in it.
type ForbiddenError struct {
	// Detail says what is refused and what to do, in sentences.
	Detail string
}

// Error returns the detail.
func (e *ForbiddenError) Error() string { return e.Detail }

// ErrReadOnly is returned by every write to a directory that was opened for reading only.
var ErrReadOnly = errors.New("The directory is open for reading only, so nothing was changed. Remove read_only (or MIMECAST_READ_ONLY) to allow changes.") //nolint:revive,staticcheck // Shown to users as it is, in sentences.

// ReadOnlyError is ErrReadOnly for a reason of its own: a scope that may only read.
type ReadOnlyError struct {
	// Detail says what is refused and what to do, in sentences.
	Detail string
}

// Error returns the detail.
func (e *ReadOnlyError) Error() string { return e.Detail }

// Is says that the error is ErrReadOnly.
func (e *ReadOnlyError) Is(target error) bool { return target == ErrReadOnly }

// ErrRevoked is returned by a write whose credential was revoked, rotated or
// expired before it could be committed: nothing was changed.
var ErrRevoked = errors.New("The credential was revoked or has expired, so nothing was changed.") //nolint:revive,staticcheck // Shown to users as it is, in sentences.

// ErrKeyReused is returned if the name of a Request was used for another change.
var ErrKeyReused = errors.New("The Idempotency-Key was used for another request. Give each write a key of its own.") //nolint:revive,staticcheck // Shown to users as it is, in sentences.
