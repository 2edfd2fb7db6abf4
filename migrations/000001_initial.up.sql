-- Everything lives in one schema, which the migrator has put first in search_path: nothing here names it.
-- No foreign keys between the merged tables: the rows of different components are disjoint, so parallel batches
-- meet neither deadlocks nor unique violations, and a batch replaces whole groups anyway.

CREATE TYPE severity AS ENUM ('UNKNOWN', 'NONE', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL');

-- Handed out in blocks of 1024 to writers, never reused.
CREATE SEQUENCE vulnerability_uid AS bigint INCREMENT BY 1024;

CREATE TABLE vulnerabilities (
    uid           bigint PRIMARY KEY,
    id            text NOT NULL,
    aliases       text[] NOT NULL,
    sources       text[] NOT NULL,
    summary       text,
    details       text,
    severity      severity NOT NULL,
    cvss_score    numeric(3, 1),
    cvss_vector   text,
    cwe_ids       text[] NOT NULL,
    kev_added     date,
    published     timestamptz,
    modified      timestamptz NOT NULL,
    withdrawn     timestamptz,
    first_seen    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    document      jsonb NOT NULL,
    document_hash bytea NOT NULL
);
COMMENT ON TABLE vulnerabilities IS 'One row per vulnerability, merged from every source record that describes it';
COMMENT ON COLUMN vulnerabilities.uid IS 'Never changes and is never reused; the public id may change when aliases do';
COMMENT ON COLUMN vulnerabilities.document IS 'The merged record in the shape of the OSV schema';
COMMENT ON COLUMN vulnerabilities.document_hash IS 'SHA-256 of the document''s canonical bytes';
CREATE UNIQUE INDEX vulnerabilities_id ON vulnerabilities (id);
CREATE INDEX vulnerabilities_aliases ON vulnerabilities USING gin (aliases);
CREATE INDEX vulnerabilities_sources ON vulnerabilities USING gin (sources);
CREATE INDEX vulnerabilities_cwe_ids ON vulnerabilities USING gin (cwe_ids);
CREATE INDEX vulnerabilities_affected ON vulnerabilities USING gin ((document -> 'affected') jsonb_path_ops);
CREATE INDEX vulnerabilities_modified ON vulnerabilities (modified);
CREATE INDEX vulnerabilities_first_seen ON vulnerabilities (first_seen);
CREATE INDEX vulnerabilities_withdrawn ON vulnerabilities (withdrawn) WHERE withdrawn IS NOT NULL;
CREATE INDEX vulnerabilities_severity ON vulnerabilities (severity, modified);
-- The words of id and summary, for searches (store/search.cpp asks with the same expression). Punctuation becomes
-- blanks, or the parser would see signed numbers, hosts, paths and tags.
CREATE INDEX vulnerabilities_words ON vulnerabilities USING gin (
    to_tsvector('simple', translate(id || ' ' || coalesce(summary, ''), '-_./:<>&@+~=%', '             ')));

-- Identifiers in byte order, whatever the database's: then its index finds those that begin alike.
CREATE TABLE vulnerability_aliases (
    alias text COLLATE "C" NOT NULL,
    uid   bigint NOT NULL,
    kind  text NOT NULL CHECK (kind IN ('id', 'alias', 'former', 'related')),
    PRIMARY KEY (alias, uid)
);
COMMENT ON TABLE vulnerability_aliases IS 'Any identifier to its vulnerability; former ids and ids claimed by several included';
CREATE INDEX vulnerability_aliases_uid ON vulnerability_aliases (uid);

CREATE TABLE affected_packages (
    uid             bigint NOT NULL,
    ordinal         integer NOT NULL,
    ecosystem       text NOT NULL,
    ecosystem_base  text NOT NULL,
    name            text NOT NULL,
    name_normalized text NOT NULL,
    purl            text,
    ranges          jsonb,
    versions        text[],
    fixed_versions  text[],
    source          text NOT NULL,
    record_id       text NOT NULL,
    PRIMARY KEY (uid, ordinal)
);
CREATE INDEX affected_packages_name ON affected_packages (ecosystem_base, name_normalized);
CREATE INDEX affected_packages_purl ON affected_packages (purl);

CREATE TABLE source_records (
    source       text NOT NULL CHECK (source IN ('osv', 'gitlab', 'cve')),
    record_id    text NOT NULL,
    uid          bigint,
    own_id       text NOT NULL,
    claims       text[] NOT NULL,
    modified     timestamptz,
    withdrawn    timestamptz,
    retracted    boolean NOT NULL,
    stale        boolean NOT NULL,
    content_hash bytea NOT NULL,
    raw_hash     bytea NOT NULL,
    location     text NOT NULL,
    license      text,
    removed_at   timestamptz,
    raw          bytea NOT NULL,
    PRIMARY KEY (source, record_id)
);
COMMENT ON TABLE source_records IS 'Every record that was ever taken in, as received; removed ones contribute nothing';
COMMENT ON COLUMN source_records.uid IS 'The vulnerability it contributes to; null once removed';
COMMENT ON COLUMN source_records.claims IS 'The cleaned ids it names, its own included: what links it to others';
COMMENT ON COLUMN source_records.stale IS 'The last good version of a record that is unreadable now (see quarantine)';
COMMENT ON COLUMN source_records.content_hash IS 'SHA-256 of the canonical content: key order and white space do not matter';
COMMENT ON COLUMN source_records.raw_hash IS 'XXH3-128 of the bytes as received';
COMMENT ON COLUMN source_records.raw IS 'The bytes as received, as one zstd frame; its dictionary is in raw_dictionaries';
ALTER TABLE source_records ALTER COLUMN raw SET STORAGE EXTERNAL;
CREATE INDEX source_records_uid ON source_records (uid);
-- Every delta looks thousands of ids up here, one by one. With fastupdate each lookup would also read, from end to end,
-- the list of what earlier ones added.
CREATE INDEX source_records_claims ON source_records USING gin (claims) WITH (fastupdate = off) WHERE removed_at IS NULL;
CREATE INDEX source_records_location ON source_records (location) WHERE source = 'gitlab';

CREATE TABLE raw_dictionaries (
    dictionary_id bigint PRIMARY KEY,
    source        text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    bytes         bytea NOT NULL
);
COMMENT ON TABLE raw_dictionaries IS 'zstd dictionaries by the id that stands in each frame; never deleted';

CREATE TABLE quarantine (
    source     text NOT NULL,
    record_id  text NOT NULL,
    reason     text NOT NULL,
    detail     text NOT NULL,
    location   text NOT NULL,
    run_id     bigint NOT NULL,
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL,
    listed_at  timestamptz,
    raw_hash   bytea NOT NULL,
    raw        bytea NOT NULL,
    PRIMARY KEY (source, record_id)
);
COMMENT ON TABLE quarantine IS 'Records that could not be taken in, with the reason and the bytes (zstd)';
COMMENT ON COLUMN quarantine.listed_at IS 'The version of these bytes, where the source lists its records: until it lists another, they need no fetching again';
ALTER TABLE quarantine ALTER COLUMN raw SET STORAGE EXTERNAL;
CREATE INDEX quarantine_reason ON quarantine (reason);

-- Decisions of the operator about pairs of ids. Rows are never deleted: revoking one sets revoked_at, so the
-- table is its own audit trail. a < b bytewise.
CREATE TABLE link_overrides (
    override_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    a           text NOT NULL,
    b           text NOT NULL,
    decision    text NOT NULL CHECK (decision IN ('allow', 'deny')),
    reason      text NOT NULL,
    decided_by  text NOT NULL,
    decided_at  timestamptz NOT NULL DEFAULT now(),
    revoked_by  text,
    revoked_at  timestamptz,
    CHECK (a < b)
);
CREATE UNIQUE INDEX link_overrides_active ON link_overrides (a, b) WHERE revoked_at IS NULL;

CREATE TABLE changes (
    cursor        bigint PRIMARY KEY,
    uid           bigint NOT NULL,
    id            text NOT NULL,
    other_ids     text[] NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('created', 'updated', 'withdrawn', 'restored', 'renamed',
                                                'merged', 'split', 'removed')),
    fields        text[] NOT NULL,
    document_hash bytea,
    run_id        bigint NOT NULL,
    at            timestamptz NOT NULL
);
COMMENT ON TABLE changes IS 'The change feed, cursors in commit order without gaps';

