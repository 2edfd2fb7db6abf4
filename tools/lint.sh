#!/bin/sh
# Everything `make lint` checks. usage: tools/lint.sh [C++ file...]     (default: all of them)
# Needs the packages of section [develop] and a configured build folder; JOBS is how many files at once.
# clang-tidy takes longer than a build: name the files that you changed, and leave the whole to the end.
set -eu
cd "$(dirname "$0")/.."

sources() { # find's test of a file name
  find src tests tools -name "$1" -print0
}

say() {
  echo "lint: $*"
}

if [ $# -gt 0 ]; then
  printf '%s\0' "$@" | xargs -0 -n 1 -P "${JOBS:-2}" clang-tidy-14 -p build --quiet
  exit
fi
say "shellcheck over the scripts"
find tools .ci -type f \( -name '*.sh' -o -name run \) -print0 | xargs -0 shellcheck
say "clang-format over every source file"
sources '*.[ch]pp' | xargs -0 clang-format-14 --dry-run -Werror
say "cppcheck, ${JOBS:-2} files at once"
# Passed over: generated code, and moving out of what is not a local variable, which clang-tidy tells apart.
cppcheck --project=build/compile_commands.json --enable=warning,performance,portability --inline-suppr \
  --library=googletest '-DRC_GTEST_PROP(suite,name,arguments)=void suite##name arguments' \
  --suppress='*:/usr/*' --suppress='*:*/generated/*' --suppress=returnStdMoveLocal --suppress=missingIncludeSystem \
  --error-exitcode=1 --quiet -j "${JOBS:-2}"
say "clang-tidy, ${JOBS:-2} groups of files at once"
tools/clang_tidy.py --jobs "${JOBS:-2}"
