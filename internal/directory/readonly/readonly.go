// Package readonly makes any directory one for reading only.
package readonly

import (
	"context"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// New returns the directory with every write replaced by directory.ErrReadOnly.
// A write reaches nothing of what it decorates, so it fails closed whatever the
// directory itself would have done.
func New(r directory.Reader) directory.Directory { return readOnly{r} }

type readOnly struct{ directory.Reader }

// Apply implements directory.Directory.
func (readOnly) Apply(context.Context, directory.Change) (directory.Outcome, error) {
	return directory.Outcome{}, directory.ErrReadOnly
}