-- One row. value is the last cursor given out; epoch is the fencing number of the one writer: a batch that does
-- not hold it updates no row and rolls back.
CREATE TABLE feed (
    only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    feed_id      uuid NOT NULL DEFAULT gen_random_uuid(),
    value        bigint NOT NULL DEFAULT 0,
    epoch        bigint NOT NULL DEFAULT 0,
    holder       text,
    process      text,
    heartbeat_at timestamptz
);
INSERT INTO feed DEFAULT VALUES;

CREATE TABLE source_state (
    source        text PRIMARY KEY,
    fingerprint   text,
    rules         text,
    watermark     text,
    reconciled_at timestamptz,
    last_attempt  timestamptz,
    last_success  timestamptz,
    last_error    text,
    failures      integer NOT NULL DEFAULT 0,
    max_age       interval NOT NULL,
    records       bigint NOT NULL DEFAULT 0,
    duplicates    bigint NOT NULL DEFAULT 0
);
COMMENT ON COLUMN source_state.fingerprint IS 'What is stored of the source, whole; null while a sync is half done';
COMMENT ON COLUMN source_state.watermark IS 'What the source needs to remember beside its fingerprint; its own business';
COMMENT ON COLUMN source_state.reconciled_at IS 'When everything of the source was last compared, not only what it listed as changed';
COMMENT ON COLUMN source_state.duplicates IS 'Copies that lost against another copy of their record: a list of changes does not tell which one is next';
COMMENT ON COLUMN source_state.rules IS 'The version of the parse, resolve and merge rules that all its records went through';
INSERT INTO source_state (source, max_age)
VALUES ('osv', interval '1 day'), ('gitlab', interval '7 days'), ('cve', interval '1 day');

