package desk

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
)

// attributeDetails say what became of the attributes of a partner, a tenant or a
// role: of one that was created or deleted its name, of another what changed.
func attributeDetails(e *directory.AuditEvent) []string {
	before, after := attributesOf(e.Before), attributesOf(e.After)
	if len(before) == 0 || len(after) == 0 {
		for _, entry := range []map[string]any{before, after} {
			if name, ok := entry["name"].(string); ok {
				return []string{fmt.Sprintf("name %q", name)}
			}
		}
		return nil
	}
	var details []string
	names := maps.Clone(before)
	maps.Copy(names, after)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if said := became(before[name], after[name]); said != "" {
			details = append(details, strings.ReplaceAll(name, "_", " ")+": "+said)
		}
	}
	return details
}

// attributesOf are the attributes of an entry, without what the directory keeps
// for itself. What cannot be read has none.
func attributesOf(text string) map[string]any {
	var entry map[string]any
	if json.Unmarshal([]byte(text), &entry) != nil {
		return nil
	}
	for _, own := range []string{"declaration", "revision", "retired"} {
		delete(entry, own)
	}
	return entry
}

// became says what became of a value, "" if it is the same.
func became(was, is any) string {
	had, has := texts(was), texts(is)
	var said []string
	for verb, some := range map[string][]string{"added": without(has, had), "removed": without(had, has)} {
		if len(some) > 0 {
			said = append(said, verb+" "+strings.Join(some, ", "))
		}
	}
	_, list := is.([]any)
	_, wasList := was.([]any)
	switch slices.Sort(said); {
	case len(said) == 0:
		return ""
	case list || wasList:
		return strings.Join(said, "; ")
	case len(had) == 0:
		return "now " + has[0]
	case len(has) == 0:
		return "no longer " + had[0]
	}
	return has[0] + " instead of " + had[0]
}

// texts are the elements of a value, or the only one, none if it is empty.
func texts(value any) []string {
	switch v := value.(type) {
	case nil:
		return nil
	case string:
		if v == "" {
			return nil
		}
		return []string{fmt.Sprintf("%q", v)}
	case []any:
		var all []string
		for _, element := range v {
			all = append(all, fmt.Sprint(element))
		}
		return all
	}
	return []string{fmt.Sprint(value)}
}

// without returns the texts that are not among the others.
func without(texts, others []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return slices.Contains(others, text) })
}
