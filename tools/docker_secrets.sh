#!/bin/sh
# Sees to it that .docker/ has the secrets that docker-compose.yml hands out: a random one for each that is missing.
# Only the directory is closed: containers read the files as accounts of their own.
set -eu
cd "$(dirname "$0")/.."
mkdir -p .docker
chmod 700 .docker
for name in db-password api-tokens; do
  [ ! -s ".docker/$name" ] || continue
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >".docker/$name"
  chmod 644 ".docker/$name"
  echo "Wrote a random .docker/$name"
done
