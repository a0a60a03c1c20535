package provider

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// verbs are what fmt replaces in a text.
var verbs = regexp.MustCompile(`%(\[\d+\])?[sdv]`)

// messages are the texts in this program's source, with … for what differs.
func messages(t *testing.T) []string {
	t.Helper()
	var texts []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if text, err := strconv.Unquote(literal.Value); err == nil {
					texts = append(texts, strings.ReplaceAll(verbs.ReplaceAllString(text, "…"), "%q", `"…"`))
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestTroubleshooting: the messages that the guide explains are those that the
// program has, and so are the lines of the log.
func TestTroubleshooting(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates/guides/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile("(?m)^(?:### |\\| `[A-Z]+` \\| )`([^`]+)`").FindAllStringSubmatch(string(guide), -1)
	if len(quoted) < 15 {
		t.Fatalf("the guide explains only %d messages", len(quoted))
	}
	all := strings.Join(messages(t), "\n")
	for _, q := range quoted {
		if !strings.Contains(all, q[1]) {
			t.Errorf("nothing says %q", q[1])
		}
	}
}
