#!/usr/bin/env bash
# Installs handgrad beside the system's Python: run once, as root, when the image of the grader is built.
# PIP_INDEX_URL, PIP_NO_INDEX, PIP_FIND_LINKS and pip's other variables say where packages come from.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
home=/opt/handgrad

say() { echo "handgrad: $*"; }

recent() { "$1" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for python in python3.13 python3.12 python3.11 python3; do
        if recent "$python"; then return; fi
    done
    return 1
}

install() {
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends "$@" ||
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; }
}

command -v bwrap >/dev/null || install bubblewrap ||
    say "bubblewrap could not be installed: submissions will run as a user without privileges instead"

find_python || install python3-venv || true
find_python || install python3.12 python3.12-venv || install python3.11 python3.11-venv || true
find_python || { say "needs Python 3.11 or newer with venv: choose Ubuntu 24.04 as the base image"; exit 1; }

say "installing with $("$python" --version)"
"$python" -m venv "$home"
# torch's build for the CPU is 200 MB, the one on PyPI 3 GB.
[ -n "${PIP_NO_INDEX:-}" ] || export PIP_EXTRA_INDEX_URL="${PIP_EXTRA_INDEX_URL:-https://download.pytorch.org/whl/cpu}"
"$home/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir \
    -c "$here/constraints.txt" "$here"/handgrad-*.whl
"$home/bin/python" -I -m autograder.exports.container --ready
