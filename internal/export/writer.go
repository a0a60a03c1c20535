package export

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// writer writes blocks and remembers their names and the first error.
type writer struct {
	out io.Writer
	err error
	// written are the names of the resources, by kind and key, and taken are the addresses.
	written map[string]string
	taken   map[string]bool
}

func (w *writer) printf(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.out, format, args...)
	}
}

// each writes the entries of a list. It ends at the first error, which it returns.
func each[E any](w *writer, entries iter.Seq2[E, error], write func(E)) error {
	for entry, err := range entries {
		if err != nil {
			return err
		}
		if write(entry); w.err != nil {
			return w.err
		}
	}
	return nil
}

// block writes an entry's import and resource blocks, below a comment unless
// that is "". The resource is called after what is given: it is what users say
// aloud, and stays when the entry's name changes.
func (w *writer) block(kind directory.Kind, key directory.Key, after, comment string, fill func(*hclwrite.Body)) {
	resource := "mimecast_" + strings.ReplaceAll(kind, " ", "_")
	name := w.name(resource, after)
	w.written[kind+" "+key.String()] = name

	file := hclwrite.NewEmptyFile()
	imported := file.Body().AppendNewBlock("import", nil).Body()
	imported.SetAttributeTraversal("to", hcl.Traversal{hcl.TraverseRoot{Name: resource}, hcl.TraverseAttr{Name: name}})
	set(imported, "id", text(key.String()))
	file.Body().AppendNewline()
	fill(file.Body().AppendNewBlock("resource", []string{resource, name}).Body())
	w.printf("\n")
	if comment != "" {
		w.printf("# %s\n", comment)
	}
	w.printf("%s", hclwrite.Format(file.Bytes()))
}

// name makes an identifier that no resource of the type has yet.
func (w *writer) name(resource, after string) string {
	identifier := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '_'
	}, after)
	if !hclsyntax.ValidIdentifier(identifier) {
		identifier = "_" + identifier
	}
	name := identifier
	for n := 2; w.taken[resource+"."+name]; n++ {
		name = fmt.Sprintf("%s_%d", identifier, n)
	}
	w.taken[resource+"."+name] = true
	return name
}

// id refers to the id of an entry's resource, and is the ID itself where none was written.
func (w *writer) id(kind directory.Kind, key directory.Key, literal string) hclwrite.Tokens {
	name, ok := w.written[kind+" "+key.String()]
	if !ok {
		return text(literal)
	}
	return hclwrite.TokensForTraversal(hcl.Traversal{
		hcl.TraverseRoot{Name: "mimecast_" + kind}, hcl.TraverseAttr{Name: name}, hcl.TraverseAttr{Name: "id"},
	})
}

func set(body *hclwrite.Body, attribute string, value hclwrite.Tokens) {
	body.SetAttributeRaw(attribute, value)
}

func text(s string) hclwrite.Tokens { return hclwrite.TokensForValue(cty.StringVal(s)) }

func boolean(b bool) hclwrite.Tokens { return hclwrite.TokensForValue(cty.BoolVal(b)) }

// texts is a list on lines of its own, unless it has one element.
func texts[T ~string](values []T) hclwrite.Tokens {
	newline := &hclwrite.Token{Type: hclsyntax.TokenNewline, Bytes: []byte("\n")}
	tokens := hclwrite.Tokens{{Type: hclsyntax.TokenOBrack, Bytes: []byte("[")}}
	for _, value := range values {
		if len(values) > 1 {
			tokens = append(tokens, newline)
		}
		tokens = append(tokens, text(string(value))...)
		if len(values) > 1 {
			tokens = append(tokens, &hclwrite.Token{Type: hclsyntax.TokenComma, Bytes: []byte(",")})
		}
	}
	if len(values) > 1 {
		tokens = append(tokens, newline)
	}
	return append(tokens, &hclwrite.Token{Type: hclsyntax.TokenCBrack, Bytes: []byte("]")})
}

// attribute is a name and its value.
type attribute struct {
	name  string
	value hclwrite.Tokens
}

// inline is an object on one line.
func inline(attributes []attribute) hclwrite.Tokens {
	tokens := hclwrite.Tokens{{Type: hclsyntax.TokenOBrace, Bytes: []byte("{")}}
	for i, a := range attributes {
		if i > 0 {
			tokens = append(tokens, &hclwrite.Token{Type: hclsyntax.TokenComma, Bytes: []byte(",")})
		}
		tokens = append(tokens, hclwrite.TokensForIdentifier(a.name)...)
		tokens = append(tokens, &hclwrite.Token{Type: hclsyntax.TokenEqual, Bytes: []byte("=")})
		tokens = append(tokens, a.value...)
	}
	return append(tokens, &hclwrite.Token{Type: hclsyntax.TokenCBrace, Bytes: []byte("}")})
}
