-- What the shared service needs beside the directory: who may use it, and the
-- outcomes of writes that may be asked for twice. Only hashes of secrets and
-- tokens are stored.

-- A partner's credentials go with the partner.
CREATE TABLE credentials (
    id {{.Text}} NOT NULL PRIMARY KEY,
    name {{.Text}} NOT NULL,
    partner_id {{.Text}} REFERENCES partners (account_code) ON DELETE CASCADE,
    role_id {{.Text}} NOT NULL,
    read_only BOOLEAN NOT NULL,
    secret_hash {{.Text}} NOT NULL,
    generation BIGINT NOT NULL,
    created_unix_micro BIGINT NOT NULL,
    expires_unix_micro BIGINT,
    revoked_unix_micro BIGINT
);
CREATE INDEX credentials_partner ON credentials (partner_id);

-- Without a foreign key to tenants: a credential that is limited to a tenant
-- must not lose its limit when the tenant is deleted.
CREATE TABLE credential_tenants (
    credential_id {{.Text}} NOT NULL REFERENCES credentials (id) ON DELETE CASCADE,
    tenant_id {{.Text}} NOT NULL,
    PRIMARY KEY (credential_id, tenant_id)
);

CREATE TABLE credential_sources (
    credential_id {{.Text}} NOT NULL REFERENCES credentials (id) ON DELETE CASCADE,
    prefix {{.Text}} NOT NULL,
    PRIMARY KEY (credential_id, prefix)
);

-- A token is of one generation of its credential's secret, so that a rotation
-- ends it, even one that is issued at the same moment. No foreign key: a token
-- without a credential is none, and issuing one must not wait for whoever writes the credential.
CREATE TABLE tokens (
    token_hash {{.Text}} NOT NULL PRIMARY KEY,
    credential_id {{.Text}} NOT NULL,
    generation BIGINT NOT NULL,
    expires_unix_micro BIGINT NOT NULL
);
CREATE INDEX tokens_expires ON tokens (expires_unix_micro);

-- The outcomes of writes with a name, for a day.
CREATE TABLE write_results (
    client {{.Text}} NOT NULL,
    key_name {{.Text}} NOT NULL,
    request_hash {{.Text}} NOT NULL,
    result_json {{.Text}} NOT NULL,
    at_unix_micro BIGINT NOT NULL,
    PRIMARY KEY (client, key_name)
);
CREATE INDEX write_results_at ON write_results (at_unix_micro);
