// Package review says who can reach what at a moment, what of it stands out, what
// changed since somebody last signed that they looked, and the digest that they
// sign. It is pure: what is declared and was seen in, a report out.
package review

import (
	"cmp"
	"slices"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// Subject is what a review is of. Zero fields do not narrow.
type Subject struct {
	TenantID rolemodel.AccountCode `json:"tenant_id,omitempty"`
	Person   rolemodel.Email       `json:"person,omitempty"`
}

// Report is who can reach what at a moment.
type Report struct {
	At      rolemodel.Time `json:"at"`
	Subject Subject        `json:"subject"`
	// Digest is that of what is reported, see Digest.
	Digest string `json:"digest"`
	Counts Counts `json:"counts"`
	// Findings are what stands out, in the order of Kinds, one for each kind that there is anything of.
	Findings []Finding `json:"findings"`
	// Rows are by the tenant's name and account code, then by address.
	Rows []Row `json:"rows"`
	// Tenants are those that were looked at, by name and account code. In a review
	// of a person they are those where the person is.
	Tenants []Tenant `json:"tenants"`
	// LastSigned is the last statement that somebody signed about the same, nil for none.
	LastSigned *Signed `json:"last_signed"`
	// Seen is how far the trails went before they were looked at, for signing.
	Seen rolemodel.Position `json:"seen"`

	canonical []byte
}

// Canonical returns the text that the digest is of, see the function of that name.
func (r *Report) Canonical() []byte { return r.canonical }

// Counts are the numbers of what is reported.
type Counts struct {
	Tenants    int `json:"tenants"`
	People     int `json:"people"`
	Grants     int `json:"grants"`
	Undeclared int `json:"undeclared"`
}

// Row is one person in one tenant.
type Row struct {
	TenantID    rolemodel.AccountCode `json:"tenant_id"`
	TenantName  string                `json:"tenant_name"`
	PartnerID   rolemodel.AccountCode `json:"partner_id,omitempty"`
	PartnerName string                `json:"partner_name,omitempty"`
	Person      rolemodel.Email       `json:"person"`
	// RoleID is "" for somebody undeclared whose role is not known. RoleName of
	// somebody undeclared is what the role is called at Mimecast.
	RoleID   rolemodel.RoleID `json:"role_id,omitempty"`
	RoleName string           `json:"role_name"`
	// Definition is rolemodel.RoleDefinition of a custom role, "" for a default role or somebody undeclared.
	Definition string `json:"definition,omitempty"`
	// Protected says that the role carries protected permissions, and ManagesRoles
	// that whoever holds it can manage roles, and so make others administrators.
	Protected    bool `json:"protected"`
	ManagesRoles bool `json:"manages_roles"`
	// Undeclared says that the person was seen there and is not declared: there is no grant.
	Undeclared bool `json:"undeclared"`
	// Since is from when on the person has had the role, "" if the trail does not
	// tell. Of somebody undeclared it is when they were last seen.
	Since     rolemodel.Time `json:"since,omitempty"`
	Reason    string         `json:"reason,omitempty"`
	ExpiresAt rolemodel.Time `json:"expires_at,omitempty"`
	Expired   bool           `json:"expired"`
	// Confirmed is when and by whom the person was last seen at Mimecast with this
	// role, nil for never.
	Confirmed *rolemodel.Sighting `json:"confirmed"`
	// Findings are the kinds of findings that the row is part of.
	Findings []Kind `json:"findings"`
}

// Tenant is a tenant that was looked at.
type Tenant struct {
	ID   rolemodel.AccountCode `json:"id"`
	Name string                `json:"name"`
	// Managers is how many people have a grant that has not expired with which they can manage roles.
	Managers int `json:"managers"`
	// ObservedAt is when all of its external admins were last seen at Mimecast, "" for never.
	ObservedAt rolemodel.Time `json:"observed_at,omitempty"`
	// Findings are the kinds of findings that the tenant is part of.
	Findings []Kind `json:"findings"`
}

// Signed is the last statement about the same subject, and what changed since.
type Signed struct {
	At     rolemodel.Time `json:"at"`
	By     string         `json:"by"`
	Note   string         `json:"note,omitempty"`
	Digest string         `json:"digest"`
	// Changes are what is other than it was then, net.
	Changes []Change `json:"changes"`
	// Traced says that the trail, followed back from what there is now, leads to
	// the very digest that was signed. If it does not, the trail does not tell all
	// that changed: for example of a tenant that has left what the caller sees.
	Traced bool `json:"traced"`
}

// New returns the report of the states, which must be those of the subject's
// tenant if it has one. Since is not in it, and neither is LastSigned: both are in the trail.
func New(now rolemodel.Time, subject Subject, states []worklist.State) Report {
	report := Report{At: now, Subject: subject, Rows: []Row{}, Tenants: []Tenant{}, Findings: []Finding{}}
	people := map[rolemodel.Email]bool{}
	comparisons := worklist.Compare(states)
	for i := range comparisons {
		c := &comparisons[i]
		rows := rowsOf(now, subject, c)
		if subject.Person != "" && len(rows) == 0 {
			continue
		}
		tenant := Tenant{ID: c.Tenant.AccountCode, Name: c.Tenant.Name, Findings: []Kind{}}
		if c.Seen != nil {
			tenant.ObservedAt = c.Seen.CompleteAt
		}
		roles := rolesOf(c.State)
		for i := range c.Admins {
			role := roles[c.Admins[i].RoleID]
			if role != nil && manages(role) && !c.Admins[i].ExpiresAt.Passed(now) {
				tenant.Managers++
			}
		}
		for i := range rows {
			people[rows[i].Person] = true
			if rows[i].Undeclared {
				report.Counts.Undeclared++
			} else {
				report.Counts.Grants++
			}
		}
		report.Rows = append(report.Rows, rows...)
		report.Tenants = append(report.Tenants, tenant)
	}
	report.Counts.Tenants, report.Counts.People = len(report.Tenants), len(people)
	report.canonical = canonicalOf(subject, comparisons)
	report.Digest = digestOf(report.canonical)
	report.find()
	return report
}

// rowsOf returns the rows of a tenant, by address.
func rowsOf(now rolemodel.Time, subject Subject, c *worklist.Comparison) []Row {
	rows := make([]Row, 0, len(c.Admins)+len(c.Undeclared))
	roles := rolesOf(c.State)
	add := func(row Row) {
		if subject.Person != "" && subject.Person != row.Person {
			return
		}
		row.TenantID, row.TenantName, row.Findings = c.Tenant.AccountCode, c.Tenant.Name, []Kind{}
		if c.Partner != nil {
			row.PartnerID, row.PartnerName = c.Partner.AccountCode, c.Partner.Name
		}
		if role := roles[row.RoleID]; role != nil {
			row.Protected, row.ManagesRoles = role.CarriesProtected, manages(role)
			if row.RoleName == "" {
				row.RoleName = role.Name
			}
			if !role.IsDefault() && !row.Undeclared {
				row.Definition = rolemodel.RoleDefinition(role)
			}
		}
		rows = append(rows, row)
	}
	for i := range c.Admins {
		grant := &c.Admins[i]
		row := Row{Person: grant.Email, RoleID: grant.RoleID, Reason: grant.Reason, ExpiresAt: grant.ExpiresAt, Expired: grant.ExpiresAt.Passed(now)}
		if roles[grant.RoleID] == nil { // The role came or went while they were read.
			row.RoleName = grant.RoleName
		}
		if seen, ok := c.Confirmed[grant.Email]; ok {
			row.Confirmed = &seen
		}
		add(row)
	}
	for _, person := range c.Undeclared {
		add(Row{Person: person.Email, RoleID: person.RoleID, RoleName: person.RoleName, Undeclared: true, Since: person.At, Confirmed: &person.Sighting})
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.Person, b.Person) })
	return rows
}

// rolesOf returns the roles of a tenant by ID.
func rolesOf(s *worklist.State) map[rolemodel.RoleID]*rolemodel.Role {
	roles := map[rolemodel.RoleID]*rolemodel.Role{}
	for _, role := range rolemodel.DefaultRoles() {
		roles[role.ID] = &role
	}
	for i := range s.Roles {
		roles[s.Roles[i].ID] = &s.Roles[i]
	}
	return roles
}

// manages says whether whoever holds the role can manage roles.
func manages(role *rolemodel.Role) bool { return role.SecurityPermission.Level() > 0 }
