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

// pointers turns paths into JSON Pointers (RFC 6901) into a request's body. What
// is keyed in a path is a list in the body, so that an element's index stands for its key.
type pointers struct {
	members map[string]any
	// lists are by the attribute of their path.
	lists map[string]list
}

// list is where a body has what a path has keys for.
type list struct {
	name  string
	items []any
	// indices are by key, as it is written and in canonical form.
	indices map[string]int
}

// pointersInto returns the pointers into a body, nil for none.
func pointersInto(body []byte) pointers {
	var p pointers
	if err := json.Unmarshal(body, &p.members); err != nil {
		return pointers{} // It is none, or not an object: there is nothing to point to.
	}
	people := "items" // See directory.Replace.
	if _, observed := p.members["admins"]; observed {
		people = "admins"
	}
	p.lists = map[string]list{"admins": listOf(p.members, people, "email"), "roles": listOf(p.members, "roles", "name")}
	return p
}

func listOf(members map[string]any, name, key string) list {
	l := list{name: name, indices: map[string]int{}}
	l.items, _ = members[name].([]any)
	canonical := map[string]int{}
	for i, item := range l.items {
		member, _ := item.(map[string]any)
		written, _ := member[key].(string)
		first(l.indices, written, i)
		if address, err := rolemodel.ParseEmail(written); err == nil {
			first(canonical, string(address), i)
		}
	}
	for address, i := range canonical {
		first(l.indices, address, i)
	}
	return l
}

func first(indices map[string]int, key string, i int) {
	if _, ok := indices[key]; !ok {
		indices[key] = i
	}
}

// to returns the pointer to the innermost part of the path that the body has, ""
// for all of the body.
func (p pointers) to(path rolemodel.Path) string {
	if len(path) == 0 {
		return ""
	}
	l, keyed := p.lists[path[0].Attribute]
	if !keyed {
		return within(p.members, attributes(path))
	}
	all := within(p.members, []string{l.name})
	if len(path) == 1 {
		return all
	}
	i, ok := l.indices[path[1].Key]
	if !ok {
		return all
	}
	item, _ := l.items[i].(map[string]any)
	return all + "/" + strconv.Itoa(i) + within(item, attributes(path[2:]))
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
