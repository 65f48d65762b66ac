#!/bin/sh
# pinned-packages.sh NAME FOLDER: makes the Python environment .build-python/NAME at the versions of FOLDER/requirements.txt.
# Exit 1, saying what to do, when it cannot be made.
set -eu
cd "$(dirname "$0")/.."

venv=.build-python/$1
wanted=$2/requirements.txt

if [ -x "$venv/bin/python" ] && cmp -s "$wanted" "$venv/requirements.txt"; then exit 0; fi

scripts/python-packages.sh
printf '%s\n' "Installing into $venv: $(tr '\n' ' ' < "$wanted")" >&2
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted"
cp "$wanted" "$venv/requirements.txt"
