-- What the HTTP API asks, besides the searches that store/search.cpp puts together.

-- name: FindByIdentifiers :many
-- notnull: feed_id, feed_cursor
-- As FindByIdentifier, for several identifiers at once: one statement answers all lookups that wait. Each row says
-- where the change feed stood in the state of the database that was read. PostgreSQL sees the array as a subselect,
-- which it cannot look into: so it keeps one plan, rather than making a new one at each call to fit the array.
SELECT a.alias, v.uid, v.id, a.kind, v.document, v.document_hash, (SELECT feed_id::text FROM feed) AS feed_id,
       (SELECT value FROM feed) AS feed_cursor
FROM vulnerability_aliases a
JOIN vulnerabilities v ON v.uid = a.uid
WHERE a.alias = ANY ((SELECT @identifiers::text[])::text[])
ORDER BY a.alias, CASE a.kind WHEN 'id' THEN 0 WHEN 'alias' THEN 1 WHEN 'former' THEN 2 ELSE 3 END, v.id COLLATE "C";

-- name: FeedPosition :one
-- notnull: feed_id
-- Where the change feed stands. oldest is the first change that is still kept.
SELECT feed_id::text AS feed_id, value, (SELECT min(cursor) FROM changes) AS oldest
FROM feed;

-- name: IdentifiersChanged :many
-- notnull: uid
-- The vulnerabilities of some changes, with the identifiers that lead to them now.
SELECT c.uid, a.alias
FROM (SELECT DISTINCT uid FROM changes WHERE cursor > @after AND cursor <= @upto) c
LEFT JOIN vulnerability_aliases a ON a.uid = c.uid;

-- name: ChangesWithDocuments :many
-- notnull: cursor, uid, id, other_ids, kind, fields, run_id, at
-- As ChangesAfter, with what each vulnerability is now.
SELECT c.cursor, c.uid, c.id, c.other_ids, c.kind, c.fields, c.document_hash, c.run_id, c.at, v.document
FROM changes c
LEFT JOIN vulnerabilities v ON v.uid = c.uid
WHERE c.cursor > @after
ORDER BY c.cursor
LIMIT @page_size;

-- name: FinishedRuns :many
-- The reports of the runs that ended since one of them, in order.
SELECT run_id, report
FROM sync_runs
WHERE run_id > @after AND state <> 'running'
ORDER BY run_id;

-- name: LatestUsableExport :many
-- The newest snapshot of a directory after which the change feed can be followed: it is of this feed, and every change
-- after it is still kept.
SELECT e.version
FROM exports e
CROSS JOIN feed
CROSS JOIN LATERAL (SELECT (e.manifest ->> 'changes_cursor')::bigint AS position) s
WHERE e.state = 'published' AND e.manifest ->> 'feed_id' = feed.feed_id::text
  AND substr(e.location, strpos(e.location, ':') + 1) = @directory
  AND (s.position >= feed.value OR s.position >= (SELECT min(cursor) FROM changes) - 1)
ORDER BY e.version DESC
LIMIT 1;

-- name: ExportManifests :many
-- One page of the snapshots of a directory, the newest first.
SELECT version, state, formats, manifest, created_at, finished_at
FROM exports
WHERE version < @before AND substr(location, strpos(location, ':') + 1) = @directory
ORDER BY version DESC
LIMIT @page_size;
