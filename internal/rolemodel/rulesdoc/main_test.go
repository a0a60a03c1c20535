package main

import (
	"os"
	"testing"
)

func TestGuideIsUpToDate(t *testing.T) {
	const path = "templates/guides/rules.md"
	written, err := os.ReadFile("../../../" + path)
	if err != nil || string(written) != guide() {
		t.Fatalf("%s is not what the rules say (%v). Run: go run ./internal/rolemodel/rulesdoc %s", path, err, path)
	}
}
