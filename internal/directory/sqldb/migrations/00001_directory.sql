-- The directory's tables. One text for SQLite and PostgreSQL (and what speaks
-- its protocol): {{.Text}} is text that compares byte by byte, so that lists
-- come in the same order from both. No sequences, triggers or procedures on
-- PostgreSQL: distributed engines lack some of them.

-- An account code is one account's only, be it a partner's or a tenant's. The
-- kind is repeated in partners and tenants so that the foreign keys say so.
CREATE TABLE accounts (
    account_code {{.Text}} NOT NULL PRIMARY KEY,
    kind {{.Text}} NOT NULL CHECK (kind IN ('partner', 'tenant')),
    UNIQUE (account_code, kind)
);

CREATE TABLE partners (
    account_code {{.Text}} NOT NULL PRIMARY KEY,
    kind {{.Text}} NOT NULL DEFAULT 'partner' CHECK (kind = 'partner'),
    name {{.Text}} NOT NULL,
    name_folded {{.Text}} NOT NULL,
    program {{.Text}} NOT NULL CHECK (program IN ('msp', 'reseller')),
    partner_portal BOOLEAN NOT NULL,
    revision BIGINT NOT NULL,
    FOREIGN KEY (account_code, kind) REFERENCES accounts (account_code, kind) ON DELETE RESTRICT
);
CREATE INDEX partners_name ON partners (name_folded);

CREATE TABLE partner_domains (
    partner_id {{.Text}} NOT NULL REFERENCES partners (account_code) ON DELETE CASCADE,
    domain {{.Text}} NOT NULL,
    PRIMARY KEY (partner_id, domain)
);
CREATE INDEX partner_domains_domain ON partner_domains (domain);

CREATE TABLE partner_ip_ranges (
    partner_id {{.Text}} NOT NULL REFERENCES partners (account_code) ON DELETE CASCADE,
    prefix {{.Text}} NOT NULL,
    PRIMARY KEY (partner_id, prefix)
);

CREATE TABLE tenants (
    account_code {{.Text}} NOT NULL PRIMARY KEY,
    kind {{.Text}} NOT NULL DEFAULT 'tenant' CHECK (kind = 'tenant'),
    name {{.Text}} NOT NULL,
    name_folded {{.Text}} NOT NULL,
    region {{.Text}} NOT NULL,
    primary_domain {{.Text}} NOT NULL,
    partner_id {{.Text}} REFERENCES partners (account_code) ON DELETE RESTRICT,
    initial_admin_email {{.Text}} NOT NULL,
    revision BIGINT NOT NULL,
    FOREIGN KEY (account_code, kind) REFERENCES accounts (account_code, kind) ON DELETE RESTRICT
);
CREATE INDEX tenants_partner ON tenants (partner_id);
CREATE INDEX tenants_name ON tenants (name_folded);

-- A domain is internal to one tenant only: it is the key.
CREATE TABLE tenant_domains (
    domain {{.Text}} NOT NULL PRIMARY KEY,
    tenant_id {{.Text}} NOT NULL REFERENCES tenants (account_code) ON DELETE CASCADE
);
CREATE INDEX tenant_domains_tenant ON tenant_domains (tenant_id);

CREATE TABLE tenant_ip_ranges (
    tenant_id {{.Text}} NOT NULL REFERENCES tenants (account_code) ON DELETE CASCADE,
    prefix {{.Text}} NOT NULL,
    PRIMARY KEY (tenant_id, prefix)
);

-- Custom roles. Default roles are the same everywhere and built into the program.
CREATE TABLE roles (
    tenant_id {{.Text}} NOT NULL REFERENCES tenants (account_code) ON DELETE RESTRICT,
    id {{.Text}} NOT NULL,
    name {{.Text}} NOT NULL,
    name_folded {{.Text}} NOT NULL,
    description {{.Text}} NOT NULL,
    security_permission {{.Text}} NOT NULL,
    allow_unlisted_permissions BOOLEAN NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name_folded)
);

CREATE TABLE role_permissions (
    tenant_id {{.Text}} NOT NULL,
    role_id {{.Text}} NOT NULL,
    kind {{.Text}} NOT NULL CHECK (kind IN ('application', 'protected')),
    permission {{.Text}} NOT NULL,
    PRIMARY KEY (tenant_id, role_id, kind, permission),
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id) ON DELETE CASCADE
);

-- One address holds one role in a tenant: a default one or one of the tenant's own.
CREATE TABLE external_admins (
    tenant_id {{.Text}} NOT NULL REFERENCES tenants (account_code) ON DELETE RESTRICT,
    email {{.Text}} NOT NULL,
    default_role_id {{.Text}},
    custom_role_id {{.Text}},
    revision BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, email),
    CHECK ((default_role_id IS NULL) <> (custom_role_id IS NULL)),
    FOREIGN KEY (tenant_id, custom_role_id) REFERENCES roles (tenant_id, id) ON DELETE RESTRICT
);
CREATE INDEX external_admins_email ON external_admins (email, tenant_id);
CREATE INDEX external_admins_custom_role ON external_admins (tenant_id, custom_role_id);
CREATE INDEX external_admins_default_role ON external_admins (default_role_id, tenant_id);

-- The audit trail. It refers to nothing, since it outlives what it is about.
-- The IDs are given in the writing transaction, without gaps and in the order
-- of the commits, which a sequence does not promise.
CREATE TABLE audit_events (
    id BIGINT NOT NULL PRIMARY KEY,
    at_unix_micro BIGINT NOT NULL,
    actor {{.Text}} NOT NULL,
    actor_role {{.Text}} NOT NULL,
    action {{.Text}} NOT NULL,
    outcome {{.Text}} NOT NULL,
    kind {{.Text}} NOT NULL,
    entry_key {{.Text}} NOT NULL,
    tenant_id {{.Text}} NOT NULL,
    before_json {{.Text}} NOT NULL,
    after_json {{.Text}} NOT NULL,
    violations_json {{.Text}} NOT NULL
);
CREATE INDEX audit_events_tenant ON audit_events (tenant_id, id);
CREATE INDEX audit_events_at ON audit_events (at_unix_micro);

-- The addresses that an event is about, many for a replacement.
CREATE TABLE audit_subjects (
    email {{.Text}} NOT NULL,
    event_id BIGINT NOT NULL REFERENCES audit_events (id) ON DELETE RESTRICT,
    PRIMARY KEY (email, event_id)
);
CREATE INDEX audit_subjects_event ON audit_subjects (event_id);
{{if .Triggers}}
-- The trail is append-only. On PostgreSQL nothing but grants could enforce it,
-- and those are for whoever runs the server to give; this program never
-- changes an event there either.
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_subjects_no_update BEFORE UPDATE ON audit_subjects
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_subjects_no_delete BEFORE DELETE ON audit_subjects
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
{{end}}
