package server

import (
	"context"
	"iter"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// PageInput asks for a part of a list.
type PageInput struct {
	Cursor string `query:"cursor" maxLength:"1000" doc:"The next_cursor of the page before. Without it the list begins."`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many entries a page has at most."`
}

type pageOutput[T any] struct{ Body wire.Page[T] }

// maxPage is about how many bytes a page has before it ends early: a thousand
// large entries would be hundreds of megabytes.
const maxPage = 2 << 20

// page returns a page of a list that begins after the cursor and ends one entry
// behind the limit. A cursor is a key and not a position, so that entries which
// come or go in between are neither skipped nor repeated.
func page[T any](in *PageInput, list iter.Seq2[T, error], key func(T) string) (*pageOutput[T], error) {
	out := &pageOutput[T]{Body: wire.Page[T]{Items: []T{}}}
	size := 0
	for entry, err := range list {
		if err != nil {
			return nil, err
		}
		if n := len(out.Body.Items); n == in.Limit || size > maxPage {
			out.Body.NextCursor = key(out.Body.Items[n-1])
			break
		}
		out.Body.Items = append(out.Body.Items, entry)
		size += weight(&entry)
	}
	return out, nil
}

// weight is about how many bytes the parts of an entry have that may be long.
func weight(entry any) int {
	switch e := entry.(type) {
	case *rolemodel.Partner:
		return total(e.Domains)
	case *rolemodel.Tenant:
		return total(e.InternalDomains)
	case *rolemodel.Role:
		return len(e.Description) + total(e.ApplicationPermissions) + total(e.ProtectedPermissions)
	case *rolemodel.Observation:
		const line = 200 // And what people wrote.
		n := line * (len(e.Admins) + len(e.Roles))
		for _, a := range e.Admins {
			n += len(a.RoleName) + len(a.Note)
		}
		return n
	case *directory.AuditEvent:
		n := len(e.Before) + len(e.After)
		for _, v := range e.Violations {
			n += len(v.Problem) + len(v.Advice)
		}
		return n
	}
	return 0
}

func total[T ~string](texts []T) int {
	n := 0
	for _, t := range texts {
		n += len(t)
	}
	return n
}

// count registers how many entries a list has. The filter is made of a request.
func count[I any](s *Server, op huma.Operation, filter func(*I) directory.Filter) {
	handle(s, op, func(ctx context.Context, in *I) (*struct{ Body wire.Count }, error) {
		n, err := s.read(ctx).Count(ctx, filter(in))
		return &struct{ Body wire.Count }{wire.Count{Count: n}}, err
	})
}

// read returns the directory as the request's credential sees it.
func (s *Server) read(ctx context.Context) directory.Reader {
	return s.backend.Open(requestOf(ctx).client.caller)
}

func keyText[E directory.Entry](entry E) string { return directory.KeyOf(entry).String() }

// roleKey and externalAdminKey return the key that a cursor is.
func roleKey(cursor string) directory.Key {
	account, id, _ := strings.Cut(cursor, "/")
	return directory.Key{Account: rolemodel.AccountCode(account), ID: rolemodel.RoleID(id)}
}

func externalAdminKey(cursor string) directory.Key {
	account, email, _ := strings.Cut(cursor, "/")
	return directory.Key{Account: rolemodel.AccountCode(account), Email: rolemodel.Email(email)}
}
