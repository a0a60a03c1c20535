// Package desk is a page on this machine's loopback for whoever does the work at
// Mimecast and whoever answers for it: what is still to be done, who can get in
// where, one person's access, and the audit trail. It shows what it reads through
// the port and does nothing that the port does not, with the rights of whoever
// started it.
package desk

import (
	"fmt"
	"net/http"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/readonly"
)

// Options say what the pages say of the directory and its caller.
type Options struct {
	// Where names the directory and Who the caller, without secrets.
	Where, Who string
	// ReadOnly says that the caller may only read: there are no buttons, and no write reaches the directory.
	ReadOnly bool
}

// Desk serves the pages to whoever entered with a key.
type Desk struct {
	directory directory.Directory
	options   Options
	doors     doors
	done      recent
	templates templates
	handler   http.Handler
	// patience is how long reading may take before a page says how far it is.
	patience time.Duration
}

const patience = 300 * time.Millisecond

// New returns a desk for the directory. It touches nothing yet.
func New(d directory.Directory, options Options) (*Desk, error) {
	templates, err := parse()
	if err != nil {
		return nil, fmt.Errorf("the desk's templates: %w", err)
	}
	desk := &Desk{directory: d, options: options, doors: newDoors(), templates: templates, patience: patience}
	if options.ReadOnly {
		desk.directory = readonly.New(d)
	}
	inside := http.NewServeMux()
	inside.HandleFunc("GET /{$}", desk.worklist)
	inside.HandleFunc("GET /access", desk.access)
	inside.HandleFunc("GET /person", desk.people)
	inside.HandleFunc("GET /person/{email}", desk.person)
	inside.HandleFunc("GET /trail", desk.trail)
	inside.HandleFunc("GET /review", desk.review)
	inside.HandleFunc("POST /confirm", desk.confirm)
	inside.HandleFunc("POST /undo", desk.undo)
	inside.Handle("GET /static/{name}", http.FileServerFS(static))
	inside.HandleFunc("/", desk.nothing)
	routes := http.NewServeMux()
	routes.HandleFunc("GET "+entrance, desk.enter)
	routes.Handle("/", desk.insiders(inside))
	desk.handler = guarded(routes)
	return desk, nil
}

// ServeHTTP serves one request.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.handler.ServeHTTP(w, r) }
