#!/bin/sh
# Runs fuzz programs one after the other, from their seeds and what earlier runs found, and prints how often each ran.
# usage: tools/fuzz.sh SECONDS [TARGET...]      (a finding ends it: the input lies in build-fuzz/findings)
# Each runs for SECONDS, or FUZZ_RUNS times where that is set and sooner over.
set -eu
cd "$(dirname "$0")/.."
seconds=$1
shift
mkdir -p build-fuzz/findings
# shellcheck disable=SC2046 # one word for each target
[ $# -gt 0 ] || set -- $(cd tests/fuzz/seeds && ls)
for target in "$@"; do
  found=build-fuzz/corpus/$target
  mkdir -p "$found"
  # The files of the golden tests are seeds of the parsers too.
  golden=tests/unit/parse/$target
  [ -d "$golden" ] || golden=
  log=build-fuzz/$target.log
  # shellcheck disable=SC2086 # nothing where there are no golden files
  if ! "build-fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -runs="${FUZZ_RUNS:--1}" \
    -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="build-fuzz/findings/$target-" \
    "$found" "tests/fuzz/seeds/$target" $golden >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "fuzz: $target failed; the input is in build-fuzz/findings, the whole log in $log" >&2
    exit 1
  fi
  printf '%-16s %s executions in %s seconds\n' "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/^Done [0-9]* runs in \([0-9]*\) second.*/\1/p' "$log")"
done
