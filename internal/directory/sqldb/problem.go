package sqldb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// problem is what is wrong with a directory, for its user: a sentence that says
// what to do. The driver's error is not wrapped, so that what it contains
// cannot show up somewhere else.
type problem string

// Error returns the sentence.
func (p problem) Error() string { return string(p) }

func problemf(format string, args ...any) error { return problem(fmt.Sprintf(format, args...)) }

// explain returns err as the user of the directory should see it. What the port
// defines and the end of a context stay what they are.
func (db *DB) explain(err error) error {
	var (
		known    problem
		conflict *directory.ConflictError
	)
	_, refused := rolemodel.AsViolations(err)
	switch {
	case err == nil, refused, directory.IsNotFound(err), errors.As(err, &conflict), errors.As(err, &known), errors.Is(err, directory.ErrReadOnly),
		errors.Is(err, directory.ErrRevoked), errors.Is(err, errNone), errors.Is(err, directory.ErrKeyReused), errors.Is(err, credential.ErrNotFound):
		return err
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	}
	sentence := db.location.dialect.explain(db.String(), err)
	if sentence == "" {
		sentence = fmt.Sprintf("The directory %s answered: %s.", db, strings.TrimSuffix(err.Error(), "."))
	}
	return problem(redact(sentence, db.location.dsn))
}
