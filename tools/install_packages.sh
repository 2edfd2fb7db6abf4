#!/bin/sh
# Installs the packages that debian-packages.txt lists for the sections named, as root or through sudo.
# usage: tools/install_packages.sh SECTION...      (build, run, test, package, image, benchmark, develop)
# When all of them are installed it says nothing and ends at once. SKIP_DEPS=1 skips it, for systems other than
# Debian whose user has installed the equivalents.
set -eu

list=$(dirname "$0")/../debian-packages.txt
cluster_conf=/etc/postgresql-common/createcluster.conf

fail() {
  printf 'install_packages: %s\n' "$*" >&2
  exit 1
}

# The packages of the sections given, each once.
packages_of() {
  for section in "$@"; do
    sed -n "/^\[$section\]\$/,/^\[/p" "$list" | sed '/^\[/d; /^#/d; /^$/d'
  done | sort -u
}

# Those among the packages given that are not installed.
missing_of() {
  # shellcheck disable=SC2016 # ${...} is dpkg-query's own syntax
  installed=$(dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed //p' | sed 's/:.*//') || true
  for package in "$@"; do
    printf '%s\n' "$installed" | grep -qxF "$package" || printf '%s\n' "$package"
  done
}

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null
}

# Installs the packages given. The package lists are fetched only where there are none, or where they turn out to
# be too old.
apt_install() {
  if [ -n "$(find /var/lib/apt/lists -name '*_Packages*' -print -quit 2>/dev/null)" ]; then
    apt install -y -q --no-install-recommends "$@" && return
    echo "install_packages: trying again with fresh package lists" >&2
  fi
  apt update -q
  apt install -y -q --no-install-recommends "$@" ||
    fail "apt-get could not install: $*. Its messages above say why; this needs Debian 12, and a network or proxy over which its package mirror answers."
}

# The server package creates and starts a database cluster of its own on port 5432. We only want its programs, so
# that is switched off while it is installed, and the setting is put back as it was.
without_default_cluster() {
  apt_install postgresql-common
  cp -p "$cluster_conf" "$cluster_conf.vuln-datasync"
  trap 'mv "$cluster_conf.vuln-datasync" "$cluster_conf"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  sed -i '/^ *create_main_cluster/d' "$cluster_conf"
  echo 'create_main_cluster = false' >>"$cluster_conf"
  apt_install "$@"
}

if [ "${1:-}" = --as-root ]; then
  shift
  case " $* " in
    *" postgresql-"[0-9]*) without_default_cluster "$@" ;;
    *) apt_install "$@" ;;
  esac
  exit
fi

[ $# -gt 0 ] || fail "say which sections of debian-packages.txt to install"
[ -z "${SKIP_DEPS:-}" ] || exit 0
for section in "$@"; do
  grep -qx "\[$section\]" "$list" || fail "debian-packages.txt has no section [$section]"
done
names=$(packages_of "$@")
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  # shellcheck disable=SC2086 # one argument per package
  fail "this is not Debian. Install the equivalents of these packages, then run again with SKIP_DEPS=1:" $names
fi
# shellcheck disable=SC2086
missing=$(missing_of $names)
[ -n "$missing" ] || exit 0

# shellcheck disable=SC2086
echo "Installing Debian packages:" $missing
if [ "$(id -u)" = 0 ]; then
  # shellcheck disable=SC2086
  exec "$0" --as-root $missing
fi
# shellcheck disable=SC2086
command -v sudo >/dev/null ||
  fail "these packages are missing and only root may install them (there is no sudo here). As root: apt-get install" $missing
# shellcheck disable=SC2086
sudo env ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} "$0" --as-root $missing ||
  fail "could not install as root through sudo. As root: apt-get install" $missing
