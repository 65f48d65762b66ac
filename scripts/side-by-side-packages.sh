#!/bin/sh
# Makes the Python environment .build-python/side-by-side with the Agents SDK, at the versions of Tests/SideBySide/requirements.txt.
# Exit 1, saying what to do, when it cannot be made.
set -eu
cd "$(dirname "$0")/.."

venv=.build-python/side-by-side
wanted=Tests/SideBySide/requirements.txt

if [ -x "$venv/bin/python" ] && cmp -s "$wanted" "$venv/requirements.txt"; then exit 0; fi

scripts/python-packages.sh
printf '%s\n' "Installing into $venv: $(tr '\n' ' ' < "$wanted")" >&2
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted"
cp "$wanted" "$venv/requirements.txt"
