#!/usr/bin/env bash
# Makes .venv and installs the pinned packages: `setup.sh run` what the product needs, `setup.sh dev` that and what tests need.
# Done once for each state of the requirements: a stamp in .venv remembers it. Stops with one sentence.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/lib.sh

main() {
  exec 9>.setup.lock && flock 9 # `make run` and `make test` may be started together
  ensure_venv
  case "$1" in
    run) install requirements.txt ;;
    dev) install requirements-dev.txt && install_ixcpy && ensure_driver ;;
  esac
}

ensure_venv() {
  local python
  if [ -z "${PYTHON:-}" ] && usable .venv/bin/python; then return; fi
  python=$(find_python)
  if usable .venv/bin/python && [ "$(version_of .venv/bin/python)" = "$(version_of "$python")" ]; then return; fi
  ensure_venv_module "$python"
  say "making .venv with Python $(version_of "$python")"
  "$python" -m venv --clear .venv || stop "$python could not make the virtual environment .venv."
}

usable() { # a whole virtual environment, new enough
  "$1" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

version_of() {
  "$1" -c 'import platform as p; print(p.python_version(), p.python_implementation(), p.machine())'
}

find_python() { # the one that PYTHON names, else the first on the PATH that is new enough
  local name
  for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$name" && return; fi
  done
  stop "Python 3.11 or newer is needed, and ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>/dev/null ||
    echo "not there"): install one or name it with PYTHON=/path/to/python."
}

ensure_venv_module() { # Debian and Ubuntu ship Python without the part that fills a virtual environment
  local package
  "$1" -c 'import ensurepip, venv' 2>/dev/null && return
  package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  apt_install "$package" && "$1" -c 'import ensurepip, venv' 2>/dev/null ||
    stop "$1 cannot make virtual environments, and the package $package could not be installed: $APT_WHY"
}

install() {
  once "$1" "$1" || return 0
  say "installing the packages of $1"
  pip_install -r "$1"
  stamp "$1"
}

install_ixcpy() { # see tools/ixcpy/sitecustomize.py
  once ixcpy requirements-dev.txt tools/ixcpy/requirements.txt tools/ixcpy/sitecustomize.py || return 0
  PYTHONPATH=$PWD/tools/ixcpy PYTHONDONTWRITEBYTECODE=1 pip_install --no-build-isolation --use-pep517 -r tools/ixcpy/requirements.txt
  stamp ixcpy
}

ensure_driver() { # Playwright brings a Node of its own, which needs a library that a small Debian lacks
  once driver requirements-dev.txt || return 0
  drives || { apt_install libatomic1 && drives; } ||
    stop "Browser tests need Playwright's driver, which does not run without the package libatomic1: $APT_WHY"
  stamp driver
}

drives() { .venv/bin/python -m playwright --version >/dev/null 2>&1; }

pip_install() { # --no-deps: the files name every package, and leave out what would be installed for nothing
  local log=.venv/setup.log
  .venv/bin/python -m pip install --require-hashes --no-deps --disable-pip-version-check "$@" >$log 2>&1 && return
  if grep -q 'Retrying' $log; then stop "The Python packages could not be fetched: is there a network? (more in $log)"; fi
  stop "The Python packages could not be installed: $(grep -i -m 1 ^error $log) (more in $log)"
}

once() { # whether work remains: NAME FILE...; the key is what the files say and which Python it is
  KEY=$( (version_of .venv/bin/python && cat "${@:2}") | sha256sum)
  [ "$(cat ".venv/stamp-$1" 2>/dev/null)" != "$KEY" ]
}

stamp() { echo "$KEY" >".venv/stamp-$1"; }

main "$@"
