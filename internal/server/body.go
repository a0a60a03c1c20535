package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/problem"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// JSONBody is the body of a request, which decode reads. Huma would make
// everything of it that is wrong a message of its own, with no end to them.
type JSONBody struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	RawBody     []byte `contentType:"application/json"`
}

func (b *JSONBody) text() []byte { return b.RawBody }

// maxElements is how many elements a list in a body has at most. It is beyond
// all limits of rolemodel, so that what is beyond those is told in their words.
const maxElements = 2 * rolemodel.MaxExternalAdmins

// decode returns the body as a B, or the first thing in it that does not fit.
// What is missing in it the directory tells.
func decode[B any](in *JSONBody) (B, error) {
	var body, none B
	wrong := func(status int, format string, args ...any) (B, error) {
		return none, problem.New(status, problem.TypeRequest, fmt.Sprintf(format, args...))
	}
	if in.ContentType != "" {
		if media, _, err := mime.ParseMediaType(in.ContentType); err != nil || media != "application/json" {
			return wrong(http.StatusUnsupportedMediaType, "The body is of another type than JSON. Send it with Content-Type: application/json.")
		}
	}
	if longest(in.RawBody) > maxElements {
		return wrong(http.StatusUnprocessableEntity, "A list in the body has more than %d elements. No list that the directory takes is that long.", maxElements)
	}
	decoder := json.NewDecoder(bytes.NewReader(in.RawBody))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&body)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return body, nil
		}
		return wrong(http.StatusBadRequest, "There is something behind the JSON of the body. Send one JSON object.")
	}
	mismatch, isMismatch := errors.AsType[*json.UnmarshalTypeError](err)
	unknown, isUnknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case len(bytes.TrimSpace(in.RawBody)) == 0:
		return wrong(http.StatusBadRequest, "The request has no body. Send a JSON object.")
	case isMismatch:
		kind, _, _ := strings.Cut(mismatch.Value, " ") // What follows is the value, which may be secret.
		where := "The body"
		if mismatch.Field != "" {
			where = mismatch.Field
		}
		return wrong(http.StatusUnprocessableEntity, "%s is of the JSON type %s. Write %s.", where, kind, jsonType(mismatch.Type))
	case isUnknown:
		return wrong(http.StatusUnprocessableEntity, "The body has the unknown member %s. See /openapi.json for those that there are.", shortened(unknown))
	}
	return wrong(http.StatusBadRequest, "The body is no JSON. Send a JSON object.")
}

// jsonType says what JSON has for a type, to follow "Write".
func jsonType(t reflect.Type) string {
	switch t.Kind() { //nolint:exhaustive // The inputs of package wire have no others.
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}

func shortened(s string) string {
	const most = 100
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "... (shortened)"
	}
	return s
}

// longest returns how many commas the list or object of a JSON text has that
// has most of them. It takes no memory for what is in them.
func longest(text []byte) int {
	const deepest = 10_000
	var (
		most   int
		open   []int
		quoted bool
	)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if len(open) > deepest {
				return most // The decoder refuses it.
			}
			open = append(open, 0)
		case len(open) == 0:
		case c == ']' || c == '}':
			open = open[:len(open)-1]
		case c == ',':
			open[len(open)-1]++
			most = max(most, open[len(open)-1])
		}
	}
	return most
}