CREATE TABLE sync_runs (
    run_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state        text NOT NULL CHECK (state IN ('running', 'succeeded', 'partial', 'failed', 'interrupted')),
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    heartbeat_at timestamptz NOT NULL,
    worker       text NOT NULL,
    report       jsonb
);

-- The queue itself is in Redis. These rows are its history and what it is mended from: a job that is open here and
-- missing there is put there again.
CREATE TABLE jobs (
    id           text PRIMARY KEY,
    type         text NOT NULL,
    queue        text NOT NULL DEFAULT 'default',
    state        text NOT NULL CHECK (state IN ('pending', 'running', 'succeeded', 'failed', 'cancelled')),
    payload      jsonb,
    attempt      integer NOT NULL DEFAULT 0,
    worker       text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz,
    finished_at  timestamptz,
    heartbeat_at timestamptz NOT NULL DEFAULT now(),
    progress     jsonb,
    error        text,
    result       jsonb
);
COMMENT ON COLUMN jobs.heartbeat_at IS 'While it runs: the last sign of life of its worker';
COMMENT ON COLUMN jobs.progress IS 'While it runs: stage, source, done, total, rate, eta_seconds, note';
CREATE INDEX jobs_created_at ON jobs (created_at, id);
CREATE INDEX jobs_open ON jobs (type) WHERE state IN ('pending', 'running');

CREATE TABLE schedules (
    name        text PRIMARY KEY,
    spec        text NOT NULL,
    previous_at timestamptz NOT NULL,
    next_at     timestamptz NOT NULL
);
COMMENT ON COLUMN schedules.previous_at IS 'The last time that was due and taken care of: later ones that pass while no scheduler runs are made up for once';

