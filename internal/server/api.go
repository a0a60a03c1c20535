package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

const bearer = "bearer"

// newAPI returns an API without operations.
func newAPI(mux *http.ServeMux) huma.API {
	config := huma.DefaultConfig("Directory of Mimecast roles and external administrators", strconv.Itoa(wire.APIVersion))
	const repository = "https://github.com/msp-as-code/terraform-provider-mimecast"
	config.Info.Description = "The directory of partners, tenants, roles and external admins that terraform-provider-mimecast keeps. " +
		"It is this project's own service, not Mimecast's: Mimecast publishes no API for these entries."
	config.Info.Contact = &huma.Contact{Name: "terraform-provider-mimecast", URL: repository}
	config.Info.License = &huma.License{Name: "Mozilla Public License 2.0", Identifier: "MPL-2.0"}
	config.Servers = []*huma.Server{{URL: "/", Description: "The service that this description comes from"}}
	config.Tags = []*huma.Tag{
		{Name: "Credentials", Description: "Tokens, and who is asking."},
		{Name: "Partners", Description: "Service providers and their own Mimecast accounts."},
		{Name: "Tenants", Description: "Clients and their Mimecast accounts."},
		{Name: "Roles", Description: "Custom roles of tenants."},
		{Name: "External admins", Description: "People from outside who hold a role in a tenant."},
		{Name: "Observations", Description: "What was seen at Mimecast, and what is still to be done there."},
		{Name: "Access reviews", Description: "Statements that somebody looked at who can reach what."},
		{Name: "Audit trail", Description: "Every write, done or not."},
		{Name: "Signing in", Description: "Who may come in, and why."},
		{Name: "Role model", Description: "What is the same for all directories: default roles, permissions and rules."},
	}
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		bearer: {Type: "oauth2", Flows: &huma.OAuthFlows{ClientCredentials: &huma.OAuthFlow{TokenURL: tokenPath, Scopes: map[string]string{}}}},
	}
	config.DocsPath, config.SchemasPath = "", ""
	config.CreateHooks = nil // No "$schema" in the answers.
	config.Transformers = append(config.Transformers, asProblem)
	config.RejectUnknownQueryParameters = true
	api := humago.New(mux, config)
	api.UseMiddleware(exactQuery(api))
	return api
}

// exactQuery refuses a parameter that is there and empty, or there twice and not
// a list: taken for one that is left out, it would widen a list.
func exactQuery(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		address := ctx.URL()
		query := address.Query()
		for _, name := range slices.Sorted(maps.Keys(query)) {
			wrong := ""
			switch {
			case slices.Contains(query[name], ""):
				wrong = "it is empty: leave it out, or give it a value"
			case len(query[name]) > 1 && slices.ContainsFunc(ctx.Operation().Parameters, func(p *huma.Param) bool {
				return p.Name == name && p.In == "query" && p.Schema.Type != huma.TypeArray
			}):
				wrong = "it is given more than once"
			default:
				continue
			}
			_ = huma.WriteErr(api, ctx, http.StatusUnprocessableEntity, "a parameter is wrong", &huma.ErrorDetail{Location: "query." + name, Message: wrong})
			return
		}
		next(ctx)
	}
}

// schemaName keeps the names of a problem's and of a review's parts apart from those of the role model.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if t == reflect.TypeFor[worklist.Step]() { // A path has steps too.
		name = "PassStep"
	}
	if strings.HasSuffix(t.PkgPath(), "/review") { // Its tenants and changes are not the directory's.
		return "Review" + name
	}
	if strings.HasSuffix(t.PkgPath(), "/problem") && !strings.HasPrefix(name, "Problem") {
		return "Problem" + name
	}
	return name
}

// maxDetails is how many details an error has at most.
const maxDetails = 20

