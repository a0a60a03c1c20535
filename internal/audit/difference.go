package audit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// difference is what an event changed. Its keys are a grant's address, whose
// value is the role ID, and of other kinds the attribute.
type difference struct {
	added, removed map[string][]types.String
	changed        map[string]changeModel
}

// changeModel is a value that became another one.
type changeModel struct {
	Before types.String `tfsdk:"before"`
	After  types.String `tfsdk:"after"`
}

// differenceOf returns what the event changed: nothing if it was not done, or
// changed no more than who declares an entry.
func differenceOf(e directory.AuditEvent) (difference, error) {
	d := difference{map[string][]types.String{}, map[string][]types.String{}, map[string]changeModel{}}
	switch e.Action {
	case directory.ActionAdopt, directory.ActionRotate, directory.ActionRevoke, directory.ActionUse:
		return d, nil
	}
	if e.Outcome != directory.OutcomeDone {
		return d, nil
	}
	before, err := valuesOf(e.Kind, e.Before)
	if err != nil {
		return d, err
	}
	after, err := valuesOf(e.Kind, e.After)
	if err != nil {
		return d, err
	}
	for key, was := range before {
		is := after[key]
		if !was.list && !is.list && len(was.texts) > 0 && len(is.texts) > 0 {
			if was.texts[0] != is.texts[0] {
				d.changed[key] = changeModel{types.StringValue(was.texts[0]), types.StringValue(is.texts[0])}
			}
			continue
		}
		put(d.removed, key, without(was.texts, is.texts))
		put(d.added, key, without(is.texts, was.texts))
	}
	for key, is := range after {
		if _, there := before[key]; !there {
			put(d.added, key, is.texts)
		}
	}
	return d, nil
}

func put(in map[string][]types.String, key string, texts []string) {
	for _, text := range texts {
		in[key] = append(in[key], types.StringValue(text))
	}
}

// without returns the texts that are not among the others.
func without(texts, others []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return slices.Contains(others, text) })
}

// value is an attribute as texts: its elements, or the only one, none if it is empty.
type value struct {
	texts []string
	list  bool
}

// own are the attributes that name an entry, which the event's key does too, and
// those that the directory keeps for itself.
var own = []string{"account_code", "declaration", "email", "id", "retired", "revision", "role_name", "tenant_id"}

// valuesOf returns the attributes of an event's entries by key.
func valuesOf(kind directory.Kind, text string) (map[string]value, error) {
	values := map[string]value{}
	if text == "" {
		return values, nil
	}
	if kind != directory.KindExternalAdmins {
		text = "[" + text + "]"
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var entries []map[string]any
	if err := decoder.Decode(&entries); err != nil {
		return nil, err
	}
	for _, entry := range entries {
		for attribute, is := range entry {
			if slices.Contains(own, attribute) || is == nil || is == "" {
				continue
			}
			values[keyOf(entry, attribute)] = valueOf(is)
		}
	}
	return values, nil
}

// keyOf returns the address of a grant for its role, and for other attributes
// that it may have the address before the attribute's name.
func keyOf(entry map[string]any, attribute string) string {
	email, isGrant := entry["email"].(string)
	switch {
	case !isGrant:
		return attribute
	case attribute == "role_id":
		return email
	}
	return email + "/" + attribute
}

func valueOf(is any) value {
	elements, list := is.([]any)
	if !list {
		return value{texts: []string{fmt.Sprint(is)}}
	}
	return value{list: true, texts: tfkit.Map(elements, func(element any) string { return fmt.Sprint(element) })}
}
