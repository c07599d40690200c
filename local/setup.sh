#!/usr/bin/env bash
# Makes the virtual environment $1 with the pinned dependencies; $2 may name the Python to use.
set -euo pipefail
venv=$1 wanted=${2:-}

usable() { "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }

python=
for candidate in ${wanted:-python3 python3.12 python3.11 python3.10 python}; do
  if usable "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  echo "No usable Python found (looked for: ${wanted:-python3, python3.12, python3.11, python3.10})." >&2
  echo "Install Python 3.10, 3.11 or 3.12 with its venv module (Debian and Ubuntu: apt install python3-venv)" >&2
  echo "and run this again, or name one: make setup PYTHON=/path/to/python3.12" >&2
  exit 1
fi

echo "Setting up $venv with $("$python" --version 2>&1) (once; about a minute) ..."
rm -rf "$venv"
"$python" -m venv "$venv"
# Twice: a mirror that lacks a package is nothing to warn of, one that has none of it is an error anyway.
quiet="--quiet --quiet --disable-pip-version-check --no-input"
"$venv/bin/python" -m pip install $quiet --constraint constraints.txt hatchling editables
# These SDKs come as source and build with setuptools, which only an isolated build brings.
"$venv/bin/python" -m pip install $quiet --constraint constraints.txt oss2 moto aliyun-fc2 alibabacloud-tea
"$venv/bin/python" -m pip install $quiet --constraint constraints.txt --no-build-isolation --editable '.[ops,remote,local,dev]'
