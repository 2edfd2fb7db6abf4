#!/bin/sh
# Packs samples/mirror into the mirror layout that `sync --mirror` reads. The result appears whole or not at all.
# usage: make_sample.sh PACK_SAMPLE FROM TO
set -eu
pack_sample=$1 from=$2 to=$3

rm -rf "$to.new"
"$pack_sample" "$from" "$to.new"

# The repository depends on its files alone: no configuration, hook or template of whoever builds it.
git() {
  env -i PATH="$PATH" HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null git "$@"
}
git init --quiet --bare --template= --initial-branch=main "$to.new/gitlab"
git --git-dir="$to.new/gitlab" fast-import --quiet <"$to.new/gitlab.fast-import"
rm "$to.new/gitlab.fast-import"

rm -rf "$to"
mv "$to.new" "$to"
