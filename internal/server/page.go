package server

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"iter"
	"net/http"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
)

// PageInput asks for a part of a list.
type PageInput struct {
	Cursor string `query:"cursor" maxLength:"1000" doc:"The next_cursor of the page before. Without it the list begins."`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many entries a page has at most."`
}

type pageOutput[T any] struct{ Body wire.Page[T] }

// after returns the key that a page begins after.
func (p *PageInput) after() (string, error) {
	key, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil {
		return "", problem.New(http.StatusBadRequest, problem.TypeRequest, "The cursor is none that this service gave. Leave it out to begin the list.")
	}
	return string(key), nil
}

// page reads a page of a list that comes in the order of its keys. A cursor is
// a key and not a position, so that entries which come or go in between are
// neither skipped nor repeated.
func page[T any](in *PageInput, list iter.Seq2[T, error], key func(*T) string) (*pageOutput[T], error) {
	after, err := in.after()
	if err != nil {
		return nil, err
	}
	out := &pageOutput[T]{Body: wire.Page[T]{Items: []T{}}}
	var last string
	for entry, err := range list {
		if err != nil {
			return nil, err
		}
		k := key(&entry)
		if in.Cursor != "" && k <= after {
			continue
		}
		if len(out.Body.Items) == in.Limit {
			out.Body.NextCursor = base64.RawURLEncoding.EncodeToString([]byte(last))
			break
		}
		out.Body.Items, last = append(out.Body.Items, entry), k
	}
	return out, nil
}

func indent(text []byte) ([]byte, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
