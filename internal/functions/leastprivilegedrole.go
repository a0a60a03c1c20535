package functions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// NewLeastPrivilegedRole returns the function least_privileged_role.
func NewLeastPrivilegedRole() function.Function {
	return &fn{
		name: "least_privileged_role",
		definition: function.Definition{
			Summary: "The weakest default role that is stated to have some capabilities.",
			MarkdownDescription: "Returns the ID of the weakest default role that Mimecast's descriptions state to have all the capabilities. What a description does not state does not count, even where it is likely.\n\n" +
				"A capability is written as its name, which means any degree of it, or as `name=value`, which means at least that:\n\n" +
				"- `content_view`: `held_messages`, `discovery_cases` and `archive_search` are different things, and `all` includes them;\n" +
				"- `create_administrators`: `basic_only`, `without_protected_permissions`, `all_below_super`, of which each includes those before it;\n" +
				"- `policy_management`: `read`, and `edit`, which includes it;\n" +
				"- the others have no degrees: " + capabilityNames(withoutDegrees()...) + ".\n\n" +
				"Of two roles, the weaker is the one without permissions on protected content; if both or neither have them, the one with the lower security permission; then the one that is stated to have fewer capabilities. " +
				"It fails if no default role is stated to have one of the capabilities, or all of them together, and names the role that comes nearest. " +
				"Whether the role may be granted in a tenant is another question, which the plan answers: Partner Administrator, for one, is only for tenants of an MSP partner.",
			Parameters: []function.Parameter{
				function.ListParameter{
					Name: "capabilities", ElementType: types.StringType,
					MarkdownDescription: "What the role must have, for example `[\"message_tracking\", \"policy_management=read\"]`.",
				},
			},
			Return: function.StringReturn{},
		},
		run: func(ctx context.Context, arguments function.ArgumentsData) (any, *function.FuncError) {
			var texts []types.String
			if err := arguments.Get(ctx, &texts); err != nil {
				return nil, err
			}
			var needs []need
			var wrong []error
			for _, text := range texts {
				n, err := parseNeed(text.ValueString())
				needs, wrong = append(needs, n), append(wrong, err)
			}
			if err := errors.Join(wrong...); err != nil {
				return nil, refuse(0, err)
			}
			role, err := leastPrivileged(needs)
			if err != nil {
				return nil, refuse(0, err)
			}
			return string(role.ID), nil
		},
	}
}

// degrees are the values of the capabilities that have several, the weakest
// first. Each includes those before it, but for content views, of which only
// "all" does. Of the other capabilities only "yes" is something to have.
var degrees = map[rolemodel.Capability][]string{
	rolemodel.ContentView:          {"held_messages", "discovery_cases", "archive_search", "all"},
	rolemodel.CreateAdministrators: {"basic_only", "without_protected_permissions", "all_below_super"},
	rolemodel.PolicyManagement:     {"read", "edit"},
}

// need is a capability that a role must have, of the degree or, if it is "", of any.
type need struct {
	capability rolemodel.Capability
	degree     string
}

func parseNeed(s string) (need, error) {
	name, degree, given := strings.Cut(s, "=")
	capability, err := rolemodel.ParseCapability(name)
	if err != nil {
		return need{}, err
	}
	values, graded := degrees[capability]
	switch {
	case !graded && (degree == "yes" || !given), graded && !given:
		return need{capability: capability}, nil
	case !graded:
		return need{}, fmt.Errorf("%.100q is nothing to have: write %q", s, capability)
	}
	var written []need
	for _, value := range values {
		written = append(written, need{capability, value})
	}
	if !slices.Contains(values, degree) {
		return need{}, fmt.Errorf("%.100q is nothing to have: write %q for any degree, or one of %s", s, capability, quoted(written))
	}
	return need{capability, degree}, nil
}

// String returns the need as it is written.
func (n need) String() string {
	if n.degree == "" {
		return string(n.capability)
	}
	return string(n.capability) + "=" + n.degree
}

// metBy says whether the role is stated to have what is needed.
func (n need) metBy(role rolemodel.Role) bool {
	value := stated(role, n.capability)
	switch {
	case !has(value):
		return false
	case n.degree == "" || n.degree == value:
		return true
	case n.capability == rolemodel.ContentView:
		return value == "all"
	}
	values := degrees[n.capability]
	return slices.Index(values, value) > slices.Index(values, n.degree)
}

// has says whether the value of a capability is something to have.
func has(value string) bool {
	return !slices.Contains([]string{"none", "no", rolemodel.NotStated}, value)
}

// leastPrivileged returns the weakest default role that meets all needs.
func leastPrivileged(needs []need) (rolemodel.Role, error) {
	if len(needs) == 0 {
		return rolemodel.Role{}, fmt.Errorf("no capability is given: write at least one of %s", quoted(rolemodel.Capabilities()))
	}
	roles := rolemodel.DefaultRoles()
	slices.SortStableFunc(roles, byStrength)
	nearest, missing := rolemodel.Role{}, needs
	for _, role := range roles {
		lacks := slices.DeleteFunc(slices.Clone(needs), func(n need) bool { return n.metBy(role) })
		if len(lacks) == 0 {
			return role, nil
		}
		if len(lacks) < len(missing) {
			nearest, missing = role, lacks
		}
	}
	if err := metByNone(needs, roles); err != nil {
		return rolemodel.Role{}, err
	}
	return rolemodel.Role{}, fmt.Errorf("no default role is stated to have all of %s: the nearest is %q, which lacks %s, so leave that out or make a custom role with the permissions",
		quoted(needs), nearest.ID, quoted(missing))
}

// byStrength orders roles, the weaker one first.
func byStrength(a, b rolemodel.Role) int {
	protected := func(r rolemodel.Role) int {
		if r.CarriesProtected {
			return 1
		}
		return 0
	}
	count := func(r rolemodel.Role) (n int) {
		for _, c := range r.Capabilities {
			if has(c.Value) {
				n++
			}
		}
		return n
	}
	return cmp.Or(protected(a)-protected(b), a.SecurityPermission.Level()-b.SecurityPermission.Level(), count(a)-count(b))
}

// metByNone returns an error for each need that no role meets, with what is stated instead.
func metByNone(needs []need, roles []rolemodel.Role) error {
	var wrong []error
	for _, n := range needs {
		if slices.ContainsFunc(roles, n.metBy) {
			continue
		}
		var instead []string
		for _, role := range roles {
			if value := stated(role, n.capability); has(value) {
				instead = append(instead, fmt.Sprintf("%q (%s)", need{n.capability, value}, role.ID))
			}
		}
		wrong = append(wrong, fmt.Errorf("no default role is stated to have %q: write what is stated, %s, or make a custom role with the permissions", n, strings.Join(instead, ", ")))
	}
	return errors.Join(wrong...)
}

// withoutDegrees returns the capabilities that a role has or has not.
func withoutDegrees() []rolemodel.Capability {
	return slices.DeleteFunc(rolemodel.Capabilities(), func(c rolemodel.Capability) bool { return degrees[c] != nil })
}

// capabilityNames lists capabilities, all of them if none is given, in Markdown.
func capabilityNames(capabilities ...rolemodel.Capability) string {
	if len(capabilities) == 0 {
		capabilities = rolemodel.Capabilities()
	}
	names := make([]string, len(capabilities))
	for i, c := range capabilities {
		names[i] = "`" + string(c) + "`"
	}
	return strings.Join(names, ", ")
}

// quoted lists values in quotation marks.
func quoted[T any](values []T) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprintf("%q", fmt.Sprint(v))
	}
	return strings.Join(texts, ", ")
}
