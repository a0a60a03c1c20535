package problem

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// PointInto sets the pointers of the violations to where their paths are in the
// body of the request.
func (p *Problem) PointInto(body []byte) {
	if len(p.Violations) == 0 {
		return
	}
	pointers := pointersInto(body)
	for i := range p.Violations {
		p.Violations[i].Pointer = pointers.to(p.Violations[i].Path)
	}
}

// pointers turns paths into JSON Pointers (RFC 6901) into a request's body. A
// replacement has its admins as a list of items, so the element's index stands
// for its address.
type pointers struct {
	members map[string]any
	// items are the indices in the list by address, as it is written and in canonical form.
	items map[string]int
}

// pointersInto returns the pointers into a body, nil for none.
func pointersInto(body []byte) pointers {
	var p pointers
	if err := json.Unmarshal(body, &p.members); err != nil {
		return pointers{} // It is none, or not an object: there is nothing to point to.
	}
	items, _ := p.members["items"].([]any)
	p.items = make(map[string]int, len(items))
	canonical := map[string]int{}
	for i, item := range items {
		member, _ := item.(map[string]any)
		email, _ := member["email"].(string)
		first(p.items, email, i)
		if address, err := rolemodel.ParseEmail(email); err == nil {
			first(canonical, string(address), i)
		}
	}
	for address, i := range canonical {
		first(p.items, address, i)
	}
	return p
}

func first(indices map[string]int, key string, i int) {
	if _, ok := indices[key]; !ok {
		indices[key] = i
	}
}

// to returns the pointer to the innermost part of the path that the body has, ""
// for all of the body.
func (p pointers) to(path rolemodel.Path) string {
	const admins = "admins" // See directory.Replace.
	if len(path) > 1 && path[0].Attribute == admins {
		items, _ := p.members["items"].([]any)
		i, ok := p.items[path[1].Key]
		if !ok {
			return within(p.members, []string{"items"})
		}
		item, _ := items[i].(map[string]any)
		return "/items/" + strconv.Itoa(i) + within(item, attributes(path[2:]))
	}
	if len(path) == 1 && path[0].Attribute == admins {
		return within(p.members, []string{"items"})
	}
	return within(p.members, attributes(path))
}

func attributes(path rolemodel.Path) []string {
	names := make([]string, len(path))
	for i, step := range path {
		names[i] = step.Attribute
	}
	return names
}

// within returns the pointer to the innermost of the names, each a member of the one before.
func within(members map[string]any, names []string) string {
	var b strings.Builder
	for _, name := range names {
		member, ok := members[name]
		if !ok {
			break
		}
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
		members, _ = member.(map[string]any)
	}
	return b.String()
}
