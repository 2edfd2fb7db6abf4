-- Which versions of its records are stored of a source: see src/store/versions.hpp.

-- name: RecordVersions :many
-- notnull: record_id
-- Of these records what store::for_each_version() tells of all.
SELECT coalesce(r.record_id, q.record_id) AS record_id, greatest(r.modified, q.listed_at) AS modified
FROM (SELECT record_id, modified FROM source_records
      WHERE source = @source AND record_id = ANY (@record_ids::text[]) AND removed_at IS NULL) r
FULL JOIN (SELECT record_id, listed_at FROM quarantine
           WHERE source = @source AND record_id = ANY (@record_ids::text[])) q USING (record_id)
WHERE r.record_id IS NOT NULL OR q.listed_at IS NOT NULL;

-- name: CountVersions :one
-- notnull: versions
SELECT s.records + (SELECT count(*) FROM quarantine q
                    WHERE q.source = s.source AND q.listed_at IS NOT NULL
                      AND NOT EXISTS (SELECT FROM source_records r
                                      WHERE r.source = q.source AND r.record_id = q.record_id
                                        AND r.removed_at IS NULL)) AS versions
FROM source_state s
WHERE s.source = @source;
