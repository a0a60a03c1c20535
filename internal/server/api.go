package server

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
)

const bearer = "bearer"

// newAPI returns an API without operations.
func newAPI(mux *http.ServeMux) huma.API {
	config := huma.DefaultConfig("Directory of Mimecast roles and external administrators", strconv.Itoa(wire.APIVersion))
	config.Info.Description = "The directory of partners, tenants, roles and external admins that terraform-provider-mimecast keeps. " +
		"It is this project's own service, not Mimecast's: Mimecast publishes no API for these entries."
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		bearer: {Type: "oauth2", Flows: &huma.OAuthFlows{ClientCredentials: &huma.OAuthFlow{TokenURL: "/oauth/token", Scopes: map[string]string{}}}}, //nolint:gosec // A path, not a credential.
	}
	config.DocsPath, config.SchemasPath = "", ""
	config.CreateHooks = nil // No "$schema" in the answers.
	config.Transformers = append(config.Transformers, asProblem)
	return humago.New(mux, config)
}

// schemaName keeps the names of a problem's parts apart from those of the role model.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if strings.HasSuffix(t.PkgPath(), "/problem") && !strings.HasPrefix(name, "Problem") {
		return "Problem" + name
	}
	return name
}

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
	for _, e := range model.Errors {
		if e != nil {
			details = append(details, strings.TrimPrefix(e.Location+": ", ": ")+e.Message)
		}
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

// describe adds to the description what is the same for all operations.
func describe(api huma.API) {
	description := api.OpenAPI()
	schemas := description.Components.Schemas
	failure := &huma.Response{
		Description: "An error",
		Content:     map[string]*huma.MediaType{problem.ContentType: {Schema: schemas.Schema(reflect.TypeFor[problem.Problem](), true, "")}},
	}
	for path, item := range description.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op != nil && strings.HasPrefix(path, "/v1/") {
				op.Responses["default"] = failure
			}
		}
	}
	// Huma adds its own error type, which asProblem replaces.
	maps.DeleteFunc(schemas.Map(), func(name string, _ *huma.Schema) bool { return name == "ErrorModel" || name == "ErrorDetail" })
}

// operation returns what the operations under /v1 have in common.
func operation(id, method, path, tag, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Tags: []string{tag}, Summary: summary,
		Security:         []map[string][]string{{bearer: {}}},
		MaxBodyBytes:     maxBody,
		Responses:        map[string]*huma.Response{},
		DefaultStatus:    map[string]int{http.MethodPost: http.StatusCreated, http.MethodDelete: http.StatusNoContent}[method],
		SkipValidateBody: false,
	}
}

// OpenAPI returns the description as it is published, as indented JSON.
func (s *Server) OpenAPI() ([]byte, error) {
	text, err := s.api.OpenAPI().MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("describe the API: %w", err)
	}
	return indent(text)
}
