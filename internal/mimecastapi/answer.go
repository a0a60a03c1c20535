package mimecastapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// ReadError says that a read gave nothing that could be believed.
type ReadError struct {
	// Detail says what came instead, in a sentence or two.
	Detail string
	// NoAnswer says that nothing came at all.
	NoAnswer bool
	// Refused says that the read as such is refused, whatever it asks for.
	Refused bool
}

// Error implements error.
func (e *ReadError) Error() string { return e.Detail }

// decode decodes the answer of a read. A status of 200 says only that the read
// was executed: whether it succeeded, the body says (documented).
func decode(read Read, status int, text []byte, answer any) error {
	codes := errorCodes(text)
	if status != http.StatusOK || len(codes) > 0 {
		return refusal(read, status, text)
	}
	var meta struct {
		Meta struct {
			Status int `json:"status"`
		} `json:"meta"`
	}
	if json.Unmarshal(text, &meta) != nil || json.Unmarshal(text, answer) != nil {
		return unknownForm(read)
	}
	if inner := meta.Meta.Status; inner != 0 && inner != http.StatusOK {
		return refusal(read, inner, text)
	}
	return nil
}

// unknownForm is the error of an answer that looks other than what is known of it.
func unknownForm(read Read) error {
	return &ReadError{Detail: fmt.Sprintf("Mimecast's answer to %s is not of the form that this program knows.", read.Name)}
}

func refusal(read Read, status int, text []byte) error {
	e := &ReadError{Detail: fmt.Sprintf("Mimecast refuses %s (%s)", read.Name, outcome(status, text))}
	switch status {
	case http.StatusUnauthorized:
		e.Refused = true
		e.Detail += ", though it gave a token"
	case http.StatusForbidden:
		e.Refused = true
		e.Detail += ": the API application or its role does not permit it"
		if read.Permission != "" {
			e.Detail += "; the role needs " + read.Permission
		}
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		e.Refused = true
		e.Detail += ": it is not there for this credential"
	}
	e.Detail += "."
	return e
}

// outcome is the status of an answer and the codes of its errors.
func outcome(status int, text []byte) string {
	said := fmt.Sprintf("status %d", status)
	if codes := errorCodes(text); len(codes) > 0 {
		said += ", " + strings.Join(codes, ", ")
	}
	return said
}

// failure is an error as Mimecast writes it, or an item with several.
type failure struct {
	Code   string    `json:"code"`
	Field  string    `json:"field"`
	Errors []failure `json:"errors"`
}

// errorCodes returns the codes of the errors in an answer, each with the field
// that it is about. Three forms are known: "fail" with items that have "errors"
// (documented, of the /api/ paths), "fail" with errors themselves (the gateway's,
// seen in others' code), and "errors" or OAuth's "error" at the top (seen in
// others' code). Messages are left out: they may repeat what was sent.
func errorCodes(text []byte) []string {
	var body struct {
		Fail, Errors, Error json.RawMessage
	}
	if json.Unmarshal(text, &body) != nil {
		return nil
	}
	var codes []string
	for _, list := range []json.RawMessage{body.Fail, body.Errors} {
		codes = append(codes, codesOf(list)...)
	}
	var code string
	if json.Unmarshal(body.Error, &code) == nil && code != "" {
		codes = append(codes, (&failure{Code: code}).String())
	}
	return codes
}

// codesOf returns the codes of a list of errors. A list of another form has one, which is not known.
func codesOf(list json.RawMessage) []string {
	if len(list) == 0 || string(list) == "null" {
		return nil
	}
	var failures []failure
	if json.Unmarshal(list, &failures) != nil {
		return []string{(&failure{}).String()}
	}
	var codes []string
	for _, f := range failures {
		if len(f.Errors) == 0 {
			codes = append(codes, f.String())
		}
		for _, e := range f.Errors {
			codes = append(codes, e.String())
		}
	}
	return codes
}

// word is what codes and names of fields look like: words of letters, or short
// numbers. Nothing else of an answer reaches a message, for one no token that it repeats.
var word = regexp.MustCompile(`^([A-Za-z]{1,20}|[0-9]{1,4})([_ ]([A-Za-z]{1,20}|[0-9]{1,4})){0,7}$`)

func (f *failure) String() string {
	if !word.MatchString(f.Code) {
		return "an error without a code that can be shown"
	}
	if word.MatchString(f.Field) {
		return f.Code + " for " + f.Field
	}
	return f.Code
}
