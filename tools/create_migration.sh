#!/bin/sh
# Writes the next pair of empty migration files.   usage: tools/create_migration.sh NAME
set -eu
cd "$(dirname "$0")/../migrations"
case "${1:-}" in
  "" | *[!a-z0-9_]*)
    echo "create_migration: give a name of lower-case letters, digits and _, as in: make migrate-create NAME=add_something" >&2
    exit 2
    ;;
esac
newest=$(find . -name '[0-9]*.up.sql' | sed 's|^\./0*\([0-9]*\)_.*|\1|' | sort -n | tail -n 1)
stem=$(printf '%06d_%s' $((${newest:-0} + 1)) "$1")
echo "-- What $1 adds, and why." >"$stem.up.sql"
echo "-- Takes back $stem.up.sql." >"$stem.down.sql"
echo "Wrote migrations/$stem.up.sql and migrations/$stem.down.sql"
