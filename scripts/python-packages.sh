#!/bin/sh
# Makes the Python environment .build-python/venv with what the tests use: the official `mcp` package for servers to talk to, and `llm-comply`
# for OpenAI's description of its requests.
# Exit 1, saying what to do, when it cannot be made.
set -eu
cd "$(dirname "$0")/.."

venv=.build-python/venv
packages='mcp>=2.3,<3 llm-comply==0.5.0 jsonschema>=4.26,<5 referencing>=0.37,<1'

say() { printf '%s\n' "$*" >&2; }

if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import jsonschema, llm_comply, referencing; from mcp.server import MCPServer' 2>/dev/null; then exit 0; fi

as_root=''
[ "$(id -u)" = 0 ] || as_root='sudo -n'
if ! command -v python3 >/dev/null 2>&1 || ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    if ! command -v apt-get >/dev/null 2>&1 || ! $as_root true 2>/dev/null; then
        say "Python 3 with venv is missing. Install it (Debian: sudo apt-get install -y python3-venv) and run make again."
        exit 1
    fi
    say "Installing python3-venv"
    $as_root apt-get update -q
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends python3 python3-venv
fi

say "Installing into $venv: $packages"
rm -rf "$venv"
python3 -m venv "$venv"
# shellcheck disable=SC2086 # one word a package
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check $packages
