// Package idempotency is how a write that may be asked for twice is done once: the
// client names it with a key, and the result is stored under that key in the
// transaction of the write itself.
package idempotency

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Key names one write of one client.
type Key struct {
	// Client is who asks. Keys of different clients have nothing to do with each other.
	Client string
	// Name is what the client calls the write.
	Name string
	// Request is a hash of what is asked for, see Fingerprint.
	Request [sha256.Size]byte
}

// Fingerprint hashes a request, an operation and its input.
func Fingerprint(operation string, input any) ([sha256.Size]byte, error) {
	encoded, err := json.Marshal([]any{operation, input})
	return sha256.Sum256(encoded), err
}

// ErrDone is returned by a write whose key has a result: nothing was changed now.
var ErrDone = errors.New("the write with this key is done already")

// ErrOtherRequest is returned if the key was used for another request.
var ErrOtherRequest = errors.New("the key was used for another request")

// Writer is a directory that can do a write once.
type Writer interface {
	// Once returns the directory with the authority of actor, to do one write.
	// The write stores its result under key, or returns ErrDone if there is one. A
	// write that is refused stores nothing.
	Once(actor rolemodel.Actor, key Key) directory.Directory
	// Result returns what the write with the key returned, as JSON, or false if
	// there is none. It returns ErrOtherRequest if the key is that of another request.
	Result(ctx context.Context, key Key) (json.RawMessage, bool, error)
}
