package server_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/server"
)

func TestOpenAPIIsCheckedIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	generated, err := f.server.OpenAPI()
	f.ok(err)
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		f.ok(os.WriteFile("openapi.json", generated, 0o600))
	}
	checkedIn, err := os.ReadFile("openapi.json")
	f.ok(err)
	if !bytes.Equal(generated, checkedIn) {
		t.Fatal("openapi.json is not what the code describes. Run the test once with UPDATE_GOLDEN=1 and look at the difference.")
	}
	var published, described any
	f.ok(json.Unmarshal([]byte(f.do("GET", "/openapi.json", "").want(200).body), &published))
	f.ok(json.Unmarshal(generated, &described))
	if !equalJSON(t, published, described) {
		t.Error("what is published is another description")
	}
}

func equalJSON(t *testing.T, a, b any) bool {
	t.Helper()
	one, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	two, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(one, two)
}

// operation is an operation of the description, as far as tests look at it.
type operation struct {
	method, path string
	ID           string                            `json:"operationId"`
	Summary      string                            `json:"summary"`
	Tags         []string                          `json:"tags"`
	Security     *[]any                            `json:"security"`
	Responses    map[string]any                    `json:"responses"`
	Body         *struct{ Content map[string]any } `json:"requestBody"`
}

// operations returns all operations that openapi.json describes.
func operations(t *testing.T) []operation {
	t.Helper()
	text, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var description struct {
		Paths map[string]map[string]operation `json:"paths"`
	}
	if err := json.Unmarshal(text, &description); err != nil {
		t.Fatal(err)
	}
	var all []operation
	for path, methods := range description.Paths {
		for method, op := range methods {
			op.method, op.path = strings.ToUpper(method), path
			all = append(all, op)
		}
	}
	if len(all) < 30 {
		t.Fatalf("only %d operations are described", len(all))
	}
	return all
}

// TestDescription: each operation says who may call it and what it answers, also
// if something is wrong.
func TestDescription(t *testing.T) {
	t.Parallel()
	for _, op := range operations(t) {
		if op.ID == "" || op.Summary == "" || len(op.Tags) != 1 || op.Security == nil || op.Responses["4XX"] == nil || op.Responses["5XX"] == nil {
			t.Errorf("%s %s lacks something: %+v", op.method, op.path, op)
		}
		if open := op.path == "/oauth/token"; op.Security != nil && (len(*op.Security) == 0) != open {
			t.Errorf("%s %s: security %v", op.method, op.path, *op.Security)
		}
		if hasBody := op.method == "POST" || op.method == "PUT"; (op.Body != nil) != hasBody {
			t.Errorf("%s %s: body %v", op.method, op.path, op.Body)
		}
	}
	if _, err := server.New(server.Config{}).OpenAPI(); err != nil {
		t.Error(err) // It needs no directory.
	}
}
