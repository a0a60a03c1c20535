package externaladmin

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

func element(role types.String) attr.Value { return elementOf(role, "", "") }

func elementOf(role types.String, reason, expiresAt string) attr.Value {
	return types.ObjectValueMust(adminType().AttrTypes, map[string]attr.Value{
		"role_id": role, "reason": tfkit.ReasonType().Value(reason), "expires_at": tfkit.TimeType().Value(expiresAt),
	})
}

// mapOf returns a map of admins; the arguments are addresses and roles in turn.
func mapOf(emailsAndRoles ...string) types.Map {
	elements := map[string]attr.Value{}
	for pair := range slices.Chunk(emailsAndRoles, 2) {
		elements[pair[0]] = element(types.StringValue(pair[1]))
	}
	return types.MapValueMust(adminType(), elements)
}

func holding(admins types.Map) allModel {
	return allModel{TenantID: tfkit.AccountCodeType().Value("cusa01a001"), Admins: admins}
}

func TestToDirectory(t *testing.T) {
	email, code := tfkit.EmailType(), tfkit.AccountCodeType()
	unknown := unknownOf
	for name, test := range map[string]struct {
		model model
		want  rolemodel.ExternalAdmin
	}{
		"canonical": {
			model{TenantID: code.Value("cusa01a001"), Email: email.Value("Anna@NORTHWIND.example"), RoleID: types.StringValue("basic-admin")},
			rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "anna@northwind.example", RoleID: "basic-admin"},
		},
		"with a term": {
			model{
				TenantID: code.Value("CUSA01A001"), Email: email.Value("anna@northwind.example"), RoleID: types.StringValue("basic-admin"),
				term: term{Reason: tfkit.ReasonType().Value("On call"), ExpiresAt: tfkit.TimeType().Value("2027-01-31T18:00:00+02:00")},
			},
			rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "anna@northwind.example", RoleID: "basic-admin", Reason: "On call", ExpiresAt: "2027-01-31T16:00:00Z"},
		},
		"unknown": {model{TenantID: unknown(code), Email: unknown(email), RoleID: types.StringUnknown()}, rolemodel.ExternalAdmin{}},
		"null":    {model{TenantID: code.Null(), Email: email.Null(), RoleID: types.StringNull()}, rolemodel.ExternalAdmin{}},
		"malformed stays, for the directory to report": {
			model{TenantID: code.Value("Alder"), Email: email.Value("anna"), RoleID: types.StringValue("")},
			rolemodel.ExternalAdmin{TenantID: "Alder", Email: "anna"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.model.toDirectory(); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestFromDirectory(t *testing.T) {
	got := model{}.fromDirectory(rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "anna@northwind.example", RoleID: "basic-admin"}, true)
	want := model{
		ID:       types.StringValue("CUSA01A001/anna@northwind.example"),
		TenantID: tfkit.AccountCodeType().Value("CUSA01A001"),
		Email:    tfkit.EmailType().Value("anna@northwind.example"),
		RoleID:   types.StringValue("basic-admin"),
		Declared: types.BoolValue(true),
	}
	if !got.ID.Equal(want.ID) || !got.TenantID.Equal(want.TenantID) || !got.Email.Equal(want.Email) || !got.RoleID.Equal(want.RoleID) || !got.Declared.Equal(want.Declared) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// What is there is written as the configuration has it, if it is the same.
func TestTermKeepsItsSpelling(t *testing.T) {
	held := rolemodel.ExternalAdmin{TenantID: "CUSA01A001", Email: "anna@northwind.example", RoleID: "basic-admin", Reason: "On call", ExpiresAt: "2027-01-31T16:00:00Z"}
	written := term{Reason: tfkit.ReasonType().Value("On call"), ExpiresAt: tfkit.TimeType().Value("2027-01-31T18:00:00+02:00")}
	empty := tfkit.ReasonType().Value("x")
	empty.StringValue = types.StringValue("")
	none := rolemodel.ExternalAdmin{}
	for name, test := range map[string]struct {
		written term
		held    rolemodel.ExternalAdmin
		want    [2]string
	}{
		"the same":        {written, held, [2]string{`"On call"`, `"2027-01-31T18:00:00+02:00"`}},
		"nothing written": {term{}, held, [2]string{`"On call"`, `"2027-01-31T16:00:00Z"`}},
		"something else":  {term{ExpiresAt: tfkit.TimeType().Value("2028-01-31T18:00:00Z")}, held, [2]string{`"On call"`, `"2027-01-31T16:00:00Z"`}},
		"nothing there":   {written, none, [2]string{"<null>", "<null>"}},
		"an empty reason": {term{Reason: empty}, none, [2]string{`""`, "<null>"}},
	} {
		got := test.written.of(&test.held)
		if texts := [2]string{got.Reason.String(), got.ExpiresAt.String()}; texts != test.want {
			t.Errorf("%s: got %s, want %s", name, texts, test.want)
		}
	}
	m := allModel{Admins: types.MapValueMust(adminType(), map[string]attr.Value{"Anna@northwind.example": elementOf(types.StringValue("basic-admin"), "On call", "2027-01-31T18:00:00+02:00")})}
	if again := m.fromDirectory("CUSA01A001", []rolemodel.ExternalAdmin{held}, true); !again.Admins.Equal(m.Admins) {
		t.Errorf("got %s, want %s", again.Admins, m.Admins)
	}
	if grants, _, _ := m.grants(); !grants[0].Same(&held) {
		t.Errorf("got %+v", grants)
	}
	unknown := types.ObjectValueMust(adminType().AttrTypes, map[string]attr.Value{
		"role_id": types.StringValue("basic-admin"), "reason": tfkit.ReasonType().Null(), "expires_at": unknownOf(tfkit.TimeType()),
	})
	m.Admins = types.MapValueMust(adminType(), map[string]attr.Value{"anna@northwind.example": unknown})
	if grants, _, _ := m.grants(); grants[0].RoleID != "" {
		t.Errorf("what is not all known is %+v", grants)
	}
}

func unknownOf(t tfkit.StringType) tfkit.String {
	v := t.Null()
	v.StringValue = types.StringUnknown()
	return v
}

func TestCheckRole(t *testing.T) {
	for id, want := range map[types.String]rolemodel.RuleID{
		types.StringUnknown():              "",
		types.StringValue("gateway-admin"): "",
		types.StringValue("0192-custom"):   "",
		types.StringValue("super-admin"):   rolemodel.SuperBySupport,
		types.StringValue(""):              rolemodel.WellFormed,
		types.StringNull():                 rolemodel.WellFormed,
		types.StringValue("help desk"):     "", // Perhaps the name of a custom role.
		types.StringValue("REVIEWER"):      rolemodel.WellFormed,
	} {
		var got rolemodel.RuleID
		violations := checkRole(id)
		if len(violations) > 0 {
			got = violations[0].Rule
		}
		if got != want || len(violations) > 1 {
			t.Errorf("%s: got %v, want %q", id, violations, want)
		}
	}
}

func TestGrants(t *testing.T) {
	type grant struct {
		email rolemodel.Email
		role  rolemodel.RoleID
	}
	for name, test := range map[string]struct {
		admins   types.Map
		want     []grant
		spelling map[string]string
		repeated bool
	}{
		"empty": {admins: mapOf()},
		"null":  {admins: types.MapNull(adminType())},
		"spelled": {
			admins:   mapOf("bea@northwind.example", "basic-admin", "Anna@Northwind.example", "help-desk-admin"),
			want:     []grant{{"anna@northwind.example", "help-desk-admin"}, {"bea@northwind.example", "basic-admin"}},
			spelling: map[string]string{"anna@northwind.example": "Anna@Northwind.example", "bea@northwind.example": "bea@northwind.example"},
		},
		"twice": {
			admins:   mapOf("anna@northwind.example", "basic-admin", "ANNA@northwind.example", "help-desk-admin"),
			want:     []grant{{"anna@northwind.example", "help-desk-admin"}},
			spelling: map[string]string{"anna@northwind.example": "ANNA@northwind.example"},
			repeated: true,
		},
		"malformed": {
			admins:   mapOf("anna", "basic-admin"),
			want:     []grant{{"anna", "basic-admin"}},
			spelling: map[string]string{"anna": "anna"},
		},
		"international": {
			admins:   mapOf("anna@BÜCHER.example", "basic-admin"),
			want:     []grant{{"anna@xn--bcher-kva.example", "basic-admin"}},
			spelling: map[string]string{"anna@xn--bcher-kva.example": "anna@BÜCHER.example"},
		},
		"unknown and null": {
			admins: types.MapValueMust(adminType(), map[string]attr.Value{
				"a@x.example": element(types.StringUnknown()),
				"b@x.example": types.ObjectUnknown(adminType().AttrTypes),
				"c@x.example": types.ObjectNull(adminType().AttrTypes),
				"d@x.example": element(types.StringNull()),
			}),
			want:     []grant{{"a@x.example", ""}, {"b@x.example", ""}, {"c@x.example", ""}, {"d@x.example", ""}},
			spelling: map[string]string{"a@x.example": "a@x.example", "b@x.example": "b@x.example", "c@x.example": "c@x.example", "d@x.example": "d@x.example"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			grants, spelling, violations := holding(test.admins).grants()
			got := tfkit.Map(grants, func(a rolemodel.ExternalAdmin) grant {
				if a.TenantID != "CUSA01A001" {
					t.Errorf("%s is in tenant %q", a.Email, a.TenantID)
				}
				return grant{a.Email, a.RoleID}
			})
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if !maps.Equal(spelling, test.spelling) {
				t.Errorf("got the spelling %v, want %v", spelling, test.spelling)
			}
			if (len(violations) > 0) != test.repeated {
				t.Errorf("got the violations %v", violations)
			}
		})
	}
}

func TestRoleOf(t *testing.T) {
	for name, test := range map[string]struct {
		element attr.Value
		want    types.String
	}{
		"known":           {element(types.StringValue("basic-admin")), types.StringValue("basic-admin")},
		"unknown":         {element(types.StringUnknown()), types.StringUnknown()},
		"null":            {element(types.StringNull()), types.StringNull()},
		"unknown element": {types.ObjectUnknown(adminType().AttrTypes), types.StringUnknown()},
		"null element":    {types.ObjectNull(adminType().AttrTypes), types.StringNull()},
	} {
		if got := roleOf(test.element); !got.Equal(test.want) {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

func TestMeans(t *testing.T) {
	unknown := types.MapUnknown(adminType())
	unknownRole := types.MapValueMust(adminType(), map[string]attr.Value{"anna@x.example": element(types.StringUnknown())})
	unknownElement := types.MapValueMust(adminType(), map[string]attr.Value{"anna@x.example": types.ObjectUnknown(adminType().AttrTypes)})
	for name, test := range map[string]struct {
		a, b types.Map
		want bool
	}{
		"same":            {mapOf("anna@x.example", "basic-admin"), mapOf("anna@x.example", "basic-admin"), true},
		"another case":    {mapOf("anna@x.example", "basic-admin"), mapOf("ANNA@X.example", "basic-admin"), true},
		"another order":   {mapOf("B@x.example", "basic-admin", "a@x.example", "basic-admin"), mapOf("A@x.example", "basic-admin", "b@x.example", "basic-admin"), true},
		"another role":    {mapOf("anna@x.example", "basic-admin"), mapOf("anna@x.example", "help-desk-admin"), false},
		"one more":        {mapOf("anna@x.example", "basic-admin"), mapOf("anna@x.example", "basic-admin", "bea@x.example", "basic-admin"), false},
		"empty":           {mapOf(), mapOf(), true},
		"null and empty":  {types.MapNull(adminType()), mapOf(), true},
		"unknown":         {unknown, mapOf(), false},
		"unknown twice":   {unknown, unknown, false},
		"unknown role":    {unknownRole, mapOf("anna@x.example", ""), false},
		"unknown element": {mapOf("anna@x.example", ""), unknownElement, false},
	} {
		if got := holding(test.a).means(holding(test.b)); got != test.want {
			t.Errorf("%s: got %t, want %t", name, got, test.want)
		}
	}
}

// TestAllFromDirectory keeps the spelling of addresses that are in the plan or
// the state and takes the directory's for the others.
func TestAllFromDirectory(t *testing.T) {
	admins := []rolemodel.ExternalAdmin{{Email: "anna@x.example", RoleID: "basic-admin"}, {Email: "bea@x.example", RoleID: "help-desk-admin"}}
	for name, prior := range map[string]types.Map{
		"spelled": mapOf("ANNA@x.example", "gateway-admin", "gone@x.example", "basic-admin"),
		"null":    types.MapNull(adminType()),
		"unknown": types.MapUnknown(adminType()),
	} {
		want := mapOf("anna@x.example", "basic-admin", "bea@x.example", "help-desk-admin")
		if name == "spelled" {
			want = mapOf("ANNA@x.example", "basic-admin", "bea@x.example", "help-desk-admin")
		}
		got := holding(prior).fromDirectory("CUSA01A001", admins, true)
		if !got.Admins.Equal(want) || got.ID.ValueString() != "CUSA01A001" {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	if got := holding(mapOf("anna@x.example", "basic-admin")).fromDirectory("CUSA01A001", nil, true); !got.Admins.Equal(mapOf()) {
		t.Errorf("nobody is %v, want an empty map", got.Admins)
	}
}
