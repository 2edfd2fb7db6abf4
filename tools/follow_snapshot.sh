#!/bin/bash
# A consumer in its smallest form (docs/snapshots.md): loads the newest snapshot of a service into a PostgreSQL of its
# own with plain pg_restore, then follows the service's change feed from where that snapshot stands.
#
#   tools/follow_snapshot.sh [--once] http://HOST:8080 postgresql://ROLE@HOST/DATABASE
#
# The database gets the table mirror.vulnerabilities (uid, id, document, document_hash) and mirror.position, where the
# next run goes on. --once ends when there is nothing more to read, and prints the digest of what is here: the line that
# `vuln-datasync digest` prints there. Needs curl, psql and pg_restore.
set -euo pipefail

once=false
[ "${1:-}" != --once ] || { once=true; shift; }
[ $# -eq 2 ] || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
service=$1 database=$2
wait=60
! $once || wait=0
export PGCLIENTENCODING=UTF8 PGOPTIONS='-c client_min_messages=warning'
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT

# SQL on standard input; :'json' is what the file "json" holds.
# shellcheck disable=SC2016  # it is psql that reads the backquotes
sql() { { printf '\\set json `cat "%s/json"`\n' "$files"; cat; } | psql -XqAt -v ON_ERROR_STOP=1 -d "$database"; }

load() {
  # One version for all that is fetched, whatever is published meanwhile.
  curl -fsS -o "$files/json" "$service/api/v1/exports/latest"
  local version checksum
  { read -r version; read -r checksum; } < <(sql <<'SQL'
SELECT :'json'::jsonb ->> 'version';
SELECT file ->> 'sha256' FROM jsonb_array_elements(:'json'::jsonb -> 'files') file WHERE file ->> 'path' = 'vulndb.dump';
SQL
)
  curl -fsS -o "$files/dump" "$service/api/v1/exports/$version/vulndb.dump"
  echo "$checksum  $files/dump" | sha256sum --check --quiet
  [ "$(sql <<< "SELECT to_regclass('vulndb.source_records') IS NULL")" = t ] ||
    { echo "this is the database of a synchroniser itself: give me another" >&2; exit 1; }
  sql <<< 'DROP SCHEMA IF EXISTS vulndb, mirror CASCADE'  # of an earlier load
  pg_restore --single-transaction -d "$database" "$files/dump"
  # The feed brings documents, not the columns and tables that are made of them: what it cannot keep true goes.
  # Ids are not unique here: one that moves to another vulnerability is for a page at both.
  sql <<'SQL'
BEGIN;
CREATE SCHEMA mirror;
CREATE TABLE mirror.vulnerabilities AS SELECT uid, id, document, document_hash FROM vulndb.vulnerabilities;
ALTER TABLE mirror.vulnerabilities ADD PRIMARY KEY (uid);
CREATE INDEX ON mirror.vulnerabilities (id);
CREATE TABLE mirror.position AS
SELECT :'json'::jsonb ->> 'feed_id' AS feed_id, (:'json'::jsonb ->> 'changes_cursor')::bigint AS cursor;
DROP SCHEMA vulndb CASCADE;
COMMIT;
SQL
  echo "loaded snapshot $version" >&2
}

# A document is that of now, not that of the change: the last change of each vulnerability on the page decides.
apply() {
  sql <<'SQL'
BEGIN;
CREATE TEMP TABLE change ON COMMIT DROP AS
SELECT DISTINCT ON (uid) uid, id, document, decode(document_hash, 'hex') AS document_hash
FROM jsonb_to_recordset(:'json'::jsonb -> 'items')
     AS item (cursor bigint, uid bigint, id text, document jsonb, document_hash text)
ORDER BY uid, cursor DESC;
DELETE FROM mirror.vulnerabilities v USING change c WHERE v.uid = c.uid;
INSERT INTO mirror.vulnerabilities SELECT * FROM change WHERE document IS NOT NULL;
UPDATE mirror.position SET cursor = (:'json'::jsonb ->> 'next_cursor')::bigint;
COMMIT;
SELECT :'json'::jsonb ->> 'has_more';
SQL
}

echo '{}' > "$files/json"
[ "$(sql <<< "SELECT to_regclass('mirror.position') IS NOT NULL")" = t ] || load
while true; do
  IFS='|' read -r feed cursor < <(sql <<< 'SELECT feed_id, cursor FROM mirror.position')
  status=$(curl -sS -o "$files/json" -w '%{http_code}' \
    "$service/api/v1/changes?after=$cursor&feed_id=$feed&wait=$wait&limit=1000&include=document")
  case $status in
    200) more=$(apply) ;;
    410) load; continue ;;  # another feed, or the cursor is older than what is kept
    *) echo "the change feed answers with status $status: $(cat "$files/json")" >&2; exit 1 ;;
  esac
  if [ "$more" = true ] || ! $once; then continue; fi
  sql <<'SQL'
SELECT encode(sha256(coalesce(string_agg(convert_to(id, 'UTF8') || '\x00'::bytea
                                         || convert_to(encode(document_hash, 'hex') || E'\n', 'UTF8'),
                                         ''::bytea ORDER BY id COLLATE "C"), ''::bytea)), 'hex')
FROM mirror.vulnerabilities;
SQL
  exit
done
