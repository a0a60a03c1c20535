-- The last review of each subject that somebody signed, as JSON; all of them are
-- in the trail. It belongs to the account's identity: its trail is that of the
-- tenant, of the partner for all of its tenants, or the directory's. The person
-- is '' for a review of everybody.
CREATE TABLE reviews (
    trail {{.Text}} NOT NULL REFERENCES trails (trail) ON DELETE RESTRICT,
    person {{.Text}} NOT NULL,
    review_json {{.Text}} NOT NULL,
    PRIMARY KEY (trail, person)
);

ALTER TABLE credentials ADD COLUMN may_sign_reviews BOOLEAN NOT NULL DEFAULT FALSE;
