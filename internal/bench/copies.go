package main

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // The driver of PostgreSQL; sqldb has SQLite's.

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// multiply copies the rows of the templates within the database, a million in a
// minute or two. Copied events have no place in the chain of digests.
func (w world) multiply(ctx context.Context, dsn string) error {
	driver, source := "sqlite", "file:"+dsn+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-500000)"
	if onPostgres(dsn) {
		driver, source = "pgx", dsn
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // The template is a temporary table, which is the connection's.
	if onPostgres(dsn) {  // It would look up what each row refers to.
		if _, err := db.ExecContext(ctx, `SET session_replication_role = replica`); err != nil {
			return err
		}
	}
	for _, c := range append(w.accounts(), w.entries()...) {
		if err := c.insert(ctx, db); err != nil {
			return fmt.Errorf("%s: %w", c.table, err)
		}
	}
	if onPostgres(dsn) { // As autovacuum does within minutes.
		_, err = db.ExecContext(ctx, `VACUUM ANALYZE`)
	}
	return err
}

// copies are n copies of each row of a table that the condition selects. Columns
// that are given are SQL expressions of the copy's number, i from 1, and the row.
type copies struct {
	table, of string
	n         int
	columns   map[string]string
}

func columnsOf(ctx context.Context, db *sql.DB, table string) ([]string, error) {
	rows, err := db.QueryContext(ctx, `SELECT * FROM `+table+` LIMIT 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	return names, cmp.Or(err, rows.Err())
}

func (c *copies) insert(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, `CREATE TEMPORARY TABLE template AS SELECT * FROM `+c.table+` WHERE `+c.of); err != nil {
		return err
	}
	names, err := columnsOf(ctx, db, c.table)
	if err != nil {
		return err
	}
	values := make([]string, len(names))
	for i, name := range names {
		if values[i] = name; c.columns[name] != "" {
			values[i] = c.columns[name]
		}
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO %s (%s) SELECT %s FROM n CROSS JOIN template`,
		c.n, c.table, strings.Join(names, ", "), strings.Join(values, ", ")))
	if err == nil {
		_, err = db.ExecContext(ctx, `DROP TABLE template`)
	}
	return err
}

// numbered is an SQL expression of a text that ends with a number.
func numbered(text, number string) string {
	return fmt.Sprintf("'%s' || (%d + %s)", text, firstNumber, number)
}

// partnerSQL is partnerOf as an SQL expression.
func (w world) partnerSQL(tenant string) string {
	return fmt.Sprintf("(CASE WHEN %[1]s %% 2 = 0 THEN 1 ELSE 2 + %[1]s / 2 %% %[2]d END)", tenant, w.partners-1)
}

func domainSQL(partner string) string { return numbered("partner", partner) + " || '.example'" }

// accounts are copies of the partner and the tenant.
func (w world) accounts() []copies {
	partner := fmt.Sprintf("account_code = '%s'", w.partner(0))
	partnerCode, partnerTrail := numbered("CP", "i"), numbered("TP", "i")
	tenant := fmt.Sprintf("account_code = '%s'", w.tenant(0))
	code, trail, manager := numbered("CT", "i"), numbered("TT", "i"), w.partnerSQL("i")
	domain := numbered("client", "i") + " || '.example'"
	return []copies{
		{"trails", partner, w.partners, map[string]string{"trail": partnerTrail, "account_code": partnerCode, "partner_trail": partnerTrail}},
		{"accounts", partner, w.partners, map[string]string{"account_code": partnerCode}},
		{"partners", partner, w.partners, map[string]string{"account_code": partnerCode, "trail": partnerTrail}},
		{"domains", partner, w.partners, map[string]string{"account_code": partnerCode, "domain": domainSQL("i")}},

		{"trails", tenant, w.tenants, map[string]string{"trail": trail, "account_code": code, "partner_trail": numbered("TP", manager), "number": fmt.Sprint(2 * w.grants())}},
		{"accounts", tenant, w.tenants, map[string]string{"account_code": code}},
		{"tenants", tenant, w.tenants, map[string]string{"account_code": code, "trail": trail, "partner_id": numbered("CP", manager), "primary_domain": domain}},
		{"domains", tenant, w.tenants, map[string]string{"account_code": code, "domain": domain}},
	}
}

// entries are copies of the role, the grant and the event of the grant.
func (w world) entries() []copies {
	of := fmt.Sprintf("tenant_id = '%s'", w.tenant(0))
	grantOf, technician := fmt.Sprintf("(1 + (i - 1) / %d)", adminsPerTenant), fmt.Sprintf("(i - 1) %% %d", adminsPerTenant)
	domain := domainSQL(w.partnerSQL(grantOf))
	email := numbered("technician", technician) + " || '@' || "

	eventOf := fmt.Sprintf("(CASE WHEN %s = 0 THEN %d ELSE %s END)", technician, w.full(), grantOf)
	manager := w.partnerSQL(eventOf)
	time, trail, about := numbered("000700000", "i - 1"), numbered("TT", eventOf), email+domainSQL(manager)
	id, entry := time+" || '.' || "+trail, numbered("CT", eventOf)
	json := "event_json"
	for was, is := range map[string]string{
		"substr(id, 1, 16)":                    time,
		"trail":                                trail,
		"'" + string(w.technician(0, 0)) + "'": about,
		"'" + string(w.tenant(0)) + "'":        entry,
		"'" + string(w.partner(0)) + "'":       numbered("CP", manager),
	} {
		json = fmt.Sprintf("replace(%s, %s, %s)", json, was, is)
	}
	return []copies{
		{"roles", of, w.tenants, map[string]string{"tenant_id": numbered("CT", "i")}},
		{"role_permissions", of, w.tenants, map[string]string{"tenant_id": numbered("CT", "i")}},
		{"external_admins", of, w.grants(), map[string]string{"tenant_id": numbered("CT", grantOf), "email": email + domain, "domain": domain}},
		{"external_admins", of, rolemodel.MaxExternalAdmins - adminsPerTenant, map[string]string{
			"tenant_id": fmt.Sprintf("'%s'", w.tenant(w.full())), "email": numbered("technician", fmt.Sprintf("%d + i", adminsPerTenant-1)) + " || '@' || " + domainSQL("1"), "domain": domainSQL("1"),
		}},
		{"audit_events", fmt.Sprintf("entry_key = '%s/%s'", w.tenant(0), w.technician(0, 0)), w.grants(), map[string]string{
			"id": id, "trail": trail, "partner_trail": numbered("TP", manager), "tenant_id": entry, "event_json": json,
			"number":    fmt.Sprintf("CASE WHEN %[1]s = 0 THEN %[2]d + i ELSE %[1]s END", technician, adminsPerTenant),
			"entry_key": entry + " || '/' || " + about,
		}},
		{"audit_subjects", "email = '" + string(w.technician(0, 0)) + "'", w.grants(), map[string]string{"event_id": id, "email": about}},
	}
}
