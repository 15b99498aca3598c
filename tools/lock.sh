#!/usr/bin/env bash
# For maintainers: turns requirements*.in into requirements*.txt, exact and with hashes, for every Python from 3.11 on; `--upgrade` renews what other packages ask for, too.
set -euo pipefail
cd "$(dirname "$0")/.."

lock() {
  echo "$1.in -> $1.txt" >&2
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header "$1.in" --output-file "$1.txt" "${@:2}"
}

lock requirements "$@"
lock requirements-dev "$@"
