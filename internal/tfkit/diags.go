package tfkit

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/decide"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Subject is what a diagnostic is about.
type Subject struct {
	// Verb is what Terraform is doing, for example "create".
	Verb string
	// Kind and Key name the entry, for example external admin and "CUSA00A000/anna@example.com".
	Kind, Key string
	// Tenant is the account code of the tenant that the entry is, or is in, "" for none.
	Tenant string
	// Session knows what was reported before. Nil reports everything in full.
	Session *Session
	// Attributes are those that the resource or data source has. A violation at
	// another one, such as an account's, is reported without an attribute.
	Attributes []string
	// Spelling gives the configuration's spelling of a canonical map key. Nil keeps keys as they are.
	Spelling map[string]string
}

func (s Subject) summary() string {
	if s.Key == "" { // Not known yet, as in a validation without a plan.
		return fmt.Sprintf("Unable to %s the %s", s.Verb, s.Kind)
	}
	return fmt.Sprintf("Unable to %s %s %q", s.Verb, s.Kind, s.Key)
}

// AddError reports an error of the directory, one diagnostic for each
// violation, at its attribute. It says whether there was one.
func (s Subject) AddError(diags *diag.Diagnostics, err error) bool {
	if err == nil {
		return false
	}
	var violations rolemodel.Violations
	var missing *directory.NotFoundError
	if conflict, ok := asConflict(err); ok && !conflict.Changed {
		s.AddConflict(diags, conflict)
		return true
	}
	switch {
	case errors.As(err, &violations):
	case errors.As(err, &missing) && missing.Kind == directory.KindTenant && slices.Contains(s.Attributes, "tenant_id"):
		diags.AddAttributeError(path.Root("tenant_id"), s.summary(), err.Error())
		return true
	default:
		summary, text := s.summary(), err.Error()
		if first := s.again(text); first != "" {
			summary, text = "The same as for "+first, ""
		}
		diags.AddError(summary, text)
		return true
	}
	for _, v := range violations {
		at, anchored := s.path(v.Path)
		summary, text := s.summary(), detail(v)
		if place := nested(at); place != "" {
			text = fmt.Sprintf("At %s:\n\n%s", place, text)
		}
		if first := s.again(text); first != "" {
			summary, text = fmt.Sprintf("The same as for %s: %s", first, cmp.Or(nested(at), string(v.Rule))), ""
		}
		if anchored {
			diags.AddAttributeError(at, summary, text)
		} else {
			diags.AddError(summary, text)
		}
	}
	return true
}

// AddDecision reports what a plan's decision found, as AddError does. What is
// not known yet is nothing to report: the directory decides at apply.
func (s Subject) AddDecision(diags *diag.Diagnostics, violations rolemodel.Violations, err error) bool {
	if errors.Is(err, decide.ErrNotYetKnown) {
		return false
	}
	if err == nil {
		err = violations.Err()
	}
	return s.AddError(diags, err)
}

// AddAdvice reports advice as warnings. Their summary does not name the entry, so
// that Terraform folds the same advice on many into one.
func (s Subject) AddAdvice(diags *diag.Diagnostics, advice []rolemodel.Advice) {
	for _, a := range advice {
		text := fmt.Sprintf("For the %s %q:\n\n%s\n\n%s", s.Kind, s.Key, a.Problem, a.Remedy)
		summary := "Check the " + s.Kind
		if len(a.Path) > 0 {
			summary = fmt.Sprintf("Check %s of the %s", a.Path[0].Attribute, s.Kind)
		}
		if at, ok := s.path(a.Path); ok {
			diags.AddAttributeWarning(at, summary, text)
		} else {
			diags.AddWarning(summary, text)
		}
	}
}

func (s Subject) path(p rolemodel.Path) (path.Path, bool) {
	if len(p) == 0 || !slices.Contains(s.Attributes, p[0].Attribute) {
		return path.Path{}, false
	}
	at := path.Root(p[0].Attribute)
	for _, step := range p[1:] {
		switch key, respelled := s.Spelling[step.Key]; {
		case step.Attribute != "":
			at = at.AtName(step.Attribute)
		case respelled:
			at = at.AtMapKey(key)
		default:
			at = at.AtMapKey(step.Key)
		}
	}
	return at, true
}

// nested names a place inside an attribute, which Terraform does not point out by itself.
func nested(at path.Path) string {
	if len(at.Steps()) < 2 {
		return ""
	}
	return at.String()
}

// detail is the text of a violation: what is wrong, what to do, which rule says so.
func detail(v rolemodel.Violation) string {
	return fmt.Sprintf("%s\n\n%s\n\nRule: %s", v.Problem, v.Advice, v.Rule)
}
