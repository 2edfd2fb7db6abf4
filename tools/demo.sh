#!/bin/sh
# Syncs the sample into an embedded database of its own and looks at the result: what `make demo` shows.
# usage: tools/demo.sh [--clean]      (from the project's folder; --clean deletes that database)
set -eu

program=build/vuln-datasync
data=build/demo-data

# As root the database server runs as the account `postgres`, which cannot enter a checkout below a closed
# directory such as /root: then its data live where only root can have put them.
if [ "$(id -u)" = 0 ] && ! setpriv --reuid=postgres --regid=postgres --init-groups test -x "$PWD" 2>/dev/null; then
  data=/var/lib/vuln-datasync-demo
fi

if [ "${1:-}" = --clean ]; then
  if [ -e "$data" ]; then
    [ ! -x "$program" ] || "$program" --data-dir "$data" database stop || true
    rm -rf "$data"
  fi
  exit
fi

run() {
  printf '\n$ %s\n' "$program $*"
  "$program" --data-dir "$data" "$@"
}

echo "The database of this demo is in $data."
run sync --mirror build/sample-mirror
run show CVE-2021-44228
run status
cat <<EOF

Next: $program --data-dir $data explain CVE-2021-44228
      $program --help
EOF
