package rolemodel

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Step is one step of a Path. Exactly one of its fields is set.
type Step struct {
	// Attribute is the name of an attribute, for example "role_id".
	Attribute string `json:"attribute,omitempty"`
	// Key is the key of a map element, for example an email address.
	Key string `json:"key,omitempty"`
}

// Path says which part of the input a violation is about, from the outside in.
// A path stops at a set: the message names the element.
type Path []Step

// At returns the path of the attribute name at the top level.
func At(attribute string) Path { return Path{{Attribute: attribute}} }

// AtKey returns the path of the element key of the map attribute.
func AtKey(attribute, key string) Path { return Path{{Attribute: attribute}, {Key: key}} }

// Under returns p moved below parent.
func (p Path) Under(parent Path) Path {
	return append(append(make(Path, 0, len(parent)+len(p)), parent...), p...)
}

// String writes the path as Terraform does: admins["anna@example.com"].role_id.
func (p Path) String() string {
	var b strings.Builder
	for _, s := range p {
		switch {
		case s.Key != "":
			b.WriteString("[" + strconv.Quote(s.Key) + "]")
		case b.Len() > 0:
			b.WriteString("." + s.Attribute)
		default:
			b.WriteString(s.Attribute)
		}
	}
	return b.String()
}

// Violation is one rule that one part of the input breaks.
type Violation struct {
	// Rule is the ID of the rule in the catalogue that Rules returns.
	Rule RuleID `json:"rule"`
	// Path is the offending part of the input.
	Path Path `json:"path"`
	// Problem is a sentence that says what is wrong.
	Problem string `json:"problem"`
	// Advice is a sentence that says what to do instead.
	Advice string `json:"advice"`
	// Accounts and People are those that Problem names, ten at most, and Total is
	// how many there are of them, where it is about a number of them.
	Accounts []AccountCode `json:"accounts,omitempty"`
	People   []Email       `json:"people,omitempty"`
	Total    int           `json:"total,omitempty"`
	// discreet is the problem for those who may not see all Accounts.
	discreet string
}

// Error returns the problem, the advice and the rule on one line.
func (v Violation) Error() string {
	return v.Problem + " " + v.Advice + " [" + string(v.Rule) + "]"
}

// Violations are all the rules that a decision found broken, in a stable order.
// None means allowed.
type Violations []Violation

// Error returns all violations, a line each.
func (vs Violations) Error() string {
	lines := make([]string, len(vs))
	for i, v := range vs {
		lines[i] = v.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns vs as an error, or nil if there is none.
func (vs Violations) Err() error {
	if len(vs) == 0 {
		return nil
	}
	return vs
}

// For returns the violations as somebody may see them who sees only some
// accounts: what names another one is told without it. What has been shown to
// somebody before, or comes from elsewhere, then has the sentence of its rule.
func (vs Violations) For(sees func(AccountCode) bool) Violations {
	shown := make(Violations, len(vs))
	for i, v := range vs {
		if slices.ContainsFunc(v.Accounts, func(a AccountCode) bool { return !sees(a) }) {
			v.Problem, v.Accounts, v.People, v.Total = cmp.Or(v.discreet, v.Rule.rule().Sentence), nil, nil, 0
		}
		v.discreet = ""
		shown[i] = v
	}
	return shown
}

// Under returns the violations with every path moved below parent.
func (vs Violations) Under(parent Path) Violations {
	moved := make(Violations, len(vs))
	for i, v := range vs {
		v.Path = v.Path.Under(parent)
		moved[i] = v
	}
	return moved
}

// AsViolations returns the violations that err carries, if it carries any.
func AsViolations(err error) (Violations, bool) {
	var vs Violations
	ok := errors.As(err, &vs)
	return vs, ok
}

// violate returns a violation of rule with the rule's own advice, unless advice is given.
func violate(rule RuleID, path Path, problem string, advice ...string) Violation {
	v := Violation{Rule: rule, Path: path, Problem: problem, Advice: rule.rule().Advice}
	if len(advice) > 0 {
		v.Advice = advice[0]
	}
	return v
}

// violate returns a violation of a rule about what the actor may do.
func (a *Actor) violate(rule RuleID, path Path, problem string) Violation {
	v := violate(rule, path, problem)
	if other := rule.rule().CredentialAdvice; a.Credential && other != "" {
		v.Advice = other
	}
	return v
}
