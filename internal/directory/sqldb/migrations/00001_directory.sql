-- The directory's tables. One text for SQLite and PostgreSQL (and what speaks
-- its protocol): {{.Text}} is text that compares byte by byte, so that lists
-- come in the same order from both. No sequences, triggers or procedures on
-- PostgreSQL: distributed engines lack some of them.

-- The directory's own random ID, in one row. A copy has it too.
CREATE TABLE directory_identity (
    only_row BOOLEAN NOT NULL PRIMARY KEY CHECK (only_row),
    identity {{.Text}} NOT NULL
);

-- A trail is the identity of an account, which its code does not lend: there is
-- one for each account code under each partner, and one for each partner. The
-- directory's own is called 'directory'. The number and the digest are those of
-- the trail's last event, so that every write rewrites a row here.
CREATE TABLE trails (
    trail {{.Text}} NOT NULL PRIMARY KEY,
    kind {{.Text}} NOT NULL CHECK (kind IN ('directory', 'partner', 'tenant')),
    account_code {{.Text}} NOT NULL,
    partner_trail {{.Text}} NOT NULL,
    number BIGINT NOT NULL,
    digest {{.Text}} NOT NULL,
    at_unix_micro BIGINT NOT NULL
){{.Rewritten}};
CREATE INDEX trails_account ON trails (account_code, partner_trail);
CREATE INDEX trails_partner ON trails (partner_trail, trail);

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
    trail {{.Text}} NOT NULL REFERENCES trails (trail) ON DELETE RESTRICT,
    name {{.Text}} NOT NULL,
    name_folded {{.Text}} NOT NULL,
    program {{.Text}} NOT NULL CHECK (program IN ('msp', 'reseller')),
    partner_portal BOOLEAN NOT NULL,
    retired BOOLEAN NOT NULL,
    declaration {{.Text}} NOT NULL,
    revision BIGINT NOT NULL,
    FOREIGN KEY (account_code, kind) REFERENCES accounts (account_code, kind) ON DELETE RESTRICT
);
CREATE INDEX partners_name ON partners (name_folded, account_code);

CREATE TABLE tenants (
    account_code {{.Text}} NOT NULL PRIMARY KEY,
    kind {{.Text}} NOT NULL DEFAULT 'tenant' CHECK (kind = 'tenant'),
    trail {{.Text}} NOT NULL REFERENCES trails (trail) ON DELETE RESTRICT,
    name {{.Text}} NOT NULL,
    name_folded {{.Text}} NOT NULL,
    region {{.Text}} NOT NULL,
    primary_domain {{.Text}} NOT NULL,
    partner_id {{.Text}} REFERENCES partners (account_code) ON DELETE RESTRICT,
    initial_admin_email {{.Text}} NOT NULL,
    retired BOOLEAN NOT NULL,
    declaration {{.Text}} NOT NULL,
    revision BIGINT NOT NULL,
    FOREIGN KEY (account_code, kind) REFERENCES accounts (account_code, kind) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX tenants_partner ON tenants (partner_id, account_code);
CREATE INDEX tenants_name ON tenants (name_folded, account_code);

-- A domain belongs to one account, of either kind: it is the key.
CREATE TABLE domains (
    domain {{.Text}} NOT NULL PRIMARY KEY,
    account_code {{.Text}} NOT NULL REFERENCES accounts (account_code) ON DELETE CASCADE
);
CREATE INDEX domains_account ON domains (account_code);

CREATE TABLE ip_ranges (
    account_code {{.Text}} NOT NULL REFERENCES accounts (account_code) ON DELETE CASCADE,
    prefix {{.Text}} NOT NULL,
    PRIMARY KEY (account_code, prefix)
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
    retired BOOLEAN NOT NULL,
    declaration {{.Text}} NOT NULL,
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

-- One address holds one role in a tenant: a default one or one of the tenant's
-- own, and then custom_role_id repeats role_id so that a foreign key says so.
CREATE TABLE external_admins (
    tenant_id {{.Text}} NOT NULL REFERENCES tenants (account_code) ON DELETE RESTRICT,
    email {{.Text}} NOT NULL,
    domain {{.Text}} NOT NULL,
    role_id {{.Text}} NOT NULL,
    custom_role_id {{.Text}},
    reason {{.Text}} NOT NULL,
    expires_at {{.Text}} NOT NULL,
    declaration {{.Text}} NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, email),
    CHECK (custom_role_id IS NULL OR custom_role_id = role_id),
    FOREIGN KEY (tenant_id, custom_role_id) REFERENCES roles (tenant_id, id) ON DELETE RESTRICT
);
-- The domain comes first, so that PostgreSQL does not take this index to look one
-- grant up: the same address of all tenants lies together in it, and a
-- serializable read of a page collides with every write to it.
CREATE INDEX external_admins_email ON external_admins (domain, email, tenant_id);
CREATE INDEX external_admins_role ON external_admins (tenant_id, role_id, email);
CREATE INDEX external_admins_domain ON external_admins (domain, tenant_id, email);

-- What was seen at Mimecast, all of it as JSON: it is read and written whole. It
-- belongs to the account's identity, so that a tenant that moves to another
-- partner, or a code that comes back as another account, shows nothing of before.
CREATE TABLE observations (
    trail {{.Text}} NOT NULL PRIMARY KEY REFERENCES trails (trail) ON DELETE RESTRICT,
    observation_json {{.Text}} NOT NULL
);

-- The audit trail. It refers to nothing but the trail, since it outlives what
-- it is about. An event's ID begins with its time, so that IDs are in order of time.
CREATE TABLE audit_events (
    id {{.Text}} NOT NULL PRIMARY KEY,
    trail {{.Text}} NOT NULL REFERENCES trails (trail) ON DELETE RESTRICT,
    number BIGINT NOT NULL,
    partner_trail {{.Text}} NOT NULL,
    tenant_id {{.Text}} NOT NULL,
    kind {{.Text}} NOT NULL,
    entry_key {{.Text}} NOT NULL,
    event_json {{.Text}} NOT NULL,
    UNIQUE (trail, number)
);
CREATE INDEX audit_events_tenant ON audit_events (tenant_id, id);
CREATE INDEX audit_events_partner ON audit_events (partner_trail, id);
CREATE INDEX audit_events_entry ON audit_events (entry_key, id);

-- The addresses that an event is about, many for a replacement. Without a foreign
-- key: its check would read the page that every writer appends events to, so that
-- serializable writes of different tenants would collide. Events never go.
CREATE TABLE audit_subjects (
    email {{.Text}} NOT NULL,
    event_id {{.Text}} NOT NULL,
    PRIMARY KEY (email, event_id)
);

-- Refusals of late, so that one that is repeated does not fill its trail. The
-- event is the first one's, which the later one repeats with their number.
CREATE TABLE refusals (
    trail {{.Text}} NOT NULL,
    fingerprint {{.Text}} NOT NULL,
    at_unix_micro BIGINT NOT NULL,
    repeated BIGINT NOT NULL,
    event_json {{.Text}} NOT NULL,
    PRIMARY KEY (trail, fingerprint)
);
CREATE INDEX refusals_at ON refusals (trail, at_unix_micro);
CREATE INDEX refusals_pending ON refusals (at_unix_micro);
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

INSERT INTO directory_identity (only_row, identity) VALUES (TRUE, '{{.Identity}}');
INSERT INTO trails (trail, kind, account_code, partner_trail, number, digest, at_unix_micro) VALUES ('directory', 'directory', '', '', 0, '', 0);
