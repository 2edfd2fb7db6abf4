#!/bin/sh
# What `make security` checks: how the program is built, that the tree holds no secrets, and whether the versions of the
# libraries and programs it uses have known vulnerabilities, asked of our own database.
# usage: tools/security.sh PROGRAM [OPTION OF THE PROGRAM...]      (on Debian; the database has to know Debian's advisories)
set -eu
cd "$(dirname "$0")/.."
failures=0

fail() {
  echo "  NOT $*"
  failures=$((failures + 1))
}

# usage: holds WHAT PATTERN TEXT
holds() {
  if printf '%s\n' "$3" | grep -Eq "$2"; then echo "  $1"; else fail "$1"; fi
}

echo "How $1 is built:"
header=$(readelf -hW "$1")
segments=$(readelf -lW "$1")
dynamic=$(readelf -dW "$1")
symbols=$(readelf -sW "$1" | grep ' UND ')
holds "position-independent" 'Type: +DYN' "$header"
holds "relocations read-only" 'GNU_RELRO' "$segments"
holds "all symbols bound at the start" 'BIND_NOW|Flags:.* NOW' "$dynamic"
holds "stack not executable" 'GNU_STACK.* RW +0x' "$segments"
holds "stack protector" '__stack_chk_fail' "$symbols"
holds "fortified libc calls (optimised builds have them)" '__[a-z]+_chk' "$symbols"

echo "Secrets in the tree:"
secrets='BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20}|xox[baprs]-[0-9A-Za-z-]{10}|minisign .*secret key$'
if git -c safe.directory='*' grep -nIE "$secrets"; then fail "free of them"; else echo "  none"; fi

echo "Known vulnerabilities of what it uses:"
# Lines "SOURCE VERSION" of the Debian packages whose libraries it loads, and whose programs it starts.
libraries=$(ldd "$1" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p' | xargs -n 1 readlink -f)
# dpkg knows some libraries by the path they had before /lib became /usr/lib.
used=$(for library in $libraries; do dpkg-query -S "$library" "${library#/usr}" 2>/dev/null || true; done |
  sed 's/:.*//')
programs=$(sed -n '/^\[run\]$/,/^\[/p' debian-packages.txt | grep '^[a-z]')
# shellcheck disable=SC2086,SC2016 # ${...} is dpkg-query's own syntax
versions=$(dpkg-query -W -f '${source:Package} ${source:Version}\n' $used $programs 2>/dev/null | sort -u)
rows=$(printf '%s\n' "$versions" | sed "s/^\([^ ]*\) \(.*\)$/('\1','\2'),/" | tr -d '\n' | sed 's/,$//')
answer=$("$@" --quiet database psql -XAt -F ' ' -v ON_ERROR_STOP=1 -f - <<SQL
SELECT count(*) FROM affected_packages WHERE ecosystem = 'Debian:12';
WITH used(name, version) AS (VALUES $rows)
SELECT DISTINCT u.name, u.version, v.id, v.severity, coalesce(e.fixed, '-')
FROM used u
JOIN affected_packages p ON p.ecosystem_base = 'Debian' AND p.name_normalized = u.name AND p.ecosystem = 'Debian:12'
JOIN vulnerabilities v USING (uid)
CROSS JOIN LATERAL jsonb_array_elements(p.ranges) r
LEFT JOIN LATERAL (SELECT e ->> 'fixed' AS fixed FROM jsonb_array_elements(r -> 'events') e WHERE e ? 'fixed') e ON true
WHERE v.withdrawn IS NULL
ORDER BY 1, 3;
SQL
) || answer=0
[ "$(printf '%s\n' "$answer" | head -n 1)" != 0 ] ||
  fail "checked: the database knows no advisories of Debian 12; run 'vuln-datasync sync --source osv' first"
open=0
outdated=0
while read -r name version id severity fixed; do
  [ -n "$name" ] || continue
  if [ "$fixed" = - ]; then
    open=$((open + 1))
  elif dpkg --compare-versions "$version" lt "$fixed"; then
    echo "  $name $version: $id ($severity) is fixed in $fixed"
    outdated=$((outdated + 1))
  fi
done <<ROWS
$(printf '%s\n' "$answer" | tail -n +2)
ROWS
[ "$outdated" = 0 ] || fail "up to date: apt-get upgrade brings $outdated fixes"
echo "  $(printf '%s\n' "$versions" | wc -l) packages looked up; $open advisories that Debian has not fixed yet"
[ "$failures" = 0 ] || {
  echo "security: $failures checks failed" >&2
  exit 1
}