CREATE TABLE exports (
    version     text PRIMARY KEY,
    state       text NOT NULL CHECK (state IN ('running', 'published', 'refused', 'failed', 'removed')),
    formats     text[] NOT NULL,
    location    text NOT NULL,
    manifest    jsonb,
    created_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
COMMENT ON COLUMN exports.location IS 'Host and directory, as HOST:DIR';

-- Indexes that a first load has put aside, with their definitions. The load's end, or the next start after a
-- crash, builds each again and deletes its row in the same transaction.
CREATE TABLE deferred_indexes (
    name       text PRIMARY KEY,
    table_name text NOT NULL,
    definition text NOT NULL
);

CREATE VIEW vulnerability_stats AS
SELECT count(*) AS total,
       count(*) FILTER (WHERE withdrawn IS NULL) AS live,
       count(*) FILTER (WHERE withdrawn IS NOT NULL) AS withdrawn,
       count(*) FILTER (WHERE cardinality(sources) > 1) AS in_several_sources,
       count(*) FILTER (WHERE 'osv' = ANY (sources)) AS from_osv,
       count(*) FILTER (WHERE 'gitlab' = ANY (sources)) AS from_gitlab,
       count(*) FILTER (WHERE 'cve' = ANY (sources)) AS from_cve,
       count(*) FILTER (WHERE kev_added IS NOT NULL) AS known_exploited,
       count(*) FILTER (WHERE severity = 'CRITICAL') AS critical,
       count(*) FILTER (WHERE severity = 'HIGH') AS high,
       count(*) FILTER (WHERE severity = 'MEDIUM') AS medium,
       count(*) FILTER (WHERE severity = 'LOW') AS low,
       count(*) FILTER (WHERE severity IN ('NONE', 'UNKNOWN')) AS unrated
FROM vulnerabilities;

CREATE VIEW recent_processing AS
SELECT r.run_id, r.state, r.started_at, r.finished_at, r.worker, s.key AS source,
       s.value ->> 'mode' AS mode, s.value ->> 'state' AS source_state,
       (s.value ->> 'seen')::bigint AS seen, (s.value ->> 'inserted')::bigint AS inserted,
       (s.value ->> 'updated')::bigint AS updated, (s.value ->> 'unchanged')::bigint AS unchanged,
       (s.value ->> 'quarantined')::bigint AS quarantined, (s.value ->> 'deleted')::bigint AS deleted,
       s.value ->> 'error' AS error
FROM sync_runs r
LEFT JOIN LATERAL jsonb_each(r.report -> 'sources') AS s (key, value) ON true
WHERE r.started_at > now() - interval '30 days'
ORDER BY r.run_id DESC, s.key;

CREATE VIEW source_disagreements AS
SELECT v.uid, v.id, c.ordinality AS ordinal, c.value ->> 'field' AS field, c.value AS conflict
FROM vulnerabilities v
CROSS JOIN LATERAL jsonb_array_elements(v.document #> '{database_specific,vuln_datasync,conflicts}')
    WITH ORDINALITY c (value, ordinality);

CREATE VIEW content_twins AS
SELECT md5(details) AS details_md5, count(*) AS vulnerabilities, array_agg(id ORDER BY id) AS ids, min(summary) AS summary
FROM vulnerabilities
WHERE details <> '' AND withdrawn IS NULL
GROUP BY md5(details), summary
HAVING count(*) > 1;

-- lz4 is several times faster than pglz for documents of some KB; a server built without it keeps its default.
DO $$
BEGIN
    ALTER TABLE vulnerabilities ALTER COLUMN document SET COMPRESSION lz4;
    ALTER TABLE vulnerabilities ALTER COLUMN details SET COMPRESSION lz4;
    ALTER TABLE affected_packages ALTER COLUMN ranges SET COMPRESSION lz4;
    ALTER TABLE affected_packages ALTER COLUMN versions SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END
$$;
