package server

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// WriteInput is what all writes say of themselves.
type WriteInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"128" doc:"A name of this write, unique for the credential, for example a UUID. A write that is asked for again with the same key within a day is not done again and gets the first answer."`
	Declaration    string `header:"Mimecast-Directory-Declaration" maxLength:"128" doc:"The declaration that the entry is created, adopted, changed or deleted as: a random ID of whoever declares it. With one, creating what is there just so adopts it, and deleting what another declaration has leaves it."`
}

func (in *WriteInput) writing() *WriteInput { return in }

// CreateInput is a write that is based on no revision.
type CreateInput struct {
	WriteInput
	JSONBody

	IfMatch string `header:"If-Match" hidden:"true"`
}

// UpdateInput is a change of an entry.
type UpdateInput struct {
	WriteInput
	Match
	JSONBody

	Seen string `header:"Mimecast-Directory-Seen" maxLength:"128" doc:"The declaration that the entry had when it was read. If the entry went since under that declaration, it is created again."`
}

// DeleteInput is a deletion of an entry.
type DeleteInput struct {
	WriteInput
	Match
}

// Match says which revision of an entry a write is based on.
type Match struct {
	IfMatch string `header:"If-Match" maxLength:"64" doc:"The ETag of the entry that the write is based on. If the entry has another one by now, nothing is changed and the answer is 412."`
}

// revision returns the revision, zero for any.
func (m *Match) revision() (int64, error) {
	tag := strings.TrimSpace(m.IfMatch)
	if tag == "" || tag == "*" {
		return 0, nil
	}
	unquoted, quoted := strings.CutPrefix(tag, `"`)
	n, err := strconv.ParseInt(strings.TrimSuffix(unquoted, `"`), 10, 64)
	if !quoted || err != nil || n <= 0 {
		return 0, problem.New(http.StatusBadRequest, problem.TypeRequest, "If-Match is none of this service's ETags: write the ETag of the answer to GET, or leave it out.")
	}
	return n, nil
}

// etag is the tag of an entry's revision, "" for an entry that has none.
func etag(revision int64) string {
	if revision == 0 {
		return ""
	}
	return fmt.Sprintf("%q", strconv.FormatInt(revision, 10))
}

// written is the answer to a write of a T.
type written[T any] struct {
	Status int
	ETag   string `header:"ETag" doc:"The entry's revision, for If-Match."`
	Body   wire.Result[T]
}

// write registers a write of a T: the change that change makes of a request is
// applied in the scope of its credential, once if it has a key.
func write[T, I any, P interface {
	*I
	writing() *WriteInput
}](s *Server, op huma.Operation, change func(*I) (directory.Change, error),
) {
	op.Metadata[metaWrite] = true
	handle(s, op, func(ctx context.Context, in *I) (*written[T], error) {
		asked, err := change(in)
		if err != nil {
			return nil, err
		}
		client := requestOf(ctx).client
		if key := P(in).writing().IdempotencyKey; key != "" {
			client.caller.Request = &directory.Request{Client: client.id, Name: key}
		}
		outcome, err := s.backend.Open(client.caller).Apply(ctx, asked)
		if err != nil {
			return nil, err
		}
		out := &written[T]{Status: http.StatusOK}
		out.Body.Effect = outcome.Effect
		out.Body.Entry, _ = outcome.Entry.(T)
		if grants, ok := any(&out.Body.Entry).(*[]rolemodel.ExternalAdmin); ok && *grants == nil {
			*grants = []rolemodel.ExternalAdmin{} // As the description has it.
		}
		if outcome.Effect == directory.EffectCreated {
			out.Status = http.StatusCreated
		}
		if outcome.Effect != directory.EffectDeleted {
			out.ETag = etag(revisionOf(&out.Body.Entry))
		}
		return out, nil
	})
}

// revisionOf returns an entry's revision, zero for what has none.
func revisionOf(entry any) int64 {
	switch e := entry.(type) {
	case *rolemodel.Partner:
		return e.Revision
	case *rolemodel.Tenant:
		return e.Revision
	case *rolemodel.Role:
		return e.Revision
	case *rolemodel.ExternalAdmin:
		return e.Revision
	}
	return 0
}

// creation returns what makes a change of a request: the one that creates what the body asks for.
func creation[E directory.Entry, B any](entity func(*B) (E, error)) func(*CreateInput) (directory.Change, error) {
	return func(in *CreateInput) (directory.Change, error) {
		if err := unmatched(in.IfMatch); err != nil {
			return nil, err
		}
		body, err := decode[B](&in.JSONBody)
		if err != nil {
			return nil, err
		}
		entry, err := entity(&body)
		return directory.Write[E]{Action: directory.ActionCreate, Entry: entry, As: in.as()}, err
	}
}

// update returns the change that makes an entry what the body asks for.
func update[E directory.Entry, B any](in *UpdateInput, key directory.Key, entity func(*B) (E, error)) (directory.Change, error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	body, err := decode[B](&in.JSONBody)
	if err != nil {
		return nil, err
	}
	entry, err := entity(&body)
	return directory.Write[E]{
		Action: directory.ActionUpdate, Key: key, Entry: entry, Revision: revision, As: in.as(), Seen: rolemodel.Declaration(in.Seen),
	}, err
}

// deletion returns the change that deletes an entry.
func deletion[E directory.Entry](in *DeleteInput, key directory.Key) (directory.Change, error) {
	revision, err := in.revision()
	return directory.Write[E]{Action: directory.ActionDelete, Key: key, Revision: revision, As: in.as()}, err
}

// replacement returns the change that declares all external admins of a tenant.
func replacement(in *CreateInput, tenant rolemodel.AccountCode) (directory.Change, error) {
	if err := unmatched(in.IfMatch); err != nil {
		return nil, err
	}
	body, err := decode[wire.ExternalAdminsInput](&in.JSONBody)
	if err != nil {
		return nil, err
	}
	if body.Action == "" {
		body.Action = directory.ActionUpdate
	}
	wrong := ""
	switch {
	case !slices.Contains([]directory.Action{directory.ActionCreate, directory.ActionUpdate, directory.ActionDelete}, body.Action):
		wrong = "The action is none. Write create, update or delete, or leave it out for update."
	case body.Action == directory.ActionDelete && len(body.Items) > 0:
		wrong = "A deletion has no items. Leave them out, or write another action."
	case body.Action != directory.ActionDelete && body.Items == nil:
		wrong = "The items are missing. Write [] if the tenant is to have no external admins."
	}
	if wrong != "" {
		return nil, problem.New(http.StatusUnprocessableEntity, problem.TypeRequest, wrong)
	}
	replace := body.Replace()
	replace.Tenant, replace.As = tenant, in.as()
	return replace, nil
}

func (in *WriteInput) as() rolemodel.Declaration { return rolemodel.Declaration(in.Declaration) }

// unmatched refuses If-Match where it would be ignored.
func unmatched(tag string) error {
	if tag == "" {
		return nil
	}
	return problem.New(http.StatusBadRequest, problem.TypeRequest, "This operation is based on no revision, so If-Match cannot be obeyed. Leave it out.")
}