// asProblem turns huma's own errors, about requests that do not fit the
// description, into problems. Values are left out: they may be secret.
func asProblem(ctx huma.Context, _ string, body any) (any, error) {
	model, ok := body.(*huma.ErrorModel)
	if !ok {
		if p, ok := body.(*problem.Problem); ok {
			p.Instance = requestOf(ctx.Context()).id
		}
		return body, nil
	}
	details := []string{}
	for _, e := range model.Errors[:min(len(model.Errors), maxDetails)] {
		if e != nil {
			details = append(details, strings.TrimPrefix(shortened(e.Location)+": ", ": ")+e.Message)
		}
	}
	if more := len(model.Errors) - maxDetails; more > 0 {
		details = append(details, fmt.Sprintf("and %d more", more))
	}
	detail := model.Detail
	if len(details) > 0 {
		detail += " (" + strings.Join(details, "; ") + ")"
	}
	p := problem.New(model.Status, problem.TypeRequest, "The request does not fit /openapi.json: "+detail+".")
	if model.Status >= http.StatusInternalServerError {
		p = problem.New(model.Status, problem.TypeInternal, "Something went wrong in the service.")
	}
	p.Instance = requestOf(ctx.Context()).id
	return p, nil
}

// The metadata of an operation that describe turns into its description.
const (
	metaBody  = "body"
	metaWrite = "write"
)

// operation returns what the operations under /v1 have in common.
func operation(id, method, path, tag, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Tags: []string{tag}, Summary: summary,
		Security:         []map[string][]string{{bearer: {}}},
		MaxBodyBytes:     maxBody,
		BodyReadTimeout:  bodyArrived,
		Metadata:         map[string]any{},
		SkipValidateBody: true, // See decode.
		DefaultStatus:    http.StatusOK,
	}
}

// taking returns the operation with a B as its body.
func taking[B any](op huma.Operation) huma.Operation {
	op.Metadata[metaBody] = reflect.TypeFor[B]()
	return op
}

// The exchange of a secret for a token.
const (
	tokenPath = "/oauth/token" //nolint:gosec // A path, not a credential.
	formType  = "application/x-www-form-urlencoded"
)

// TokenForm is what is exchanged for a token (RFC 6749, section 4.4.2).
type TokenForm struct {
	GrantType    string `json:"grant_type" enum:"client_credentials" doc:"client_credentials"`
	ClientID     string `json:"client_id,omitempty" doc:"The client ID, unless it is in the Authorization header."`
	ClientSecret string `json:"client_secret,omitempty" doc:"The secret, unless it is in the Authorization header."`
}

// describe adds to the description what huma cannot know.
func describe(api huma.API) {
	description := api.OpenAPI()
	schemas := description.Components.Schemas
	failure := func(means string) *huma.Response {
		return &huma.Response{
			Description: means,
			Content:     map[string]*huma.MediaType{problem.ContentType: {Schema: schemas.Schema(reflect.TypeFor[problem.Problem](), true, "")}},
		}
	}
	for _, item := range description.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op == nil {
				continue
			}
			if body, ok := op.Metadata[metaBody].(reflect.Type); ok {
				op.RequestBody.Content["application/json"].Schema = schemas.Schema(body, true, "")
			}
			if _, ok := op.Metadata[metaWrite]; ok && op.Method != http.MethodDelete {
				created := *op.Responses["200"]
				created.Description = "Created"
				op.Responses["201"] = &created
			}
			op.Responses["4XX"] = failure("The request cannot be fulfilled as it is")
			op.Responses["5XX"] = failure("The service failed, and the request may be repeated")
			if op.Path == tokenPath {
				op.Security = []map[string][]string{} // Said, not left out.
				op.RequestBody.Content[formType].Schema = schemas.Schema(reflect.TypeFor[TokenForm](), true, "")
				op.Responses["4XX"], op.Responses["5XX"] = op.Responses["default"], op.Responses["default"]
			}
			delete(op.Responses, "default")
		}
	}
	// Huma adds its own error type, which asProblem replaces.
	maps.DeleteFunc(schemas.Map(), func(name string, _ *huma.Schema) bool { return name == "ErrorModel" || name == "ErrorDetail" })
}

// OpenAPI returns the description as it is published, as indented JSON.
func (s *Server) OpenAPI() ([]byte, error) {
	text, err := s.api.OpenAPI().MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("describe the API: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
