#!/bin/sh
# Looks for the system libraries that the package links, and installs those that are missing.
# With --tests also for what the tests start: a PostgreSQL server, strace and nginx; with --attack for slowhttptest, openssl and Chromium besides.
# Exit 1, saying what to do, when they cannot be installed.
set -eu

# module of pkg-config : package of Debian and Ubuntu
libraries='libcurl:libcurl4-openssl-dev sqlite3:libsqlite3-dev openssl:libssl-dev libpq:libpq-dev libsodium:libsodium-dev zlib:zlib1g-dev'

say() { printf '%s\n' "$*" >&2; }

if ! command -v swift >/dev/null 2>&1; then
    say "Swift is missing. Install Swift 6.2 or newer from https://www.swift.org/install and run make again."
    exit 1
fi

missing=''
if command -v pkg-config >/dev/null 2>&1; then
    for entry in $libraries; do
        pkg-config --exists "${entry%%:*}" || missing="$missing ${entry##*:}"
    done
else
    # Nothing can be looked up yet, so all are named; apt passes over those that are there.
    missing=pkg-config
    for entry in $libraries; do missing="$missing ${entry##*:}"; done
fi
has_postgres() {
    for initdb in /usr/lib/postgresql/*/bin/initdb /usr/bin/initdb /usr/local/bin/initdb; do
        [ ! -x "$initdb" ] || return 0
    done
    return 1
}
case ${1:-} in --tests | --attack)
    has_postgres || missing="$missing postgresql"
    command -v strace >/dev/null 2>&1 || missing="$missing strace"
    [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null 2>&1 || missing="$missing nginx"
    ;;
esac
if [ "${1:-}" = --attack ]; then
    command -v slowhttptest >/dev/null 2>&1 || missing="$missing slowhttptest"
    command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 \
        || missing="$missing chromium"
    command -v chromedriver >/dev/null 2>&1 || missing="$missing chromium-driver"
fi
missing=$(echo $missing)
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    say "Missing system packages (Debian's names): $missing"
    say "This system has no apt-get: install them with its own package manager and run make again."
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=''
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root='sudo'
else
    say "Missing system packages: $missing. Run this line, then make again:"
    say "    sudo apt-get update && sudo apt-get install -y $missing"
    exit 1
fi
say "Installing system packages: $missing"
$as_root apt-get update -q
# shellcheck disable=SC2086 # one word a package
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
for entry in $libraries; do
    if ! pkg-config --exists "${entry%%:*}"; then
        say "${entry##*:} was installed, but pkg-config still does not find ${entry%%:*}."
        exit 1
    fi
done
